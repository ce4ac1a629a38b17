"""Sight of a case: given for a reason, ended for a reason. The only module that writes grants or calls guardian.

A grant is the truth; guardian's rows follow it: ``view_case`` is there exactly while a live grant is,
``change_case`` while one of them is not read-only.
"""

import datetime as dt

from django.db.models import Q
from guardian.shortcuts import assign_perm, remove_perm

from casework.models import Case, CaseUserObjectPermission, Conflict, Grant
from isva.access.system import SystemUser, act_as_system
from isva.clock.moment import now


def live_grants(case: Case, *, at: dt.datetime | None = None):
    """The grants on a case that have begun, have not been ended and have not run out."""
    moment = at or now()
    return Grant.objects.filter(case=case, ended_at__isnull=True, starts_at__lte=moment).filter(
        Q(until__isnull=True) | Q(until__gt=moment)
    )


def grant(
    case: Case, *, to, why: Grant.Why, by, reason: str = "", until=None, starts_at=None, read_only=False
) -> Grant:
    """Give ``to`` sight of a case. A live grant of the same kind is ended first, so that one stands."""
    end_grants(case, user=to, why=why, by=by, reason="renewed", agree=False)
    given = Grant(
        case=case, user=to, why=why, read_only=read_only, reason=reason, starts_at=starts_at or now(), until=until,
        recorded_by=by,
    )  # fmt: skip
    given.save(force_insert=True)
    _agree(case, to)
    return given


def end_grants(case: Case, *, by, reason: str, user=None, why=None, agree: bool = True) -> int:
    """End the grants on a case (of one person, or of one kind, where named); returns how many ended."""
    grants = Grant.objects.filter(case=case, ended_at__isnull=True)
    if user is not None:
        grants = grants.filter(user=user)
    if why is not None:
        grants = grants.filter(why=why)
    ended = list(grants.select_related("user"))
    for one in ended:
        one.ended_at = now()
        one.end_reason = reason
        one.save(update_fields=["ended_at", "end_reason"])
    if agree:
        for person in {one.user for one in ended}:
            _agree(case, person)
    return len(ended)


def end_all_grants_of(user, *, service, by, reason: str) -> int:
    """End every grant that a person holds in a service (their membership has ended)."""
    cases = Case.objects.filter(service=service, grant__user=user, grant__ended_at__isnull=True).distinct()
    return sum(end_grants(case, user=user, by=by, reason=reason) for case in cases)


def keep_grants_in_time(service) -> int:
    """Make guardian's rows follow the clock: covers that begin today, grants that have run out. Returns how many changed.

    Called every minute by the clock; idempotent.
    """
    moment = now()
    changed = 0
    with act_as_system(SystemUser.CLOCK, service) as clock:
        lapsed = Grant.objects.filter(service=service, ended_at__isnull=True, until__lte=moment)
        for one in lapsed.select_related("case", "user"):
            changed += end_grants(one.case, user=one.user, why=one.why, by=clock.user, reason="its time ended")
        begun = Grant.objects.filter(service=service, ended_at__isnull=True, starts_at__lte=moment).exclude(
            case__in=CaseUserObjectPermission.objects.filter(
                permission__codename="view_case", user__in=Grant.objects.filter(service=service).values("user")
            ).values("content_object")
        )
        for one in begun.select_related("case", "user"):
            _agree(one.case, one.user)
            changed += 1
    return changed


def declare_conflict(client, *, user, reason: str, by) -> Conflict:
    """Wall ``user`` off from a client: they see none of the client's cases from the next request on."""
    standing = Conflict.objects.filter(client=client, user=user, lifted_at__isnull=True).first()
    if standing:
        return standing
    conflict = Conflict(client=client, user=user, reason=reason, recorded_by=by)
    conflict.save(force_insert=True)
    return conflict


def lift_conflict(conflict: Conflict, *, by) -> Conflict:
    """Take a wall down again: it was declared by mistake."""
    conflict.lifted_at = now()
    conflict.lifted_by = by
    conflict.save(update_fields=["lifted_at", "lifted_by"])
    return conflict


def grants_and_guardian_disagree(service) -> list[tuple]:
    """Every (case, user, permission) on which grants and guardian's rows differ; empty when all is well."""
    moment = now()
    live = Grant.objects.filter(service=service, ended_at__isnull=True, starts_at__lte=moment).filter(
        Q(until__isnull=True) | Q(until__gt=moment)
    )
    wanted = set()
    for case, user, read_only in live.values_list("case_id", "user_id", "read_only"):
        wanted.add((case, user, "view_case"))
        if not read_only:
            wanted.add((case, user, "change_case"))
    held = set(
        CaseUserObjectPermission.objects.filter(content_object__service=service).values_list(
            "content_object_id", "user_id", "permission__codename"
        )
    )
    return sorted(wanted ^ held, key=str)


def _agree(case: Case, user) -> None:
    """Make guardian's rows for one person on one case say exactly what the live grants say."""
    live = list(live_grants(case).filter(user=user).values_list("read_only", flat=True))
    held = set(
        CaseUserObjectPermission.objects.filter(content_object=case, user=user).values_list(
            "permission__codename", flat=True
        )
    )
    wanted = {"view_case": bool(live), "change_case": not all(live)}
    for codename, present in wanted.items():
        if present and codename not in held:
            assign_perm(codename, user, case)
        elif not present and codename in held:
            remove_perm(codename, user, case)
