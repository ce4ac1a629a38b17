"""Nobody can be found in what is published: reports attacked with all that their readers have."""

from dataclasses import replace

import pytest

from reporting.reports.revising import Published
from reporting.suppression import rules, suppress
from reporting.suppression.system import as_named_now, known_as
from reporting.tables import ALL, Figure, Kind, Line, Name, Part, Relation, Sum, Table
from tests.reporting.reader import Reader
from tests.reporting.years import report_of, year_of

SCOPE = "service||2026-q1|"


def table(counts, *, scope=SCOPE, population="referrals", by="source", measure="referrals"):
    rows = tuple(Line(key, key) for key in (*counts, ALL))
    cells = {(key, ALL): Figure(count) for key, count in counts.items()}
    cells[ALL, ALL] = Figure(sum(counts.values()))
    return Table(
        measure=measure, kind=Kind.COUNT, unit="people", scope=scope, rows=rows, columns=(Line(ALL, "Number"),),
        cells=cells, sums=(Sum((ALL, ALL), tuple((key, ALL) for key in counts)),), rows_by=by, counted=population,
    )  # fmt: skip


def share(numbers, *, by="source"):
    rows = tuple(Line(key, key) for key in numbers)
    return Table(
        measure="in_time", kind=Kind.SHARE, unit="people", scope=SCOPE, rows=rows, columns=(Line(ALL, "Number"),),
        cells={(key, ALL): Figure(*two) for key, two in numbers.items()}, rows_by=by, counted="in_time", out_of="asked",
    )  # fmt: skip


def shown(report, one):
    return {cell[0]: report.figure(one, cell).figure.numerator for cell in one.cells}


def test_a_small_count_is_hidden_and_the_next_smallest_with_it_so_that_the_total_does_not_tell():
    one = table({"police": 3, "self": 40, "sarc": 11})
    assert shown(suppress([one]), one) == {"police": None, "self": 40, "sarc": None, ALL: 54}


def test_where_nothing_is_small_nothing_is_hidden():
    one = table({"police": 30, "self": 40, "sarc": 0})
    assert shown(suppress([one]), one) == {"police": 30, "self": 40, "sarc": 0, ALL: 70}


def test_two_small_counts_that_hide_each_other_hide_nobody_else():
    one = table({"police": 3, "self": 40, "sarc": 4})
    assert shown(suppress([one]), one) == {"police": None, "self": 40, "sarc": None, ALL: 47}


def test_two_ones_are_not_enough_for_each_other():
    """Of 1 and 1 a reader would know that neither is 4: a third number goes with them."""
    one = table({"police": 1, "self": 40, "sarc": 1, "health": 9})
    assert shown(suppress([one]), one) == {"police": None, "self": 40, "sarc": None, "health": None, ALL: 51}


def test_one_number_is_hidden_wherever_it_stands():
    one, again = (
        table({"police": 3, "self": 40, "sarc": 11}),
        table({"police": 3, "self": 40, "sarc": 11}, measure="again"),
    )
    report = suppress([one, again])
    assert shown(report, one) == shown(report, again)


def test_another_breakdown_does_not_give_the_hidden_part_away():
    """Hiding by source and by age one after the other would leave the sum of both to tell."""
    report = suppress(
        [table({"police": 3, "self": 40, "sarc": 11}), table({"young": 2, "old": 52}, by="age")]
    )
    assert Reader([report]).recovered() == []


def test_what_an_earlier_report_hid_stays_hidden_and_what_it_showed_is_not_relied_on():
    first = table({"police": 3, "self": 40, "sarc": 11})
    earlier = suppress([first])
    finer = table({"police": 3, "self": 40, "sarc": 11}, measure="again")
    later = suppress([finer], earlier=[earlier])
    assert shown(later, finer) == {"police": None, "self": 40, "sarc": None, ALL: 54}
    assert Reader([earlier, later]).recovered() == []


