"""Allocation: a manager decides who supports somebody, with the advice on the table and the reasons kept
(report, Allocation; Annex A 4; recommendation 2.3; statutory guidance 38 and 44)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from casework import access
from casework.models import STAGE_NAMES, Appointment, Case, Grant, ReviewPoint
from casework.moving import lock_case
from casework.stages import active_support
from casework.standing import finish_review
from isva.accounts.models import Membership
from isva.clock.moment import now, today
from isva.interface.words import listed
from isva.pathway import CARRIED_STAGES, Stage, WrongStage
from triage.load import WorkerLoad, caseloads, share_of, weight_of
from triage.models import Allocation
from triage.ranking import CaseFacts, Exclusion, Ranking, rank
from triage.refusals import Refused
from triage.stages import urgent

_CARRIED = frozenset(stage.value for stage in CARRIED_STAGES)


class NeedsReason(Refused):
    """The advice is not followed and no reason was given. Its text says what has to be answered for."""


@dataclass(frozen=True)
class Advice:
    """What lies on the table before a case is given to somebody: the ranking, and every load as it is now."""

    facts: CaseFacts
    ranking: Ranking
    loads: tuple[WorkerLoad, ...]

    def load(self, key: str) -> WorkerLoad | None:
        """The load of one ISVA."""
        return next((one for one in self.loads if one.key == key), None)

    def after(self, load: WorkerLoad) -> tuple[int, Decimal]:
        """Open cases and weighted load of an ISVA once they have this case."""
        return load.open_count + 1, load.weighted + self.facts.weight


def advise(case: Case) -> Advice:
    """Who could take this case, in order, with the reasons, as things stand now. Three queries."""
    loads = caseloads(case.service, client=case.client_id)
    facts = facts_of(case)
    return Advice(facts, rank(facts, loads), tuple(loads))


def facts_of(case: Case) -> CaseFacts:
    """What is weighed about a case."""
    client, service = case.client, case.service
    before = Allocation.objects.filter(case__client=case.client_id).exclude(isva=case.lead_isva_id)
    return CaseFacts(
        risk=case.risk, complexity=case.complexity,
        weight=weight_of(case, service) * (share_of(case.stage) if case.stage in _CARRIED else 1),
        specialisms=frozenset(case.specialisms_needed), is_child=client.is_child_on(today()),
        language=client.language, preferred_language=client.preferred_worker_language,
        preferred_sex=client.preferred_worker_sex, area=client.area, trainee_limit=service.trainee_complexity_limit,
        interim_worker=_key(case.interim_worker_id), carried_by=_key(case.lead_isva_id if case.stage in _CARRIED else None),
        supported_before_by=frozenset(_key(isva) for isva in before.values_list("isva", flat=True).distinct()),
    )  # fmt: skip


def _key(user_id) -> str:
    return str(user_id) if user_id else ""


@transaction.atomic
def allocate_case(case: Case, *, isva, by, reason: str, override_reason: str = "") -> Allocation:
    """Give a case that waits to ``isva``: support becomes active, the first session falls due.

    The ISVA gains sight, whoever kept in touch meanwhile loses what it gave them; the ranking stays with the
    decision. Two managers at once: the second is told to whom the case went.
    Raises WrongStage where the case does not wait for allocation, NeedsReason where the advice is not followed
    without ``override_reason``, Refused where ``isva`` cannot have the case at all.
    """
    lock_case(case)
    if case.stage != Stage.ALLOCATION.value:
        raise WrongStage(not_waiting(case))
    ranking = _decide(case, isva, override_reason)
    _end_allocation(case, because=_("allocated anew"))
    allocation = Allocation(
        case=case, isva=isva, allocated_at=now(), reason=reason, ranking=ranking.kept(), override_reason=override_reason,
        first_session_due_on=active_support.first_session_due_on(case.service), recorded_by=by,
    )  # fmt: skip
    allocation.save(force_insert=True)
    access.end_grants(case, why=Grant.Why.ALLOCATION, by=by, reason=_("allocated anew"))
    access.grant(case, to=isva, why=Grant.Why.ALLOCATION, by=by, reason=_("allocated"))
    active_support.begin(case, isva=isva, by=by, reason=reason)
    access.end_grants(case, why=Grant.Why.INTERIM, by=by, reason=_("the case was allocated"))
    finish_review(case, kind=ReviewPoint.Kind.INTERIM, by=by)
    urgent.finish_urgent(case, by=by)
    return allocation


@transaction.atomic
def reallocate_case(
    case: Case, *, isva, by, reason: str, handover_note: str, override_reason: str = ""
) -> tuple[Allocation, int]:
    """Give a case that is carried to another ISVA: rare, reasoned, with a handover note; the stage stays.

    Returns the new allocation, and how many planned appointments went to the new ISVA with it.
    The earlier allocation is kept, ended. Raises WrongStage where nobody carries the case, NeedsReason and Refused
    as ``allocate_case`` does.
    """
    lock_case(case)
    if case.stage not in _CARRIED:
        raise WrongStage(not_carried(case))
    before = case.lead_isva
    if before == isva:
        raise WrongStage(_("%(name)s carries this case already.") % {"name": isva.name})
    ranking = _decide(case, isva, override_reason)
    _end_allocation(case, because=reason)
    allocation = Allocation(
        case=case, isva=isva, allocated_at=now(), reason=reason, ranking=ranking.kept(), override_reason=override_reason,
        handover_note=handover_note, recorded_by=by,
    )  # fmt: skip
    allocation.save(force_insert=True)
    access.end_grants(case, why=Grant.Why.ALLOCATION, by=by, reason=_("another ISVA carries the case"))
    access.grant(case, to=isva, why=Grant.Why.ALLOCATION, by=by, reason=_("reallocated"))
    case.lead_isva = isva
    case.save(update_fields=["lead_isva"])
    return allocation, _hand_over_appointments(case, before=before, to=isva)


def _decide(case: Case, isva, override_reason: str) -> Ranking:
    """The ranking at the moment of the decision, if the decision can stand.

    The ISVA's membership is locked, so that two cases given to one person at the same moment see each other's weight.
    """
    Membership.objects.select_for_update(no_key=True).filter(service=case.service_id, user=isva).first()
    ranking = advise(case).ranking
    found = ranking.find(str(isva.pk))
    if found is None:
        raise Refused(_("%(name)s does not carry cases in this service.") % {"name": isva.name})
    if isinstance(found, Exclusion) and found.final:
        raise Refused(
            _("%(name)s cannot be given this case: %(why)s.") % {"name": isva.name, "why": listed(found.why)}
        )
    to_answer = ranking.to_answer_for(str(isva.pk))
    if to_answer and not override_reason.strip():
        raise NeedsReason(
            _("Say why %(name)s, although %(what)s") % {"name": isva.name, "what": listed(to_answer)}
        )
    return ranking


def _end_allocation(case: Case, *, because: str) -> None:
    for standing in Allocation.objects.filter(case=case, ended_at__isnull=True):
        standing.ended_at = now()
        standing.end_reason = because
        standing.save(update_fields=["ended_at", "end_reason"])


def _hand_over_appointments(case: Case, *, before, to) -> int:
    planned = Appointment.objects.filter(
        case=case, worker=before, at__gt=now(), cancelled_at__isnull=True, contact__isnull=True
    )
    count = 0
    for appointment in planned:
        appointment.worker = to
        appointment.save(update_fields=["worker"])
        count += 1
    return count


def not_waiting(case: Case) -> str:
    """Why a case cannot be allocated, naming who has it where it was allocated in the meantime."""
    standing = current_allocation(case) if case.stage in _CARRIED else None
    if standing is not None:
        return _("This case has been allocated in the meantime: to %(isva)s, by %(by)s. Nothing was changed.") % {
            "isva": standing.isva.name, "by": standing.recorded_by.name,
        }  # fmt: skip
    return _("This case does not wait for allocation: it is at “%(here)s”.") % {
        "here": STAGE_NAMES[Stage(case.stage)]
    }


def not_carried(case: Case) -> str:
    """Why a case cannot be reallocated."""
    return _("Nobody carries this case: it is at “%(here)s”.") % {"here": STAGE_NAMES[Stage(case.stage)]}


def current_allocation(case: Case) -> Allocation | None:
    """The allocation that stands, or None."""
    return (
        Allocation.objects.filter(case=case, ended_at__isnull=True)
        .select_related("isva", "recorded_by")
        .first()
    )
