"""Forms speak plainly, lose nothing that was typed, and tie every message to its question."""

import datetime as dt
import re
import uuid

import pytest
from django import forms
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from isva.interface import forms as ui
from tests.interface.kitchen_sink import EveryQuestion

GOOD = {
    "name": "Zenobia Fictional", "born_day": "27", "born_month": "March", "born_year": "1995", "phone": "07700 900123",
    "at_day": "1", "at_month": "2", "at_year": "2024", "at_time": "2pm", "starts": "9.30", "minutes": "45", "mode": "call",
    "consent": "yes", "needs": ["bsl"],
}  # fmt: skip


def posted(**changes):
    data = MultiValueDict()
    for name, value in {**GOOD, **changes}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return EveryQuestion(data)


class DateForm(ui.ServiceForm):
    when = ui.DayMonthYearField(label="Date of the hearing")


def date_error(day="", month="", year=""):
    form = DateForm({"when_day": day, "when_month": month, "when_year": year})
    form.is_valid()
    return " ".join(form.errors.get("when", []))


def test_a_complete_form_is_read_into_plain_values():
    form = posted()
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == dt.date(1995, 3, 27)
    assert form.cleaned_data["at"].isoformat() == "2024-02-01T14:00:00+00:00"
    assert form.cleaned_data["starts"] == dt.time(9, 30)
    assert form.cleaned_data["consent"] is True


def test_no_message_is_the_librarys_own():
    form = EveryQuestion({})
    text = str(form.errors)
    assert not form.is_valid()
    assert "This field" not in text
    assert "valid" not in text
    assert form.errors["name"] == ["Enter the client's name"]
    assert form.errors["at"] == ["Enter when it happened"]
    assert form.errors["mode"] == ["Select how"]
    assert form.errors["consent"] == ["Select an answer to “Does the person know about this referral?”"]


def test_an_authors_own_message_is_kept():
    class Own(ui.ServiceForm):
        name = forms.CharField(error_messages={"required": "Tell us what to call you"})

    assert Own({}).errors["name"] == ["Tell us what to call you"]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("", "", ""), "Enter date of the hearing"),
        (("27", "3", ""), "Date of the hearing must include a year"),
        (("27", "", ""), "Date of the hearing must include a month and a year"),
        (("", "3", "2027"), "Date of the hearing must include a day"),
        (("31", "2", "2027"), "Date of the hearing must be a real date, like 27 3 2027"),
        (("27", "13", "2027"), "Date of the hearing must be a real date, like 27 3 2027"),
        (("27", "3", "27"), "Date of the hearing must be a real date, like 27 3 2027"),
        (("x", "\x00", "9" * 5000), "Date of the hearing must be a real date, like 27 3 2027"),
        (("27", "mar", "2027"), ""),
        ((" 27 ", "MARCH", "2027"), ""),
    ],
)
def test_a_date_is_told_what_is_wrong_with_it(parts, message):
    assert date_error(*parts) == message


def test_a_half_filled_date_marks_and_links_the_part_that_is_missing():
    form = DateForm({"when_day": "27", "when_month": "3", "when_year": ""})
    html = str(form)
    assert form["when"].first_input_id == "id_when_year"
    assert re.search(r'govuk-input--error" type="text" id="id_when_year"', html)
    assert not re.search(r'govuk-input--error" type="text" id="id_when_day"', html)
    assert 'value="27"' in html


def test_a_date_in_the_future_is_refused_where_it_must_be_past():
    class Past(ui.ServiceForm):
        born = ui.DayMonthYearField(label="Date of birth", past=True)

    form = Past({"born_day": "1", "born_month": "1", "born_year": "2099"})
    assert form.errors["born"] == ["Date of birth must be today or in the past"]


def test_a_date_outside_its_limits_is_told_the_limit_in_words():
    class Limited(ui.ServiceForm):
        when = ui.DayMonthYearField(
            label="Review date", earliest=dt.date(2027, 3, 3), latest=lambda: dt.date(2027, 4, 1)
        )

    assert Limited({"when_day": "1", "when_month": "3", "when_year": "2027"}).errors["when"] == [
        "Review date must be on or after 3 March 2027"
    ]
    assert Limited({"when_day": "2", "when_month": "4", "when_year": "2027"}).errors["when"] == [
        "Review date must be on or before 1 April 2027"
    ]


class MomentForm(ui.ServiceForm):
    at = ui.MomentField(label="The contact", required=False)


def moment(day, month, year, clock):
    return MomentForm({"at_day": day, "at_month": month, "at_year": year, "at_time": clock})


def test_a_moment_in_summer_is_london_time():
    form = moment("1", "7", "2026", "14:05")
    assert form.is_valid()
    assert form.cleaned_data["at"].astimezone(dt.UTC).isoformat() == "2026-07-01T13:05:00+00:00"


def test_the_hour_that_summer_time_skips_is_refused():
    assert moment("29", "3", "2026", "01:30").errors["at"] == [
        "The contact is in the hour that was skipped when the clocks went forward"
    ]


