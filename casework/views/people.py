"""The tab of people and agencies: who supports, who may see, who else is involved, and what nobody holds."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import access, onward, safeguarding
from casework.doors import case_page
from casework.models import Grant, OnwardReferral
from casework.views.agency_links import how_to_reach
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.clock.moment import now
from isva.interface import marks
from isva.interface.tables import lines, link, table
from isva.interface.words import days_words, long_date, short_when
from isva.pathway import CARRIED_STAGES


@case_page(Permission.VIEW_CASE)
def show_people(request, case):
    """The people of a case, its onward referrals, needs that no service meets, and safeguarding concerns."""
    context = case_frame(request, case, "show_people")
    referrals = onward.referrals_of(case)
    writes = context["frame"]["may_change"]
    key = {"case_id": case.pk}
    context |= {
        "people": _people(case),
        "sight": _sight_acts(case) if request.acting.can(Permission.ALLOCATE) else [],
        "referrals": _referrals_table(case, [one for one in referrals if one.agency]),
        "unmet": _unmet_table(case, [one for one in referrals if not one.agency or one.unheld_risk]),
        "concerns": _concerns_table(case),
        "refer_url": reverse("refer_onward", kwargs=key) if writes and case.is_open else "",
        "raise_url": reverse("raise_safeguarding", kwargs=key) if writes and case.is_open else "",
        "client_rows": _client_rows(case.client),
        "edit_url": reverse("edit_client", kwargs=key) if writes else "",
    }
    return render(request, "casework/show_people.html", context)


def _people(case) -> list[dict]:
    rows = []
    if case.lead_isva:
        rows.append({"key": _("ISVA"), "value": case.lead_isva.name})
    if case.interim_worker:
        rows.append({"key": _("Interim worker"), "value": case.interim_worker.name})
    for grant in access.live_grants(case).select_related("user"):
        if grant.why == Grant.Why.ALLOCATION and grant.user_id == case.lead_isva_id:
            continue
        if grant.why == Grant.Why.INTERIM and grant.user_id == case.interim_worker_id:
            continue
        words = [grant.user.name]
        if grant.until:
            words.append(_("until %(when)s") % {"when": short_when(grant.until, now=now())})
        if grant.read_only:
            words.append(_("read only"))
        rows.append({"key": grant.get_why_display(), "value": ", ".join(words)})
    return rows


def _sight_acts(case) -> list[dict]:
    """What a manager changes about who supports and who may see."""
    restricted = ("change_named", _("Restriction: who is named"))
    restrict = ("restrict_client", _("Restrict to named people"))
    names = [("declare_conflict", _("Conflicts of interest")), restricted if case.is_restricted else restrict]
    if case.stage in CARRIED_STAGES:
        names = [("cover_case", _("Cover")), ("reallocate_case", _("Give to another ISVA")), *names]
    return [{"text": text, "url": reverse(name, kwargs={"case_id": case.pk})} for name, text in names]


def _client_rows(client) -> list[dict]:
    found = [
        (_("Name"), client.name),
        (_("Called"), client.known_as),
        (_("Pronouns"), client.pronouns),
        (_("Date of birth"), long_date(client.date_of_birth)),
        (_("Area"), client.area),
        (_("Language"), client.get_language_display()),
        (_("Preferred worker"), client.get_preferred_worker_sex_display()),
        (_("Where they would like to meet"), client.preferred_place),
        (_("Days and times"), client.preferred_times),
    ]
    return [{"key": key, "value": value} for key, value in found if value]


def _url(case, referral) -> str:
    return reverse("answer_onward_referral", kwargs={"case_id": case.pk, "referral_id": referral.pk})


def _referrals_table(case, referrals):
    tones = {"waiting": "amber", "accepted": "teal", "declined": "grey", "no_service": "grey"}
    rows = []
    for one in referrals:
        waited = onward.days_waited(one)
        rows.append(
            [
                lines(link(one.agency.name, _url(case, one), hidden=_("referral")), how_to_reach(one.agency)),
                one.need,
                long_date(one.sent_on) or _("Not sent yet"),
                marks.tag(OnwardReferral.Answer(one.answer).label, tones[one.answer]),
                days_words(waited) if waited is not None else "",
                one.outcome,
            ]
        )
    return table(
        caption=_("Onward referrals"), hide_caption=True,
        columns=[_("Agency"), _("Need"), _("Sent"), _("Answer"), _("Waited"), _("Outcome")],
        rows=rows,
        empty={"title": _("No onward referral yet"), "text": _("Where another service can meet a need, refer with consent.")},
    )  # fmt: skip


def _unmet_table(case, referrals):
    rows = []
    urgent = set()
    for position, one in enumerate(referrals):
        unheld = one.unheld_risk and not one.held_since
        if unheld:
            urgent.add(position)
            held = _("Nobody holds it")
        else:
            held = _("Held since %(day)s") % {"day": long_date(one.held_since)} if one.held_since else ""
        kind = _("Risk outside our scope") if one.unheld_risk else _("No service to refer to")
        rows.append(
            [lines(link(one.need, _url(case, one)), kind), long_date(one.recorded_at), held, one.outcome]
        )
    return table(
        caption=_("Unmet needs and risks that nobody holds"), hide_caption=True,
        columns=[_("Need or risk"), _("Named on"), _("Held"), _("Outcome")],
        rows=rows, urgent=urgent,
        empty={"title": _("None named"), "text": _("A need without a service is recorded here, so that it is counted.")},
    )  # fmt: skip


def _concerns_table(case):
    rows = []
    urgent = set()
    for position, one in enumerate(safeguarding.concerns_of(case)):
        url = reverse("update_safeguarding", kwargs={"case_id": case.pk, "concern_id": one.pk})
        if one.closed_on is None:
            urgent.add(position)
        rows.append(
            [
                link(one.get_who_display(), url, hidden=_("concern")),
                short_when(one.raised_at, now=now()),
                one.referred_to or _("Not referred"),
                one.manager_told.name if one.manager_told else _("Nobody yet"),
                _("Closed on %(day)s") % {"day": long_date(one.closed_on)} if one.closed_on else _("Open"),
            ]
        )
    return table(
        caption=_("Safeguarding concerns"), hide_caption=True,
        columns=[_("Who is at risk"), _("Learned of"), _("Referred to"), _("Manager told"), _("Outcome")],
        rows=rows, urgent=urgent,
        empty={"title": _("No safeguarding concern"), "text": _("Raise one the same day that you learn of it.")},
    )  # fmt: skip
