"""What the questions of the referral forms have in common, whoever fills them in."""

import datetime as dt
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.clock.moment import today
from isva.interface import forms as ui
from referrals import usual
from referrals.wizard import StepForm

#: The option for an area that the service does not list; never the name of a place.
ELSEWHERE = "-"
OLDEST = 120

#: How somebody can be reached, and the key of the answer that they cannot.
PHONE, EMAIL, ADDRESS, PERSON, NONE = "phone", "email", "address", "person", "none"

CALL, TEXT, MESSAGE, WRITE = "call", "text", "message", "write"


def one_of(label, choices, *, required=False, hints=None, hint="", inline=False, divider_before=None):
    """One answer out of a few, as radios."""
    return forms.ChoiceField(
        label=label, choices=choices, required=required, help_text=hint,
        widget=ui.Radios(hints=hints, inline=inline, divider_before=divider_before),
    )  # fmt: skip


def from_list(label, choices, *, required=False, hint=""):
    """One answer out of many, as a list to choose from."""
    return forms.ChoiceField(
        label=label, choices=[("", _("Choose from the list")), *choices], required=required, help_text=hint
    )


def some_of(label, choices, *, required=False, hints=None, hint="", exclusive=None):
    """Any number of answers out of a few, as boxes to tick."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=required, help_text=hint,
        widget=ui.Checkboxes(hints=hints, exclusive=exclusive),
    )  # fmt: skip


def line(label, *, required=False, hint="", max_length=200, width=None, autocomplete="off"):
    """One line of text."""
    return forms.CharField(
        label=label, required=required, help_text=hint, max_length=max_length,
        widget=ui.TextInput(width=width, autocomplete=autocomplete),
    )  # fmt: skip


def note(label, *, required=False, hint="", rows=3, max_length=1000):
    """A few lines of text."""
    return ui.LongTextField(label=label, required=required, help_text=hint, rows=rows, max_length=max_length)


def email(label, *, required=False, hint="", autocomplete="off"):
    """An e-mail address."""
    return forms.EmailField(
        label=label,
        required=required,
        help_text=hint,
        max_length=200,
        widget=ui.EmailInput(autocomplete=autocomplete),
    )


def phone(label, *, required=False, hint="", autocomplete="off"):
    """A phone number."""
    return ui.PhoneField(
        label=label, required=required, help_text=hint, widget=ui.PhoneInput(autocomplete=autocomplete)
    )


def birthday(label, *, hint="", own=False):
    """A date of birth; ``own`` where the reader is asked for theirs, so that the device may fill it in."""
    return ui.DayMonthYearField(
        label=label, required=False, past=True, help_text=hint, widget=ui.DateParts(birthday=own),
        earliest=lambda: today() - dt.timedelta(days=OLDEST * 366),
    )  # fmt: skip


def age(label, *, hint=""):
    """An age in whole years."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=OLDEST,
        help_text=hint,
        widget=ui.NumberInput(width=3),
    )


def yes_no(label, *, required=False, hint="", hints=None, inline=True):
    """Yes or no."""
    return ui.YesNoField(
        label=label, required=required, help_text=hint, hints=hints, inline=inline and not hints
    )


def without(choices, *left_out):
    """The choices of a code list, less some."""
    return [(value, label) for value, label in choices if value not in left_out]


def years_of(answers: dict) -> int | None:
    """The age in whole years that the answers give today; None where they give none."""
    born = answers.get("date_of_birth")
    if born:
        day = today()
        return day.year - born.year - ((born.month, born.day) > (day.month, day.day))
    return answers.get("age")


def is_child(answers: dict) -> bool:
    """Whether the person is under 18 by the answers; an age that is not given counts as adult."""
    years = years_of(answers)
    return years is not None and years < 18


class OfferAreas(StepForm):
    """For the step that asks age and area: offers the service's areas, and finds what lies outside its usual cohort.

    A service without a list of areas asks for the area in words only.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        areas = [(area, area) for area in self.service.areas]
        if areas:
            cast(forms.ChoiceField, self.fields["area"]).choices = [*areas, (ELSEWHERE, _("Somewhere else"))]
        else:
            del self.fields["area"]

    def clean(self):
        """Note what lies outside the usual ages and areas: told on the next page, and the referral is taken all the same."""
        answers = super().clean()
        answers["outside_usual"] = usual.outside_usual(
            self.service, years=years_of(answers), elsewhere=answers.get("area") == ELSEWHERE
        )
        return answers