def test_the_hour_that_comes_twice_is_the_first_of_the_two():
    form = moment("25", "10", "2026", "01:30")
    assert form.is_valid()
    assert form.cleaned_data["at"].astimezone(dt.UTC).hour == 0


def test_a_moment_without_a_time_is_told_so():
    form = moment("1", "7", "2026", "")
    assert form.errors["at"] == ["The contact must include a time"]
    assert form["at"].first_input_id == "id_at_time"


def test_an_empty_optional_moment_is_none():
    form = moment("", "", "", "")
    assert form.is_valid()
    assert form.cleaned_data["at"] is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [("14:05", "14:05"), ("1405", "14:05"), ("9.30", "09:30"), ("2pm", "14:00"), ("12 am", "00:00"), ("12:30pm", "12:30"),
     ("0930", "09:30"), ("24:00", None), ("9:75", None), ("9", None), ("13pm", None), ("soon", None), ("１４:０５", "14:05")],
)  # fmt: skip
def test_a_time_is_understood_in_the_ways_people_write_it(typed, read):
    class Clock(ui.ServiceForm):
        at = ui.ClockTimeField(label="Start")

    form = Clock({"at": typed})
    if read is None:
        assert form.errors["at"] == ["Start must be a time, like 14:05"]
    else:
        assert form.is_valid()
        assert f"{form.cleaned_data['at']:%H:%M}" == read


def test_a_stored_date_and_time_stand_in_their_boxes():
    form = MomentForm(initial={"at": dt.datetime(2026, 7, 1, 13, 5, tzinfo=dt.UTC)})
    html = str(form["at"])
    assert 'name="at_day" value="1"' in html
    assert 'name="at_time" value="14:05"' in html
    assert not MomentForm(
        {"at_day": "1", "at_month": "7", "at_year": "2026", "at_time": "14:05"},
        initial={"at": dt.datetime(2026, 7, 1, 13, 5, tzinfo=dt.UTC)},
    ).has_changed()


def test_a_question_under_an_option_is_needed_only_where_the_option_is_chosen():
    asked = posted(consent="no")
    assert asked.errors["basis"] == ["Select lawful basis"]
    assert asked.errors["why"] == ["Enter why without consent"]
    unasked = posted(consent="yes", basis="risk", why="Left over", language="Polish")
    assert unasked.is_valid(), unasked.errors
    assert unasked.cleaned_data["basis"] is None
    assert unasked.cleaned_data["why"] == ""
    assert unasked.cleaned_data["language"] == ""


def test_a_question_under_a_tick_box_is_asked_when_it_is_ticked():
    assert posted(interpreter="on").errors["language"] == ["Enter language"]


def test_a_question_under_an_option_is_shown_inside_it_and_nowhere_else():
    html = str(posted(consent="no"))
    assert html.count('id="id_why"') == 1
    panel = html[html.index('id="conditional-id_consent_1"') :]
    assert 'id="id_why"' in panel
    assert 'data-reveals="conditional-id_consent_1"' in html


def test_an_error_is_tied_to_its_question_and_found_from_the_summary():
    form = posted(name="", mode="", needs=[], minutes="lots")
    html = str(form)
    assert (
        'id="id_name-error" class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span> Enter the'
        in html
    )
    assert re.search(r'<input [^>]*aria-describedby="id_name-error"[^>]*id="id_name"', html)
    summary = Template("{% load interface %}{% error_summary form %}").render(Context({"form": form}))
    for target in re.findall(r'href="#([^"]+)"', summary):
        assert f'id="{target}"' in html, target
    assert 'href="#id_mode_0"' in summary
    assert 'href="#id_needs_0"' in summary


def test_an_error_of_the_whole_form_stands_in_the_summary_without_a_link():
    form = posted()
    form.is_valid()
    form.add_error(None, "Somebody else changed this record")
    summary = Template("{% load interface %}{% error_summary form %}").render(Context({"form": form}))
    assert "<li>Somebody else changed this record</li>" in summary


def test_a_clean_form_has_no_summary():
    shown = Template("{% load interface %}{% error_summary form %}")
    assert shown.render(Context({"form": EveryQuestion()})).strip() == ""
    assert shown.render(Context({})).strip() == ""


def test_hints_and_options_are_described_to_those_who_listen():
    html = str(EveryQuestion())
    assert re.search(r'<fieldset class="govuk-fieldset" role="group" aria-describedby="id_born-hint">', html)
    assert re.search(r'id="id_mode_1" aria-describedby="id_mode_1-hint"', html)
    assert 'data-behaviour="exclusive"' in html
    assert " required" not in html


def test_optional_questions_say_so():
    assert EveryQuestion()["pronouns"].label_text == "Pronouns (optional)"
    assert EveryQuestion()["name"].label_text == "Name"


@pytest.mark.parametrize(
    "name", ["name", "phone", "mode", "minutes", "starts", "note", "email", "basis", "once", "consent"]
)
@pytest.mark.parametrize(
    "rubbish", ["\x00", "\x00abc", "9" * 5000, "\ufffd<script>", "-" * 20_000, "NaN", "💚" * 300]
)
def test_rubbish_is_answered_in_words_and_never_an_exception(name, rubbish):
    form = posted(**{"consent": "no", "basis": "risk", "why": "x", name: rubbish})
    form.is_valid()
    text = str(form)
    assert "This field" not in str(form.errors)
    assert text