def test_the_report_of_one_area_is_the_line_of_that_area_in_the_report_of_all():
    areas = table({"north": 60, "south": 12, "coast": 3}, by="area")
    whole = suppress([areas])
    south = table({"police": 2, "self": 10}, scope="service|south|2026-q1|")
    of_south = suppress([south], earlier=[whole])
    assert of_south.figure(south, (ALL, ALL)).figure.numerator is None, "the whole report hides south"
    assert Reader([whole, of_south]).recovered() == []


def test_a_share_with_few_on_either_side_is_told_as_a_band_that_is_the_same_for_none_and_for_four():
    one = share(
        {"police": (57, 60), "self": (60, 60), "sarc": (56, 60), "health": (2, 60), "education": (30, 60)}
    )
    report = suppress([one])
    told = {cell[0]: report.figure(one, cell) for cell in one.cells}
    assert {told[key].at_least for key in ("police", "self", "sarc")} == {90}
    assert (told["health"].at_most, told["health"].figure.numerator) == (10, None)
    assert (told["education"].percent, told["education"].hidden) == (50, False)


def test_a_hundred_percent_of_everybody_together_is_shown_and_of_a_group_is_not():
    one = share({ALL: (60, 60), "police": (30, 30), "self": (0, 30)})
    report = suppress([one])
    assert report.figure(one, (ALL, ALL)).percent == 100
    assert report.figure(one, ("police", ALL)).hidden
    assert report.figure(one, ("self", ALL)).hidden


def test_a_share_of_few_people_shows_nothing_at_all():
    one = share({"police": (2, 3), "self": (20, 40)})
    told = suppress([one]).figure(one, ("police", ALL))
    assert (told.figure, told.hidden, told.at_most, told.at_least) == (Figure(), True, None, None)


def test_contacts_of_few_people_cannot_be_worked_out_where_the_others_are_in_several_lines():
    """Who is called and written to stands in two lines and once in the total: the people do not add up, the contacts do."""
    people = {"phone": 16, "text": 1, "e_mail": 0, "video": 9, ALL: 16}
    contacts = {"phone": 22, "text": 1, "e_mail": 0, "video": 12, ALL: 35}
    one = Table(
        measure="attempts", kind=Kind.AMOUNT, unit="attempts", scope=SCOPE, rows=tuple(Line(key, key) for key in people),
        columns=(Line(ALL, "Attempts"),), rows_by="mode", out_of="tried",
        cells={(key, ALL): Figure(denominator=people[key], amount=contacts[key]) for key in people},
    )  # fmt: skip
    report = suppress([one])
    amounts = {key: report.figure(one, (key, ALL)).figure.amount for key in people}
    assert amounts == {"phone": 22, "text": None, "e_mail": 0, "video": None, ALL: 35}
    assert Reader([report]).recovered() == []


def test_hours_and_medians_of_few_people_are_hidden_and_cannot_be_worked_out_from_the_others():
    rows = tuple(Line(key, key) for key in ("in_person", "phone", "text", ALL))
    people, hours = {"in_person": 2, "phone": 30, "text": 20}, {"in_person": 7, "phone": 60, "text": 25}
    cells = {(key, ALL): Figure(denominator=people[key], amount=hours[key]) for key in people}
    cells[ALL, ALL] = Figure(denominator=52, amount=92)
    amounts = Table(
        measure="hours", kind=Kind.AMOUNT, unit="hours", scope=SCOPE, rows=rows, columns=(Line(ALL, "Hours"),), cells=cells,
        sums=(Sum((ALL, ALL), tuple((key, ALL) for key in people)),), rows_by="mode", out_of="supported",
    )  # fmt: skip
    report = suppress([amounts])
    hidden = {key for key in (*people, ALL) if report.figure(amounts, (key, ALL)).figure.amount is None}
    assert "in_person" in hidden
    assert len(hidden) > 1
    waits = Table(
        measure="wait", kind=Kind.SPREAD, unit="days", scope=SCOPE, rows=rows, columns=(Line(ALL, "Days"),), rows_by="mode",
        cells={("in_person", ALL): Figure(denominator=3, median=12.0), ("phone", ALL): Figure(denominator=9, median=30.0)},
        out_of="waited",
    )  # fmt: skip
    report = suppress([waits])
    assert report.figure(waits, ("in_person", ALL)).figure == Figure()
    assert report.figure(waits, ("phone", ALL)).figure.median == 30.0


