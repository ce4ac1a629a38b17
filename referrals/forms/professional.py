"""Questions to a professional about themselves."""

from django.utils.translation import gettext_lazy as _

from isva import codes
from referrals.forms import pieces as ask
from referrals.wizard import StepForm


class AboutYou(StepForm):
    """The professional who refers."""

    referrer_name = ask.line(_("Your name"), required=True, autocomplete="name")
    referrer_agency = ask.line(_("Your agency"), required=True, autocomplete="organization")
    source = ask.from_list(
        _("What kind of agency is it?"),
        ask.without(codes.ReferralSource.choices, "self", "family"),
        required=True,
    )
    referrer_role = ask.line(_("Your role"), required=True, autocomplete="organization-title")
    referrer_email = ask.email(
        _("Your work e-mail address"), autocomplete="email",
        hint=_("This or a phone number. We send a receipt with a private link; it says nothing about anybody."),
    )  # fmt: skip
    referrer_phone = ask.phone(_("Your work phone number"), autocomplete="tel")
    words = {"source": _("what kind of agency it is")}

    def clean(self):
        """We must be able to reach whoever refers: for what is missing, and to tell how it went on."""
        answers = super().clean()
        if not {"referrer_email", "referrer_phone"} & set(self.errors) and not (
            answers.get("referrer_email") or answers.get("referrer_phone")
        ):
            self.add_error("referrer_email", _("Enter a work e-mail address or a work phone number"))
        return answers
