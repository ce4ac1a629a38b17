"""Urgent allocation: one open task per case, a named manager, open until the case is allocated or closed."""

from django.db import transaction
from django.utils.translation import gettext as _

from casework.models import Case
from casework.moving import lock_case
from isva.clock.moment import now
from triage.models import UrgentAllocation
from triage.people import manager_for
from triage.refusals import Refused


@transaction.atomic
def raise_urgent_allocation(case: Case, *, reason: str, by) -> UrgentAllocation:
    """Ask a named manager to allocate this case urgently (report, Annex A 3: escalation triggers urgent allocation).

    There is one open task per case, however many people raise it at the same moment: they wait for each other.
    A further reason is added to it, and it has to be acknowledged anew. The caller decides where the case stands.
    Raises Refused where the service has no manager to name.
    """
    lock_case(case)
    task = open_urgent_allocation(case)
    if task is not None:
        if reason not in task.reason:
            task.reason = f"{task.reason}\n{reason}"
            task.acknowledged_by = task.acknowledged_at = None
            task.save(update_fields=["reason", "acknowledged_by", "acknowledged_at"])
        return task
    manager = manager_for(case)
    if manager is None:
        raise Refused(
            _(
                "Nobody can be asked to allocate this case: the service has no manager who may see it. Tell the records lead."
            )
        )
    task = UrgentAllocation(case=case, manager=manager, reason=reason, raised_at=now(), recorded_by=by)
    task.save(force_insert=True)
    return task


def open_urgent_allocation(case: Case) -> UrgentAllocation | None:
    """The urgent allocation that is still to be made for a case, or None."""
    return (
        UrgentAllocation.objects.filter(case=case, done_at__isnull=True)
        .select_related("manager", "acknowledged_by", "recorded_by")
        .first()
    )


def acknowledge_urgent(task: UrgentAllocation, *, by) -> UrgentAllocation:
    """A manager says that they have seen it and are on it. The first to say so stands."""
    if task.acknowledged_at is None:
        task.acknowledged_by = by
        task.acknowledged_at = now()
        task.save(update_fields=["acknowledged_by", "acknowledged_at"])
    return task


def finish_urgent(case: Case, *, by) -> None:
    """The case is allocated, closed or back in interim support by a manager's word: the task is done."""
    task = open_urgent_allocation(case)
    if task is not None:
        task.done_at = now()
        task.save(update_fields=["done_at"])
