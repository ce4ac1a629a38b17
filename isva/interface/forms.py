"""What every form of the service is built from: plain words for errors, sections, questions that open others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django import forms
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from isva.interface.fields import (
    ClockTimeField,
    DayMonthYearField,
    LongTextField,
    MomentField,
    OnceField,
    PhoneField,
    SeenField,
    YesNoField,
)
from isva.interface.widgets import (
    Checkboxes,
    DateParts,
    EmailInput,
    MomentParts,
    NumberInput,
    PhoneInput,
    Radios,
    TextInput,
    TimeInput,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = [
    "Checkboxes",
    "ClockTimeField",
    "DateParts",
    "DayMonthYearField",
    "EmailInput",
    "LongTextField",
    "MomentField",
    "MomentParts",
    "NumberInput",
    "OnceField",
    "PhoneField",
    "PhoneInput",
    "PlainWords",
    "Radios",
    "Section",
    "SeenField",
    "ServiceForm",
    "ServiceModelForm",
    "TextInput",
    "TimeInput",
    "YesNoField",
]

LONGEST_LINE, LONGEST_NOTE = 200, 10_000
LARGEST_NUMBER = 2_147_483_647

CHOOSING = (forms.ChoiceField, forms.ModelChoiceField)
SEVERAL = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)

#: What is said for each kind of mistake. `{name}` is the question's name in a sentence, `{Name}` at its start.
MESSAGES = {
    "invalid_choice": _("Select {name} from the list"),
    "invalid_pk_value": _("Select {name} from the list"),
    "invalid_list": _("Select {name} from the list"),
    "max_length": _("{Name} must be %(limit_value)d characters or fewer (you wrote %(show_value)d)"),
    "min_length": _("{Name} must be %(limit_value)d characters or more (you wrote %(show_value)d)"),
    "max_value": _("{Name} must be %(limit_value)s or less"),
    "min_value": _("{Name} must be %(limit_value)s or more"),
    "step_size": _("{Name} must be a multiple of %(limit_value)s"),
    "max_digits": _("{Name} has too many figures"),
    "max_decimal_places": _("{Name} has too many figures after the point"),
    "max_whole_digits": _("{Name} has too many figures"),
    "null_characters_not_allowed": _("{Name} has a character in it that cannot be saved. Type it again"),
    "missing": _("Choose a file for {name}"),
    "empty": _("The file for {name} is empty"),
    "contradiction": _("Either choose a file for {name} or tick to remove it, not both"),
    "invalid_image": _("{Name} must be a picture"),
    "incomplete": _("Complete {name}"),
}


def lower_first(text):
    """A label as it stands inside a sentence: `Date of birth` → `date of birth`, `NHS number` stays."""
    return text[:1].lower() + text[1:] if len(text) < 2 or not text[1:2].isupper() else text


def upper_first(text):
    """A name as it stands at the start of a sentence."""
    return text[:1].upper() + text[1:]


class Words:
    """A question's name inside a sentence and at its start; lazy, so that the reader's language is used."""

    def __init__(self, label, words=None):
        self.label, self.words = label, words

    @property
    def is_question(self):
        """Is the label a sentence that asks, with no shorter name given?"""
        return not self.words and str(self.label).rstrip().endswith("?")

    def inside(self):
        """As in “Enter …”."""
        if self.is_question:
            return _("an answer to “%(question)s”") % {"question": self.label}
        return self.words or lower_first(str(self.label))

    def start(self):
        """As in “… must be …”."""
        return _("Your answer") if self.is_question else upper_first(str(self.words or self.label))


def spoken(text):
    """Text that can stand in a message with parameters: a per cent sign is written out."""
    return str(text).replace("%", gettext("per cent"))


def _message_about(pattern, words):
    names = {
        "name": spoken(words.inside()),
        "Name": spoken(words.start()),
        "label": spoken(words.label),
    }
    return str(pattern).format(**names)


#: A message that names its question; put into words only where the mistake is made, for most never are.
message_about = lazy(_message_about, str)


def required_message(field):
    """How to ask for an answer that is missing, by the kind of question."""
    if isinstance(field, SEVERAL):
        return _("Select at least one answer for {name}")
    if isinstance(field, CHOOSING):
        return _("Select {name}")
    if isinstance(field, forms.BooleanField):
        return _("Tick the box: {label}")
    if isinstance(field, forms.FileField):
        return _("Choose a file for {name}")
    return _("Enter {name}")


def invalid_message(field):
    """How to tell that an answer cannot be read, by the kind of question; None where the field says it itself."""
    if isinstance(field, (DayMonthYearField, ClockTimeField, PhoneField)):
        return None
    if isinstance(field, forms.EmailField):
        return _("Enter {name} as an e-mail address, like name@example.org")
    if isinstance(field, forms.URLField):
        return _("Enter {name} as a web address, like https://www.example.org")
    if isinstance(field, (forms.DecimalField, forms.FloatField)):
        return _("{Name} must be a number, like 2.5")
    if isinstance(field, forms.IntegerField):
        return _("{Name} must be a whole number, like 3")
    if isinstance(field, forms.FileField):
        return _("Choose a file for {name} again")
    return _("{Name} could not be read. Check it and try again")


def own_default(field, code):
    """Is the field's message for this mistake still the library's, not one the form's author wrote?"""
    message = field.error_messages.get(code)
    return message is None or any(
        getattr(kind, "default_error_messages", {}).get(code) is message for kind in type(field).__mro__
    )


