"""The form of a person's own details."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import Client
from isva.codes import Format
from isva.interface import forms as ui

EQUALITY = (
    "sex", "gender_identity", "ethnicity", "religion", "orientation", "disability", "marital", "pregnancy",
)  # fmt: skip


class ClientForm(ui.ServiceModelForm):
    """Who the person is, what they need, who must not know, and, where they wish to say, equality data."""

    once = ui.OnceField()
    seen = ui.SeenField()
    formats = forms.MultipleChoiceField(
        label=_("How they read and are read to"), choices=Format.choices, required=False,
        widget=ui.Checkboxes(small=True),
    )  # fmt: skip
    date_of_birth = ui.DayMonthYearField(label=_("Date of birth"), required=False, past=True)
    age_given = forms.IntegerField(
        label=_("Age, where the date of birth is not known"), required=False, min_value=0, max_value=120,
        widget=ui.NumberInput(width=3),
    )  # fmt: skip
    area = forms.ChoiceField(label=_("Area"), required=False)
    mark_optional = False
    words = {"name": _("the name")}
    sections = [
        ui.Section(_("The person"), ["name", "known_as", "pronouns", "date_of_birth", "age_given", "area"]),
        ui.Section(
            _("Safety"), ["who_must_not_know", "suspect_at_home", "unreachable_plan", "welfare_check"],
            hint=_("Shown with the safe contact on every page of the case."),
        ),
        ui.Section(
            _("Language and access"),
            ["language", "interpreter_needed", "formats", "access_needs"],
        ),
        ui.Section(
            _("What they prefer"),
            ["preferred_worker_sex", "preferred_worker_language", "preferred_place", "preferred_times"],
        ),
        ui.Section(
            _("Equality data"), list(EQUALITY),
            hint=_("Only what the person has told you. “Prefer not to say” and “not asked” are two answers."),
        ),
    ]  # fmt: skip
    reveals = {"interpreter_needed": {"True": ["interpreter_sex", "interpreter_not_known"]}}

    class Meta:
        model = Client
        fields = [
            "name", "known_as", "pronouns", "date_of_birth", "age_given", "area", "who_must_not_know",
            "suspect_at_home", "unreachable_plan", "welfare_check", "language", "interpreter_needed",
            "interpreter_sex", "interpreter_not_known", "formats", "access_needs", "preferred_worker_sex",
            "preferred_worker_language", "preferred_place", "preferred_times", *EQUALITY,
        ]  # fmt: skip
        widgets = {"welfare_check": ui.Radios(inline=True)}
        help_texts = {
            "who_must_not_know": _("Nobody on this line hears of the service, not even by accident."),
            "unreachable_plan": _("What was agreed for the case that nobody can reach them."),
        }

    def __init__(self, *args, areas=(), area_now: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        known = list(areas)
        if area_now and area_now not in known:
            known.append(area_now)
        self.fields["area"].choices = [("", _("Choose from the list")), *((area, area) for area in known)]

    def values(self) -> dict:
        """The details as they were given."""
        given = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return given | {"interpreter_sex": given["interpreter_sex"] or ""}
