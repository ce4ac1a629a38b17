"""What waits in the inbox: referrals nobody has taken into triage yet, and what is in triage now."""

from django.db.models import Case as Choose
from django.db.models import Count, Exists, IntegerField, OuterRef, Value, When

from casework.models import Case, SafeContact
from isva.interface.paging import capped_count, keyset_page
from isva.pathway import Stage
from referrals.completeness import lacks_an_essential
from referrals.models import InformationRequest
from referrals.models.referral import safety_now

SAFETY, INCOMPLETE, ASKED = "safety", "incomplete", "asked"
_SAFETY_NOW = safety_now("referral__")
PAGE = 40


def referrals_waiting(user, *, show: str = ""):
    """Referrals in sight, those about safety first, then by the time that is left (received longest ago first).

    ``show`` narrows them: ``safety``, ``incomplete``, ``asked``.
    """
    open_question = InformationRequest.objects.filter(case=OuterRef("pk"), answered_at__isnull=True)
    cases = (
        Case.objects.visible_to(user)
        .filter(stage=Stage.REFERRAL.value, referral__isnull=False)
        .annotate(
            can_wait=Choose(When(_SAFETY_NOW, then=Value(0)), default=Value(1), output_field=IntegerField()),
            waits_for_answer=Exists(open_question),
        )
    )
    if show == SAFETY:
        cases = cases.filter(_SAFETY_NOW)
    elif show == INCOMPLETE:
        cases = cases.filter(lacks_an_essential())
    elif show == ASKED:
        cases = cases.filter(waits_for_answer=True)
    return cases


def page_of_referrals(cases, *, after):
    """One page of them, with client and referral, and how many there are."""
    page = keyset_page(
        cases.select_related("client", "referral"),
        order=("can_wait", "opened_at", "id"),
        after=after,
        size=PAGE,
    )
    return page, capped_count(cases, page=page)


def cases_in_triage(user):
    """Cases that are in triage and in sight; those without first contact first, then as they were received."""
    return (
        Case.objects.visible_to(user)
        .filter(stage=Stage.TRIAGE.value)
        .annotate(
            reached=Choose(
                When(first_contact_at__isnull=True, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            )
        )
    )


def page_in_triage(cases, *, after):
    """One page of them, with the client, and how many there are."""
    page = keyset_page(
        cases.select_related("client"), order=("reached", "opened_at", "id"), after=after, size=PAGE
    )
    return page, capped_count(cases, page=page)


def attempts(cases) -> dict:
    """How many attempts at contact were made, by case. One query."""
    keys = [case.pk for case in cases]
    return dict(
        Case.objects.filter(pk__in=keys).annotate(n=Count("contactattempt")).values_list("pk", "n").order_by()
    )


def safe_contacts_by_client(cases) -> dict:
    """The safe contacts of the clients of some cases, by client. One query."""
    found: dict = {}
    for contact in SafeContact.objects.filter(client__in=[case.client_id for case in cases]):
        found.setdefault(contact.client_id, []).append(contact)
    return found