def of_reasons(counts, **planned):
    """Planned closures by another table: they add up from two of the reasons."""
    reasons = table(counts, population="closed", by="reason")
    total = Table(
        measure="planned", kind=Kind.COUNT, unit="people", scope=SCOPE, rows=(Line(ALL, "All"),),
        columns=(Line(ALL, "Number"),), cells={(ALL, ALL): Figure(counts["done"] + planned["justice"])}, counted="planned",
        relations=(
            Relation(
                Name(SCOPE, "planned"),
                tuple(Name(SCOPE, "closed", frozenset({("reason", key)})) for key in ("done", "justice")),
            ),
        ),
    )  # fmt: skip
    return reasons, total


def test_what_adds_up_from_another_table_does_not_give_a_small_part_of_it_away():
    """3 of a reason are hidden with the next smallest, and still the planned ones would say them: 30 + 3 of 33."""
    reasons, planned = of_reasons({"done": 30, "justice": 3, "moved": 12}, justice=3)
    report = suppress([reasons, planned])
    told = shown(report, reasons)
    assert told["justice"] is None
    planned_told = report.figure(planned, (ALL, ALL)).figure.numerator
    assert planned_told is None or told["done"] is None
    assert Reader([report]).recovered() == []


def test_a_part_that_no_table_shows_is_not_worked_out_from_the_others():
    reasons, planned = of_reasons({"done": 30, "moved": 12}, justice=3)
    report = suppress([reasons, planned])
    assert None in (shown(report, reasons)["done"], report.figure(planned, (ALL, ALL)).figure.numerator)


def test_tables_that_contradict_each_other_are_refused():
    with pytest.raises(ValueError, match="two values"):
        suppress([table({"police": 30, "self": 40}), table({"police": 31, "self": 39}, measure="again")])


def test_a_band_is_told_by_the_denominator_alone():
    assert [rules.band(people) for people in (15, 16, 20, 39, 40, 79, 80, 5000)] == [
        None,
        25,
        20,
        20,
        10,
        10,
        5,
        5,
    ]


def published(seed):
    """A year of four quarters, each for the whole service and then for one of its areas, as they came out."""
    people, out = year_of(seed), []
    for quarter in range(4):
        out.append(suppress(report_of(people, quarter), earlier=out))
        out.append(suppress(report_of(people, quarter, area="south"), earlier=out))
    return out


def test_a_reader_who_is_told_too_much_finds_out():
    """The attack is awake: with the second number shown again, the small one is recovered."""
    one = table({"police": 3, "self": 40, "sarc": 11})
    report = suppress([one])
    careless = type(report)(
        report.tables,
        frozenset(
            known
            for known in report.hidden
            if report.tables[0].cells and known[1].lines != frozenset({("source", "sarc")})
        ),
    )
    assert [found[1:] for found in Reader([careless]).recovered()] == [(3, 3.0, 3.0)] * 2


def test_no_small_count_of_a_year_of_reports_is_narrowed_down_by_whoever_has_them_all(in_full):
    """8 reports of a year: two contracts that overlap, with trends that repeat earlier quarters. 200 years in full."""
    for seed in range(200 if in_full else 3):
        assert Reader(published(seed)).recovered() == [], seed


def test_most_of_a_report_is_still_shown():
    """Hiding everything would be safe, and of no use: of a service of ordinary size most numbers stay."""
    shares = []
    for seed in range(3):
        cells = [seen.hidden for report in published(seed) for _table, _cell, seen in report.cells()]
        shares.append(sum(cells) / len(cells))
    assert max(shares) < 0.6


