"""The same questions put to the person themselves: short words, and almost nothing that has to be answered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva import codes
from isva.interface import forms as ui
from referrals.forms import pieces as ask
from referrals.forms.safe_ways import rules_of
from referrals.wizard import StepForm

ME, MY_CHILD = "me", "my_child"

MY_RULES = [
    (ask.CALL, _("Call me")),
    (ask.TEXT, _("Send me a text")),
    (ask.MESSAGE, _("Leave me a voice message")),
    (ask.NONE, _("None of these yet")),
]
MY_WAYS = [
    (ask.PHONE, _("Phone")),
    (ask.EMAIL, _("E-mail")),
    (ask.ADDRESS, _("Post")),
    (ask.PERSON, _("Through somebody I trust")),
    (ask.NONE, _("I do not have a safe way")),
]
MY_REPORTED = [
    ("yes", _("Yes")),
    ("no", _("No")),
    ("considering", _("I am thinking about it")),
    ("unknown", _("I do not know")),
]
MY_STAGES = [
    ("investigation", _("The police are looking into it")),
    ("interviewed", _("I gave a recorded interview")),
    ("with_cps", _("The CPS is deciding if somebody is charged")),
    ("nfa_police", _("The police stopped the case")),
    ("nfa_cps", _("The CPS stopped the case")),
    ("charged", _("Somebody was charged")),
    ("awaiting_trial", _("There will be a trial")),
    ("trial", _("The trial is going on now")),
    ("convicted", _("They were found guilty")),
    ("acquitted", _("They were found not guilty")),
    ("withdrew", _("I did not want to go on with it")),
    ("unknown", _("I do not know")),
]
MY_RELATIONSHIPS = [
    ("partner", _("My partner")),
    ("ex_partner", _("My ex-partner")),
    ("parent", _("A parent, step-parent or carer")),
    ("sibling", _("My brother or sister")),
    ("family", _("Somebody else in my family")),
    ("friend", _("A friend")),
    ("date", _("A date, or somebody I had just met")),
    ("acquaintance", _("Somebody else I know")),
    ("colleague", _("Somebody at work")),
    ("pupil", _("Somebody at my school, college or university")),
    ("trust", _("Somebody in charge, like a teacher or a coach")),
    ("institution", _("A professional, or a place that should look after people")),
    ("stranger", _("A stranger")),
    ("multiple", _("More than one person")),
    ("unknown", _("I do not know")),
    ("not_said", _("I would rather not say")),
]
MY_DANGER = [("yes", _("Yes")), ("no", _("No")), ("unknown", _("I am not sure"))]
MY_CONCERNS = [
    ("ongoing_contact", _("The person who hurt me can still reach me")),
    ("threats", _("Somebody threatens me")),
    ("coercion", _("Somebody controls what I do, or makes me do things")),
    ("stalking", _("Somebody follows or watches me")),
    ("honour", _("My family or community may hurt me, or make me marry")),
    ("child_at_risk", _("A child may not be safe")),
    ("adult_at_risk", _("An adult who needs care may not be safe")),
    ("self_harm", _("I hurt myself, or think about ending my life")),
]


class WhoFor(StepForm):
    """Whether somebody fills it in for themselves or for their child."""

    who = ask.one_of(
        _("Who is this form for?"), [(ME, _("For me")), (MY_CHILD, _("For my child, or a child I care for"))],
        required=True,
    )  # fmt: skip
    heading_field = "who"
    words = {"who": _("who this form is for")}


class MyName(StepForm):
    """What to call the person: the one thing that has to be told."""

    known_as = ask.line(
        _("What shall we call you?"), required=True, max_length=100, autocomplete="nickname",
        hint=_("Any name you like. It does not have to be your real name."),
    )  # fmt: skip
    name = ask.line(_("Your full name"), autocomplete="name", hint=_("You can tell us later."))
    pronouns = ask.line(
        _("Your pronouns"), max_length=50, width=20, hint=_("Like she/her, he/him or they/them.")
    )
    words = {"known_as": _("a name that we can call you")}


class MyAge(ask.OfferAreas):
    """How old the person is and where they live."""

    age = ask.age(_("How old are you?"))
    date_of_birth = ask.birthday(_("Your date of birth"), hint=_("For example, 31 3 1990."), own=True)
    area = ask.one_of(_("Where do you live?"), [])
    area_other = ask.line(_("Which town or area"), max_length=80)
    reveals = {"area": {ask.ELSEWHERE: ["area_other"]}}


class MyWays(StepForm):
    """By which ways we may get in touch."""

    ways = ask.some_of(
        _("How can we get in touch safely?"), MY_WAYS, required=True, exclusive=ask.NONE,
        hint=_("Choose any that are safe. We will ask about each one."),
    )  # fmt: skip
    words = {"ways": _("how we can get in touch")}


class MyPhone(StepForm):
    """Their number, and what is safe on it."""

    phone_value = ask.phone(_("Your phone number"), required=True, autocomplete="tel")
    phone_rules = ask.some_of(_("What is safe?"), MY_RULES, required=True, exclusive=ask.NONE)
    phone_times = ask.line(_("When is it safe?"), max_length=300, hint=_("Like: weekdays before 3 pm."))
    phone_who = ask.line(
        _("Who else may pick up?"), max_length=300, hint=_("We will not tell them who we are.")
    )
    phone_code = ask.line(
        _("A code word"), max_length=100, width=20, hint=_("We say it first, so you know it is us.")
    )
    words = {"phone_rules": _("what is safe on this number")}

    def clean(self):
        """See that the rules do not contradict each other."""
        answers = super().clean()
        rules_of(self, answers, "phone_rules")
        return answers


class MyEmail(StepForm):
    """Their e-mail address, and whether a receipt may go there."""

    email_value = ask.email(_("Your e-mail address"), required=True, autocomplete="email")
    email_safe = ask.yes_no(
        _("Is it safe to write to it?"), required=True, hint=_("Can anybody else read it?")
    )
    email_who = ask.line(_("Who else can read it?"), max_length=300)
    email_code = ask.line(
        _("A code word"), max_length=100, width=20, hint=_("We write it first, so you know it is us.")
    )
    receipt = ask.yes_no(
        _("May we send a short e-mail to say that we have your form?"), inline=False,
        hint=_("It does not say your name or what it is about."),
    )  # fmt: skip
    reveals = {"email_safe": {"yes": ["receipt"]}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email_safe"].widget.inline = False


class MyAddress(StepForm):
    """Their address, and whether a letter is safe."""

    address_value = ask.note(_("Your address"), required=True, rows=4, max_length=500)
    address_safe = ask.yes_no(_("Is it safe to send a letter?"), required=True)
    address_who = ask.line(_("Who else may open it?"), max_length=300)


class MyPerson(StepForm):
    """Somebody they trust, through whom they can be reached."""

    person_name = ask.line(_("Their name"), required=True)
    person_relationship = ask.line(_("How you know them"), max_length=100)
    person_phone = ask.phone(_("Their phone number"), required=True)
    person_rules = ask.some_of(
        _("What is safe?"),
        [(ask.CALL, _("Call them")), (ask.TEXT, _("Send them a text")), (ask.MESSAGE, _("Leave them a voice message"))],
        required=True,
    )  # fmt: skip
    person_times = ask.line(_("When is it safe?"), max_length=300)
    person_code = ask.line(_("A code word"), max_length=100, width=20)
    words = {"person_name": _("their name"), "person_rules": _("what is safe")}


class MySafety(StepForm):
    """What cannot wait."""

    safety_answer = ask.one_of(_("Are you, or is anybody else, in danger now?"), MY_DANGER, required=True)
    safety_concerns = ask.some_of(_("Is any of this going on?"), MY_CONCERNS)
    safety_note = ask.note(_("Is there anything we should know to keep you safe?"), max_length=3000)
    words = {"safety_answer": _("yes, no or not sure")}


class MyReported(StepForm):
    """Whether the police know."""

    reported = ask.one_of(
        _("Did you tell the police?"), MY_REPORTED, hint=_("You do not have to. We support you both ways.")
    )
    justice_stage = ask.from_list(_("What is happening now?"), MY_STAGES)
    police_force = ask.from_list(_("Which police force"), codes.PoliceForce.choices)
    officer = ask.line(_("Name of the police officer"), max_length=300)
    crime_reference = ask.line(_("The police’s reference number"), max_length=60, width=20)
    trial_on = ui.DayMonthYearField(
        label=_("Date of the trial"), required=False, help_text=_("If you know it.")
    )
    words = {"trial_on": _("the date of the trial")}
    reveals = {
        "reported": {"yes": ["justice_stage", "police_force", "officer", "crime_reference", "trial_on"]}
    }


class More(StepForm):
    """A way out: what is needed is told, the rest can wait."""

    more = ask.one_of(
        _("Do you want to tell us more now?"),
        [("no", _("No, send it now")), ("yes", _("Yes, a few more questions"))],
        required=True, hints={"yes": _("You can skip any of them.")},
    )  # fmt: skip
    words = {"more": _("yes or no")}


class MyReaching(StepForm):
    """What to do when nobody answers, and who must not know."""

    unreachable_plan = ask.note(_("What should we do if we cannot reach you?"))
    welfare_check = ask.yes_no(_("If we cannot reach you, should somebody check that you are all right?"))
    who_must_not_know = ask.note(_("Who must not know that you are in touch with us?"))
    suspect_at_home = ask.yes_no(
        _("Do you live with the person who hurt you, or does one of you care for the other?")
    )


class MyNeeds(StepForm):
    """Language, reading, hearing, moving."""

    language = ask.from_list(_("Which language do you speak best?"), codes.Language.choices)
    interpreter_needed = ask.yes_no(
        _("Do you need an interpreter?"), inline=False,
        hint=_("It will never be somebody from your family or community."),
    )  # fmt: skip
    interpreter_sex = ask.one_of(_("Who would you like as an interpreter?"), codes.WorkerSex.choices)
    formats = ask.some_of(_("What helps you to read or to hear?"), codes.Format.choices)
    access_needs = ask.note(
        _("Is there anything else we should plan for?"),
        max_length=2000,
        hint=_("Like steps, a wheelchair, noise, or your health."),
    )
    reveals = {"interpreter_needed": {"yes": ["interpreter_sex"]}}


class MyPreferences(StepForm):
    """Whom, where and when they would like to meet."""

    preferred_worker_sex = ask.one_of(_("Who would you like to talk to?"), codes.WorkerSex.choices)
    preferred_worker_language = ask.from_list(_("In which language?"), codes.Language.choices)
    preferred_place = ask.line(_("Where would you like to meet?"), max_length=500)
    preferred_times = ask.line(_("Which days and times are good?"), max_length=500)


class MyHappened(StepForm):
    """The type of violence, never the account."""

    violence_type = ask.from_list(
        _("What was it?"), codes.ViolenceType.choices, hint=_("Choose what is nearest.")
    )
    further_types = ask.some_of(
        _("Was there anything else, at other times?"), ask.without(codes.ViolenceType.choices, "not_said")
    )
    recency = ask.one_of(_("When was it?"), codes.Recency.choices)
    relationship = ask.from_list(_("Who did it?"), MY_RELATIONSHIPS)
    support_wanted = ask.note(_("What would you like help with?"), max_length=3000)


class MySuspect(StepForm):
    """The suspect's name, only where it is given, and only for the conflict check."""

    suspect_name = ask.line(
        _("Name of the person who hurt you"), hint=_("Leave it empty if you would rather not say.")
    )


