"""The tab of agreements and sharing: what was agreed with the client, and which agency may be told what."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import onward, sharing
from casework.doors import case_page, find
from casework.forms.sharing import AgreementForm, ConsentForm, ToldForm
from casework.models import AgencyConsent, ClientAgreement
from casework.views import drafts
from casework.views.agency_links import how_to_reach
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.audit.reading import What
from isva.clock.moment import now
from isva.drafts.saving import posted, saved
from isva.interface import marks
from isva.interface.forms import lower_first, upper_first
from isva.interface.tables import lines, link, table
from isva.interface.words import long_date, short_when


@case_page(Permission.VIEW_CASE)
def show_sharing(request, case):
    """The agreement in force, consents per agency, agencies not yet told, and what stood before."""
    context = case_frame(request, case, "show_sharing")
    writes = context["frame"]["may_change"] and case.is_open
    agreements = sharing.agreements_of(case)
    consents = sharing.consents_of(case)
    key = {"case_id": case.pk}
    context |= {
        "agreement": agreement_rows(agreements[0]) if agreements else [],
        "missing": sharing.not_explained(agreements[0]) if agreements else [],
        "earlier": [
            f"{long_date(one.agreed_on)}, {one.get_how_display()}, {one.recorded_by.name}"
            for one in agreements[1:]
        ],
        "consents": _consents_table(case, sharing.in_force(consents), writes),
        "to_tell": _to_tell(case, consents, set(context["frame"]["facts"].agencies_to_tell), writes),
        "history": _history_table(consents),
        "agree_url": reverse("agree_with_client", kwargs=key) if writes else "",
        "consent_url": reverse("record_consent", kwargs=key) if context["frame"]["may_change"] else "",
        "print_url": reverse("print_agreement", kwargs=key)
        if agreements and context["frame"]["may_take_out"]
        else "",
        "no_agreement": {
            "title": _("No agreement is recorded yet"),
            "text": _("It is made when support begins, and renewed when something in it changes."),
        },
    }
    return render(request, "casework/show_sharing.html", context)


def agreement_rows(agreement: ClientAgreement) -> list[dict]:
    """What was agreed, as rows of a summary."""
    explained = [
        upper_first(str(sharing.question_of(name))) for name in sharing.EXPLAINED if getattr(agreement, name)
    ]
    who = agreement.get_who_decides_display()
    found = [
        (_("Agreed on"), f"{long_date(agreement.agreed_on)}, {lower_first(agreement.get_how_display())}"),
        (_("Explained"), explained),
        (_("ISVA in training"), _("The client knows") if agreement.trainee_disclosed else ""),
        (_("How they want to be kept informed"), agreement.contact_preferences),
        (_("Single point of contact"), _("The ISVA") if agreement.single_point_of_contact else _("Not the ISVA")),
        (_("If no further action is decided"), agreement.nfa_wish),
        (_("Who decides"), f"{who}: {agreement.decider_name}" if agreement.decider_name else who),
        (_("What they may decide"), agreement.may_decide),
        (_("Their authority was seen"), (_("Yes") if agreement.authority_seen else _("No")) if agreement.decider_name else ""),
        (_("Recorded by"), agreement.recorded_by.name),
    ]  # fmt: skip
    return [
        {"key": key, "lines": value} if isinstance(value, list) else {"key": key, "value": value}
        for key, value in found
        if value
    ]


def _answer_mark(answer: str):
    tone = {"given": "teal", "refused": "grey", "withdrawn": "dark"}[answer]
    return marks.tag(AgencyConsent.Answer(answer).label, tone)


def _consents_table(case, consents, writes):
    rows = []
    for consent in consents:
        name = consent.agency.name
        if writes:
            url = reverse("record_consent", kwargs={"case_id": case.pk}) + f"?agency={consent.agency_id}"
            name = link(name, url)
        told = ""
        if consent.answer == AgencyConsent.Answer.GIVEN:
            told = long_date(consent.told_on) or _("Not yet")
        rows.append(
            [
                lines(name, how_to_reach(consent.agency)),
                _answer_mark(consent.answer),
                long_date(consent.dated_on),
                lines(consent.route, consent.frequency),
                consent.exceptions,
                told,
            ]
        )
    return table(
        caption=_("Consent for each agency"), hide_caption=True,
        columns=[_("Agency"), _("Consent"), _("Since"), _("Route"), _("Exceptions"), _("Told of the ISVA")],
        rows=rows,
        empty={"title": _("No consent is recorded yet"), "text": _("Ask for each agency by itself. A refusal is an answer, too.")},
    )  # fmt: skip


def _to_tell(case, consents, keys, writes) -> list[dict]:
    return [
        {
            "name": consent.agency.name,
            "url": reverse("tell_agency", kwargs={"case_id": case.pk, "consent_id": consent.pk})
            if writes
            else "",
        }
        for consent in sharing.in_force(consents)
        if consent.pk in keys
    ]


def _history_table(consents):
    rows = [
        [
            consent.agency.name,
            _answer_mark(consent.answer),
            long_date(consent.dated_on),
            consent.recorded_by.name,
        ]
        for consent in consents
    ]
    return table(
        caption=_("Every answer, the latest first"),
        columns=[_("Agency"), _("Consent"), _("On"), _("Recorded by")],
        rows=rows,
    )


@case_page(Permission.CHANGE_CASE)
def agree_with_client(request, case):
    """Record the client agreement, or renew it: a new row, the earlier one stays."""
    if not case.is_open:
        messages.info(request, _("This case is closed. An agreement belongs to an open case."))
        return redirect("show_sharing", case_id=case.pk)
    offer = drafts.offered(request, case, "agree_with_client", AgreementForm)
    before = sharing.agreements_of(case)
    known = (
        {name: getattr(before[0], name) for name in AgreementForm.Meta.fields if name != "agreed_on"}
        if before
        else {}
    )
    typed = offer.pop("initial")
    trainee = sharing.is_carried_by_a_trainee(case)
    seen = sharing.mark_of(before[0] if before else None)
    form = AgreementForm(posted(request), trainee=trainee, initial={"seen": seen} | known | typed)

    def agree():
        sharing.agree_with_client(
            case, by=request.user, seen=form.cleaned_data["seen"] or None, **form.values()
        )

    if request.method == "POST" and saved(request, form, agree):
        drafts.forget(request, case, "agree_with_client")
        messages.success(request, _("The agreement is recorded."))
        return redirect("show_sharing", case_id=case.pk)
    context = case_frame(request, case, "show_sharing", next_step=False) | offer
    context |= {
        "form": form,
        "submit": _("Record agreement"),
        "cancel_url": reverse("show_sharing", kwargs={"case_id": case.pk}),
        "renews": bool(before),
    }
    return render(request, "casework/agree_with_client.html", context)


@case_page(Permission.VIEW_CASE, what=What.PRINTED)
def print_agreement(request, case):
    """The agreement in force on a clean page, for paper."""
    agreements = sharing.agreements_of(case)
    if not agreements:
        messages.info(request, _("No agreement is recorded yet."))
        return redirect("show_sharing", case_id=case.pk)
    agreement = agreements[0]
    consents = [
        one for one in sharing.in_force(sharing.consents_of(case)) if one.answer == AgencyConsent.Answer.GIVEN
    ]
    context = {
        "case": case,
        "agreement": agreement,
        "rows": [row for row in agreement_rows(agreement) if row["key"] != _("Recorded by")],
        "consents": [
            {
                "key": one.agency.name,
                "lines": [line for line in (one.route, one.frequency, one.exceptions) if line]
                or [_("May be told")],
            }
            for one in consents
        ],
        "isva": case.lead_isva.name if case.lead_isva else agreement.recorded_by.name,
        "is_signed": agreement.how == ClientAgreement.How.SIGNED,
        "printed": short_when(now(), now=now()),
        "back_url": reverse("show_sharing", kwargs={"case_id": case.pk}),
    }
    return render(request, "casework/print_agreement.html", context)


@case_page(Permission.CHANGE_CASE)
def record_consent(request, case):
    """Record that the client lets one agency be told, refuses, or withdraws. ``?agency=`` names it beforehand."""
    agencies = onward.agencies_in_use(request.user)
    initial = {}
    if request.GET.get("agency"):
        initial["agency"] = find(onward.agencies_of(request.user), request.GET["agency"]).pk
        agencies = agencies | onward.agencies_of(request.user).filter(pk=initial["agency"])
    form = ConsentForm(posted(request), agencies=agencies, initial=initial)
    if request.method == "POST" and saved(
        request, form, lambda: sharing.record_consent(case, by=request.user, **form.values())
    ):
        messages.success(request, _("The answer is recorded."))
        return redirect("show_sharing", case_id=case.pk)
    context = case_frame(request, case, "show_sharing", next_step=False)
    context |= {
        "form": form,
        "submit": _("Record"),
        "cancel_url": reverse("show_sharing", kwargs={"case_id": case.pk}),
        "has_agencies": agencies.exists(),
        "add_url": reverse("add_agency"),
    }
    return render(request, "casework/record_consent.html", context)


@case_page(Permission.CHANGE_CASE)
def tell_agency(request, case, consent_id):
    """Record the day on which an agency was told of the ISVA."""
    consent = find(case.agencyconsent_set.select_related("agency"), consent_id)
    form = ToldForm(posted(request), dated_on=consent.dated_on)
    if request.method == "POST" and saved(
        request,
        form,
        lambda: sharing.tell_agency(consent, told_on=form.cleaned_data["told_on"], by=request.user),
    ):
        messages.success(request, _("Recorded."))
        return redirect("show_sharing", case_id=case.pk)
    context = case_frame(request, case, "show_sharing", next_step=False)
    context |= {
        "form": form,
        "submit": _("Record"),
        "cancel_url": reverse("show_sharing", kwargs={"case_id": case.pk}),
        "agency": consent.agency.name,
        "rows": [
            {"key": key, "value": value}
            for key, value in (
                (_("Agreed route"), consent.route),
                (_("How often"), consent.frequency),
                (_("Exceptions"), consent.exceptions),
            )
            if value
        ],
    }
    return render(request, "casework/tell_agency.html", context)
