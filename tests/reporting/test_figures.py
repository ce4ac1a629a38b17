"""How counted tables hang together: names, sums, relations; whose records are counted; what one query costs."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import restricting
from isva.access.acting import act
from isva.accounts.models import Leave, Membership
from isva.clock.moment import LONDON, at, today
from reporting import figures
from reporting.figures import NoSuchBreakdown, Wanted
from reporting.measures import MEASURES, Keyed, measure_named
from reporting.periods import Period, Quarter
from reporting.scope import Scope
from reporting.sight import WHOLE_SERVICE, Sight
from reporting.tables import ALL, Figure, Kind, Part
from supervision.arranging import arrange
from supervision.management import hold_supervision
from tests.factories import make_case, seeing_all
from tests.reporting.random_service import PRESENT, RandomService
from tests.reporting.test_every_measure import RECORDED, breakdowns

QUARTER = Quarter(2026, 2)


@pytest.fixture
def made_up(rowan, people, present):
    """The service of the cast, filled at random; the manager acts."""
    RandomService(rowan, 11).write(150)
    with act(people["manager"], rowan):
        yield rowan


def every_table(service, period=QUARTER.period):
    scope = Scope(service=service, period=period)
    for measure in RECORDED:
        for rows, columns in breakdowns(measure):
            yield measure, figures.count(measure, scope, sight=WHOLE_SERVICE, rows=rows, columns=columns)


def test_tables_hang_together_as_they_say(made_up):
    known, wrong = {}, []
    tables = list(every_table(made_up))
    for measure, table in tables:
        for cell, part, number in table.counts():
            name = table.name(cell, part)
            if known.setdefault(name, number) != number:
                wrong.append(f"{measure.key} {cell}: {name} is {number}, and {known[name]} elsewhere")
        for total, parts in ((one.total, one.parts) for one in table.sums):
            for part in table.parts:
                added = sum(getattr(table.cells[cell], part) for cell in parts)
                if added != getattr(table.cells[total], part):
                    wrong.append(f"{measure.key}: {part} of {total} is not what its lines add up to")
    related = 0
    for measure, table in tables:
        for relation in table.relations:
            parts = [known.get(name) for name in relation.parts]
            if None not in parts and relation.total in known:
                related += 1
                if known[relation.total] != sum(parts):
                    wrong.append(f"{measure.key}: {relation.total} is not what others add up to")
    assert wrong == []
    assert related > 5


def test_every_measure_that_is_recorded_finds_something_to_count_in_two_years(made_up):
    scope = Scope(
        service=made_up, period=Period(QUARTER.before(7).period.first_day, QUARTER.before(-1).period.last_day)
    )
    empty = [
        measure.key for measure in RECORDED
        if not any(number for _cell, _part, number in figures.count(measure, scope, sight=WHOLE_SERVICE).counts())
    ]  # fmt: skip
    assert empty == []


def test_each_case_counts_once_but_in_amounts(made_up):
    """However long the period: what is counted of a measure is as many cases as there are rows."""
    period = Period(QUARTER.before(7).period.first_day, QUARTER.period.last_day)
    scope = Scope(service=made_up, period=period)
    for measure in RECORDED:
        if (
            measure.kind is Kind.AMOUNT
            or measure.keyed is Keyed.WORKER
            or any(one.splits for one in measure.own)
        ):
            continue
        figure = figures.count(measure, scope, sight=WHOLE_SERVICE).figure()
        rows = figure.numerator if measure.kind is Kind.COUNT else figure.denominator
        assert rows == len(figures.records(measure, scope, sight=WHOLE_SERVICE, hits=False)), measure.key


def test_tables_counted_together_are_what_each_is_by_itself_in_one_query(made_up):
    scopes = tuple((one.key, one.short, Scope(service=made_up, period=one.period)) for one in QUARTER.back(3))
    scope = scopes[-1][2]
    wanted = [
        Wanted(measure_named(key), scope, rows, columns, over)
        for key, rows, columns, over in (
            ("referrals", "", "", ()), ("referrals", "source", "", ()), ("referrals", "justice", "age", ()), ("referrals", "", "", scopes),
            ("triage_outcomes", "cohort", "triage_outcome", ()), ("contact_within_standard", "", "", ()), ("contacts", "mode", "", ()),
            ("special_measures", "", "", ()), ("days_to_support", "risk", "", ()), ("planned_closures", "", "", scopes),
            ("need_at_start", "", "", ()), ("absence", "away", "", ()), ("stage_moves", "area", "", ()), ("caseload", "complexity", "", ()),
        )
    ]  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        together = figures.count_together(wanted, sight=WHOLE_SERVICE)
    assert sum("counted_0 AS" in one["sql"] for one in queries) == 1
    for one, table in zip(wanted, together, strict=True):
        if one.over:
            alone = figures.trend(one.measure, one.over, sight=WHOLE_SERVICE, rows=one.rows)
        else:
            alone = figures.count(one.measure, scope, sight=WHOLE_SERVICE, rows=one.rows, columns=one.columns)
        assert table == alone, one


def test_a_trend_is_what_each_quarter_says_by_itself_in_one_query(made_up):
    quarters = QUARTER.back(4)
    scopes = [(one.key, one.short, Scope(service=made_up, period=one.period)) for one in quarters]
    for key, rows in (("referrals", "source"), ("waiting", ""), ("contact_within_standard", "cohort"), ("contacts", "mode"),
                      ("need_at_start", ""), ("caseload_bands", "band"), ("days_to_support", "")):  # fmt: skip
        measure = measure_named(key)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            table = figures.trend(measure, scopes, sight=Sight(None), rows=rows)
        assert sum("counted_0 AS" in one["sql"] for one in queries) == 1
        for quarter, _words, scope in scopes:
            alone = figures.count(measure, scope, sight=WHOLE_SERVICE, rows=rows)
            for line in alone.rows:
                assert table.figure(line.key, quarter) == alone.figure(line.key), (key, quarter, line.key)
                if measure.counted:
                    assert table.name((line.key, quarter), Part.NUMERATOR) == alone.name(
                        (line.key, ALL), Part.NUMERATOR
                    )


def test_a_trend_by_what_stands_at_the_end_of_a_period_is_refused(made_up):
    scope = Scope(service=made_up, period=QUARTER.period)
    with pytest.raises(NoSuchBreakdown):
        figures.trend(measure_named("caseload"), [("a", "a", scope)], sight=WHOLE_SERVICE, rows="risk")
    with pytest.raises(NoSuchBreakdown):
        figures.count(measure_named("referrals"), scope, sight=WHOLE_SERVICE, rows="no such thing")


def test_a_filter_counts_the_same_as_the_line_of_a_breakdown(made_up):
    scope = Scope(service=made_up, period=QUARTER.period)
    for key in ("referrals", "waiting", "contacts", "days_to_contact", "closures"):
        measure = measure_named(key)
        by_cohort = figures.count(measure, scope, sight=WHOLE_SERVICE, rows="cohort")
        for line in ("child", "adult"):
            only = figures.count(measure, scope, sight=WHOLE_SERVICE, only={"cohort": line})
            assert only.figure() == by_cohort.figure(line), (key, line)
            assert only.scope != by_cohort.scope


def test_the_records_behind_a_figure_are_as_many_as_it_says(made_up, people):
    scope, sight = Scope(service=made_up, period=QUARTER.period), Sight(people["manager"])
    for key, by in (
        ("referrals", "source"),
        ("advice", "area"),
        ("waiting", "risk"),
        ("caseload", "carried"),
        ("closures", "reason"),
    ):
        measure = measure_named(key)
        table = figures.count(measure, scope, sight=sight, rows=by)
        for line in table.rows:
            value = "" if line.key == figures.NOT_RECORDED else line.key
            lines = {} if line.key == ALL else {by: value}
            behind = figures.records(measure, scope, sight=sight, lines=lines)
            assert len(behind) == table.figure(line.key).numerator, (key, line)


def test_what_is_not_recorded_has_no_figures_and_says_why(made_up):
    scope = Scope(service=made_up, period=QUARTER.period)
    for measure in MEASURES.values():
        if not measure.is_recorded:
            table = figures.count(measure, scope, sight=WHOLE_SERVICE, rows="anything")
            assert table.not_recorded
            assert not table.cells
            assert figures.records(measure, scope, sight=WHOLE_SERVICE) == []


def test_a_restricted_client_counts_in_what_is_published_and_not_on_the_screen_of_who_is_not_named(
    rowan, people
):
    manager, other = people["manager"], people["second_manager"]
    case = make_case(rowan, by=manager)
    with act(manager, rowan), seeing_all(rowan):
        restricting.restrict_client(case.client, reason="a colleague", named=[manager], by=manager)
    scope = Scope(service=rowan, period=Period(today(), today()))
    seen = {}
    for name, user, sight in (
        ("named", manager, Sight(manager)),
        ("not named", other, Sight(other)),
        ("published", other, WHOLE_SERVICE),
    ):
        with act(user, rowan):
            seen[name] = figures.count(measure_named("referrals"), scope, sight=sight).figure().numerator
    assert seen == {"named": 1, "not named": 0, "published": 1}


def test_nobody_else_counts_anything(rowan, people, services):
    make_case(rowan, by=people["manager"])
    scope = Scope(service=rowan, period=Period(today(), today()))
    for key in ("commissioner", "records_lead", "supervisor"):
        with act(people[key], rowan):
            assert figures.count(
                measure_named("referrals"), scope, sight=Sight(people[key])
            ).figure() == Figure(numerator=0)


def test_a_case_of_another_service_is_never_counted(rowan, people, services):
    make_case(rowan, by=people["manager"])
    harbour = services["harbour"]
    with act(people["manager"], rowan):
        for sight in (WHOLE_SERVICE, Sight(people["manager"])):
            scope = Scope(service=harbour, period=Period(today(), today()))
            assert figures.count(measure_named("referrals"), scope, sight=sight).figure().numerator == 0


def test_a_case_closed_on_the_day_it_came_and_one_at_the_border_of_quarters_are_where_they_belong(
    rowan, people
):
    manager = people["manager"]
    with at(QUARTER.period.begins):
        make_case(rowan, by=manager, stage="triage")
    with at(QUARTER.before(1).period.begins.replace(hour=23, minute=59)):
        make_case(rowan, by=manager, stage="closed")
    with at(PRESENT), act(manager, rowan):
        numbers = {
            one.key: [
                figures.count(
                    measure_named(key), Scope(service=rowan, period=one.period), sight=WHOLE_SERVICE
                )
                .figure()
                .numerator
                for key in ("referrals", "open_cases")
            ]
            for one in (QUARTER.before(1), QUARTER)
        }
    assert numbers == {"2026-q1": [1, 0], "2026-q2": [1, 1]}


def test_supervision_and_absence_of_a_quarter_that_is_not_over_are_told_up_to_today(rowan, people):
    manager = people["manager"]
    member = Membership.objects.get(user=people["isva"], service=rowan)
    scope = Scope(service=rowan, period=Quarter(2026, 1).period)
    told = {"supervisor": manager, "every_days": None, "by": manager}
    with at(dt.datetime(2026, 4, 10, 12, tzinfo=LONDON)), act(manager, rowan) as person:
        arrange(member, "management", **told)
        hold_supervision(person, member, held_on=today(), decisions=[])
    for first, last in (("04-13", "04-14"), ("06-01", "06-30")):
        Leave(
            service=rowan, membership=member, kind="annual", first_day=f"2026-{first}", last_day=f"2026-{last}"
        ).save(force_insert=True)  # fmt: skip

    def figures_on(month: int, day: int) -> tuple:
        with at(dt.datetime(2026, month, day, 12, tzinfo=LONDON)), act(manager, rowan):
            held = figures.count(measure_named("management_supervision"), scope, sight=WHOLE_SERVICE)
            away = figures.count(measure_named("absence"), scope, sight=WHOLE_SERVICE, rows="away")
        return held.figure().numerator, {key: away.figure(key).numerator for key in ("1", "21")}

    assert figures_on(4, 15) == (1, {"1": 1, "21": 0})
    assert figures_on(7, 15) == (0, {"1": 0, "21": 1})
