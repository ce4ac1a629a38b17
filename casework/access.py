"""Sight of a case: given for a reason, ended for a reason. The only module that writes grants or calls guardian.

A grant is the truth; guardian's rows follow it: ``view_case`` is there exactly while a live grant is,
``change_case`` while one of them is not read-only.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from guardian.shortcuts import assign_perm, remove_perm

from casework.models import (
    Case,
    CaseUserObjectPermission,
    Client,
    Conflict,
    Grant,
    NamedPerson,
    Restriction,
)
from casework.querysets import live
from isva.access.system import SystemUser, act_as_system, with_sight_of
from isva.accounts.models import User
from isva.clock.moment import now


def live_grants(case: Case, *, at: dt.datetime | None = None):
    """The grants on a case that have begun, have not been ended and have not run out."""
    return live(Grant.objects.filter(case=case), at or now())


@transaction.atomic
def grant(
    case: Case,
    *,
    to,
    why: Grant.Why,
    by,
    reason: str = "",
    until=None,
    starts_at=None,
    read_only=False,
    category: str = "",
) -> Grant:
    """Give ``to`` sight of a case. A grant of the same kind that they hold is ended first, so that one stands.

    ``starts_at`` (now) may lie ahead: sight then begins by the clock. Raises ValueError where it would end
    before it begins. A conflict outranks any grant: who may be named at all is for the caller to ask. Only an
    emergency opening has a ``category``.
    """
    begins = starts_at or now()
    if until is not None and until <= begins:
        raise ValueError("A grant ends after it begins.")
    _one_at_a_time(case)
    _end(Grant.objects.filter(case=case, user=to, why=why), by=by, reason="renewed")
    given = Grant(
        case=case,
        user=to,
        why=why,
        category=category,
        read_only=read_only,
        reason=reason,
        starts_at=begins,
        until=until,
        recorded_by=by,
    )
    given.save(force_insert=True)
    _agree(case, to)
    return given


@transaction.atomic
def end_grants(case: Case, *, by, reason: str, user=None, why=None) -> int:
    """End the grants on a case (of one person, or of one kind, where named); returns how many ended.

    Planned ones end too, before they begin. Sight by another grant, or by a role, is not touched.
    """
    grants = Grant.objects.filter(case=case)
    if user is not None:
        grants = grants.filter(user=user)
    if why is not None:
        grants = grants.filter(why=why)
    _one_at_a_time(case)
    ended = _end(grants, by=by, reason=reason)
    for person in {one.user for one in ended}:
        _agree(case, person)
    return len(ended)


def end_grants_of_closed(case: Case, *, by) -> int:
    """End every grant on a case that is being closed, whoever closes it (decision 004); returns how many ended.

    A coordinator who closes a referral sees and ends no other sight than an interim worker's: the *guard* lends its own.
    """
    with with_sight_of(SystemUser.GUARD, case.service):
        return end_grants(case, by=by, reason="the case was closed")


def _end(grants, *, by, reason: str) -> list[Grant]:
    ended = list(grants.filter(ended_at__isnull=True).select_related("user"))
    for one in ended:
        one.ended_at = now()
        one.end_reason = reason
        one.save(update_fields=["ended_at", "end_reason"])
    return ended


def _one_at_a_time(case: Case) -> None:
    """Hold the case until the transaction ends: whoever else gives or takes sight of it waits and then sees this."""
    Case.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=case.pk)


def end_all_grants_of(user, *, service, by, reason: str) -> int:
    """End every grant that a person holds in a service, planned ones too (their membership has ended)."""
    cases = (
        Case.objects.filter(service=service, grant__user=user, grant__ended_at__isnull=True)
        .order_by("pk")
        .distinct()
    )
    return sum(end_grants(case, user=user, by=by, reason=reason) for case in cases)


def keep_grants_in_time(service) -> int:
    """Make guardian's rows follow the clock: covers that begin, grants that have run out. Returns how many changed.

    Called every minute by the clock; idempotent; each change is a transaction of its own. Where nothing is due it
    asks four short questions.
    """
    moment, changed = now(), 0
    with act_as_system(SystemUser.CLOCK, service):
        over, begun = list(_ran_out(service, moment)), list(_begun_unseen(service, moment))
    for one in over:
        with act_as_system(SystemUser.CLOCK, service) as clock:
            changed += _end_lapsed(one, by=clock.user)
    for one in begun:
        with act_as_system(SystemUser.CLOCK, service):
            _begin(one)
            changed += 1
    return changed


def _ran_out(service, moment: dt.datetime):
    return (
        Grant.objects.filter(service=service, ended_at__isnull=True, until__lte=moment)
        .select_related("case", "user")
        .order_by("case", "until")
    )


def _begun_unseen(service, moment: dt.datetime):
    """Grants planned ahead whose time has come and of which guardian knows nothing yet.

    Only a grant that was given before it began can be in this state, so the others are not looked at. A person
    who sees the case by another grant, read-only perhaps, is told apart by the permission that is missing.
    """
    held = CaseUserObjectPermission.objects.filter(content_object=OuterRef("case"), user=OuterRef("user"))
    sees = Exists(held.filter(permission__codename="view_case"))
    changes = Exists(held.filter(permission__codename="change_case"))
    return (
        Grant.objects.filter(
            service=service, ended_at__isnull=True, starts_at__lte=moment, starts_at__gt=F("recorded_at")
        )
        .exclude(until__lte=moment)
        .filter(~sees | (Q(read_only=False) & ~changes))
        .select_related("case", "user")
        .order_by("case", "starts_at")
    )


@transaction.atomic
def _end_lapsed(one: Grant, *, by) -> int:
    """End this grant and no other: one that took its place in the meantime stands."""
    _one_at_a_time(one.case)
    ended = _end(Grant.objects.filter(pk=one.pk), by=by, reason="its time ended")
    _agree(one.case, one.user)
    return len(ended)


@transaction.atomic
def _begin(one: Grant) -> None:
    _one_at_a_time(one.case)
    _agree(one.case, one.user)


@transaction.atomic
def declare_conflict(client, *, user, reason: str, by) -> Conflict:
    """Wall ``user`` off from a client: they see none of the client's cases from the next request on.

    What they were granted stays on the record and is of no use to them while the wall stands. One that was
    declared before stands as it is. Two people declaring at once make one.
    """
    from casework.unseen import tell_if_unseen

    Client.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=client.pk)
    standing = Conflict.objects.filter(client=client, user=user, lifted_at__isnull=True).first()
    if standing:
        return standing
    conflict = Conflict(client=client, user=user, reason=reason, recorded_by=by)
    conflict.save(force_insert=True)
    tell_if_unseen(client)
    return conflict


@transaction.atomic
def lift_conflict(conflict: Conflict, *, by) -> Conflict:
    """Take a wall down again: it was declared by mistake. One that is down already stays as it was."""
    locked = Conflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    if locked.lifted_at is None:
        locked.lifted_at = now()
        locked.lifted_by = by
        locked.save(update_fields=["lifted_at", "lifted_by"])
    return locked


def kept_away(client, *, user: str = "user") -> Q:
    """The rows of people (memberships, say; ``user`` names their key) who are denied a client, given or its key.

    By a live conflict, or by not being named on the restriction of the client: the same as
    ``casework.querysets.denied`` says of one person and all clients.
    """
    return in_conflict(client, user=user) | not_named(client, user=user)


def in_conflict(client, *, user: str = "user") -> Q:
    """The rows of people between whom and a client a conflict stands."""
    conflicts = Conflict.objects.filter(client=client, lifted_at__isnull=True)
    return Q(**{f"{user}__in": conflicts.values("user")})


def not_named(client, *, user: str = "user") -> Q:
    """The rows of people who are not named on the restriction of a client; none where there is no restriction."""
    restrictions = Restriction.objects.filter(client=client, lifted_at__isnull=True)
    named = NamedPerson.objects.filter(restriction__in=restrictions, ended_at__isnull=True)
    return Q(Exists(restrictions)) & ~Q(**{f"{user}__in": named.values("user")})


def is_walled_off(user, *, client) -> bool:
    """Whether a member of staff is denied a client, by a conflict or a restriction."""
    return User.objects.filter(kept_away(client, user="pk"), pk=user.pk).exists()


def grants_and_guardian_disagree(service) -> list[tuple]:
    """Every (case, user, permission) on which grants and guardian's rows differ; empty when all is well."""
    standing = live(Grant.objects.filter(service=service), now())
    wanted = set()
    for case, user, read_only in standing.values_list("case_id", "user_id", "read_only"):
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
    read_only = list(live_grants(case).filter(user=user).values_list("read_only", flat=True))
    held = set(
        CaseUserObjectPermission.objects.filter(content_object=case, user=user).values_list(
            "permission__codename", flat=True
        )
    )
    wanted = {"view_case": bool(read_only), "change_case": not all(read_only)}
    for codename, present in wanted.items():
        if present and codename not in held:
            assign_perm(codename, user, case)
        elif not present and codename in held:
            remove_perm(codename, user, case)