@dataclass(frozen=True)
class Section:
    """A group of questions under one legend; `title` may be empty, `hint` stands under it."""

    title: "StrOrPromise"
    fields: Sequence[str]
    hint: "StrOrPromise" = ""


class PlainWords:
    """Makes any Django form speak plainly; mix it in before `forms.Form` (sign-in forms of other packages too).

    * `words` maps a field to its name in a sentence: `{"name": _("the client's name")}` → “Enter the client's name”.
    * `reveals` puts questions under an option of another: `{"consent": {"no": ["basis", "why"]}}`. They are asked (and
      required) only where that option is chosen; otherwise their answer is emptied, whatever was sent.
    * `sections` is a list of `Section`; questions named in none come first.
    * `heading_field` names the only question of a page: its label is the page's heading.
    """

    words: "Mapping[str, StrOrPromise]" = {}
    reveals: Mapping[str, Mapping] = {}
    sections: Sequence[Section] = ()
    heading_field: str | None = None
    label_size = "s"
    mark_optional = True
    use_required_attribute = False
    template_name = "django/forms/service_form.html"

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            self._limit(field)

    def full_clean(self):
        """Check the answers; mistakes are told in words that name the question."""
        if self.is_bound:
            for name, field in self.fields.items():
                self._say_plainly(name, field)
        super().full_clean()

    def _limit(self, field):
        """No text or number is without a limit, so that nothing reaches the database that it cannot hold."""
        widget = field.widget
        if isinstance(field, forms.CharField) and field.max_length is None and not widget.is_hidden:
            field.max_length = LONGEST_NOTE if isinstance(widget, forms.Textarea) else LONGEST_LINE
            field.validators.append(MaxLengthValidator(field.max_length))
        if type(field) is forms.IntegerField:
            if field.max_value is None:
                field.validators.append(MaxValueValidator(LARGEST_NUMBER))
            if field.min_value is None:
                field.validators.append(MinValueValidator(-LARGEST_NUMBER))
            if type(widget) is forms.NumberInput:
                field.widget = NumberInput(attrs={k: v for k, v in widget.attrs.items() if k == "class"})
        # A browser would cut a pasted text short without a word; the server tells instead.
        field.widget.attrs.pop("maxlength", None)
        field.widget.attrs.pop("minlength", None)
        if type(field.widget) in (forms.TextInput, forms.EmailInput):
            field.widget.attrs.setdefault("autocomplete", "off")

    def _say_plainly(self, name, field):
        """Give the field messages that name it, except where the form's author wrote their own."""
        label = field.label if field.label is not None else name.replace("_", " ").capitalize()
        words = Words(label, self.words.get(name))
        patterns = {**MESSAGES, "required": required_message(field), "invalid": invalid_message(field)}
        if isinstance(field, (DayMonthYearField, ClockTimeField)):
            field.name_in_words = words.start()
            patterns.pop("incomplete")
        for code, pattern in patterns.items():
            if pattern is not None and own_default(field, code):
                field.error_messages[code] = message_about(pattern, words)

    # Questions that open others

    @cached_property
    def _parents(self):
        """Each question that stands under an option: its parent and that option."""
        return {
            child: (parent, str(option))
            for parent, options in self.reveals.items()
            for option, children in options.items()
            for child in children
            if child in self.fields and parent in self.fields
        }

    def is_revealed(self, name):
        """Does this question stand under an option of another?"""
        return name in self._parents

    def is_required_when_shown(self, name):
        """Is an answer needed as soon as the question is shown?"""
        return self.fields[name].required

    def revealed_under(self, name):
        """The questions under each option of this one: `{"no": [bound field, …]}`."""
        return {
            str(option): [self[child] for child in children if child in self.fields]
            for option, children in self.reveals.get(name, {}).items()
        }

    def is_asked(self, name):
        """Is this question asked, given what was answered before it?"""
        if name not in self._parents:
            return True
        parent, option = self._parents[name]
        chosen = self[parent].data if self.is_bound else self[parent].value()
        chosen = chosen if isinstance(chosen, (list, tuple)) else [chosen]
        return option in map(str, chosen) and self.is_asked(parent)

    def _bound_items(self):
        """The questions that count: an unasked one is neither cleaned nor looked at for changes."""
        return ((name, self[name]) for name in self.fields if not self.is_bound or self.is_asked(name))

    def _clean_fields(self):
        """Clean the questions that are asked; empty the others, so that no hidden answer is kept."""
        super()._clean_fields()
        for name in self._parents:
            if not self.is_asked(name):
                self.fields[name].required = False
                self.cleaned_data[name] = empty_answer(self.fields[name])

    # How the form is laid out

    def get_context(self):
        """What the form's template needs, and no more: errors are rendered with their questions."""
        return {"form": self, "hidden_fields": self.hidden_fields()}

    @cached_property
    def layout(self):
        """The sections as they are shown, each with its visible questions; a question under an option is left to it."""
        shown = [name for name in self.fields if not self[name].is_hidden and not self.is_revealed(name)]
        named = {name for section in self.sections for name in section.fields}
        groups = [Section("", [name for name in shown if name not in named]), *self.sections]
        return [
            {
                "title": group.title,
                "hint": group.hint,
                "fields": [self[name] for name in group.fields if name in shown],
            }
            for group in groups
            if any(name in shown for name in group.fields)
        ]


