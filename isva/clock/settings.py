"""The numbers of a service, by version: what they are, what they were, and how a manager changes them.

A change is a new version, whole, with a day from which it holds. It holds for what begins from then on
(``isva/clock/terms.py``), so that it moves no due date that stands and rewrites no breach.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from isva.accounts.models import Service, User
from isva.clock import terms
from isva.clock.models import ClockSettings
from isva.clock.moment import LONDON, day_of, now, today
from isva.clock.numbers import all_numbers
from isva.interface.words import long_date
from isva.refusal import Refusal

#: Numbers that must not fall from left to right, each group with how that is told.
RISING = (
    ("interim_days_high", "interim_days_medium", "interim_days_standard"),
    ("sas_days_high", "sas_days_medium", "sas_days_standard"),
    ("next_contact_days_high", "next_contact_days_medium", "next_contact_days_standard", "next_contact_ceiling"),
    ("clinical_supervision_days", "clinical_supervision_breach_days"),
)  # fmt: skip


class CannotChange(Refusal):
    """The numbers cannot be changed like this."""


@dataclass(frozen=True)
class Change:
    """One version as a reader sees it: from when, who and when, and which numbers it changed (key, before, after)."""

    applies_from: dt.datetime
    by: str
    at: dt.datetime
    changed: tuple[tuple[str, int, int], ...]
    is_ahead: bool


def latest_numbers(service: Service) -> dict[str, int]:
    """The numbers of the latest version, also where it begins only later; the defaults without any."""
    known = terms.terms_of(service).versions
    own = known[-1][1] if known else {}
    return {key: own.get(key, number.default) for key, number in all_numbers().items()}


def latest_key(service: Service) -> str:
    """The key of the latest version: whoever changes the numbers says on which they looked."""
    return str(_versions(service).values_list("pk", flat=True).last() or "defaults")


@transaction.atomic
def change_numbers(
    service: Service, *, numbers: dict[str, int], from_day: dt.date, by: User, seen: str | None = None
) -> ClockSettings:
    """Make a new version of the numbers that holds from ``from_day`` (today: from this moment).

    ``seen`` is the key of the version that the page showed. Raises CannotChange, in words.
    """
    Service.objects.select_for_update(of=("self",), no_key=True).get(pk=service.pk)
    terms.forget(service)
    before = latest_numbers(service)
    whole = before | {key: numbers[key] for key in numbers if key in before}
    if seen is not None and seen != latest_key(service):
        raise CannotChange(
            _("Somebody changed the numbers while you were on this page. Look at them again, then save.")
        )
    if whole == before:
        raise CannotChange(_("Nothing was changed."))
    applies_from = _begins(service, from_day)
    _refuse_nonsense(whole)
    version = ClockSettings(
        service=service, applies_from=applies_from, numbers=whole, recorded_by=by, recorded_at=now()
    )
    version.save(force_insert=True)
    terms.forget(service)
    return version


def _begins(service: Service, from_day: dt.date) -> dt.datetime:
    if from_day < today():
        raise CannotChange(_("A change holds from today or later: what is past stays as it was judged."))
    begins = now() if from_day == today() else dt.datetime.combine(from_day, dt.time.min, tzinfo=LONDON)
    last = _versions(service).last()
    if last is not None and last.applies_from > begins:
        raise CannotChange(
            _("A change is planned already from %(day)s. Choose that day or a later one.")
            % {"day": long_date(last.applies_from)}
        )
    return begins


def _refuse_nonsense(whole: dict[str, int]) -> None:
    names = all_numbers()
    for group in RISING:
        for lower, higher in pairwise(group):
            if lower in whole and higher in whole and whole[lower] > whole[higher]:
                raise CannotChange(
                    _("“%(lower)s” must not be more than “%(higher)s”.")
                    % {"lower": names[lower].words, "higher": names[higher].words}
                )


def changes_of(service: Service) -> list[Change]:
    """Every version, the latest first, each with what it changed. One query."""
    before = {key: number.default for key, number in all_numbers().items()}
    found = []
    for version in _versions(service).select_related("recorded_by"):
        whole = before | {key: value for key, value in version.numbers.items() if key in before}
        changed = tuple((key, before[key], whole[key]) for key in before if before[key] != whole[key])
        by = version.recorded_by.name if version.recorded_by else ""
        is_ahead = version.applies_from > now()
        found.append(Change(version.applies_from, by, version.recorded_at, changed, is_ahead))
        before = whole
    return found[::-1]


def first_day_to_choose(service: Service) -> dt.date:
    """The earliest day from which a change can hold."""
    last = _versions(service).last()
    return max(today(), day_of(last.applies_from)) if last else today()


def _versions(service: Service):
    return ClockSettings.objects.filter(service=service).order_by("applies_from", "recorded_at")
