"""Questions about the person who needs support, put to somebody else: a professional, a parent, a coordinator.

Each class is one step of the public form and one part of the page on which a phone referral is typed.
Sources: statutory guidance 68; report, Referral: quality of referral information.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from isva import codes
from isva.files.checking import ACCEPTED
from isva.interface import forms as ui
from referrals.forms import pieces as ask
from referrals.wizard import StepForm


class Person(ask.OfferAreas):
    """Who needs support."""

    name = ask.line(_("Their name"), required=True)
    known_as = ask.line(_("What they like to be called"), max_length=100, hint=_("If it is another name."))
    pronouns = ask.line(
        _("Their pronouns"), max_length=50, hint=_("Like she/her, he/him, they/them."), width=20
    )
    date_of_birth = ask.birthday(_("Their date of birth"), hint=_("For example, 31 3 1990."))
    age = ask.age(_("Or their age"), hint=_("If you do not know the date of birth. About right will do."))
    area = ask.one_of(_("Where they live"), [])
    area_other = ask.line(_("Which town or area"), max_length=80)

    words = {"name": _("their name"), "age": _("their age"), "date_of_birth": _("their date of birth")}
    reveals = {"area": {ask.ELSEWHERE: ["area_other"]}}
    age_needed = True

    def clean(self):
        """Ask for an age of some kind: it decides who may agree to the referral, and who supports."""
        answers = super().clean()
        typed = {"date_of_birth", "age"} & set(self.errors)
        if (
            self.age_needed
            and not typed
            and answers.get("date_of_birth") is None
            and answers.get("age") is None
        ):
            self.add_error(
                "age", ValidationError(_("Enter their date of birth or their age"), code="required")
            )
        return answers


def _without_consent(form, answers) -> None:
    """A referral without consent needs a lawful basis and a reason."""
    for name, words in (
        ("no_consent_basis", _("Select why you make the referral without their agreement")),
        ("no_consent_reason", _("Enter the reason for making it without their agreement")),
    ):
        if not answers.get(name) and name not in form.errors:
            form.add_error(name, ValidationError(words, code="required"))


class Consent(StepForm):
    """Whether an adult knows, agrees, and has seen what is sent (statutory guidance 68: seeking consent)."""

    client_knows = ask.yes_no(_("Do they know that you are making this referral?"), required=True)
    consents = ask.yes_no(
        _("Do they agree to it?"), required=True, inline=False,
        hint=_("Agreeing means that the ISVA role was explained to them and they said yes. They can change their mind."),
    )  # fmt: skip
    no_consent_basis = ask.one_of(
        _("Why you make it without their agreement"), codes.NoConsentBasis.choices, required=True
    )
    no_consent_reason = ask.note(_("Tell us the reason"), required=True, max_length=2000)
    client_has_seen = ask.yes_no(
        _("Have they seen, or been told, what you are sending?"), required=True,
        hint=_("Share it with them if it is safe, so that it is right and they know what we know."),
    )  # fmt: skip
    reveals = {"consents": {"no": ["no_consent_basis", "no_consent_reason"]}}

    def clean(self):
        """Nobody agrees to what they do not know of."""
        answers = super().clean()
        if answers.get("client_knows") is False and answers.get("consents") is True:
            self.add_error(
                "consents", _("If they do not know of the referral, they cannot have agreed to it")
            )
        return answers


class ChildConsent(StepForm):
    """For a child, the child's agreement and the parent's are two separate facts."""

    client_knows = ask.yes_no(_("Does the child know that you are making this referral?"), required=True)
    child_consents = ask.one_of(_("Does the child agree to it?"), codes.YesNoUnknown.choices, required=True)
    parent_consents = ask.one_of(
        _("Does a safe parent or carer agree to it?"), codes.YesNoUnknown.choices, required=True,
        hint=_("Only a parent or carer who is not the person who harmed them, and who is safe to ask."),
    )  # fmt: skip
    no_consent_basis = ask.one_of(
        _("If neither agrees: why you make it all the same"), codes.NoConsentBasis.choices,
        hint=_("Leave this empty if the child or a safe parent agrees."),
    )  # fmt: skip
    no_consent_reason = ask.note(_("The reason"), max_length=2000)
    client_has_seen = ask.yes_no(
        _("Has the child, or the safe parent, seen or been told what you are sending?"), required=True
    )

    def clean(self):
        """Without any agreement there must be a lawful basis."""
        answers = super().clean()
        if not self.errors and not child_referral_agreed(answers):
            _without_consent(self, answers)
        return answers


def child_referral_agreed(answers: dict) -> bool:
    """Whether a child's referral rests on agreement: the child's own, or a safe parent's where the child did not refuse."""
    child, parent = answers.get("child_consents"), answers.get("parent_consents")
    return child == "yes" or (parent == "yes" and child != "no")


