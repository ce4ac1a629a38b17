"""What a table says of itself: which counts it has, and which of them stand elsewhere too."""

from reporting.tables import ALL, Figure, Kind, Line, Name, Part, Sum, Table

Q = "rowan||2026-04-01-2026-06-30|"
SOURCES = Table(
    measure="referrals", kind=Kind.COUNT, unit="people", scope=Q, rows_by="source", counted="referrals",
    rows=(Line("police", "Police"), Line("self", "The person themselves"), Line(ALL, "All")), columns=(Line(ALL, "Number"),),
    cells={("police", ALL): Figure(3), ("self", ALL): Figure(9), (ALL, ALL): Figure(12)},
    sums=(Sum((ALL, ALL), (("police", ALL), ("self", ALL))),),
)  # fmt: skip
IN_TIME = Table(
    measure="contact_within_5_days", kind=Kind.SHARE, unit="people", scope=Q, rows_by="source", counted="contacted_in_5",
    out_of="referrals", rows=SOURCES.rows, columns=SOURCES.columns,
    cells={("police", ALL): Figure(2, 3), ("self", ALL): Figure(9, 9), (ALL, ALL): Figure(11, 12)},
)  # fmt: skip


def test_one_number_has_one_name_in_every_table_that_shows_it():
    told = {SOURCES.name(cell, part): count for cell, part, count in SOURCES.counts()}
    again = {
        IN_TIME.name(cell, part): count for cell, part, count in IN_TIME.counts() if part is Part.DENOMINATOR
    }
    assert told == again
    assert told[Name(Q, "referrals")] == 12
    assert told[Name(Q, "referrals", frozenset({("source", "police")}))] == 3


def test_a_column_of_another_period_is_named_by_its_own_scope():
    trend = Table(
        measure="referrals", kind=Kind.COUNT, unit="people", scope="the whole", columns_by="quarter", counted="referrals",
        rows=(Line(ALL, "All"),), columns=(Line("2026-q1", "Q1 2026/27", scope=Q),), cells={(ALL, "2026-q1"): Figure(12)},
    )  # fmt: skip
    assert trend.name((ALL, "2026-q1"), Part.NUMERATOR) == SOURCES.name((ALL, ALL), Part.NUMERATOR)


def test_a_spread_and_an_amount_carry_only_how_many_people_they_are_about():
    days = Table(
        measure="wait",
        kind=Kind.SPREAD,
        unit="days",
        scope=Q,
        cells={(ALL, ALL): Figure(denominator=7, median=12.5)},
    )
    assert list(days.counts()) == [((ALL, ALL), Part.DENOMINATOR, 7)]


def test_what_is_not_recorded_is_no_zero():
    nothing = Table(
        measure="feedback", kind=Kind.COUNT, unit="people", scope=Q, not_recorded="No feedback is kept yet."
    )
    assert nothing.figure() == Figure()
    assert list(nothing.counts()) == []
    assert Figure(0, 0).share is None
    assert Figure(3, 4).share == 0.75
