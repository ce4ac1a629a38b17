"""A lost second factor: a records lead takes it away after checking who asks; everybody concerned is told."""

from django.utils.translation import gettext as _

from isva.accounts import factors, letters, visits
from isva.accounts.models import FactorReset, Membership, User
from isva.accounts.noting import note
from isva.clock.moment import now
from isva.refusal import Refusal


class OwnFactor(Refusal):
    """One's own second factor is never reset by oneself. Its text says what to do."""


def reset_factor(membership: Membership, *, checked: str, by: User) -> FactorReset:
    """Take away every second factor of a member, end their sessions, and tell them and the records leads.

    With their next sign-in they set up a new one. ``checked`` says how ``by`` made sure who asked. Raises
    OwnFactor for one's own: a records lead who could do that needs no second factor at all.
    """
    if membership.user_id == by.pk:
        raise OwnFactor(_("You cannot reset your own second step. Ask another records lead."))
    reset = FactorReset(
        service=membership.service, user=membership.user, checked=checked, reset_by=by, reset_at=now()
    )
    reset.save(force_insert=True)
    factors.take_all_away(membership.user)
    visits.end_others(membership.user)
    letters.tell_factor_reset(reset)
    note(f"second step reset by {by.pk}", membership.user)
    return reset