class Telling(StepForm):
    """What the referrer may be told afterwards, by the client's wish."""

    tell_referrer = ask.yes_no(
        _("Do they agree that you are told how the referral goes on?"), required=True,
        hint=_("That we reached them or not, that they have an ISVA, and when support has ended."),
    )  # fmt: skip
    share_isva_name = ask.yes_no(_("Do they agree that you are told the name of their ISVA?"), required=True)


class Needs(StepForm):
    """Language, reading, hearing, moving: what makes support reach the person."""

    language = ask.from_list(_("The language they speak best"), codes.Language.choices)
    interpreter_needed = ask.yes_no(
        _("Do they need an interpreter?"), inline=False,
        hint=_("We use independent interpreters, never family or somebody from their community."),
    )  # fmt: skip
    interpreter_sex = ask.one_of(_("Who would they like as an interpreter?"), codes.WorkerSex.choices)
    interpreter_not_known = ask.yes_no(
        _("Was it checked that they do not know the interpreter?"), hint=_("If one was used before.")
    )
    formats = ask.some_of(_("What helps them to read or to hear?"), codes.Format.choices)
    access_needs = ask.note(
        _("Disability, health or anything else that we should plan for"), max_length=2000,
        hint=_("Getting to us, getting into a building, sitting in a waiting room, following what is said."),
    )  # fmt: skip
    reveals = {"interpreter_needed": {"yes": ["interpreter_sex", "interpreter_not_known"]}}


class Preferences(StepForm):
    """Whom, where and when they would like to meet."""

    preferred_worker_sex = ask.one_of(_("Whom would they like to work with?"), codes.WorkerSex.choices)
    preferred_worker_language = ask.from_list(_("In which language?"), codes.Language.choices)
    preferred_place = ask.line(_("Where would they like to meet?"), max_length=500, hint=_("Or where not."))
    preferred_times = ask.line(_("Which days and times suit them?"), max_length=500)


class Happened(StepForm):
    """The type of violence, never the account."""

    violence_type = ask.from_list(
        _("What kind of sexual violence was it?"), codes.ViolenceType.choices, required=True,
        hint=_("The one that the referral is about. Choose what is nearest."),
    )  # fmt: skip
    further_types = ask.some_of(
        _("Anything else, at other times?"), ask.without(codes.ViolenceType.choices, "not_said")
    )
    recency = ask.one_of(_("When did it happen?"), codes.Recency.choices, required=True)
    relationship = ask.from_list(_("Who did it?"), codes.Relationship.choices, required=True)
    support_wanted = ask.note(
        _("What would they like help with?"), max_length=3000, hint=_("In a few words, as they would say it.")
    )
    words = {
        "violence_type": _("what kind of sexual violence it was"),
        "recency": _("when it happened"),
        "relationship": _("who did it"),
    }


class Suspect(StepForm):
    """The suspect's name, only where it is given, and only for the conflict check."""

    suspect_name = ask.line(
        _("Name of the person who harmed them"),
        hint=_("Leave it empty if you would rather not say."),
    )  # fmt: skip


