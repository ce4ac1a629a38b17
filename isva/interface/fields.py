"""Questions whose answers need reading: dates, times, telephone numbers, yes or no, long notes, the once-only token."""

import re
import unicodedata
import uuid
from datetime import UTC, date, datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext_lazy as _

from isva.clock.moment import now as clock_now
from isva.interface import widgets
from isva.interface.words import long_date

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
PART_NAMES = {"day": _("a day"), "month": _("a month"), "year": _("a year"), "time": _("a time")}
CLOCK = re.compile(r"^(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?$", re.IGNORECASE)
LONGEST_PART = 20


def in_words(parts):
    """“a day”, “a day and a month”, “a day, a month and a year”."""
    names = [str(PART_NAMES[part]) for part in parts]
    if len(names) == 1:
        return names[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def read_number(text):
    """A whole number of at most four figures, or None; also full-width and other scripts' figures."""
    text = unicodedata.normalize("NFKC", text).strip()
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None


def read_month(text):
    """A month from its number or its name in the reader's language, or None."""
    number = read_number(text)
    if number is not None:
        return number
    word = text.strip().rstrip(".").casefold()
    for names in (MONTHS, MONTHS_3):
        for month, name in names.items():
            if word and word == str(name).casefold():
                return month
    return None


def read_time(text):
    """A time of day from `14:05`, `1405`, `9.30`, `2pm`, `2:30 pm`; None where it is none of these."""
    found = CLOCK.match(unicodedata.normalize("NFKC", text).strip()[:LONGEST_PART])
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower().replace(".", "")
    if not found[2] and not half and len(found[1]) <= 2 and ":" not in text:
        return None
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


class DayMonthYearField(forms.Field):
    """A date. `past` refuses days to come, `future` days gone by, `earliest` and `latest` are dates or functions that give one.

    Cleans to a `datetime.date` or None. A half-filled date is told which part is missing; nothing typed is lost.
    """

    widget = widgets.DateParts
    default_error_messages = {
        "incomplete": _("%(name)s must include %(missing)s"),
        "invalid": _("%(name)s must be a real date, like 27 3 2027"),
        "past": _("%(name)s must be today or in the past"),
        "future": _("%(name)s must be today or in the future"),
        "earliest": _("%(name)s must be on or after %(limit)s"),
        "latest": _("%(name)s must be on or before %(limit)s"),
    }
    name_in_words = _("The date")

    def __init__(self, *, past=False, future=False, earliest=None, latest=None, **kwargs):
        self.past, self.future, self.earliest, self.latest = past, future, earliest, latest
        super().__init__(**kwargs)

    def refuse(self, code, *, parts=(), **params):
        """The error to raise, naming the question and the parts that are wrong."""
        return ValidationError(
            self.error_messages[code],
            code=code,
            params={"name": self.name_in_words, "parts": parts, **params},
        )

    def typed_parts(self, value):
        """The parts as trimmed text; None where nothing at all was typed."""
        if not isinstance(value, dict):
            return None
        typed = {part: str(value.get(part, "")).strip() for part in self.widget.parts}
        return typed if any(typed.values()) else None

    def to_python(self, value):
        """The date that was typed. Raises ValidationError in words."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        typed = self.typed_parts(value)
        return None if typed is None else self.read_date(typed)

    def read_date(self, typed):
        """A real date from three texts."""
        missing = tuple(part for part in typed if not typed[part])
        if missing:
            raise self.refuse("incomplete", parts=missing, missing=in_words(missing))
        day, month, year = read_number(typed["day"]), read_month(typed["month"]), read_number(typed["year"])
        wrong = []
        if day is None or not 1 <= day <= 31:
            wrong.append("day")
        if month is None or not 1 <= month <= 12:
            wrong.append("month")
        if year is None or not EARLIEST_YEAR <= year <= LATEST_YEAR:
            wrong.append("year")
        if wrong:
            raise self.refuse("invalid", parts=tuple(wrong))
        try:
            return date(year, month, day)
        except ValueError:
            raise self.refuse("invalid", parts=("day",)) from None

    def validate(self, value):
        """Check the date against today and the limits given."""
        super().validate(value)
        if value is not None:
            self.check_limits(value, today=timezone.localdate())

    def check_limits(self, day, *, today):
        """Raise ValidationError where the day lies outside what the question allows."""
        if self.past and day > today:
            raise self.refuse("past")
        if self.future and day < today:
            raise self.refuse("future")
        self.check_bounds(day)

    def check_bounds(self, day):
        """Raise ValidationError where the day lies before the earliest or after the latest one allowed."""
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if earliest is not None and day < earliest:
            raise self.refuse("earliest", limit=long_date(earliest))
        if latest is not None and day > latest:
            raise self.refuse("latest", limit=long_date(latest))

    def has_changed(self, initial, data):
        """Does what was typed differ from what was there?"""
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class MomentField(DayMonthYearField):
    """A date and a time of day in London; cleans to an aware datetime. `past` and `future` compare with now."""

    widget = widgets.MomentParts
    default_error_messages = {
        "time": _("%(name)s must have a time, like 14:05"),
        "gap": _("%(name)s is in the hour that was skipped when the clocks went forward"),
        "past": _("%(name)s must be in the past"),
        "future": _("%(name)s must be in the future"),
    }
    name_in_words = _("The date and time")

    def to_python(self, value):
        """The moment that was typed. Raises ValidationError in words, also for the hour that summer time skips."""
        if isinstance(value, datetime):
            return value
        typed = self.typed_parts(value)
        if typed is None:
            return None
        day = self.read_date(typed)
        clock = read_time(typed["time"])
        if clock is None:
            raise self.refuse("time", parts=("time",))
        moment = datetime.combine(day, clock, tzinfo=timezone.get_current_timezone())
        if moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) != moment.replace(
            tzinfo=None
        ):
            raise self.refuse("gap", parts=("time",))
        return moment

    def check_limits(self, moment, *, today):
        """Compare with now, and the day with the limits given."""
        now = clock_now()
        if self.past and moment > now:
            raise self.refuse("past")
        if self.future and moment < now:
            raise self.refuse("future")
        self.check_bounds(timezone.localtime(moment).date())


class ClockTimeField(forms.Field):
    """A time of day; cleans to a `datetime.time` or None."""

    widget = widgets.TimeInput
    default_error_messages = {"invalid": _("%(name)s must be a time, like 14:05")}
    name_in_words = _("The time")

    def to_python(self, value):
        """The time that was typed. Raises ValidationError in words."""
        if value in self.empty_values or isinstance(value, time):
            return value or None
        clock = read_time(str(value))
        if clock is None:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"name": self.name_in_words}
            )
        return clock

    def has_changed(self, initial, data):
        """Does what was typed differ from what was there?"""
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class LongTextField(forms.CharField):
    """A note of several lines; `rows` is its height. Characters are counted when they run short (default 5,000)."""

    widget = forms.Textarea

    def __init__(self, *, rows=5, max_length=5000, **kwargs):
        if kwargs.get("widget", forms.Textarea) is forms.Textarea:
            kwargs["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value):
        """The text with one character to a line's end, as the counter on the page counts it."""
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class PhoneField(forms.CharField):
    """A telephone number: figures with spaces, brackets, hyphens or a leading plus; kept as it was written."""

    widget = widgets.PhoneInput
    default_error_messages = {"invalid": _("Enter a telephone number, like 07700 900123 or +44 20 7946 0123")}

    def __init__(self, *, max_length=30, **kwargs):
        super().__init__(max_length=max_length, **kwargs)

    def clean(self, value):
        """The number, tidied of double spaces. Raises ValidationError in words."""
        number = " ".join(super().clean(value).split())
        if number and (
            not re.fullmatch(r"\+?[0-9 ()./-]+( ?(x|ext\.?) ?[0-9]{1,6})?", number, re.IGNORECASE)
            or not 3 <= len(re.sub(r"\D", "", number)) <= 20
        ):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class YesNoField(forms.ChoiceField):
    """Yes or no; cleans to True, False, or None where it may be left open. Option values are `yes` and `no`."""

    def __init__(self, *, inline=True, hints=None, **kwargs):
        kwargs.setdefault("widget", widgets.Radios(inline=inline, hints=hints))
        super().__init__(choices=[("yes", _("Yes")), ("no", _("No"))], **kwargs)

    def prepare_value(self, value):
        """A stored True or False as the option it stands for."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value

    def clean(self, value):
        """True, False or None. Raises ValidationError where an answer is needed or is neither."""
        return {"yes": True, "no": False}.get(super().clean(self.prepare_value(value)))

    def has_changed(self, initial, data):
        """Does the answer differ from what was there?"""
        return super().has_changed(self.prepare_value(initial), data)


class SeenField(forms.CharField):
    """The hidden mark of what the page said when it was shown: who saves over somebody else's change is told."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "label": "", "max_length": 64, **kwargs})


class OnceField(forms.UUIDField):
    """The hidden token that makes a form count once, however often its button is pressed.

    A new one for each page shown; a form that comes back with errors keeps its own. Rubbish cleans to None.
    """

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "initial": uuid.uuid4, "label": "", **kwargs})

    def clean(self, value):
        """The token, or None where there is none that can be read."""
        try:
            return super().clean(value)
        except ValidationError:
            return None

    def bound_data(self, data, initial):
        """Keep a token that can be read; put a new one in place of rubbish."""
        return data if self.clean(data) else initial
