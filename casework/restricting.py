"""Restricted clients: seen by named people only, managers included (a colleague’s relative, a colleague, a public figure).

Being named takes the denial away and nothing more: sight itself comes from a role or a grant, as ever. Whoever
restricts is named, so that somebody can always manage it.
"""

from types import SimpleNamespace

from django.db import transaction
from django.utils.translation import gettext as _

from casework import access
from casework.models import Case, Client, Conflict, Grant, NamedPerson, Restriction
from isva.access.roles import SIGHT, Permission, permissions_of
from isva.accounts.models import Membership
from isva.clock.moment import now
from isva.pathway import CARRIED_STAGES, INTAKE_STAGES, OPEN_STAGES
from isva.refusal import Refusal
from isva.stale import as_seen, refuse_stale


def restriction_of(client) -> Restriction | None:
    """The restriction that stands on a client, or None."""
    return (
        Restriction.objects.filter(client=client, lifted_at__isnull=True)
        .select_related("recorded_by")
        .first()
    )


def named_on(restriction: Restriction) -> list:
    """The people whom a restriction leaves in, by name."""
    named = restriction.named.filter(ended_at__isnull=True).select_related("user")
    return [one.user for one in named.order_by("user__name", "user__pk")]


def mark_of(restriction: Restriction) -> str:
    """The mark of who is named now."""
    return as_seen(_as_named(restriction), ("named",))


def _as_named(restriction: Restriction) -> SimpleNamespace:
    return SimpleNamespace(named=[one.pk for one in named_on(restriction)])


def who_may_be_named(client) -> list:
    """Members who do casework and whom no conflict keeps away from the client, by name."""
    conflicts = Conflict.objects.filter(client=client, lifted_at__isnull=True)
    members = (
        Membership.objects.filter(service=client.service_id)
        .live()
        .exclude(user__in=conflicts.values("user"))
        .select_related("user")
        .order_by("user__name", "user__pk")
    )
    return [one.user for one in members if permissions_of(one.roles) & SIGHT]


@transaction.atomic
def restrict_client(client, *, reason: str, named, by) -> Restriction:
    """Let only ``named`` people, and ``by``, see anything of a client from the next request on.

    An ISVA who is named and holds no sight of an open case is granted it, to read. Raises Refusal where the client
    is restricted already, or somebody cannot be named.
    """
    _one_at_a_time(client)
    if restriction_of(client):
        raise Refusal(_("This client is restricted already. Change who is named instead."))
    restriction = Restriction(client=client, reason=reason, recorded_by=by)
    restriction.save(force_insert=True)
    _name(restriction, {one.pk: one for one in (*named, by)}, by=by)
    return restriction


@transaction.atomic
def change_named(restriction: Restriction, *, named, by, seen: str | None = None) -> Restriction:
    """Let these people, and ``by``, see a restricted client, and nobody else.

    Whoever changes it stays named: so no restriction is ever left without somebody who can manage it. What
    people who are no longer named were granted for being named ends. ``seen`` is the mark of who was named on the page. Raises
    Refusal where it was lifted meanwhile, ChangedMeanwhile where others are named by now.
    """
    _one_at_a_time(restriction.client)
    if not Restriction.objects.filter(pk=restriction.pk, lifted_at__isnull=True).exists():
        raise Refusal(_("This restriction was lifted in the meantime."))
    refuse_stale(_as_named(restriction), ("named",), seen=seen)
    wanted = {one.pk: one for one in (*named, by)}
    for one in restriction.named.filter(ended_at__isnull=True).select_related("user"):
        if one.user_id in wanted:
            del wanted[one.user_id]
        else:
            _unname(one, by=by)
    _name(restriction, wanted, by=by)
    return restriction


@transaction.atomic
def lift_restriction(restriction: Restriction, *, by) -> Restriction:
    """Let the client be seen by role and grant again. One that was lifted already stays as it was."""
    _one_at_a_time(restriction.client)
    locked = Restriction.objects.select_for_update(of=("self",)).get(pk=restriction.pk)
    if locked.lifted_at is None:
        for one in locked.named.filter(ended_at__isnull=True).select_related("user"):
            _unname(one, by=by)
        locked.lifted_at, locked.lifted_by = now(), by
        locked.save(update_fields=["lifted_at", "lifted_by"])
    return locked