class Police(StepForm):
    """Whether it was reported, and where the justice process stands."""

    reported = ask.one_of(_("Was it reported to the police?"), codes.Reported.choices, required=True)
    police_force = ask.from_list(_("Which police force"), codes.PoliceForce.choices)
    officer = ask.line(_("The officer, and how to reach them"), max_length=300)
    crime_reference = ask.line(_("The police’s reference number"), max_length=60, width=20)
    justice_stage = ask.from_list(
        _("Where does the case stand now?"),
        ask.without(codes.JusticeStage.choices, "not_reported", "considering"),
    )
    trial_on = ui.DayMonthYearField(
        label=_("Date of the trial"), required=False, help_text=_("If one is set.")
    )
    words = {"reported": _("whether it was reported to the police"), "trial_on": _("the date of the trial")}
    reveals = {
        "reported": {"yes": ["police_force", "officer", "crime_reference", "justice_stage", "trial_on"]}
    }


class Safety(StepForm):
    """What cannot wait (report, Annex A 1: indicators of high risk)."""

    safety_answer = ask.one_of(
        _("Is anyone in danger now?"), codes.YesNoUnknown.choices, required=True,
        hint=_("The person, their children, or anybody else."),
    )  # fmt: skip
    safety_concerns = ask.some_of(_("Is any of this going on?"), codes.SafetyConcern.choices)
    safety_note = ask.note(
        _("What should we know to keep people safe?"), max_length=3000,
        hint=_("Risks and plans, not what happened."),
    )  # fmt: skip
    words = {"safety_answer": _("whether anyone is in danger now")}


class Others(StepForm):
    """Other agencies, and what they have assessed."""

    other_agencies = ask.note(
        _("Which other agencies are involved?"), hint=_("Names, and who to speak to, if they agreed to that.")
    )
    risk_assessment = ask.one_of(_("Has a risk or needs assessment been done?"), codes.YesNoUnknown.choices)
    risk_assessment_note = ask.note(
        _("Which one, and its result"), max_length=2000,
        hint=_("Like DASH, or a safeguarding plan."),
    )  # fmt: skip
    partner_has_triaged = ask.yes_no(
        _("Has a partner, like a victim hub or a SARC, triaged this already?"), inline=False
    )
    partner_triage = ask.line(_("Which partner"))
    partner_outcome = ask.note(_("The outcome"))
    partner_triaged_on = ui.DayMonthYearField(label=_("When"), required=False, past=True)
    words = {"partner_triaged_on": _("the day of the partner’s triage")}
    reveals = {
        "risk_assessment": {"yes": ["risk_assessment_note"]},
        "partner_has_triaged": {"yes": ["partner_triage", "partner_outcome", "partner_triaged_on"]},
    }


class Assessment(StepForm):
    """The assessment itself, as a file. Only professionals are asked for one."""

    file = forms.FileField(
        label=_("The assessment, as a file"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("A PDF, a picture (JPEG or PNG), plain text, or a document of Word or OpenDocument, up to 10 MB."),
    )  # fmt: skip


class Equality(StepForm):
    """Equality data: each question may be left out, and each has *prefer not to say*."""

    sex = ask.from_list(_("Sex"), ask.without(codes.ClientSex.choices, "not_asked"))
    gender_identity = ask.from_list(
        _("Gender identity"), ask.without(codes.GenderIdentity.choices, "not_asked")
    )
    ethnicity = ask.from_list(_("Ethnic group"), ask.without(codes.Ethnicity.choices, "un"))
    religion = ask.from_list(_("Religion or belief"), ask.without(codes.Religion.choices, "not_asked"))
    orientation = ask.from_list(_("Sexual orientation"), ask.without(codes.Orientation.choices, "not_asked"))
    disability = ask.from_list(_("Disability"), ask.without(codes.Disability.choices, "not_asked"))
    marital = ask.from_list(
        _("Marriage or civil partnership"), ask.without(codes.Marital.choices, "not_asked")
    )
    pregnancy = ask.from_list(_("Pregnancy and maternity"), ask.without(codes.Pregnancy.choices, "not_asked"))
