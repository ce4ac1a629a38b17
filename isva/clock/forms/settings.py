"""The numbers of the service on one form, section by section, made from the rules themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.clock.numbers import numbers_by_section
from isva.clock.rules import Section
from isva.interface import forms as ui


class ClockSettingsForm(ui.ServiceForm):
    """When things fall due. Every number of every rule, and the day from which a change holds."""

    once = ui.OnceField()
    seen = ui.SeenField()
    from_day = ui.DayMonthYearField(
        label=_("From which day"), future=True,
        help_text=_("The change holds for what begins on that day or later. What runs already keeps its due date."),
    )  # fmt: skip

    def __init__(self, *args, numbers: dict[str, int], **kwargs):
        super().__init__(*args, **kwargs)
        places: dict[str, list[str]] = {}
        for section, number in numbers_by_section():
            self.fields[number.key] = self._question(number, numbers[number.key])
            places.setdefault(section, []).append(number.key)
        self.sections = [
            *(ui.Section(section.label, places[section]) for section in Section if section in places),
            ui.Section(_("When the change begins"), ["from_day"]),
        ]

    def _question(self, number, value):
        if number.is_tick:
            return forms.BooleanField(
                label=number.words, help_text=number.hint, required=False, initial=value
            )
        field = forms.IntegerField(
            label=number.words, help_text=number.hint, min_value=number.lowest, max_value=number.highest,
            widget=ui.NumberInput(width=4), initial=value,
        )  # fmt: skip
        self._limit(field)
        return field

    def numbers(self) -> dict[str, int]:
        """The numbers that were answered, by key."""
        return {number.key: self.cleaned_data[number.key] for _section, number in numbers_by_section()}
