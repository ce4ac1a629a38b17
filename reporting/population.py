"""The area's population by protected characteristic, given by a manager: public figures, which are never suppressed.

Source: quality standards (who is reached, against who lives in the area); Equality Act 2010.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from isva.accounts.models import Service, User
from isva.clock.moment import today
from isva.refusal import Refusal
from isva.stale import as_seen, refuse_stale
from reporting.measures import DIMENSIONS, EQUALITY
from reporting.models import AreaPopulation
from reporting.words import NONE, number_words

#: Answers that no population is told by: what somebody did not say, or was not asked.
UNSAID = frozenset({"not_said", "not_asked", "ns", "un"})
#: Shares are rounded where they were published, and so may add up to a little more than all.
MOST, OLDEST = Decimal("100.9"), 1990

#: What was given of a population.
GIVEN = ("shares", "source", "year")


class CannotGive(Refusal):
    """A population cannot be given like this. Its text says why."""


def lines_of(characteristic: str) -> list[tuple[str, str]]:
    """The lines of a characteristic that a population can be told by: (key, words)."""
    return [(key, str(words)) for key, words in DIMENSIONS[characteristic].lines if key not in UNSAID]


def populations_of(service: Service, area: str = "") -> dict[str, AreaPopulation]:
    """What was given of an area (of all of the service), by characteristic. One query."""
    found = AreaPopulation.objects.filter(service=service, area=area)
    return {one.characteristic: one for one in found}


def mark_of(population: AreaPopulation | None) -> str:
    """The mark of what a page said of a population, also of one that was not given."""
    return as_seen(population or AreaPopulation(), GIVEN)


def source_words(population: AreaPopulation) -> str:
    """Where its figures come from, and of which year."""
    return _("%(source)s (%(year)d)") % {"source": population.source, "year": population.year}


def share_words(shares: Mapping[str, float], line: str) -> str:
    """The population's share of a line; a dash where it was not given."""
    value = shares.get(line)
    return NONE if value is None else f"{number_words(value)}%"


def reached_words(people: int | None, everybody: int | None, *, unknown: str) -> str:
    """The share of the people reached who are of a line: made from the two numbers that are shown, and from no other.

    ``unknown`` stands where one of them is not shown.
    """
    if people is None or everybody is None:
        return unknown
    return f"{number_words(round(100 * people / everybody, 1))}%" if everybody else NONE


@transaction.atomic
def give_population(
    service: Service,
    *,
    area: str,
    characteristic: str,
    shares: Mapping[str, Decimal],
    source: str,
    year: int,
    by: User,
    seen: str | None = None,
) -> AreaPopulation:
    """Say how an area's population divides by a characteristic, in percent; what was given before is in its history.

    ``seen`` is the mark of what the page said. Raises CannotGive, and ChangedMeanwhile where something else was given
    since.
    """
    if characteristic not in EQUALITY or set(shares) - {key for key, _words in lines_of(characteristic)}:
        raise CannotGive(_("Choose a protected characteristic."))
    if area and area not in service.areas:
        raise CannotGive(_("Choose one of the areas of the service."))
    if not shares:
        raise CannotGive(_("Enter at least one share."))
    if min(shares.values()) < 0 or sum(shares.values()) > MOST:
        raise CannotGive(_("The shares of one population add up to 100 percent at the most."))
    if not source.strip() or not OLDEST <= year <= today().year:
        raise CannotGive(_("Enter the source, and the year that its figures are of."))
    Service.objects.select_for_update().get(pk=service.pk)  # two who give the first one wait for each other
    given = AreaPopulation.objects.filter(
        service=service, area=area, characteristic=characteristic
    ).first() or AreaPopulation(service=service, area=area, characteristic=characteristic)  # fmt: skip
    refuse_stale(given, GIVEN, seen=seen)
    given.shares = {key: float(value) for key, value in shares.items()}
    given.source, given.year = source.strip(), year
    given.save()
    return given


@transaction.atomic
def take_back(population: AreaPopulation, *, by: User, seen: str | None = None) -> None:
    """Hold nobody against this population any more; reports that are out keep what they show.

    Raises ChangedMeanwhile where it is not what was ``seen``; nothing happens where somebody took it back already.
    """
    locked = AreaPopulation.objects.select_for_update(of=("self",)).filter(pk=population.pk).first()
    if locked is None:
        return
    refuse_stale(locked, GIVEN, seen=seen)
    locked.delete()
