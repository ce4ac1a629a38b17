"""The e-mails of the clock: which there are to be, derived from the reminders like everything else, and sending each once.

A letter says how many things are due and where to sign in, and nothing about anybody. It is a row first, claimed before it
is sent and marked after: a lost queue loses nothing, and twice is only possible where a worker dies between the two.
"""

import datetime as dt

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from isva.clock.keeping import keep_letters
from isva.clock.models import CaseReminder, Letter, Reminder, ServiceReminder
from isva.clock.moment import now
from isva.clock.people import Rota, Told, told_by
from isva.clock.rules import all_rules

#: A claim that is older was left by a worker that died: somebody else sends the letter.
STALE = dt.timedelta(minutes=10)
#: A letter that could not be sent for so long is not sent any more: the next one says what is due then.
LAPSES = dt.timedelta(hours=24)

_SAFETY_RED = "red"


def plan(service) -> list:
    """Make the letters that are to be by now, and give the keys of all that wait to be sent. Said within a tick."""
    rota = Rota(service)
    wanted = [*_at_once(service, rota), *_digests(service, rota), *_weeks(service, rota)]
    keep_letters(wanted)
    return list(_to_send(service).values_list("pk", flat=True))


def _open(model, service, **only) -> list[Told]:
    """The open reminders of a table. One query."""
    of_case = model is CaseReminder
    columns = ["pk", "rule", "holder", "red_at", "due_at", "taken", *(["case"] if of_case else [])]
    rows = model.objects.filter(service=service, state=Reminder.State.OPEN, **only).order_by()
    return [told for row in rows.values_list(*columns) if (told := told_by(row, of_case=of_case))]


def _at_once(service, rota: Rota) -> list[Letter]:
    """What concerns safety: told as soon as it is there until somebody takes it, or as soon as it is red."""
    names = [rule.name for rule in all_rules() if rule.safety]
    urgent = [one for one in _open(CaseReminder, service, rule__in=names) if _is_told_at_once(one)]
    if not urgent:
        return []
    last = _last_rounds(service, urgent)
    found = []
    for person, keys in rota.told(urgent).items():
        for one in urgent:
            if one.pk in keys and (about := _occasion(one, last.get(one.pk), rota)):
                found.append(_letter(service, Letter.Kind.AT_ONCE, person, about))
    return found


def _is_told_at_once(one: Told) -> bool:
    return one.is_red or (one.rule.at_once and not one.taken)


def _last_rounds(service, urgent: list[Told]) -> dict:
    """The number and the moment of the last round in which each was told; one query."""
    found: dict = {}
    rows = Letter.objects.filter(
        service=service, kind=Letter.Kind.AT_ONCE, reminder__in=[one.pk for one in urgent]
    )
    for reminder, about, made_at in rows.values_list("reminder", "about", "made_at"):
        number = about.rsplit(":", 1)[-1]
        if number.isdigit() and found.get(reminder, (-1,))[0] < int(number):
            found[reminder] = (int(number), made_at)
    return found


def _occasion(one: Told, last: tuple | None, rota: Rota) -> tuple[str, object] | None:
    """For what a letter is due now: the first word of something, that nobody has taken it yet, or that it is red."""
    if not one.rule.at_once or one.taken:
        return (f"{one.pk}:{_SAFETY_RED}", one.pk)
    if last is None:
        return (f"{one.pk}:0", one.pk)
    number, made_at = last
    again = made_at + dt.timedelta(minutes=rota.reckoning["alert_minutes"])
    if again <= now() and rota.in_working_hours:
        number += 1
    return (f"{one.pk}:{number}", one.pk)


def _digests(service, rota: Rota) -> list[Letter]:
    """What is due today, for each person whose working hours have begun; one of nothing is noted and not sent."""
    about = rota.day.isoformat()
    had = _had(service, Letter.Kind.DIGEST, about)
    waiting = [one.user_id for one in rota.begun() if one.user_id not in had]
    if not waiting:
        return []
    reminders = {one.pk: one for one in _amber(service)}
    told = rota.told(reminders.values())
    found = []
    for person in waiting:
        mine = [reminders[key] for key in told.get(person, ())]
        counts = {"due": len(mine), "late": sum(one.is_red for one in mine)}
        found.append(_letter(service, Letter.Kind.DIGEST, person, (about, None), counts, silent=not mine))
    return found


