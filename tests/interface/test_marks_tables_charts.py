"""Marks, tables and charts: a word with every colour, nothing unescaped, nothing styled inline."""

import datetime as dt
import itertools
import re

import pytest
from django.utils.safestring import mark_safe

from isva.interface import charts, marks
from isva.interface.tables import Column, lines, link, table
from isva.pathway import Stage

NOW = dt.datetime(2027, 3, 3, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(("risk", "word"), [("high", "High risk"), ("medium", "Medium risk"), ("standard", "Standard risk"),
                                            ("", "Risk not assessed"), (None, "Risk not assessed")])  # fmt: skip
def test_risk_is_a_word_and_a_shape(risk, word):
    shown = marks.risk_mark(risk)
    assert word in shown
    assert "<svg" in shown


def test_every_risk_has_a_shape_of_its_own():
    assert len({shape for shape, _tone, _words in marks.RISKS.values()}) == len(marks.RISKS)


def test_every_stage_of_the_pathway_has_its_word():
    assert {str(stage) for stage in Stage} == set(marks.STAGES)
    assert "Waiting for allocation" in marks.stage_tag(Stage.ALLOCATION)


@pytest.mark.parametrize(
    ("due", "said", "tone"),
    [
        (NOW + dt.timedelta(hours=2), "Due today by 14:00", "soon"),
        (NOW + dt.timedelta(hours=20), "Due in 20 hours", "soon"),
        (NOW + dt.timedelta(days=4), "Due in 4 days", "calm"),
        (NOW - dt.timedelta(days=3), "Overdue by 3 days", "now"),
        (dt.date(2027, 3, 3), "Due today", "soon"),
        (dt.date(2027, 3, 2), "Overdue since 2 March 2027", "now"),
        (dt.date(2027, 4, 2), "Due 2 April 2027", "calm"),
        (None, "No date set", "none"),
    ],
)
def test_a_clock_says_how_much_is_left(due, said, tone):
    assert marks.clock_words(due, now=NOW) == said
    assert marks.clock_tone(due, now=NOW) == tone


def test_text_is_escaped_even_where_the_same_text_was_ready_markup_before():
    assert "<b>x</b>" in marks.tag(mark_safe("<b>x</b>"))
    assert "&lt;b&gt;x" in marks.tag("<b>x</b>")


def test_red_is_kept_for_act_now():
    assert {tone for _shape, tone, _words in marks.COMPLEXITIES.values()} <= {"plain", "none"}
    assert "red" not in {tone for tone, _words in marks.STAGES.values()}


def test_cells_are_escaped_unless_they_are_ready_markup():
    made = table(caption="Cases", columns=["Name", "Note"],
                 rows=[[link("<i>A</i>", "/a?b=1&c=2"), "<script>"], [lines("B", "", "<u>"), None]])  # fmt: skip
    assert "&lt;script&gt;" in made.body
    assert "<i>" not in made.body
    assert 'href="/a?b=1&amp;c=2"' in made.body
    assert '<span class="cell__more">&lt;u&gt;</span>' in made.body
    assert made.count == 2


def test_a_row_of_the_wrong_length_is_a_mistake_told_at_once():
    with pytest.raises(ValueError, match="zip"):
        table(caption="Cases", columns=["Name", "Note"], rows=[["only one"]])


def test_numbers_stand_right_and_each_cell_knows_its_heading():
    made = table(caption="Cases", columns=["Name", Column("Days", numeric=True)], rows=[["A", 3]])
    assert 'class="govuk-table__cell govuk-table__cell--numeric" data-label="Days">3' in made.body


def test_a_line_may_have_a_band_around_it_that_is_drawn_and_told():
    chart = charts.line_chart(
        title="People waiting", labels=["May", "June"], series=[("Waiting", [2, 4])], bands=[([1, 2], [3, 40])],
        more="In June between 2 and 40.",
    )  # fmt: skip
    assert 'class="chart__band chart__1"' in chart.svg
    assert "In June between 2 and 40.</desc>" in chart.svg
    assert ">40</text>" in chart.svg  # the scale reaches the top of the band


def test_a_line_chart_says_in_words_what_it_draws():
    chart = charts.line_chart(
        title="Risk <now>", labels=["1 May 2026", "3 March 2027"], series=[("Risk", [3, 1]), ("Need", [None, 2])],
        highest=3, value_words={0: "none", 3: "severe"},
    )  # fmt: skip
    assert 'role="img"' in chart.svg
    assert "Risk: 3 (severe) on 1 May 2026, 1 on 3 March 2027." in chart.svg
    assert "Risk &lt;now&gt;" in chart.svg
    assert "not recorded" in chart.table.body
    assert "style=" not in chart.svg
    assert len(chart.legend) == 2


def test_series_differ_by_dash_and_marker_not_by_colour_alone():
    chart = charts.line_chart(title="T", labels=["a", "b"], series=[(str(n), [n, n]) for n in range(4)])
    assert len(set(re.findall(r'stroke-dasharray="([^"]+)"', chart.svg))) == 3
    with pytest.raises(ValueError, match="four"):
        charts.line_chart(title="T", labels=["a"], series=[("x", [1])] * 5)


@pytest.mark.parametrize("values", [[], [None], [2], [None, None], [0, 0]])
def test_little_or_nothing_to_draw_is_no_error(values):
    labels = [str(n) for n in range(len(values))]
    assert charts.line_chart(title="T", labels=labels, series=[("x", values)]).svg
    assert charts.bar_chart(title="T", bars=[]).svg
    assert "words" in charts.sparkline(values, words="words")


def test_bars_keep_the_whole_name_and_number_in_the_table():
    chart = charts.bar_chart(
        title="T", bars=[("A very long name that does not fit beside", 1_234_567)], unit="cases"
    )
    assert "A very long name that does not fit beside" in chart.table.body
    assert "1,234,567" in chart.svg


def test_names_of_bars_that_begin_alike_can_be_told_apart():
    names = [
        "Disabled, day-to-day activities limited a lot",
        "Disabled, day-to-day activities limited a little",
    ]
    chart = charts.bar_chart(title="T", bars=[(name, 1) for name in names])
    written = re.findall(r'text-anchor="end">([^<]+)<', chart.svg)
    assert " ".join(written) == " ".join(names)
    places = [float(y) for y in re.findall(r'y="([\d.]+)" text-anchor="end"', chart.svg)]
    assert all(later - earlier >= charts.LINE for earlier, later in itertools.pairwise(places))
    assert max(len(line) for line in written) <= charts.LINE_LETTERS