def outcome_share(outcome, few, people):
    """Of everybody decided on: whom a triage outcome counts, which is also a line of the table by outcome."""
    return Table(
        measure=outcome, kind=Kind.SHARE, unit="people", scope=SCOPE, rows=(Line(ALL, "All"),), columns=(Line(ALL, "Number"),),
        cells={(ALL, ALL): Figure(few, people)}, counted="decided", out_of="decided",
        narrowed=frozenset({("outcome", outcome)}),
    )  # fmt: skip


def test_two_shares_of_one_population_are_two_numbers_and_each_is_a_line_of_its_table():
    by_outcome = table({"advice": 3, "declined": 20, "unable": 10}, by="outcome", population="decided")
    advice, declined = outcome_share("advice", 3, 33), outcome_share("declined", 20, 33)
    report = suppress([by_outcome, advice, declined])
    assert report.figure(advice, (ALL, ALL)).figure.numerator is None
    assert shown(report, by_outcome)["advice"] is None
    assert (shown(report, by_outcome)["declined"] is None) == (
        report.figure(declined, (ALL, ALL)).figure.numerator is None
    )


def test_what_adds_up_across_tables_gives_nothing_away():
    """Planned closures are those of three reasons: with two of them shown, the sum would tell the third."""
    reasons = table({"done": 30, "ended": 3, "met": 25, "lost": 40}, by="reason", population="closed")
    of = Name(SCOPE, "closed")
    planned = Table(
        measure="planned", kind=Kind.COUNT, unit="people", scope=SCOPE, rows=(Line(ALL, "All"),), columns=(Line(ALL, "Number"),),
        cells={(ALL, ALL): Figure(58)}, counted="planned",
        relations=(Relation(Name(SCOPE, "planned"), tuple(replace(of, lines=frozenset({("reason", key)})) for key in ("done", "ended", "met"))),),
    )  # fmt: skip
    report = suppress([reasons, planned])
    told = shown(report, reasons)
    assert told["ended"] is None
    assert report.figure(planned, (ALL, ALL)).figure.numerator is None or None in (told["done"], told["met"])


def test_what_was_protected_in_earlier_reports_alone_is_not_worked_on_again():
    before = suppress([table({"police": 3, "self": 40, "sarc": 11}, scope="service||2025-q4|")])
    now = table({"police": 30, "self": 40, "sarc": 11})
    assert shown(suppress([now], earlier=[before]), now) == {"police": 30, "self": 40, "sarc": 11, ALL: 81}


SPRING, LATE_SPRING = "service||2026-04-01-2026-06-30|", "service||2026-04-08-2026-06-30|"
WINTER = "service||2026-01-01-2026-03-31|"


def number(many, population, *, scope=SPRING):
    """A table of one number."""
    return Table(
        measure=population, kind=Kind.COUNT, unit="people", scope=scope, rows=(Line(ALL, "All"),), columns=(Line(ALL, "Number"),),
        cells={(ALL, ALL): Figure(many)}, counted=population,
    )  # fmt: skip


def out_of(few, people, counted, out_of, *, scope=SPRING):
    """A table of one share."""
    return Table(
        measure=counted, kind=Kind.SHARE, unit="people", scope=scope, rows=(Line(ALL, "All"),), columns=(Line(ALL, "Number"),),
        cells={(ALL, ALL): Figure(few, people)}, counted=counted, out_of=out_of,
    )  # fmt: skip


def by_justice(counts, population, *, measure="", scope=SPRING):
    return table(counts, population=population, by="justice", measure=measure or population, scope=scope)


def test_how_many_had_an_open_case_is_not_told_by_how_many_were_due_to_be_reached():
    """60 referrals, of whom 57 were to be reached: 3 had an open case already."""
    tables = [
        number(60, "received"),
        out_of(3, 60, "already_open", "received"),
        out_of(40, 57, "reached_in_standard", "standard_due"),
        out_of(30, 57, "reached_in_target", "target_due"),
    ]
    assert Reader([suppress(tables)]).recovered() == []


