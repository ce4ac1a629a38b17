"""What the records lead fills in about members: invitations, roles, the last day."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from isva.access.roles import Role
from isva.accounts import directory
from isva.interface import forms as ui
from isva.interface.words import long_date

#: What each role comes to, told where roles are given.
ROLE_HINTS = {
    Role.ISVA: _("Carries cases: sees and changes those allocated to them."),
    Role.TRAINEE: _("Carries cases up to the service’s limit for people in training."),
    Role.COORDINATOR: _("Works with referrals, triage, the waiting list and stepped-down cases."),
    Role.MANAGER: _("Sees every case of the service, allocates, and approves step-down and closure."),
    Role.CLINICAL_SUPERVISOR: _("Sees no client record."),
    Role.COMMISSIONER: _("Sees no client record."),
    Role.RECORDS_LEAD: _("Keeps staff accounts and the service’s settings. Sees no client record."),
}


class _WithRoles(ui.ServiceForm):
    """Roles add up; but nobody is an ISVA and in training to be one."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=ui.Checkboxes(hints=ROLE_HINTS),
        help_text=_("Choose all that apply. Roles add up."),
    )  # fmt: skip
    words = {"roles": _("a role")}

    def __init__(self, *args, missing=None, **kwargs):
        """``missing`` says in words, for each role, what somebody lacks to be given it: then a reason is asked."""
        super().__init__(*args, **kwargs)
        self.reveals = {"roles": {role: [f"why_{role}"] for role in missing or {}}}
        for role, lacks in (missing or {}).items():
            self.fields[f"why_{role}"] = ui.LongTextField(
                label=_("%(lacks)s. Why are they given the role all the same?") % {"lacks": lacks}, rows=2, max_length=300,
                error_messages={"required": _("Say why they are given the role without its training")},
                help_text=_("Managers read the reason, and so do records leads."),
            )  # fmt: skip
            self._limit(self.fields[f"why_{role}"])

    def reason(self) -> str:
        """Why roles are given without what they need; empty where nothing is missing."""
        whys = [(role, self.cleaned_data.get(f"why_{role}")) for role in Role.values]
        return " ".join(f"{Role(role).label}: {why}" for role, why in whys if why)

    def clean_roles(self):
        roles = self.cleaned_data["roles"]
        if {Role.ISVA, Role.TRAINEE} <= set(roles):
            raise ValidationError(_("Choose ISVA or Trainee ISVA, not both"))
        return roles


class InviteForm(_WithRoles):
    """Who is invited, and as what."""

    once = ui.OnceField()
    name = forms.CharField(label=_("Name"), max_length=120, widget=ui.TextInput(width=30))
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("Their own work address. They will sign in with it."),
        widget=ui.EmailInput(),
    )  # fmt: skip
    field_order = ["name", "email", "roles"]
    words = {"name": _("their name"), "email": _("their e-mail address"), "roles": _("a role")}

    def __init__(self, *args, service, **kwargs):
        self.service = service
        super().__init__(*args, **kwargs)

    def clean_email(self):
        email = self.cleaned_data["email"]
        if directory.is_member(self.service, email):
            raise ValidationError(_("Somebody with this address is a member of the service already"))
        if directory.is_invited(self.service, email):
            raise ValidationError(
                _("Somebody with this address is invited already. Withdraw that invitation to send a new one")
            )
        return email


class RolesForm(_WithRoles):
    """What a member is in the service."""

    once = ui.OnceField()
    seen = ui.SeenField()


class EndForm(ui.ServiceForm):
    """The last day of somebody's membership."""

    once = ui.OnceField()
    seen = ui.SeenField()
    last_day = ui.DayMonthYearField(
        label=_("Last day"), help_text=_("They can sign in and work until the end of this day."),
    )  # fmt: skip
    words = {"last_day": _("their last day")}

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.membership = membership

    def clean_last_day(self):
        last_day = self.cleaned_data["last_day"]
        if last_day < self.membership.starts_on:
            raise ValidationError(
                _("Their last day must be on or after the day they began, %(day)s")
                % {"day": long_date(self.membership.starts_on)}
            )
        return last_day
