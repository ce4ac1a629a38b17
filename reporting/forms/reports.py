"""Forms of a report: what is said to a section, what the service will change, and what a correction changed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui

#: What a service can promise in one report.
CHANGES = 6


class PassageForm(ui.ServiceForm):
    """What the manager says to a section."""

    once = ui.OnceField()
    seen = ui.SeenField()
    text = ui.LongTextField(
        label=_("Commentary"), rows=8, max_length=3000, required=False,
        help_text=_("Say what the numbers mean and why they moved. Nothing about one person: no name, no story, no number under 5."),
    )  # fmt: skip
    mark_optional = False


class ChangesForm(ui.ServiceForm):
    """What the service will change after what the report shows, each with the day by which."""

    once = ui.OnceField()
    seen = ui.SeenField()
    mark_optional = False

    def __init__(self, *args, promises=(), **kwargs):
        initial = kwargs.pop("initial", None) or {}
        for number, one in enumerate(promises[:CHANGES], start=1):
            initial |= {f"what_{number}": one.what, f"by_when_{number}": one.by_when}
        super().__init__(*args, initial=initial, **kwargs)
        self.sections = []
        for number in range(1, CHANGES + 1):
            what, by_when = names = [f"what_{number}", f"by_when_{number}"]
            self.fields[what] = ui.LongTextField(
                label=_("What the service will change"), rows=2, max_length=500, required=False,
                help_text=_("Something the service does, in a line or two. Name nobody.") if number == 1 else "",
            )  # fmt: skip
            self.fields[by_when] = ui.DayMonthYearField(label=_("By when"), required=False)
            self.sections.append(ui.Section(_("Change %(n)d") % {"n": number}, names))
        for field in self.fields.values():
            self._limit(field)

    def clean(self):
        """A change is whole or empty."""
        cleaned = super().clean()
        for number in range(1, CHANGES + 1):
            what, by_when = cleaned.get(f"what_{number}"), cleaned.get(f"by_when_{number}")
            if what and not by_when and f"by_when_{number}" not in self.errors:
                self.add_error(f"by_when_{number}", _("Enter by when it will be changed"))
            if by_when and not what:
                self.add_error(f"what_{number}", _("Enter what the service will change"))
        return cleaned

    def told(self) -> list[tuple]:
        """What will change: (what, by when)."""
        given = self.cleaned_data
        numbers = [number for number in range(1, CHANGES + 1) if given.get(f"what_{number}")]
        return [(given[f"what_{n}"], given[f"by_when_{n}"]) for n in numbers]


class PublishForm(ui.ServiceForm):
    """The manager signs: what goes out cannot be changed any more."""

    once = ui.OnceField()
    read = forms.BooleanField(
        label=_("I have read the report, and nothing in it is about one person"),
        error_messages={"required": _("Confirm that you have read the report")},
    )


class CorrectForm(ui.ServiceForm):
    """What a new version changes, and why: it goes out with it."""

    once = ui.OnceField()
    what_changed = ui.LongTextField(
        label=_("What changes, and why"), rows=3, max_length=1000,
        help_text=_("Readers see it on the first page. Nothing about one person."),
    )  # fmt: skip
    words = {"what_changed": _("what changes")}
