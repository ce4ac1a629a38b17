"""What a measure and a breakdown are: one definition each, read by dashboards, reports, exports, pages and tests."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.tables import Kind

if TYPE_CHECKING:
    from reporting.scope import Scope


class Section(models.TextChoices):
    """The parts of a report, in the order of the pathway."""

    DEMAND = "demand", _("Demand")
    ACCESS = "access", _("Access")
    TRIAGE = "triage", _("Triage")
    WAITING = "waiting", _("Waiting")
    ALLOCATION = "allocation", _("Allocation")
    CASELOAD = "caseload", _("Caseload and complexity")
    SUPPORT = "support", _("Active support")
    NEED = "need", _("Risk and need")
    ONWARD = "onward", _("Onward referrals and unmet need")
    JUSTICE = "justice", _("Justice")
    CLOSURE = "closure", _("Closures")
    OUTCOMES = "outcomes", _("Outcomes and feedback")
    WORKFORCE = "workforce", _("Workforce")


class MoreIs(models.TextChoices):
    """Which way a figure ought to go."""

    BETTER = "better", _("More is better")
    WORSE = "worse", _("Less is better")
    NEITHER = "neither", _("Neither more nor less is better")


class Source(models.TextChoices):
    """Who asks for a measure."""

    STANDARDS = "standards", _("Quality Standards for ISVA services")
    REPORT = "report", _("ISVA service delivery report")
    GUIDANCE = "guidance", _("ISVA statutory guidance")
    POLICE_CPS = "police_cps", _("Police and CPS framework for working with ISVAs")


class Keyed(StrEnum):
    """What one counted row is about."""

    CASE = "case"
    WORKER = "worker"  # a member of staff: no breakdown by what a client is, and never a name


@dataclass(frozen=True)
class Dimension:
    """A breakdown: every counted row falls under exactly one of ``lines`` (key → words), or under *not recorded*.

    ``sql`` is the value of a case (of ``c`` the case, ``cl`` its client, ``r`` its referral, or of what ``join`` adds);
    it is empty for a measure's own dimension, whose value comes with the counted row. ``at_the_end`` says that it
    stands as it stood at the end of the period. ``splits`` says that one case may fall under several lines, so that
    the lines do not add up to all.
    """

    key: str
    name: Any
    lines: tuple[tuple[str, Any], ...]
    sql: str = ""
    join: str = ""
    at_the_end: bool = False
    splits: bool = False
    not_recorded: Any = field(default=_("Not recorded"))

    def words(self, key: str) -> str:
        """A line of it as a person reads it."""
        return str(dict(self.lines).get(key, key if key else self.not_recorded))


def own(key: str, name, choices: Iterable, *, splits: bool = False) -> Dimension:
    """A measure's own dimension: the value stands in the column ``key`` of its query."""
    return Dimension(key=key, name=name, lines=tuple(choices), splits=splits)


@dataclass(frozen=True)
class Of:
    """A population that another is made of, under the same lines; ``before``: as it stood when the period began.

    One that no measure counts stands for whom the others leave.
    """

    population: str
    before: bool = False


@dataclass(frozen=True)
class Measure:
    """One measure, defined once.

    ``sql`` selects the counted rows out of ``facts`` (the cases of the scope) and whatever it needs: ``case_id``; for
    a share also ``hit``; for a spread and an amount also ``value``; and the columns of its ``own`` dimensions. But for
    amounts it gives each case once, or once for each line of a dimension that ``splits``. ``counted`` and ``out_of``
    name its populations: two measures that name the same count the same. ``not_recorded`` says why it cannot be
    counted: then it has no query and is shown as *not recorded*, never as 0.
    """

    key: str
    section: Section
    name: Any
    definition: Any
    kind: Kind
    source: Source
    more_is: MoreIs = MoreIs.NEITHER
    unit: str = "people"
    numerator: Any = ""
    denominator: Any = ""
    sql: str = ""
    counted: str = ""
    out_of: str = ""
    own: tuple[Dimension, ...] = ()
    by: tuple[str, ...] = ()
    keyed: Keyed = Keyed.CASE
    not_recorded: Any = ""
    #: Lines by which its numerators are narrowed down, where they are those of another measure's table.
    narrowed: tuple[tuple[str, str], ...] = ()
    #: An own dimension whose lines count what another population counts under the same lines: (own, population, its).
    also: tuple[str, str, str] | None = None
    #: Lines of another population that add up to its numerators: population, dimension, keys (of a scope).
    parts: Callable[["Scope"], tuple[str, str, tuple[str, ...]]] | None = None
    #: Populations that together are its numerators, in each of these ways, but for few people (decision 012).
    made_of: tuple[tuple[Of, ...], ...] = ()

    @property
    def is_recorded(self) -> bool:
        """Whether the record can answer it today."""
        return not self.not_recorded

    @property
    def always_split(self) -> Dimension | None:
        """The own dimension under whose lines one case may fall several times: it is never shown without it."""
        if self.kind is Kind.AMOUNT:
            return None
        return next((one for one in self.own if one.splits), None)
