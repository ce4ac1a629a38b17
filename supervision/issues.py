"""Systemic issues: what goes wrong again and again, raised with whoever can change it (institutional advocacy)."""

from django.db import transaction

from isva.access.acting import ActingPerson
from isva.accounts.models import User
from isva.clock.moment import now, today
from isva.stale import refuse_stale
from supervision.models import SystemicIssue

Status = SystemicIssue.Status
#: Those that are still being pursued.
OPEN = (Status.RAISED, Status.WORKED_ON)


def issues_of(user: User):
    """The issues that the service of ``user`` has raised."""
    return SystemicIssue.objects.visible_to(user).select_related("agency", "group", "recorded_by")


def issues_with(agency):
    """The issues with an agency, the latest first."""
    return SystemicIssue.objects.filter(agency=agency).order_by("-raised_on", "pk")


def raise_issue(person: ActingPerson, *, by: User, **values) -> SystemicIssue:
    """Write down an issue that was raised, and where."""
    issue = SystemicIssue(service=person.service, recorded_by=by, recorded_at=now(), **values)
    _end(issue)
    issue.save(force_insert=True)
    return issue


@transaction.atomic
def change_issue(issue: SystemicIssue, *, by: User, seen: str | None = None, **values) -> SystemicIssue:
    """Say how an issue stands and what changed. Raises ChangedMeanwhile where the page showed something else."""
    locked = SystemicIssue.objects.select_for_update(of=("self",)).get(pk=issue.pk)
    refuse_stale(locked, values, seen=seen)
    for name, value in values.items():
        setattr(locked, name, value)
    _end(locked)
    locked.save(update_fields=[*values, "ended_on"])
    return locked


def _end(issue: SystemicIssue) -> None:
    """An issue has ended since the day on which it was said to have; one that is pursued has not."""
    if issue.status in OPEN:
        issue.ended_on = None
    elif issue.ended_on is None:
        issue.ended_on = today()