def test_nor_of_a_line_of_which_no_table_tells_it():
    received = table({"police": 23, "self": 37}, population="received", scope=SPRING)
    due = share({"police": (15, 20), "self": (20, 35), ALL: (35, 55)})
    due = replace(due, scope=SPRING, counted="reached_in_standard", out_of="standard_due")
    report = suppress([received, due])
    assert None in (shown(report, received)["police"], report.figure(due, ("police", ALL)).figure.denominator)
    assert Reader([report]).recovered() == []


def test_while_some_may_still_be_reached_in_time_they_are_few_people_as_well():
    """60 referrals, 45 due, 12 with an open case: 3 whose days have not passed yet."""
    tables = [
        number(60, "received"),
        out_of(12, 60, "already_open", "received"),
        out_of(30, 45, "reached_in_standard", "standard_due"),
    ]
    assert Reader([suppress(tables)]).recovered() == []


def test_whose_support_ended_is_not_told_by_who_was_supported_and_who_still_is():
    """22 were supported, 19 are still: 3 are not, the more so as everybody else came out the same way."""
    report = suppress(
        [
            by_justice({"nfa": 22, "court": 41}, "supported"),
            by_justice({"nfa": 19, "court": 30}, "caseload"),
            by_justice({"nfa": 3, "court": 11}, "support_ended"),
        ]
    )
    assert Reader([report]).recovered() == []


def test_that_somebody_was_given_back_to_the_manager_does_not_count_as_protection():
    """22 were supported, 18 still are, and one of the others waits again: a reader who knows it would know of the 3."""
    report = suppress(
        [
            by_justice({"nfa": 22, "court": 41}, "supported"),
            by_justice({"nfa": 18, "court": 30}, "caseload"),
            by_justice({"nfa": 3, "court": 11}, "support_ended"),
        ]
    )
    assert Reader([report]).recovered() == []


def test_whose_support_began_is_not_told_by_the_quarter_before():
    report = suppress(
        [
            number(30, "caseload", scope=WINTER),
            number(33, "supported"),
            number(3, "support_began"),
        ]
    )
    assert Reader([report]).recovered() == []


def test_it_is_not_told_either_where_a_contract_does_not_ask_who_was_supported():
    report = suppress(
        [
            number(30, "caseload", scope=WINTER),
            number(3, "support_began"),
            number(25, "caseload"),
            number(8, "support_ended"),
        ]
    )
    assert Reader([report]).recovered() == []


def test_what_is_given_away_by_earlier_reports_alone_holds_no_later_report_back():
    """It went out before it was known what belongs together: to publish nothing any more would bring nothing back."""
    whole, carried = number(33, "supported"), number(30, "caseload")
    careless = [type(suppress([one]))((one,), frozenset()) for one in (whole, carried)]
    ended = number(3, "support_ended")
    of_old = suppress([ended])
    later = suppress([number(3, "support_ended"), number(60, "received")], earlier=[*careless, of_old])
    assert later.figure(ended, (ALL, ALL)).hidden


REASONS = {"work_done": 20, "justice_ended": 10, "moved": 3, "lost_contact": 12}
MOVED = f"{SPRING}justice_ended+moved+needs_met_elsewhere+work_done"


def closures(scope):
    return table(REASONS, population="support_ended", by="reason", measure="closures", scope=scope)


def planned(many, scope):
    return out_of(many, 45, "planned_closures", "support_ended", scope=scope)


def test_closures_by_reason_are_the_same_in_a_contract_that_counts_other_ones_as_planned():
    first = suppress([closures(SPRING), planned(30, SPRING)])
    second = suppress([closures(MOVED), planned(33, MOVED)], earlier=[first])
    assert shown(first, first.tables[0]) == shown(second, second.tables[0])
    assert Reader([first, second]).recovered() == []


