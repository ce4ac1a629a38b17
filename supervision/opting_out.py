"""Opting out of clinical supervision: by the person themselves, with a reason from the list, until a day.

Design: more than a quarter without clinical supervision is a breach, unless the person opted out. While it holds nothing
is due; when it ends, the days count from its end.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Case, DateField, Exists, F, OuterRef, Subquery, When
from django.utils.translation import gettext as _

from isva.access.acting import ActingPerson
from isva.accounts.models import Membership
from isva.clock.moment import now, today
from isva.refusal import Refusal
from supervision.models import OptOut

#: Somebody opts out for so many days at most; then they say so again.
LONGEST = 366


class CannotOptOut(Refusal):
    """Opting out is not possible like this. Its text says why."""


def opted_out(outer: str) -> Exists:
    """Whether the membership named by ``outer`` has opted out today, as a part of a query."""
    return Exists(OptOut.objects.in_force().filter(membership=OuterRef(outer)))


def opted_out_until(outer: str) -> Subquery:
    """The last day of the last opt-out that is over, of the membership named by ``outer``, as a part of a query."""
    day = today()
    ended = OptOut.objects.filter(membership=OuterRef(outer)).annotate(
        over_on=Case(
            When(ended_on__isnull=False, then=F("ended_on")), default=F("until"), output_field=DateField()
        )
    )
    return Subquery(ended.filter(over_on__lte=day).order_by("-over_on").values("over_on")[:1])


def in_force(memberships) -> dict:
    """The opt-outs that hold today, by membership. One query."""
    return {one.membership_id: one for one in OptOut.objects.in_force().filter(membership__in=memberships)}


@transaction.atomic
def opt_out(person: ActingPerson, membership: Membership, *, why: str, until: dt.date) -> OptOut:
    """Opt out of clinical supervision from today until a day. Raises CannotOptOut for anybody but the person themselves."""
    if membership.user_id != person.user.pk:
        raise CannotOptOut(_("Only the person themselves opts out."))
    if not today() < until <= today() + dt.timedelta(days=LONGEST):
        raise CannotOptOut(_("Choose a day in the next 12 months."))
    for before in OptOut.objects.select_for_update().filter(membership=membership, ended_on__isnull=True):
        before.ended_on = min(today(), before.until)
        before.save(update_fields=["ended_on"])
    made = OptOut(
        service=person.service, membership=membership, why=why, begins_on=today(), until=until, recorded_by=person.user,
        recorded_at=now(),
    )  # fmt: skip
    made.save(force_insert=True)
    return made


@transaction.atomic
def opt_in(person: ActingPerson, membership: Membership) -> None:
    """Come back to clinical supervision before the day. Raises CannotOptOut where nobody opted out, or for somebody else."""
    if membership.user_id != person.user.pk:
        raise CannotOptOut(_("Only the person themselves comes back."))
    standing = OptOut.objects.in_force().select_for_update().filter(membership=membership).first()
    if standing is None:
        raise CannotOptOut(_("Clinical supervision goes on already."))
    standing.ended_on = today()
    standing.save(update_fields=["ended_on"])