class MyOthers(StepForm):
    """Who else helps."""

    other_agencies = ask.note(
        _("Does anybody else help you?"), hint=_("Like a doctor, a school or a social worker.")
    )


class MyEquality(StepForm):
    """Equality data: each question may be left out, and each has *prefer not to say*."""

    sex = ask.from_list(_("Your sex"), ask.without(codes.ClientSex.choices, "not_asked"))
    gender_identity = ask.from_list(
        _("Your gender identity"), ask.without(codes.GenderIdentity.choices, "not_asked")
    )
    ethnicity = ask.from_list(_("Your ethnic group"), ask.without(codes.Ethnicity.choices, "un"))
    religion = ask.from_list(_("Your religion or belief"), ask.without(codes.Religion.choices, "not_asked"))
    orientation = ask.from_list(
        _("Your sexual orientation"), ask.without(codes.Orientation.choices, "not_asked")
    )
    disability = ask.from_list(_("Are you disabled?"), ask.without(codes.Disability.choices, "not_asked"))
    marital = ask.from_list(
        _("Are you married or in a civil partnership?"), ask.without(codes.Marital.choices, "not_asked")
    )
    pregnancy = ask.from_list(
        _("Are you pregnant, or did you have a baby?"), ask.without(codes.Pregnancy.choices, "not_asked")
    )


