"""The inbox: referrals by urgency with both clocks, how complete they are, and what is in triage now."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework import worklists
from casework.views.due import own_beside_cases
from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.clock.due import first_contact_target_due
from isva.clock.moment import now, today
from isva.clock.terms import terms_of
from isva.interface.marks import in_sentence, mark, reference_mark, tag, urgency_mark
from isva.interface.tables import lines, link, table
from isva.interface.words import day_words, long_date, short_when
from referrals import duplicates, waiting
from referrals.clocks import standard_mark, target_mark
from referrals.completeness import completeness, names

TRIAGE = "triage"


@staff_page(Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
def inbox(request):
    """Referrals to look at; or, under the second tab, those in triage. Beneath: what is a coordinator's own beside cases."""
    in_triage = request.GET.get("in") == TRIAGE
    lands_here = request.acting.can(Permission.HANDLE_INTAKE)
    context = {
        "tabs": _tabs(in_triage),
        "may_key_in": lands_here,
        "in_triage": in_triage,
        "beside": own_beside_cases(
            worklists.due_beside_cases(request.user, request.acting.service) if lands_here else []
        ),
    }
    context |= _triage(request) if in_triage else _referrals(request)
    return render(request, "referrals/inbox.html", context)


def _tabs(in_triage) -> list[dict]:
    address = reverse("inbox")
    return [
        {"text": _("To look at"), "url": address, "current": not in_triage},
        {"text": _("In triage"), "url": f"{address}?in={TRIAGE}", "current": in_triage},
    ]


def _referrals(request) -> dict:
    show = request.GET.get("show", "")
    cases = waiting.referrals_waiting(request.user, show=show)
    page, count = waiting.page_of_referrals(cases, after=request.GET.get("after"))
    contacts = waiting.safe_contacts_by_client(page.rows)
    alike = duplicates.counts(page.rows, request.user)
    terms = terms_of(request.acting.service)
    rows = [_row(case, contacts.get(case.client_id, ()), alike.get(case.pk, 0), terms) for case in page]
    empty: dict[str, object] = {
        "title": _("No referral is waiting"),
        "text": _("New referrals come here as soon as they are sent."),
    }
    if show:
        empty = {
            "title": _("Nothing here"), "text": _("No referral that waits is like this."),
            "action": {"text": _("Show all"), "url": reverse("inbox")},
        }  # fmt: skip
    options = [
        ("", _("All")),
        (waiting.SAFETY, _("Safety now")),
        (waiting.INCOMPLETE, _("Incomplete")),
        (waiting.ASKED, _("Waiting for an answer")),
    ]
    return {
        "page": page,
        "filters": [{"name": "show", "label": _("Show"), "value": show, "options": options}],
        "count": _counted(count),
        "clear_url": reverse("inbox") if show else "",
        "table": table(
            caption=_("Referrals to look at"), hide_caption=True,
            columns=[
                _("Referral"),
                _("Urgency"),
                _("%(hours)d-hour target") % {"hours": terms.now()["first_contact_target_hours"]},
                _("%(days)d-day standard") % {"days": terms.now()["first_contact_standard_days"]},
                _("Complete"),
                _("Look at"),
            ],
            rows=rows, urgent={i for i, case in enumerate(page) if case.referral.needs_safety_now}, empty=empty,
        ),
    }  # fmt: skip


def _counted(count) -> str:
    return ngettext("%(n)s referral", "%(n)s referrals", count.number) % {"n": count}


def _row(case, contacts, alike: int, terms) -> list:
    referral, client = case.referral, case.client
    whole = completeness(case, contacts)
    received = day_words(case.opened_at, now=now())
    return [
        lines(
            link(client.name, reverse("show_referral", kwargs={"case_id": case.pk})),
            in_sentence(
                "%(reference)s · %(source)s",
                reference=reference_mark(case.reference),
                source=referral.get_source_display(),
            ),
        ),
        _urgency(referral, case.opened_at, terms),
        lines(target_mark(case.opened_at, terms), _("received %(day)s") % {"day": received}),
        standard_mark(case.opened_at, terms),
        lines(f"{whole.score}%", ", ".join(names(whole.essential))),
        _tags(case, client, referral, alike),
    ]


def _urgency(referral, received_at, terms):
    if referral.needs_safety_now:
        return urgency_mark("now", _("Safety now"))
    passed = first_contact_target_due(received_at, terms.at(received_at)) < now()
    return urgency_mark("soon" if passed else "routine")


def _tags(case, client, referral, alike: int):
    tags = []
    if client.is_child_on(today()):
        tags.append(tag(_("Child"), "teal"))
    if alike:
        tags.append(
            tag(ngettext("%(n)d likely duplicate", "%(n)d likely duplicates", alike) % {"n": alike}, "amber")
        )
    if referral.outside_usual:
        tags.append(tag(_("Outside usual"), "outline"))
    if referral.consents == "no":
        tags.append(tag(_("No consent"), "amber"))
    if case.waits_for_answer:
        tags.append(tag(_("Waiting for answer"), "grey"))
    return mark_safe(" ".join(tags))  # noqa: S308  (ready markup of the marks module)


def _triage(request) -> dict:
    page, count = waiting.page_in_triage(
        waiting.cases_in_triage(request.user), after=request.GET.get("after")
    )
    tried = waiting.attempts(page.rows)
    terms = terms_of(request.acting.service)
    rows = [_triage_row(case, tried.get(case.pk, 0), terms) for case in page]
    return {
        "page": page,
        "count": ngettext("%(n)s in triage", "%(n)s in triage", count.number) % {"n": count},
        "table": table(
            caption=_("In triage"), hide_caption=True,
            columns=[_("Case"), _("First contact"), _("Attempts"), _("Received"), _("In triage since")],
            rows=rows,
            empty={"title": _("Nothing is in triage"), "text": _("Take a referral into triage from the first tab.")},
        ),
    }  # fmt: skip


def _triage_row(case, attempts: int, terms) -> list:
    if case.first_contact_at:
        state = mark(
            _("Made %(day)s") % {"day": short_when(case.first_contact_at, now=now())},
            shape="dot",
            tone="calm",
        )
    else:
        state = standard_mark(case.opened_at, terms)
    return [
        lines(
            link(case.client.name, reverse("triage_case", kwargs={"case_id": case.pk})),
            reference_mark(case.reference),
        ),
        lines(state, urgency_mark("urgent") if case.urgent else ""),
        attempts,
        long_date(case.opened_at),
        day_words(case.stage_since, now=now()),
    ]
