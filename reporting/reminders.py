"""What falls due in reporting: the quarterly report of each contract (source: reports design; quality standards, core data)."""

import datetime as dt

from django.db.models import Case as Choice
from django.db.models import DateField, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from isva.clock.numbers import Number
from isva.clock.rows import counted
from isva.clock.rules import About, Rule, Scope, Section, Who, register
from isva.clock.terms import day_of
from isva.clock.working_days import end_of_day
from reporting.models import Contract, PublishedReport
from reporting.periods import Quarter
from reporting.reports.asked_for import WORKING_DAYS, due_on

RULE = "quarterly_report"


def _reports(scope: Scope):
    """Every contract with a report of the last two quarters that is not out: since the end of the earlier such quarter."""
    last = Quarter.last_ended(scope.last_day)
    before, after = last.before(1), last
    contracts = Contract.objects.filter(service=scope.service).annotate(
        owes_before=_owes(before), owes_after=_owes(after)
    )
    since = Choice(
        When(owes_before=True, then=_day(before.period.last_day)), default=_day(after.period.last_day), output_field=DateField()
    )  # fmt: skip
    owing = contracts.filter(Q(owes_before=True) | Q(owes_after=True))
    return counted(owing, case="", since=since, detail="name")


def _day(day: dt.date) -> Value:
    return Value(day, output_field=DateField())


def _owes(quarter: Quarter):
    """Whether a contract ran in a quarter whose report is not out."""
    out = PublishedReport.objects.filter(contract=OuterRef("pk"), quarter=quarter.key)
    period = quarter.period
    ran = Q(starts_on__lte=period.last_day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=period.first_day))
    return Choice(When(ran & ~Exists(out), then=Value(True)), default=Value(False))


def _falls(row, reckoning) -> dt.datetime:
    return end_of_day(due_on(day_of(row.since), reckoning))


RULES = (
    Rule(
        name=RULE, words=_("Quarterly report"), section=Section.PARTNERS, about=About.SERVICE,
        says=_("The report of each contract is published so many working days after its quarter has ended."),
        rows=_reports, falls=_falls, belongs_to=Who.MANAGER, notice=5, ahead=15, page="list_reports",
        numbers=(
            Number(WORKING_DAYS, 15, _("Working days from the end of a quarter to its published report")),
        ),
    ),
)  # fmt: skip

register(*RULES)
