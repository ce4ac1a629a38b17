"""Information-sharing protocols with agencies: agreed in a document, reviewed by a day.

Source: police and CPS framework, component 7.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from isva.access.acting import ActingPerson
from isva.accounts.models import User
from isva.clock.moment import now, today
from isva.refusal import Refusal
from isva.stale import refuse_stale
from supervision.models import Protocol, ProtocolAgency, ProtocolReview

RULE = "protocol_review"


class CannotAgree(Refusal):
    """A protocol cannot be kept like this. Its text says why."""


def protocols_of(user: User):
    """The protocols of the service in which ``user`` acts, those in force first, whichever is to be reviewed first."""
    rows = Protocol.objects.visible_to(user).prefetch_related("parties__agency")
    return rows.order_by("-ended_on", "review_due_on", "pk")


def reviews_of(protocol: Protocol):
    """The reviews of a protocol, the latest first."""
    return (
        ProtocolReview.objects.filter(protocol=protocol)
        .select_related("recorded_by")
        .order_by("-reviewed_on")
    )


def protocols_with(agency):
    """The protocols in force that an agency has signed."""
    return Protocol.objects.filter(parties__agency=agency, ended_on__isnull=True).order_by("title", "pk")


@transaction.atomic
def add_protocol(person: ActingPerson, *, by: User, agencies: Iterable, **values) -> Protocol:
    """Write down a protocol that was signed. Raises CannotAgree, in words."""
    protocol = Protocol(service=person.service, **values)
    _refuse(protocol)
    protocol.save(force_insert=True)
    _sign(protocol, agencies)
    return protocol


@transaction.atomic
def change_protocol(
    protocol: Protocol, *, by: User, agencies: Iterable, seen: str | None = None, **values
) -> Protocol:
    """Change what stands about a protocol, who has signed it, or say that it has ended. Raises CannotAgree.

    ``seen`` is the mark of what the page said; raises ChangedMeanwhile where it says something else by now.
    """
    locked = Protocol.objects.select_for_update(of=("self",)).get(pk=protocol.pk)
    refuse_stale(locked, values, seen=seen)
    for name, value in values.items():
        setattr(locked, name, value)
    _refuse(locked)
    locked.save(update_fields=list(values))
    _sign(locked, agencies)
    return locked


@transaction.atomic
def review_protocol(
    protocol: Protocol, *, by: User, reviewed_on: dt.date, next_review_on: dt.date, outcome: str = ""
) -> ProtocolReview:
    """Note that a protocol was reviewed, and when next. Raises CannotAgree, in words."""
    locked = Protocol.objects.select_for_update(of=("self",)).get(pk=protocol.pk)
    if locked.ended_on is not None:
        raise CannotAgree(_("This protocol has ended."))
    if reviewed_on > today() or reviewed_on < locked.signed_on:
        raise CannotAgree(_("A review lies after the signing, and not ahead."))
    if next_review_on <= reviewed_on:
        raise CannotAgree(_("The next review comes after this one."))
    review = ProtocolReview(
        service_id=locked.service_id, protocol=locked, reviewed_on=reviewed_on, next_review_on=next_review_on,
        outcome=outcome, recorded_by=by, recorded_at=now(),
    )  # fmt: skip
    review.save(force_insert=True)
    locked.review_due_on = next_review_on
    locked.save(update_fields=["review_due_on"])
    return review


def _refuse(protocol: Protocol) -> None:
    if protocol.signed_on > today():
        raise CannotAgree(_("A protocol is written down once it is signed."))
    if protocol.review_due_on <= protocol.signed_on:
        raise CannotAgree(_("The review comes after the signing."))


def _sign(protocol: Protocol, agencies: Iterable) -> None:
    wanted = {one.pk: one for one in agencies}
    if not wanted:
        raise CannotAgree(_("Select with which agencies it was signed."))
    for party in ProtocolAgency.objects.filter(protocol=protocol):
        if wanted.pop(party.agency_id, None) is None:
            party.delete()
    for agency in wanted.values():
        ProtocolAgency(service_id=protocol.service_id, protocol=protocol, agency=agency).save(
            force_insert=True
        )
