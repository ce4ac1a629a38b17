"""Codes, names of passkeys, and confirming once more that it is oneself."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from isva.accounts.forms.signing_in import password_field
from isva.accounts.models import FactorReset
from isva.interface import forms as ui

LONGEST_CODE = 20


def code_field(label, *, help_text="", required=True) -> forms.CharField:
    """A question for a code in figures; spaces between them do not matter."""
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST_CODE, required=required,
        widget=ui.TextInput(width=10, autocomplete="one-time-code", inputmode="numeric", spellcheck=False),
    )  # fmt: skip


class CodeForm(ui.ServiceForm):
    """A code of the app, or a recovery code."""

    code = code_field(
        _("Code"), help_text=_("The six figures that your app shows now, or one of your recovery codes.")
    )
    words = {"code": _("the code")}

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split())


class AppForm(CodeForm):
    """The first code of an app that is being set up."""

    code = code_field(_("Code"), help_text=_("The six figures that the app shows for Isva."))


class PasskeyForm(ui.ServiceForm):
    """What a passkey is called in the person's own list."""

    name = forms.CharField(
        label=_("Name of this passkey"), max_length=60, widget=ui.TextInput(width=20),
        help_text=_("So that you know it again: work laptop, blue key."),
    )  # fmt: skip
    words = {"name": _("a name for this passkey")}


class ConfirmForm(ui.ServiceForm):
    """The password, or a code: one of the two."""

    password = password_field(_("Password"), autocomplete="current-password")
    code = code_field(_("Or a code of your app"), required=False)
    words = {"password": _("your password, or a code of your app")}
    mark_optional = False

    def __init__(self, *args, with_code: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].required = not with_code
        if not with_code:
            del self.fields["code"]

    def clean(self):
        cleaned = super().clean()
        if "code" in self.fields and not cleaned.get("password") and not cleaned.get("code"):
            self.add_error("password", ValidationError(_("Enter your password, or a code of your app")))
        return cleaned


class ResetFactorForm(ui.ServiceForm):
    """How the records lead checked who asked."""

    once = ui.OnceField()
    checked = forms.ChoiceField(
        label=_("How did you check that it is them?"), choices=FactorReset.Checked.choices, widget=ui.Radios(),
        help_text=_("An e-mail is no check: whoever has their password may have their mail."),
    )  # fmt: skip
    words = {"checked": _("how you checked")}


class ForgottenForm(ui.ServiceForm):
    """Where to send the link of a new password."""

    email = forms.EmailField(label=_("E-mail address"), widget=ui.EmailInput(autocomplete="username"))
    words = {"email": _("your e-mail address")}