def left_without(client) -> list[str]:
    """What has to be arranged anew because of a restriction: one sentence for everybody who worked here and is not named."""
    told = []
    for case in Case.objects.filter(client=client).open().select_related("lead_isva", "interim_worker"):
        if case.stage in CARRIED_STAGES and _is_out(case.lead_isva, client):
            told.append(
                _("%(name)s carries this case and is not named: name them, or give the case to another ISVA.")
                % {"name": case.lead_isva.name}
            )
        elif case.interim_worker and _is_out(case.interim_worker, client):
            told.append(
                _("%(name)s keeps in touch while they wait and is not named: name them, or somebody else.")
                % {"name": case.interim_worker.name}
            )
    return told


@transaction.atomic
def carry_walls(*, of: Client, to: Client, by) -> None:
    """Put the walls of one record around another, which turned out to be the same person's."""
    for conflict in Conflict.objects.filter(client=of, lifted_at__isnull=True).select_related("user"):
        access.declare_conflict(to, user=conflict.user, reason=conflict.reason, by=by)
    restriction = restriction_of(of)
    _one_at_a_time(to)
    if restriction and not restriction_of(to):
        carried = Restriction(client=to, reason=restriction.reason, recorded_by=by)
        carried.save(force_insert=True)
        for user in named_on(restriction):
            NamedPerson(client=to, restriction=carried, user=user, recorded_by=by).save(force_insert=True)


def walls_of(client) -> set:
    """The keys of the conflicts and of the restriction that stand around a client.

    Holds the client: until the transaction ends nobody else puts up another one.
    """
    _one_at_a_time(client)
    conflicts = Conflict.objects.filter(client=client, lifted_at__isnull=True).values_list("pk", flat=True)
    restriction = restriction_of(client)
    return {*conflicts, *([restriction.pk] if restriction else [])}


@transaction.atomic
def take_down(client, walls, *, by) -> None:
    """Lift those conflicts and that restriction of a client whose keys are among ``walls``; whatever else stands stays."""
    for conflict in Conflict.objects.filter(client=client, pk__in=walls):
        access.lift_conflict(conflict, by=by)
    for restriction in Restriction.objects.filter(client=client, pk__in=walls).select_related("client"):
        lift_restriction(restriction, by=by)


def _is_out(user, client) -> bool:
    return access.is_walled_off(user, client=client)


def _name(restriction, people: dict, *, by) -> None:
    may = {one.pk for one in who_may_be_named(restriction.client)}
    for user in people.values():
        if user.pk not in may:
            raise Refusal(_("%(name)s cannot be named on this client.") % {"name": user.name})
        NamedPerson(client=restriction.client, restriction=restriction, user=user, recorded_by=by).save(
            force_insert=True
        )
        _give_sight(restriction.client, user, by=by)


def _give_sight(client, user, *, by) -> None:
    """Grant a named person the open cases of the client that they see neither by role nor by a grant."""
    membership = Membership.objects.filter(service=client.service_id, user=user).first()
    held = permissions_of(membership.roles) if membership else frozenset()
    if Permission.SEE_ALL_CASES in held:
        return
    for case in Case.objects.filter(client=client, stage__in=[stage.value for stage in OPEN_STAGES]):
        by_role = Permission.HANDLE_INTAKE in held and case.stage in INTAKE_STAGES
        if not by_role and not access.live_grants(case).filter(user=user).exists():
            access.grant(
                case, to=user, why=Grant.Why.NAMED, by=by, read_only=True, reason=_("named on a restricted case")
            )  # fmt: skip


def _unname(one: NamedPerson, *, by) -> None:
    one.ended_at, one.ended_by = now(), by
    one.save(update_fields=["ended_at", "ended_by"])
    for case in Case.objects.filter(client=one.client_id):
        access.end_grants(case, user=one.user, why=Grant.Why.NAMED, by=by, reason=_("no longer named"))


def _one_at_a_time(client) -> None:
    Client.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=client.pk)
