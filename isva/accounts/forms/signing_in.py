"""Signing in, choosing a password, taking up an invitation."""

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from isva.accounts.models import User
from isva.interface import forms as ui

LONGEST_PASSWORD = 200


def password_field(label, *, autocomplete: str, help_text="") -> forms.CharField:
    """A question for a password, taken exactly as typed."""
    return forms.CharField(
        label=label, strip=False, max_length=LONGEST_PASSWORD, help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete, "class": "govuk-input govuk-input--width-20"}),
    )  # fmt: skip


class SignInForm(ui.ServiceForm):
    """E-mail address and password. Whether they fit is told by the page, in the same words for every mistake."""

    email = forms.EmailField(label=_("E-mail address"), widget=ui.EmailInput(autocomplete="username"))
    password = password_field(_("Password"), autocomplete="current-password")


class NewPasswordForm(ui.ServiceForm):
    """A new password, typed twice and checked against what makes passwords weak."""

    once = ui.OnceField()
    new_password = password_field(
        _("New password"), autocomplete="new-password",
        help_text=_("At least 12 characters. Three or four words that do not belong together are good."),
    )  # fmt: skip
    again = password_field(_("New password again"), autocomplete="new-password")
    words = {"again": _("the new password again")}

    def __init__(self, *args, person: User, **kwargs):
        #: Whose password it will be: it may not resemble their name or address.
        self.person = person
        super().__init__(*args, **kwargs)

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        first, second = cleaned.get("new_password"), cleaned.get("again")
        if first and second and first != second:
            self.add_error("again", _("The two passwords differ. Type both again"))
        if first:
            try:
                password_validation.validate_password(first, self.person)
            except ValidationError as mistakes:
                self.add_error("new_password", mistakes)
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    """The old password, and the new one twice."""

    old_password = password_field(_("Password now"), autocomplete="current-password")
    words = {"old_password": _("the password you have now"), "again": _("the new password again")}
    field_order = ["old_password", "new_password", "again"]

    def clean_old_password(self):
        old = self.cleaned_data["old_password"]
        if not self.person.check_password(old):
            raise ValidationError(_("That is not the password you have now"))
        return old


class JoinForm(NewPasswordForm):
    """What somebody new to the product tells: what to call them, and a password of their own."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=ui.TextInput(width=30, autocomplete="name")
    )
    words = {"name": _("your name"), "again": _("the new password again")}
    field_order = ["name", "new_password", "again"]

    def clean_name(self):
        self.person.name = self.cleaned_data["name"]
        return self.person.name


class JustOnceForm(ui.ServiceForm):
    """A button and nothing else to fill in."""

    once = ui.OnceField()