class WantsLink(StepForm):
    """Whether a private link is wanted: on a shared phone it may not be."""

    wants_link = ask.yes_no(
        _("Do you want a private link, to see how far we are?"), required=True, inline=False,
        hints={"yes": _("Keep it only where nobody else finds it."), "no": _("You can always ring us.")},
    )  # fmt: skip
    heading_field = "wants_link"
    words = {"wants_link": _("whether you want a private link")}


# A parent or carer who fills it in for a child


class Parent(StepForm):
    """The parent or carer who fills in the form."""

    referrer_name = ask.line(_("Your name"), required=True, autocomplete="name")
    person_relationship = ask.line(
        _("Who you are to the child"),
        required=True,
        max_length=100,
        hint=_("Like mother, grandfather or foster carer."),
    )
    person_phone = ask.phone(_("Your phone number"), autocomplete="tel")
    person_rules = ask.some_of(_("What is safe on this number?"), MY_RULES, exclusive=ask.NONE)
    person_email = ask.email(_("Your e-mail address"), autocomplete="email")
    person_email_safe = ask.yes_no(_("Is it safe to write to this e-mail address?"), inline=False)
    receipt = ask.yes_no(
        _("May we send a short e-mail to say that we have your form?"), inline=False,
        hint=_("It does not say any name or what it is about."),
    )  # fmt: skip
    person_times = ask.line(_("When is it safe to reach you?"), max_length=300)
    words = {"referrer_name": _("your name"), "person_relationship": _("who you are to the child")}
    reveals = {"person_email_safe": {"yes": ["receipt"]}}

    def clean(self):
        """A number comes with what is safe on it, an e-mail address with whether it is safe."""
        answers = super().clean()
        rules_of(self, answers, "person_rules")
        if (
            answers.get("person_phone")
            and not answers.get("person_rules")
            and "person_rules" not in self.errors
        ):
            self.add_error("person_rules", _("Select what is safe on this number"))
        if (
            answers.get("person_email")
            and answers.get("person_email_safe") is None
            and "person_email_safe" not in self.errors
        ):
            self.add_error(
                "person_email_safe", _("Select whether it is safe to write to this e-mail address")
            )
        return answers


class Child(ask.OfferAreas):
    """The child, told by a parent or carer."""

    name = ask.line(_("The child’s name"), required=True)
    known_as = ask.line(_("What they like to be called"), max_length=100)
    pronouns = ask.line(_("Their pronouns"), max_length=50, width=20)
    date_of_birth = ask.birthday(_("Their date of birth"), hint=_("For example, 31 3 2015."))
    age = ask.age(_("Or their age"))
    area = ask.one_of(_("Where they live"), [])
    area_other = ask.line(_("Which town or area"), max_length=80)
    words = {"name": _("the child’s name")}
    reveals = {"area": {ask.ELSEWHERE: ["area_other"]}}


class ChildAgrees(StepForm):
    """The child's own agreement is a fact of its own."""

    client_knows = ask.yes_no(_("Does your child know that you are asking us for support?"), required=True)
    child_consents = forms.ChoiceField(
        label=_("Does your child agree?"), choices=codes.YesNoUnknown.choices, widget=ui.Radios(),
        help_text=_("A very young child cannot say. Then choose “Not known”."),
    )  # fmt: skip
    words = {"child_consents": _("whether your child agrees")}