def empty_answer(field):
    """What an unasked question cleans to: the empty value of its kind."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return field.queryset.none()
    if isinstance(field, forms.MultipleChoiceField):
        return []
    if isinstance(field, forms.NullBooleanField):
        return None
    if isinstance(field, forms.BooleanField):
        return False
    return getattr(field, "empty_value", None) if isinstance(field, forms.CharField) else None


class ServiceForm(PlainWords, forms.Form):
    """A form of the service."""


class ServiceModelFormMetaclass(forms.models.ModelFormMetaclass):
    """Gives model forms our dates, times and long notes without each form asking for them."""

    def __new__(mcs, name, bases, attrs):
        meta = attrs.get("Meta")
        if meta is not None and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(service_formfield)
        return super().__new__(mcs, name, bases, attrs)


def service_formfield(model_field, **kwargs):
    """The question for a model's field: dates in three boxes, notes that count, no dashes for “nothing chosen”."""
    if not model_field.choices and "form_class" not in kwargs and "widget" not in kwargs:
        for kind, form_class in (
            (models.DateTimeField, MomentField),
            (models.DateField, DayMonthYearField),
            (models.TimeField, ClockTimeField),
        ):
            if isinstance(model_field, kind):
                return model_field.formfield(form_class=form_class, show_hidden_initial=False, **kwargs)
        if isinstance(model_field, models.TextField):
            limit = model_field.max_length or LONGEST_NOTE
            return model_field.formfield(form_class=LongTextField, max_length=limit, **kwargs)
    return model_field.formfield(**kwargs)


class ServiceModelForm(PlainWords, forms.ModelForm, metaclass=ServiceModelFormMetaclass):
    """A form of the service for one record."""
