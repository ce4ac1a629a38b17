"""Coming back after sickness: a manager talks with the person, and what was agreed is kept for the two of them.

Read by the person and by the managers of the service; by nobody else, the records lead included.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from isva.access.acting import ActingPerson
from isva.access.roles import Permission
from isva.accounts.membership import CannotGo
from isva.accounts.models import Leave, ReturnTalk, User
from isva.clock.moment import now, today

#: Days after an absence for which a talk is still asked for.
ASKED_FOR = 182


def ended_sickness(rows):
    """Of a queryset of absences those of sickness that have ended, of people who are still here, without a talk."""
    day = today()
    return rows.filter(
        kind=Leave.Kind.SICK, last_day__lt=day, last_day__gte=day - dt.timedelta(days=ASKED_FOR),
        return_talk__isnull=True, membership__user__is_active=True,
    ).exclude(membership__ends_on__lt=day)  # fmt: skip


def to_talk(person: ActingPerson):
    """The absences of others after which a manager has not talked with the person yet, the longest ago first."""
    rows = ended_sickness(Leave.objects.filter(service=person.service)).exclude(membership__user=person.user)
    return rows.select_related("membership__user").order_by("last_day", "pk")


def readable(person: ActingPerson):
    """The absences of sickness whose talk ``person`` may read or record: all of the service for a manager, else their own."""
    rows = Leave.objects.filter(service=person.service, kind=Leave.Kind.SICK)
    if not person.can(Permission.SUPERVISE):
        rows = rows.filter(membership__user=person.user, return_talk__isnull=False)
    return rows.select_related("membership__user", "return_talk__talked_by")


def talks_of(person: ActingPerson):
    """The talks that ``person`` themselves had after an absence, the latest first."""
    rows = ReturnTalk.objects.visible_to(person.user).filter(leave__membership__user=person.user)
    return rows.select_related("leave").order_by("-held_on", "pk")


def note_return(leave: Leave, *, held_on: dt.date, agreed: str, by: User) -> ReturnTalk:
    """Keep what a manager and somebody who was ill agreed as they came back. Raises CannotGo, in words."""
    if leave.membership.user_id == by.pk:
        raise CannotGo(_("Another manager talks with you, and records it."))
    if leave.kind != Leave.Kind.SICK:
        raise CannotGo(_("A return to work is noted after sickness."))
    if not leave.first_day <= held_on <= today():
        raise CannotGo(_("The day of the talk lies after the first day of the absence, and not ahead."))
    talk = ReturnTalk(
        service_id=leave.service_id,
        leave=leave,
        held_on=held_on,
        agreed=agreed,
        talked_by=by,
        recorded_at=now(),
    )
    try:
        with transaction.atomic():
            talk.save(force_insert=True)
    except IntegrityError:
        raise CannotGo(_("A talk after this absence is recorded already.")) from None
    return talk
