"""The client agreement, and what may be shared with whom.

Sources: quality standards: client agreement, records; statutory guidance 57 (who decides), 69–82 (sharing, the single
point of contact, how a decision of no further action is told).
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from casework.models import AgencyConsent, Case, ClientAgreement
from casework.next_action import consents_to_tell
from casework.sas.complexity import reckon_complexity
from isva.access.roles import Role
from isva.accounts.models import Membership
from isva.pathway import WrongStage
from isva.stale import as_seen, refuse_stale

#: What the client was told, in the order in which it is told.
EXPLAINED = (
    "role_explained", "confidentiality_explained", "records_explained", "complaints_explained", "ending_discussed",
)  # fmt: skip

#: Everything that an agreement says.
AGREED = (
    *EXPLAINED, "trainee_disclosed", "contact_preferences", "single_point_of_contact", "nfa_wish", "agreed_on", "how",
    "who_decides", "decider_name", "may_decide", "authority_seen",
)  # fmt: skip


def mark_of(agreement: ClientAgreement | None) -> str:
    """The mark of the agreement that a page was filled in from: another one as soon as a newer one counts."""
    return as_seen(agreement or ClientAgreement(), AGREED)


@transaction.atomic
def agree_with_client(
    case: Case, *, by, agreed_on: dt.date, how, seen: str | None = None, **values
) -> ClientAgreement:
    """Record what was agreed. A renewed agreement is a new row; the latest counts, the earlier ones stay.

    ``values`` are other fields of the agreement, ``seen`` the mark of the agreement that they were filled in from.
    Raises WrongStage on a closed case, ChangedMeanwhile where another one counts by now, ValueError where the ISVA is
    in training and the client was not told so (statutory guidance 38).
    """
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)  # two who renew it wait for each other
    counts = ClientAgreement.objects.filter(case=case).first()
    refuse_stale(counts or ClientAgreement(), AGREED, seen=seen)
    if not case.is_open:
        raise WrongStage(_("This case is closed. An agreement belongs to an open case."))
    if is_carried_by_a_trainee(case) and not values.get("trainee_disclosed"):
        raise ValueError("The client is told that the ISVA is in training.")
    agreement = ClientAgreement(case=case, agreed_on=agreed_on, how=how, recorded_by=by, **values)
    agreement.save(force_insert=True)
    return agreement


def is_carried_by_a_trainee(case: Case) -> bool:
    """Whether the ISVA of a case is in training, which the client is told."""
    return (
        case.lead_isva_id is not None
        and Membership.objects.filter(
            service=case.service_id, user=case.lead_isva_id, roles__contains=[Role.TRAINEE]
        ).exists()
    )


def agreements_of(case: Case) -> list[ClientAgreement]:
    """The agreements of a case; the first is the one that counts. One query."""
    return list(ClientAgreement.objects.filter(case=case).select_related("recorded_by"))


def question_of(name: str):
    """What a field of the agreement asks, in words."""
    field = ClientAgreement._meta.get_field(name)
    return getattr(field, "verbose_name", name)


def not_explained(agreement: ClientAgreement) -> list[str]:
    """What the client was not told yet, in words."""
    return [str(question_of(name)) for name in EXPLAINED if not getattr(agreement, name)]


def record_consent(
    case: Case,
    *,
    by,
    agency,
    answer,
    dated_on: dt.date,
    route: str = "",
    frequency: str = "",
    exceptions: str = "",
) -> AgencyConsent:
    """Record whether an agency may be told: given, refused or withdrawn. The latest answer for an agency counts.

    Raises WrongStage on a closed case, except that a consent can always be withdrawn.
    """
    if not case.is_open and answer != AgencyConsent.Answer.WITHDRAWN:
        raise WrongStage(_("This case is closed. Only a withdrawal can be recorded."))
    consent = AgencyConsent(
        case=case, agency=agency, answer=answer, dated_on=dated_on, route=route, frequency=frequency,
        exceptions=exceptions, recorded_by=by,
    )  # fmt: skip
    consent.save(force_insert=True)
    if case.is_open:
        reckon_complexity(case, by=by)
    return consent


def tell_agency(consent: AgencyConsent, *, told_on: dt.date, by) -> AgencyConsent:
    """Record that an agency was told of the ISVA. Raises WrongStage where its consent does not stand any more."""
    locked = AgencyConsent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if not consents_to_tell(locked.case_id).filter(pk=locked.pk).exists():
        raise WrongStage(_("This agency was told already, or its consent does not stand any more."))
    locked.told_on = told_on
    locked.save(update_fields=["told_on"])
    return locked


def consents_of(case: Case) -> list[AgencyConsent]:
    """Every answer that was ever given for a case, latest first. One query."""
    return list(AgencyConsent.objects.filter(case=case).select_related("agency", "recorded_by"))


def in_force(consents: list[AgencyConsent]) -> list[AgencyConsent]:
    """The answer that counts for each agency, by its name, out of all (latest first)."""
    latest: dict = {}
    for consent in consents:
        latest.setdefault(consent.agency_id, consent)
    return sorted(latest.values(), key=lambda consent: consent.agency.name)