def test_text_without_a_limit_is_given_one():
    class Loose(ui.ServiceForm):
        a = forms.CharField(label="First line")
        b = forms.CharField(label="Long note", widget=forms.Textarea)
        n = forms.IntegerField(label="Number")

    form = Loose({"a": "x" * 201, "b": "x" * 10_001, "n": "99999999999"})
    assert form.errors["a"] == ["First line must be 200 characters or fewer (you wrote 201)"]
    assert form.errors["b"] == ["Long note must be 10000 characters or fewer (you wrote 10001)"]
    assert form.errors["n"] == ["Number must be 2147483647 or less"]
    assert "maxlength" not in str(form["a"])


def test_a_line_end_counts_once_as_it_does_on_the_page():
    form = posted(consent="no", basis="risk", why="a\r\n" * 49 + "ab")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["why"].count("\n") == 49


def test_a_missing_file_and_an_empty_one_are_told_in_words():
    class WithFile(ui.ServiceForm):
        paper = forms.FileField(label="Risk assessment")

    assert WithFile({}, {}).errors["paper"] == ["Choose a file for risk assessment"]
    empty = SimpleUploadedFile("a.pdf", b"")
    assert WithFile({}, {"paper": empty}).errors["paper"] == ["The file for risk assessment is empty"]


def test_what_was_typed_is_shown_again_escaped():
    html = str(posted(name="<b>Zenobia</b>", minutes="lots & lots"))
    assert 'value="&lt;b&gt;Zenobia&lt;/b&gt;"' in html
    assert 'value="lots &amp; lots"' in html


def test_each_page_has_its_own_once_token_and_an_erroneous_form_keeps_it():
    tokens = {EveryQuestion()["once"].value() for _ in range(3)}
    assert len(tokens) == 3
    token = str(uuid.uuid4())
    kept = posted(once=token, name="")
    assert f'name="once" value="{token}"' in str(kept)
    rubbish = posted(once="\x00garbage")
    assert rubbish.is_valid()
    assert rubbish.cleaned_data["once"] is None
    assert "garbage" not in str(rubbish)


def test_sections_hold_their_questions_and_the_rest_comes_first():
    layout = EveryQuestion().layout
    assert [group["title"] for group in layout] == ["", "The person", "The contact"]
    assert [field.name for field in layout[1]["fields"]] == ["name", "pronouns", "born", "phone", "email"]
    assert "basis" not in [field.name for group in layout for field in group["fields"]]


def test_a_label_with_a_per_cent_sign_breaks_no_message():
    class Share(ui.ServiceForm):
        share = forms.CharField(label="Share in %", max_length=2)

    assert Share({"share": "abc"}).errors["share"] == [
        "Share in per cent must be 2 characters or fewer (you wrote 3)"
    ]
    assert Share({}).errors["share"] == ["Enter share in per cent"]


def test_forms_of_other_packages_speak_plainly_too():
    class SignIn(ui.PlainWords, forms.Form):
        login = forms.EmailField(label="E-mail address")
        password = forms.CharField(label="Password", widget=forms.PasswordInput)

    form = SignIn({"login": "nobody"})
    assert form.errors["login"] == ["Enter e-mail address as an e-mail address, like name@example.org"]
    assert 'class="govuk-input govuk-input--error"' in str(form)


def test_a_prefixed_form_keeps_its_reveals_and_ids():
    form = EveryQuestion({"p-consent": "no"}, prefix="p")
    assert "why" in form.errors
    assert 'id="id_p-why"' in str(form)


def test_a_form_for_a_record_asks_for_dates_and_notes_our_way():
    class RecordForm(ui.ServiceModelForm):
        class Meta:
            model = Session
            fields = ["expire_date", "session_data"]
            labels = {"expire_date": "Ends at", "session_data": "Note"}

    form = RecordForm({"expire_date_day": "1"})
    assert isinstance(form.fields["expire_date"], ui.MomentField)
    assert isinstance(form.fields["session_data"], ui.LongTextField)
    assert form.errors["expire_date"] == ["Ends at must include a month, a year and a time"]
    assert form.errors["session_data"] == ["Enter note"]


@given(day=st.text(max_size=6), month=st.text(max_size=6), year=st.text(max_size=6))
def test_no_text_in_a_date_is_an_exception(day, month, year):
    form = DateForm({"when_day": day, "when_month": month, "when_year": year})
    form.is_valid()
    assert "form-group" in str(form)


@given(text=st.text(max_size=12))
def test_no_text_as_a_time_or_number_is_an_exception(text):
    class Small(ui.ServiceForm):
        at = ui.ClockTimeField()
        n = forms.IntegerField()
        phone = ui.PhoneField()

    form = Small({"at": text, "n": text, "phone": text})
    form.is_valid()
    assert "form-group" in str(form)
