"""Working profiles, absences, declared connections, and the service's own details and numbers."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from isva.accounts.models import DeclaredConnection, Leave, Service, StaffProfile, Weekday
from isva.codes import Complexity, Language, Sex, Specialism
from isva.interface import forms as ui
from isva.postcodes import read_postcode


class CapForm(ui.ServiceForm):
    """How many cases somebody can carry: what a manager may change."""

    once = ui.OnceField()
    seen = ui.SeenField()
    caseload_cap = forms.IntegerField(
        label=_("Caseload cap"), min_value=0, max_value=200,
        help_text=_("Open cases at most, stepped-down ones among them. Allocation beyond it needs a reason."),
        widget=ui.NumberInput(width=3),
    )  # fmt: skip


class ProfileForm(CapForm):
    """What allocation needs to know about a member of staff."""

    weekly_hours = forms.DecimalField(
        label=_("Hours a week"), min_value=0, max_value=60, decimal_places=1, max_digits=4,
        widget=ui.TextInput(width=4, inputmode="decimal"),
    )  # fmt: skip
    specialisms = forms.MultipleChoiceField(
        label=_("Specialisms"), choices=Specialism.choices, required=False, widget=ui.Checkboxes(small=True)
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages they can work in"), choices=Language.choices, required=False,
        widget=ui.Checkboxes(small=True),
    )  # fmt: skip
    sex = forms.ChoiceField(
        label=_("Sex"), required=False, choices=[("", _("Not given")), *Sex.choices], widget=ui.Radios(small=True),
        help_text=_("Only where they want it known: clients may ask for a woman or a man."),
    )  # fmt: skip
    qualification = forms.CharField(label=_("Accredited qualification"), max_length=120, required=False)
    qualified_on = ui.DayMonthYearField(label=_("Qualified on"), past=True, required=False)
    works_on = forms.TypedMultipleChoiceField(
        label=_("Days at work"), choices=Weekday.choices, coerce=int, widget=ui.Checkboxes(small=True),
        help_text=_("On other days, what is theirs is told to whoever covers, or to the managers."),
    )  # fmt: skip
    begins_at = ui.ClockTimeField(
        label=_("Begins work at"), required=False,
        help_text=_("When the e-mail of what is due is sent. Without it, when the service opens."),
    )  # fmt: skip
    sections = [
        ui.Section(_("Time and caseload"), ["weekly_hours", "works_on", "begins_at", "caseload_cap"]),
        ui.Section(_("What they can do, and where"), ["specialisms", "languages", "areas", "sex"]),
        ui.Section(_("Qualification"), ["qualification", "qualified_on"]),
    ]

    def __init__(self, *args, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["areas"] = forms.MultipleChoiceField(
            label=_("Areas"),
            choices=[(area, area) for area in areas],
            required=False,
            widget=ui.Checkboxes(small=True),
        )


#: What of a profile each form changes.
CAP_FIELDS = ("caseload_cap",)
PROFILE_FIELDS = (
    "weekly_hours", "caseload_cap", "specialisms", "languages", "areas", "sex", "qualification", "qualified_on",
    "works_on", "begins_at",
)  # fmt: skip


def profile_values(profile: StaffProfile) -> dict:
    """What a profile says now, as its form takes it."""
    return {name: getattr(profile, name) for name in PROFILE_FIELDS}


class LeaveForm(ui.ServiceForm):
    """Days on which a member of staff is away."""

    once = ui.OnceField()
    kind = forms.ChoiceField(label=_("Kind"), choices=Leave.Kind.choices, widget=ui.Radios(small=True))
    first_day = ui.DayMonthYearField(label=_("First day"))
    last_day = ui.DayMonthYearField(label=_("Last day"))
    words = {
        "kind": _("the kind of absence"), "first_day": _("the first day away"), "last_day": _("the last day away"),
    }  # fmt: skip

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day away must be the first day or later"))
        return cleaned


class ReturnForm(ui.ServiceForm):
    """The talk with somebody who comes back after sickness."""

    once = ui.OnceField()
    held_on = ui.DayMonthYearField(label=_("Day of the talk"), past=True)
    agreed = ui.LongTextField(
        label=_("What was agreed"), rows=5, max_length=2000,
        help_text=_("Hours, cases, cover, what helps. What they were ill with need not stand here."),
    )  # fmt: skip
    words = {"held_on": _("the day of the talk"), "agreed": _("what was agreed")}


class ConnectionForm(ui.ServiceModelForm):
    """Somebody whom the member of staff, or their household, knows."""

    once = ui.OnceField()

    class Meta:
        model = DeclaredConnection
        fields = ["name", "relationship"]
        labels = {"name": _("Their name"), "relationship": _("How you know them")}

    words = {"name": _("their name"), "relationship": _("how you know them")}


class HomePostcodeForm(ui.ServiceForm):
    """Where the person lives, as far as its postcode; empty where they do not want it compared."""

    once = ui.OnceField()
    seen = ui.SeenField()
    home_postcode = forms.CharField(
        label=_("Your home postcode"), max_length=12, required=False,
        widget=ui.TextInput(width=10, autocomplete="postal-code"),
    )  # fmt: skip
    mark_optional = False

    def clean_home_postcode(self):
        """The postcode as it is compared."""
        given = self.cleaned_data["home_postcode"]
        if given and not read_postcode(given):
            raise ValidationError(_("Enter a full UK postcode, or leave it empty"))
        return read_postcode(given)


#: The service's own numbers, each with what it does.
NUMBERS = {
    "attempts_before_unable_to_contact": (
        _("Attempts before “unable to contact”"),
        _("By different methods and at different times."),
    ),
    "reopening_days": (
        _("Days in which a closed case can be reopened"),
        _("Later, or with a new referral, it is a new case of the same person."),
    ),
    "retention_years": (
        _("Years a record is kept after closure"),
        _("The date is set when a case is closed; cases closed before keep theirs."),
    ),
}
LIMITS = {
    "attempts_before_unable_to_contact": (2, 20), "reopening_days": (0, 3650), "retention_years": (1, 100),
}  # fmt: skip


class ServiceDetailsForm(ui.ServiceModelForm):
    """The service as the public sees it, and the numbers it works by."""

    once = ui.OnceField()
    seen = ui.SeenField()
    areas = ui.LongTextField(label=_("Areas"), rows=5, max_length=4000, help_text=_("One on each line."))
    trainee_complexity_limit = forms.ChoiceField(
        label=_("The most complex case a trainee takes"), choices=Complexity.choices
    )

    class Meta:
        model = Service
        fields = [
            "name", "phone", "hours", "elsewhere", "areas", "age_from", "age_to", "weight_lower", "weight_medium", "weight_higher",
            "trainee_complexity_limit", *NUMBERS,
        ]  # fmt: skip
        labels = {
            "elsewhere": _("Where else to go"), "age_from": _("Usual age from"), "age_to": _("Usual age to"),
            "weight_lower": _("Weight of a case of lower complexity"),
            "weight_medium": _("Weight of a case of medium complexity"),
            "weight_higher": _("Weight of a case of higher complexity"),
            **{name: label for name, (label, _why) in NUMBERS.items()},
        }  # fmt: skip
        help_texts = {
            "elsewhere": _("Shown on the public forms to people who need something else, or at once."),
            "age_to": _("Leave empty where there is no upper age."),
            **{name: why for name, (_label, why) in NUMBERS.items() if why},
        }

    sections = [
        ui.Section(_("What the public sees"), ["name", "phone", "hours", "elsewhere"]),
        ui.Section(
            _("Whom you usually support"), ["areas", "age_from", "age_to"],
            hint=_("A referral from outside is still taken: the form says so and where else to go."),
        ),
        ui.Section(_("First contact"), ["attempts_before_unable_to_contact"]),
        ui.Section(
            _("How caseloads are weighed"),
            ["weight_lower", "weight_medium", "weight_higher", "trainee_complexity_limit"],
            hint=_("A weighted caseload adds these up; a case of lower complexity usually counts 1."),
        ),
        ui.Section(_("Ending"), ["reopening_days", "retention_years"]),
    ]  # fmt: skip

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        self.initial["areas"] = "\n".join(instance.areas)
        for name in NUMBERS:
            self._limit_number(name, *LIMITS.get(name, (1, 366)))
        for band in ("lower", "medium", "higher"):
            self.fields[f"weight_{band}"].widget = ui.TextInput(width=4, inputmode="decimal")
        self._limit_number("age_from", 0, 120)
        self._limit_number("age_to", 0, 120)

    def _limit_number(self, name, lowest, highest):
        old = self.fields[name]
        self.fields[name] = forms.IntegerField(
            label=old.label, help_text=old.help_text, required=old.required, min_value=lowest, max_value=highest,
            widget=ui.NumberInput(width=4), initial=old.initial,
        )  # fmt: skip

    def clean_areas(self):
        areas = [line.strip() for line in self.cleaned_data["areas"].splitlines() if line.strip()]
        if any(len(area) > 80 for area in areas):
            raise ValidationError(_("The name of each area must be 80 characters or fewer"))
        return list(dict.fromkeys(areas))

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        youngest, oldest = cleaned.get("age_from"), cleaned.get("age_to")
        if youngest is not None and oldest is not None and oldest < youngest:
            self.add_error("age_to", _("The upper age must be the lower age or more"))
        weights = [cleaned.get(f"weight_{band}") for band in ("lower", "medium", "higher")]
        known = [weight for weight in weights if weight is not None]
        if len(known) == len(weights) and (known != sorted(known) or known[0] <= 0):
            self.add_error(
                "weight_higher", _("The weights must rise from lower to higher, and be more than 0")
            )
        return cleaned