def test_what_one_contract_counts_as_planned_and_another_does_not_is_a_number_of_its_own():
    """30 of 45 in the one and 33 of 45 in the other: 3 moved away."""
    first = suppress([planned(30, SPRING)])
    second = suppress([planned(33, MOVED)], earlier=[first])
    assert first.figure(first.tables[0], (ALL, ALL)).figure.numerator == 30
    assert Reader([first, second]).recovered() == []


def test_contracts_that_each_have_a_reason_of_their_own_are_held_against_each_other():
    other = f"{SPRING}disengaged+justice_ended+needs_met_elsewhere+work_done"
    first = suppress([planned(33, MOVED)])
    second = suppress([planned(30, other)], earlier=[first])
    assert second.figure(second.tables[0], (ALL, ALL)).figure.numerator is None


def test_who_came_in_the_week_before_a_contract_began_is_a_number_of_its_own():
    """Two contracts, from 1 and from 8 April: 40 and 37 referred themselves, 3 of them in that week."""
    first = suppress([table({"police": 30, "self": 40}, population="received", scope=SPRING)])
    second = suppress(
        [table({"police": 25, "self": 37}, population="received", scope=LATE_SPRING)], earlier=[first]
    )
    assert shown(second, second.tables[0])["self"] is None
    assert Reader([first, second]).recovered() == []


def test_where_nobody_came_in_that_week_the_one_does_not_show_what_the_other_hides():
    """Of 54 the one hides 3 and 11: the other, of 54 too, would tell the 11."""
    first = suppress([table({"police": 3, "self": 40, "sarc": 11}, population="received", scope=SPRING)])
    second = suppress(
        [table({"sarc": 11, "all_others": 43}, population="received", scope=LATE_SPRING)], earlier=[first]
    )
    assert shown(second, second.tables[0])["sarc"] is None
    assert Reader([first, second]).recovered() == []


def test_who_is_carried_at_the_end_is_one_number_whenever_a_contract_began():
    first = suppress([by_justice({"nfa": 3, "court": 30, "ended": 9}, "caseload")])
    second = suppress(
        [by_justice({"ended": 9, "all_others": 33}, "caseload", scope=LATE_SPRING)], earlier=[first]
    )
    assert shown(second, second.tables[0])["ended"] is None
    assert Reader([first, second]).recovered() == []


def test_two_contracts_after_each_other_are_the_quarter_of_a_third():
    before, after = "service||2026-04-01-2026-05-14|", "service||2026-05-15-2026-06-30|"
    out = [suppress([table({"police": 13, "self": 27, "sarc": 9}, population="received", scope=before)])]
    out.append(
        suppress(
            [table({"police": 3, "self": 31, "sarc": 12}, population="received", scope=after)], earlier=out
        )
    )
    out.append(
        suppress(
            [table({"police": 16, "self": 58, "sarc": 21}, population="received", scope=SPRING)], earlier=out
        )
    )
    assert Reader(out).recovered() == []


def test_what_was_hidden_under_the_name_of_a_contract_stays_hidden():
    """Reports that went out named every number by what their contract counts as planned."""
    one = closures(MOVED)
    name = one.name(("moved", ALL), Part.NUMERATOR)
    as_it_was = ("people", Name(MOVED.replace("||", "|"), name.population, name.lines), "")
    assert as_named_now(as_it_was) == known_as(one, ("moved", ALL), Part.NUMERATOR)


def test_reports_that_told_two_numbers_by_one_name_are_told_apart():
    """A report of another contract, and what was entered late: the two had names of their own when they went out."""
    first, other = closures(SPRING), closures(MOVED)
    late = table(
        {**REASONS, "lost_contact": 13},
        population="support_ended",
        by="reason",
        measure="closures",
        scope=MOVED,
    )
    shown_then = [suppress([first]), suppress([late])]
    before = Published()
    known = [before.told_apart(one) for one in shown_then]
    assert known[0] == shown_then[0]
    assert [known[1].figure(table, cell) for table, cell, _seen in known[1].cells()] == [
        seen for _table, _cell, seen in shown_then[1].cells()
    ]
    assert suppress([replace(other, scope=LATE_SPRING)], earlier=known)
