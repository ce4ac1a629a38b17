"""The inputs of the service's forms: options with hints, dates in three boxes, times as they are spoken."""

from datetime import date, datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Radios(forms.RadioSelect):
    """One answer out of a few.

    `hints` maps an option's value to a line under it; `inline` sets two short options side by side (not with options
    that reveal questions); `divider_before` names the value that stands apart, after the word “or”.
    """

    def __init__(self, attrs=None, choices=(), *, hints=None, inline=False, small=False, divider_before=None):
        super().__init__(attrs, choices)
        self.hints, self.inline, self.small, self.divider_before = hints or {}, inline, small, divider_before

    def get_context(self, name, value, attrs):
        """Tell the template how the options stand."""
        context = super().get_context(name, value, attrs)
        context["widget"].update(inline=self.inline, small=self.small)
        return context


class Checkboxes(forms.CheckboxSelectMultiple):
    """Any number of answers; `exclusive` names the one that unticks all others (“none of these”), set apart by “or”."""

    def __init__(self, attrs=None, choices=(), *, hints=None, small=False, exclusive=None):
        super().__init__(attrs, choices)
        self.hints, self.small, self.exclusive, self.divider_before = hints or {}, small, exclusive, exclusive

    def get_context(self, name, value, attrs):
        """Tell the template how the options stand."""
        context = super().get_context(name, value, attrs)
        context["widget"].update(small=self.small)
        return context


def text_attributes(*, width=None, autocomplete="off", inputmode=None, spellcheck=None, attrs=None):
    """The attributes of a one-line input: `width` in characters is 2, 3, 4, 5, 10, 20 or 30."""
    return {
        **({"class": f"govuk-input--width-{width}"} if width else {}),
        **({"autocomplete": autocomplete} if autocomplete else {}),
        **({"inputmode": inputmode} if inputmode else {}),
        **({"spellcheck": "true" if spellcheck else "false"} if spellcheck is not None else {}),
        **(attrs or {}),
    }


class TextInput(forms.TextInput):
    """One line of text. The browser does not offer what was typed before (`autocomplete` is off): devices are shared."""

    def __init__(self, attrs=None, *, width=None, autocomplete="off", inputmode=None, spellcheck=None):
        super().__init__(
            text_attributes(
                width=width,
                autocomplete=autocomplete,
                inputmode=inputmode,
                spellcheck=spellcheck,
                attrs=attrs,
            )
        )


class NumberInput(TextInput):
    """A whole number, typed; not a spinner, which scrolling changes unseen."""

    def __init__(self, attrs=None, *, width=4, inputmode="numeric"):
        super().__init__(attrs, width=width, inputmode=inputmode)


class PhoneInput(forms.TextInput):
    """A telephone number."""

    input_type = "tel"

    def __init__(self, attrs=None, *, width=20, autocomplete="off"):
        super().__init__(text_attributes(width=width, autocomplete=autocomplete, attrs=attrs))


class EmailInput(forms.EmailInput):
    """An e-mail address."""

    def __init__(self, attrs=None, *, width=30, autocomplete="off"):
        super().__init__(
            text_attributes(width=width, autocomplete=autocomplete, spellcheck=False, attrs=attrs)
        )


class TimeInput(forms.TextInput):
    """A time of day as text, `14:05`; other ways of writing it are understood."""

    def __init__(self, attrs=None):
        super().__init__(text_attributes(width=5, attrs=attrs))

    def format_value(self, value):
        """Show a time as 24 hours; what could not be read is shown as it was typed."""
        return value.strftime("%H:%M") if isinstance(value, (time, datetime)) else value


class DateParts(forms.Widget):
    """A date typed into three boxes, `<name>_day`, `<name>_month`, `<name>_year`, so that no format has to be guessed."""

    template_name = "django/forms/widgets/date_parts.html"
    use_fieldset = True
    parts = ("day", "month", "year")
    labels = {"day": _("Day"), "month": _("Month"), "year": _("Year"), "time": _("Time")}
    widths = {"day": 2, "month": 2, "year": 4, "time": 5}

    def __init__(self, attrs=None, *, birthday=False):
        super().__init__(attrs)
        self.birthday = birthday

    def value_from_datadict(self, data, files, name):
        """What was typed, part by part, untouched, so that it can be shown again as it was."""
        return {part: (data.get(f"{name}_{part}") or "") for part in self.parts}

    def value_omitted_from_data(self, data, files, name):
        """Was the question on the page at all?"""
        return not any(f"{name}_{part}" in data for part in self.parts)

    def id_for_label(self, id_):
        """The first box."""
        return f"{id_}_{self.parts[0]}" if id_ else id_

    def typed(self, value):
        """Each part as text, from a date or from what was typed."""
        if isinstance(value, dict):
            return value
        if isinstance(value, datetime) and timezone.is_aware(value):
            value = timezone.localtime(value)
        if isinstance(value, date):
            written = {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
            return {**written, "time": value.strftime("%H:%M") if isinstance(value, datetime) else ""}
        return {}

    def get_context(self, name, value, attrs):
        """One entry for each box."""
        context = super().get_context(name, None, attrs)
        typed = self.typed(value)
        own_id = context["widget"]["attrs"].get("id", f"id_{name}")
        context["widget"]["parts"] = [
            {
                "part": part,
                "id": f"{own_id}_{part}",
                "name": f"{name}_{part}",
                "label": self.labels[part],
                "value": typed.get(part, ""),
                "width": self.widths[part],
                "numeric": part != "time",
                "autocomplete": f"bday-{part}" if self.birthday else "off",
            }
            for part in self.parts
        ]
        return context


class MomentParts(DateParts):
    """A date in three boxes and the time in a fourth, `<name>_time`."""

    parts = ("day", "month", "year", "time")
