"""Who supervises whom: arranging it, changing it, and the people whom it is arranged for."""

from django.db import transaction
from django.utils.translation import gettext as _

from isva.access.acting import ActingPerson
from isva.access.roles import Permission, roles_with
from isva.accounts.models import Membership, User
from isva.clock.moment import today
from isva.refusal import Refusal
from supervision.colleagues import members_with
from supervision.models import Arrangement


class CannotArrange(Refusal):
    """Supervision cannot be arranged like this. Its text says why."""


def carrying(person: ActingPerson):
    """The members of the service, of today, who carry cases: the people whom supervision is for."""
    return _members(person, Permission.HOLD_CASES)


def clinical_supervisors(person: ActingPerson):
    """The members of the service, of today, who give clinical supervision."""
    return _members(person, Permission.GIVE_CLINICAL_SUPERVISION)


def managers(person: ActingPerson):
    """The members of the service, of today, who supervise staff."""
    return _members(person, Permission.SUPERVISE)


def _members(person: ActingPerson, permission: Permission):
    return members_with(person.service, roles_with(permission))


def arrangement_of(membership: Membership, kind: str) -> Arrangement | None:
    """Who supervises a member now, in one kind of supervision; None where nobody does."""
    rows = Arrangement.objects.filter(membership=membership, kind=kind, ended_on__isnull=True)
    return rows.select_related("supervisor").first()


@transaction.atomic
def arrange(
    membership: Membership,
    kind: str,
    *,
    supervisor: User,
    every_days: int | None,
    by: User,
    provider: str = "",
    seen: str = "",
) -> Arrangement:
    """Say who gives a member supervision of a kind, and how often (None: as the service does).

    One arrangement ends and another begins; the day from which a session is waited for stays. ``seen`` is the key of
    the arrangement that the page showed. Raises CannotArrange, in words.
    """
    Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    before = arrangement_of(membership, kind)
    if seen != str(before.pk if before else ""):
        raise CannotArrange(
            _("Somebody arranged it while you were on this page. Look at it again, then save.")
        )
    if membership.user_id == supervisor.pk:
        raise CannotArrange(_("Nobody gives supervision to themselves."))
    day = today()
    if before is not None:
        before.ended_on = day
        before.save(update_fields=["ended_on"])
    arrangement = Arrangement(
        service_id=membership.service_id, membership=membership, kind=kind, supervisor=supervisor,
        provider=provider, every_days=every_days, counts_from=before.counts_from if before else day, began_on=day,
    )  # fmt: skip
    arrangement.save(force_insert=True)
    return arrangement
