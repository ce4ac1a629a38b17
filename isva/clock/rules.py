"""The rules of the clock: what falls due, when, whom it belongs to, and when it is amber or red.

Everything that anyone sees as *due*, *overdue* or *breached* (a screen, an e-mail, a report) comes from these rules.
A rule is one ``Rule``, registered by the part of the service whose records it looks at (``casework/reminders.py``,
``referrals/reminders.py``, ``triage/reminders.py``), when that part is made ready:

    register(Rule(
        name="first_session", words=_("First session"), says=_("…"), section=Section.SUPPORT,
        rows=lambda scope: counted(scope.of(Case).filter(…), case="pk", since="stage_since", holder="lead_isva"),
        falls=working_days_after("first_session_days"),
        numbers=(Number("first_session_days", 5, _("Working days from allocation to the first session")),),
        belongs_to=Who.ISVA, page="show_case",
    ))

``rows`` is one query over a whole service (or over the cases of a list), never one per case; ``falls`` reckons from what
a row counts from. What is satisfied is simply not among the rows any more.
"""

import datetime as dt
import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from isva.clock.moment import LONDON, day_of, now
from isva.clock.numbers import Number
from isva.clock.terms import Reckoning, Terms, terms_of


class Who(models.TextChoices):
    """Whom a thing that is due belongs to."""

    ISVA = "isva", _("ISVA")
    COORDINATOR = "coordinator", _("Support coordinator")
    MANAGER = "manager", _("Manager")
    RECORDS_LEAD = "records_lead", _("Records lead")
    PERSON = "person", _("The person it is about")


class Section(models.TextChoices):
    """Where a rule stands on the screen of settings."""

    FIRST_CONTACT = "first_contact", _("Referral and first contact")
    WAITING = "waiting", _("Triage, waiting and allocation")
    SUPPORT = "support", _("Support")
    REVIEWS = "reviews", _("Safety and Support reviews")
    SAFETY = "safety", _("Safety")
    ENDING = "ending", _("Ending and records")
    STAFF = "staff", _("Supervision and workforce")
    PARTNERS = "partners", _("Partnership")
    TELLING = "telling", _("Working hours and e-mails")


class About(enum.Enum):
    """What the rows of a rule hang on: a case, behind its walls; or the service (its staff, its partners)."""

    CASE = "case"
    SERVICE = "service"


#: Variant of a row that somebody has said they are on: it is not told again and again any more.
TAKEN = "taken"
#: Days ahead from which a thing stands on the lists of those it belongs to.
DAYS_AHEAD = 7
#: From the end of a day to the beginning of the next.
_LAST_MOMENT = dt.timedelta(microseconds=1)


class Row(NamedTuple):
    """One row of a rule's query: the case (None beside cases), the record, what it counts from, and whose it is."""

    rule: str
    case_id: Any
    record: Any
    since: dt.datetime
    holder: Any
    variant: str
    detail: str


@dataclass(frozen=True)
class Scope:
    """Over what a rule is asked: a whole service, or some of its cases; and until when anything is of interest."""

    service: Any
    until: dt.datetime
    cases: Any = None  # keys, or a queryset of cases; None: all of the service

    def of(self, model, *, case: str = "case") -> models.QuerySet:
        """The rows of ``model`` in this scope; ``case`` names its way to the case (``pk`` on the case itself)."""
        rows = model.objects.filter(service=self.service)
        return rows if self.cases is None else rows.filter(**{f"{case}__in": self.cases})

    @property
    def last_day(self) -> dt.date:
        """The last day of interest, for rows that carry the day on which they fall due."""
        return self.until.astimezone(LONDON).date()


@dataclass(frozen=True)
class Rule:
    """One rule. ``words`` name what is due on a list, ``says`` tells the rule in a sentence.

    ``holder`` of a row comes first; where it names nobody, everybody of ``belongs_to``. Once red for ``then_after``
    working days it belongs to ``then`` as well (``together``: from its notice on). Amber from the
    beginning of the day ``notice`` days before it is due (``Due.amber_at``), red when it is past, unless ``turns_red`` is
    off. ``safety``: told by e-mail at once when red, and never snoozed; ``at_once``: told as
    soon as it is there, again and again until somebody takes it (a row whose variant is ``TAKEN``). ``asks`` is off for
    what is only told and asks for nothing. ``graver_than`` names a rule that waits for the same and that this one, once
    red, says all of. ``page`` is the URL name where it is done, ``record_in_page`` the name
    of the record in that address, where it stands there.
    """

    name: str
    words: Any
    says: Any
    section: Section
    rows: Callable[[Scope], models.QuerySet]
    falls: Callable[[Row, Reckoning], dt.datetime]
    belongs_to: Who
    page: str
    numbers: tuple[Number, ...] = ()
    record_in_page: str = ""
    then: Who | None = None
    then_after: int = 0
    together: bool = False
    notice: int = 1
    ahead: int = DAYS_AHEAD
    turns_red: bool = True
    safety: bool = False
    at_once: bool = False
    asks: bool = True
    graver_than: str = ""
    about: About = About.CASE
    rank: int = field(default=9)  # what stands before what on a manager's list; safety first

    @property
    def shown_from(self) -> int:
        """Days before it is due from which it stands on a list."""
        return max(self.ahead, self.notice)


