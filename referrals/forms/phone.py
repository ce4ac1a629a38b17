"""The page on which a coordinator types a referral that came by phone: the same questions, in sections."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from isva import codes
from isva.clock.moment import today
from isva.interface import forms as ui
from referrals.forms import about_them, safe_ways
from referrals.forms import pieces as ask
from referrals.wizard import StepForm

#: Days within which a call is still typed in as a referral of its own day.
LATE_AT_MOST = 30


class Caller(StepForm):
    """Who is on the phone."""

    source = ask.from_list(_("Who calls?"), codes.ReferralSource.choices, required=True)
    referrer_name = ask.line(
        _("Name of the caller"), hint=_("Leave these empty if the person calls for themselves.")
    )
    referrer_agency = ask.line(_("Agency"))
    referrer_role = ask.line(_("Role, or who they are to the person"))
    referrer_email = ask.email(
        _("E-mail address of the caller"),
        hint=_("A receipt goes there: of the person themselves, only where e-mail is safe."),
    )
    referrer_phone = ask.phone(_("Phone number of the caller"))
    received_at = ui.MomentField(
        label=_("When did they call?"), required=False, past=True, help_text=_("Leave it empty for now."),
        earliest=lambda: today() - dt.timedelta(days=LATE_AT_MOST),
    )  # fmt: skip
    words = {"source": _("who calls"), "received_at": _("When they called")}


class PhoneConsent(StepForm):
    """Consent as it was told on the phone; the questions for a child stand apart."""

    client_knows = ask.yes_no(_("Does the person know of the referral?"))
    consents = ask.yes_no(_("Do they agree to it?"), inline=False)
    no_consent_basis = ask.one_of(
        _("Why it is made without their agreement"), codes.NoConsentBasis.choices, required=True
    )
    no_consent_reason = ask.note(_("Reason"), required=True, max_length=2000)
    child_consents = ask.one_of(_("If under 18: does the child agree?"), codes.YesNoUnknown.choices)
    parent_consents = ask.one_of(
        _("If under 18: does a safe parent or carer agree?"), codes.YesNoUnknown.choices
    )
    client_has_seen = ask.yes_no(_("Have they heard what was passed on to us?"))
    tell_referrer = ask.yes_no(_("May the caller be told how the referral goes on?"))
    share_isva_name = ask.yes_no(_("May the caller be told the name of the ISVA?"))
    reveals = {"consents": {"no": ["no_consent_basis", "no_consent_reason"]}}

    def clean(self):
        """Nobody agrees to what they do not know of."""
        answers = super().clean()
        if answers.get("client_knows") is False and answers.get("consents") is True:
            self.add_error(
                "consents", _("If they do not know of the referral, they cannot have agreed to it")
            )
        return answers


#: What is asked under each way of contact, in the order of the page.
UNDER_A_WAY = {
    ask.PHONE: safe_ways.PhoneContact,
    ask.EMAIL: safe_ways.EmailContact,
    ask.ADDRESS: safe_ways.AddressContact,
    ask.PERSON: safe_ways.PersonContact,
}

#: The sections of the page: a heading, and the questions under it.
PARTS = (
    (_("The caller"), Caller),
    (_("Who needs support"), about_them.Person),
    (_("Consent"), PhoneConsent),
    (_("Safe contact"), safe_ways.Ways),
    (_("If they cannot be reached, and who must not know"), safe_ways.Reaching),
    (_("Immediate safety"), about_them.Safety),
    (_("What happened, without the account"), about_them.Happened),
    (_("Police and justice"), about_them.Police),
    (_("Language and access"), about_them.Needs),
    (_("What they would like"), about_them.Preferences),
    (_("Other agencies"), about_them.Others),
    (_("Name of the suspect, for the conflict check"), about_them.Suspect),
    (_("Equality, each only if they wish to say"), about_them.Equality),
)


class KeyInForm(
    about_them.Equality, about_them.Suspect, about_them.Others, about_them.Preferences, about_them.Needs,
    about_them.Police, about_them.Happened, about_them.Safety, safe_ways.Reaching, safe_ways.PersonContact,
    safe_ways.AddressContact, safe_ways.EmailContact, safe_ways.PhoneContact, safe_ways.Ways, PhoneConsent,
    about_them.Person, Caller,
):  # fmt: skip
    """A phone referral on one page. Only what the caller can be expected to know has to be answered."""

    once = ui.OnceField()
    age_needed = False

    words = {
        word: text
        for part in (*(part for _t, part in PARTS), *UNDER_A_WAY.values())
        for word, text in part.words.items()
    }
    reveals = {
        **{parent: options for _title, part in PARTS for parent, options in part.reveals.items()},
        "ways": {way: list(part.base_fields) for way, part in UNDER_A_WAY.items()},
    }
    sections = [ui.Section(title, list(part.base_fields)) for title, part in PARTS]

    #: Required on a public form, where the writer has time; on the phone it becomes a named gap.
    MAY_BE_OPEN = ("violence_type", "recency", "relationship", "reported", "safety_answer", "ways")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.MAY_BE_OPEN:
            self.fields[name].required = False

    def clean(self):
        """A safe person is asked about only where one was named."""
        answers = super().clean()
        if ask.PERSON not in (answers.get("ways") or []):
            for name in safe_ways.PersonContact.base_fields:
                self.errors.pop(name, None)
        return answers
