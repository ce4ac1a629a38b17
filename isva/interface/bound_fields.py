"""One question on a form as it is shown: its label, hint, errors and the ids that tie them together."""

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from isva.interface import widgets

BLANK_CHOICE = "---------"


class ServiceBoundField(BoundField):
    """A question with the markup of the design system.

    Works for any Django form; a `ServiceForm` adds label sizes, options that reveal further questions, and sections.
    """

    @property
    def kind(self):
        """Which shape the question takes in `django/forms/field.html`: radios, checkboxes, checkbox, textarea, other."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "checkboxes"
        if isinstance(widget, forms.RadioSelect):
            return "radios"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, forms.Textarea):
            return "textarea"
        return "other"

    @property
    def group_role(self):
        """`group` for several text inputs under one legend: some screen readers need it to read the hint."""
        return "group" if isinstance(self.field.widget, widgets.DateParts) else ""

    @property
    def label_text(self):
        """The label, with “(optional)” where an answer may be left out."""
        optional = (
            getattr(self.form, "mark_optional", False)
            and not self.field.required
            and self.kind != "checkbox"
            and self.label
            and not self.form.is_required_when_shown(self.name)
        )
        return _("%(label)s (optional)") % {"label": self.label} if optional else self.label

    @property
    def is_heading(self):
        """Is this question the page's only one, and so its heading?"""
        return getattr(self.form, "heading_field", None) == self.name

    @property
    def label_size(self):
        """`l`, `m`, `s` or nothing: how large the label stands."""
        if self.is_heading:
            return "l"
        if getattr(self.form, "is_revealed", lambda name: False)(self.name):
            return ""
        return getattr(self.form, "label_size", "s")

    @property
    def hint_id(self):
        """The id of the hint."""
        return f"{self.auto_id}-hint"

    @property
    def error_id(self):
        """The id of the error message."""
        return f"{self.auto_id}-error"

    @property
    def count_id(self):
        """The id of the line that says how many characters are left."""
        return f"{self.auto_id}-info"

    @property
    def character_limit(self):
        """The longest answer allowed, for a long answer that counts its characters; otherwise nothing."""
        return getattr(self.field, "max_length", None) if self.kind == "textarea" else None

    @property
    def character_limit_text(self):
        """Said before the counter starts to count, and where it cannot."""
        return _("You can write up to %(limit)s characters") % {"limit": f"{self.character_limit:,}"}

    @property
    def error_text(self):
        """All that is wrong with the answer, in one line."""
        return " ".join(self.errors)

    @property
    def aria_describedby(self):
        """The ids of all that explains this question, in reading order."""
        if self.is_hidden or not self.auto_id:
            return ""
        ids = [self.field.widget.attrs.get("aria-describedby", "")]
        ids += [self.hint_id] if self.help_text else []
        ids += [self.count_id] if self.character_limit else []
        ids += [self.error_id] if self.errors else []
        return " ".join(filter(None, ids))

    @property
    def first_input_id(self):
        """The id an error summary links to: the first option, or the part of a date that is wrong."""
        widget = self.field.widget
        own = widget.attrs.get("id") or self.auto_id
        if isinstance(widget, widgets.DateParts):
            return f"{own}_{(self.wrong_parts or widget.parts)[0]}"
        if isinstance(widget, forms.RadioSelect):
            return f"{own}_0"
        return own

    @property
    def wrong_parts(self):
        """The parts of a date or time that the error is about, in order; empty where the whole is wrong."""
        errors = self.errors.as_data() if self.errors else []
        return [part for error in errors for part in (error.params or {}).get("parts", ())]

    def build_widget_attrs(self, attrs, widget=None):
        """The attributes of the input itself: class, described-by, disabled. Never `required`: errors are told in words."""
        widget = widget or self.field.widget
        attrs = dict(attrs)
        if self.field.disabled:
            attrs["disabled"] = True
        if widget.is_hidden:
            return attrs
        attrs["class"] = " ".join(
            filter(None, [*self._classes(widget), widget.attrs.get("class"), attrs.get("class")])
        )
        if self.errors and not isinstance(widget, (forms.RadioSelect, widgets.DateParts)):
            attrs["aria-invalid"] = "true"
        if not self.use_fieldset and self.aria_describedby:
            attrs["aria-describedby"] = self.aria_describedby
        return {name: value for name, value in attrs.items() if value != ""}

    def _classes(self, widget):
        """The design system's classes for this kind of input."""
        if isinstance(widget, forms.Textarea):
            base = "govuk-textarea"
        elif isinstance(widget, (forms.RadioSelect, forms.CheckboxInput, widgets.DateParts)):
            return []
        elif isinstance(widget, forms.Select):
            base = "govuk-select"
        elif isinstance(widget, forms.FileInput):
            base = "govuk-file-upload"
        else:
            base = "govuk-input"
        counted = ["govuk-js-character-count"] if base == "govuk-textarea" and self.character_limit else []
        return [base, f"{base}--error" if self.errors else "", *counted]

    def as_widget(self, widget=None, attrs=None, only_initial=False):
        """The input as markup; options carry their hints and the questions they reveal."""
        widget = widget or self.field.widget
        if only_initial or not isinstance(
            widget, (forms.widgets.ChoiceWidget, forms.CheckboxInput, widgets.DateParts)
        ):
            return super().as_widget(widget, attrs, only_initial)
        attrs = self.build_widget_attrs(attrs or {}, widget)
        if self.auto_id and "id" not in widget.attrs:
            attrs.setdefault("id", self.auto_id)
        context = widget.get_context(self.html_name, self.value(), attrs)
        self._complete(context["widget"], widget)
        return widget._render(widget.template_name, context, self.form.renderer)

    def _complete(self, context, widget):
        """Add to a widget's context what only the form knows."""
        if isinstance(widget, widgets.DateParts):
            for part in context["parts"]:
                part["error"] = bool(self.errors) and (
                    not self.wrong_parts or part["part"] in self.wrong_parts
                )
            return
        revealed = getattr(self.form, "revealed_under", lambda name: {})(self.name)
        if isinstance(widget, forms.CheckboxInput):
            context["label"] = self.label_text
            context["hint"], context["hint_id"] = self.help_text, self.hint_id
            context["reveals"] = revealed.get("True", ())
            return
        as_options = isinstance(widget, forms.RadioSelect)
        for index, (name, options, position) in enumerate(context["optgroups"]):
            context["optgroups"][index] = (
                name,
                [o for o in options if not (as_options and is_blank(o))],
                position,
            )
            for option in options:
                value = str(option["value"])
                if is_blank(option):
                    option["label"] = _("Choose from the list")
                if as_options:
                    option["hint"] = getattr(widget, "hints", {}).get(value, "")
                    option["reveals"] = revealed.get(value, ())
                    option["exclusive"] = getattr(widget, "exclusive", None) == value
                    option["divider"] = _("or") if getattr(widget, "divider_before", None) == value else ""


def is_blank(option):
    """Is this Django's row of dashes, which stands for no answer?"""
    return str(option["value"]) == "" and option["label"] in (BLANK_CHOICE, _("Choose from the list"))