class Due(NamedTuple):
    """One thing that is due: by which rule, on which record of which case, when, and whose it is."""

    rule: Rule
    case_id: Any
    record: Any
    due_at: dt.datetime
    holder: Any
    variant: str = ""
    detail: str = ""

    @property
    def kind(self) -> str:
        """The name of its rule."""
        return self.rule.name

    @property
    def row(self) -> str:
        """The key of the record, as an address takes it."""
        return str(self.record)

    @property
    def due_on(self) -> dt.date:
        """The day on which it falls due, in London."""
        return self.due_at.astimezone(LONDON).date()

    @property
    def is_overdue(self) -> bool:
        """Whether it is red: past its time. What never turns red is never overdue."""
        return self.rule.turns_red and self.due_at < now()

    def amber_at(self, reckoning: Reckoning) -> dt.datetime:
        """When its notice begins: at the first moment in London of the day that lies so many days before it.

        Where that is no working day, of the last one before: nobody is written to on another. What is due by the end of
        a day is due as the next one begins, so that a notice of one day begins with the day itself.
        """
        day = day_of(self.due_at + _LAST_MOMENT) - dt.timedelta(days=self.rule.notice)
        while not reckoning.is_working_day(day):
            day -= dt.timedelta(days=1)
        return dt.datetime.combine(day, dt.time.min, tzinfo=LONDON)


_rules: dict[str, Rule] = {}


def register(*rules: Rule) -> None:
    """Add rules (said once, when an app is made ready; saying it again changes nothing)."""
    for rule in rules:
        _rules[rule.name] = rule


def all_rules(*, about: About | None = None) -> list[Rule]:
    """Every rule, in the order of registration."""
    return [rule for rule in _rules.values() if about is None or rule.about is about]


def rule_named(name: str) -> Rule | None:
    """The rule with this name; None for one that there is no more."""
    return _rules.get(name)


def row_of(values: tuple) -> Row:
    """A row as a rule's query gives it (``isva.clock.rows``)."""
    return Row(*values[: len(Row._fields)])


def ask(
    rules: list[Rule], scope: Scope, *, terms: Terms | None = None, most: int | None = None, holder=None
) -> list[Due]:
    """What is due in a scope by these rules, the longest overdue first. One query, and one or two for the numbers.

    Where there are more than ``most`` rows, those of rules with a lower rank are read first. With a ``holder`` (the key of
    a user) only what is theirs is asked for.
    """
    if not rules:
        return []
    terms = terms or terms_of(scope.service)
    parts = [_part(rule, scope) for rule in rules]
    if holder is not None:
        parts = [part.filter(clock_holder=holder) for part in parts]
    rows = parts[0].union(*parts[1:], all=True).order_by("clock_place", "clock_since")
    found = reckon((row_of(row) for row in (rows[:most] if most else rows)), terms)
    return sorted((due for due in found if due.due_at <= scope.until), key=lambda due: due.due_at)


def reckon(rows, terms: Terms) -> list[Due]:
    """When each row falls due, by its rule and by the numbers in force at what it counts from."""
    found = []
    for row in rows:
        rule = _rules[row.rule]
        due_at = rule.falls(row, terms.at(row.since))
        found.append(Due(rule, row.case_id, row.record, due_at, row.holder, row.variant, row.detail))
    return found


def _part(rule: Rule, scope: Scope) -> models.QuerySet:
    return named(rule.rows(scope), rule)


def named(rows: models.QuerySet, rule: Rule) -> models.QuerySet:
    """A rule's rows (made by ``counted``) with the name of the rule, as ``Row`` takes them."""
    from isva.clock.rows import COLUMNS, text

    return rows.annotate(
        clock_rule=text(rule.name), clock_place=models.Value(0 if rule.rank < 9 else 1)
    ).values_list(*COLUMNS)