def _weeks(service, rota: Rota) -> list[Letter]:
    """How the week begins, for each manager: on its first working day."""
    year, week, _day = rota.day.isocalendar()
    about = f"{year}-W{week:02}"
    managers = [one.user_id for one in rota.begun() if one.user_id in _managers(rota)]
    had = _had(service, Letter.Kind.WEEK, about) if managers else set()
    waiting = [person for person in managers if person not in had]
    if not waiting:
        return []
    reminders = {one.pk: one for one in [*_open(CaseReminder, service), *_open(ServiceReminder, service)]}
    since = now() - dt.timedelta(days=7)
    ended = sum(
        model.objects.filter(service=service, satisfied_at__gte=since).count()
        for model in (CaseReminder, ServiceReminder)
    )
    red = [one for one in reminders.values() if one.is_red]
    counts = {
        "late": len(red), "safety": sum(one.rule.safety for one in red),
        "new": sum(one.due_at >= since for one in red), "done": ended,
    }  # fmt: skip
    return [_letter(service, Letter.Kind.WEEK, person, (about, None), counts) for person in waiting]


def _managers(rota: Rota) -> set:
    from isva.access.roles import Role

    return {key for key, one in rota.people.items() if Role.MANAGER in one.roles}


def _amber(service) -> list[Told]:
    """What is due by now or late."""
    only = {"amber_at__lte": now()}
    return [*_open(CaseReminder, service, **only), *_open(ServiceReminder, service, **only)]


def _had(service, kind, about: str) -> set:
    return set(Letter.objects.filter(service=service, kind=kind, about=about).values_list("to", flat=True))


def _letter(service, kind, person, about: tuple, counts: dict | None = None, *, silent=False) -> Letter:
    return Letter(
        service_id=service.pk, kind=kind, to_id=person, about=about[0], reminder=about[1], counts=counts or {},
        made_at=now(), sent_at=now() if silent else None,
    )  # fmt: skip


def _to_send(service):
    """Letters nobody has sent: not claimed, or claimed by somebody who never came back."""
    moment = now()
    rows = Letter.objects.filter(service=service, sent_at__isnull=True, made_at__gt=moment - LAPSES)
    return rows.filter(Q(claimed_at__isnull=True) | Q(claimed_at__lte=moment - STALE)).order_by("made_at")


# Sending


def send(letter_id) -> bool:
    """Send one letter, if it is still to be sent and nobody else has it in hand."""
    letter = _claim(letter_id)
    if letter is None:
        return False
    subject, text = written(letter)
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [letter.to.email])
    with transaction.atomic():
        letter.sent_at = now()
        letter.save(update_fields=["sent_at"])
    return True


@transaction.atomic
def _claim(letter_id) -> Letter | None:
    moment = now()
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=moment - STALE)
    letter = (
        Letter.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("to")
        .filter(free, pk=letter_id, sent_at__isnull=True, to__is_active=True)
        .first()
    )
    if letter is not None:
        letter.claimed_at, letter.tries = moment, letter.tries + 1
        letter.save(update_fields=["claimed_at", "tries"])
    return letter


def written(letter: Letter) -> tuple[str, str]:
    """The subject and the text of a letter. It names nobody and nothing."""
    subjects = {
        Letter.Kind.AT_ONCE: _("Something cannot wait: sign in"),
        Letter.Kind.DIGEST: _("What is due today"),
        Letter.Kind.WEEK: _("The week of the service"),
    }
    context = {**letter.counts, "link": settings.SITE_URL.rstrip("/") + reverse("home")}
    return subjects[Letter.Kind(letter.kind)], render_to_string(f"emails/clock/{letter.kind}.txt", context)
