"""Forms of management supervision: who gives it, and what was decided in it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui

#: Actions that one session can decide.
ACTIONS = 4


class ArrangeManagementForm(ui.ServiceForm):
    """Who supervises somebody, and how often."""

    once = ui.OnceField()
    seen = ui.SeenField()
    supervisor = forms.ChoiceField(label=_("Supervisor"), widget=ui.Radios(small=True))
    every_days = forms.IntegerField(
        label=_("Every so many days"), min_value=7, max_value=91, required=False, widget=ui.NumberInput(width=3),
        help_text=_("Leave it empty for the rhythm of the service."),
    )  # fmt: skip
    words = {"supervisor": _("the supervisor"), "every_days": _("the number of days")}

    def __init__(self, *args, supervisors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["supervisor"].choices = [(str(one.user_id), one.user.name) for one in supervisors]


class HoldSupervisionForm(ui.ServiceForm):
    """The day of a session, and what was decided: each action with its owner and its day."""

    once = ui.OnceField()
    held_on = ui.DayMonthYearField(label=_("Day"), past=True)
    words = {"held_on": _("the day of the session")}
    mark_optional = False

    def __init__(self, *args, owners, **kwargs):
        super().__init__(*args, **kwargs)
        people = [("", _("Choose from the list")), *owners]
        self.sections = []
        for number in range(1, ACTIONS + 1):
            what, owner, due_on = names = [f"{part}_{number}" for part in ("what", "owner", "due_on")]
            self.fields[what] = ui.LongTextField(
                label=_("What is to be done"), rows=2, max_length=500, required=False,
                help_text=_("Name no client: what is about a case belongs into its plan.") if number == 1 else "",
            )  # fmt: skip
            self.fields[owner] = forms.ChoiceField(label=_("Who does it"), choices=people, required=False)
            self.fields[due_on] = ui.DayMonthYearField(label=_("By when"), required=False, future=True)
            self.sections.append(ui.Section(_("Action %(n)d") % {"n": number}, names))
        for field in self.fields.values():
            self._limit(field)

    def clean(self):
        """An action is whole or empty."""
        cleaned = super().clean()
        for number in range(1, ACTIONS + 1):
            what, owner, due_on = (cleaned.get(f"{part}_{number}") for part in ("what", "owner", "due_on"))
            if not (what or owner or due_on):
                continue
            if not what:
                self.add_error(f"what_{number}", _("Enter what is to be done"))
            if not owner:
                self.add_error(f"owner_{number}", _("Select who does it from the list"))
            if not due_on and f"due_on_{number}" not in self.errors:
                self.add_error(f"due_on_{number}", _("Enter by when it is done"))
        return cleaned

    def decided(self) -> list[tuple]:
        """What was decided: (what, key of the owner, by when)."""
        told = self.cleaned_data
        numbers = [number for number in range(1, ACTIONS + 1) if told.get(f"what_{number}")]
        return [(told[f"what_{n}"], told[f"owner_{n}"], told[f"due_on_{n}"]) for n in numbers]
