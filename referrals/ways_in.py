"""The two public forms, step by step: what is asked, of whom, in which order."""

from django.utils.translation import gettext_lazy as _

from referrals.forms import about_me as me
from referrals.forms import about_them as them
from referrals.forms import pieces as ask
from referrals.forms import safe_ways
from referrals.forms.professional import AboutYou
from referrals.wizard import Step, Wizard


def _by(way):
    return lambda answers: way in answers.get("ways", [])


def _outside(answers):
    return bool(answers.get("outside_usual"))


def _in_danger(answers):
    return answers.get("safety_answer") == "yes"


def _adult(answers):
    return not ask.is_child(answers)


def _for_me(answers):
    return answers.get("who", me.ME) == me.ME


def _for_my_child(answers):
    return answers.get("who") == me.MY_CHILD


def _assessed(answers):
    return answers.get("risk_assessment") == "yes"


def _both(*conditions):
    return lambda answers: all(condition(answers) for condition in conditions)


def _wants_more(answers):
    return answers.get("more") == "yes"


_DANGER = Step("danger", _("If anyone is in danger now"), asked=_in_danger, piece="referrals/_danger.html")
_NEVER_THE_ACCOUNT = _(
    "Do not write what happened in detail. We never ask for it here, and it could be asked for in court."
)
_WHY_THE_NAME = _(
    "We check that nobody who works here, or who lives with them, knows this person. Only then does anybody open the "
    "referral. We never contact the person, and we do not pass the name on."
)

PROFESSIONAL = Wizard(
    "refer_professional",
    (
        Step("you", _("About you"), AboutYou),
        Step("person", _("Who needs support"), them.Person),
        Step("elsewhere", _("Outside our usual work"), asked=_outside, piece="referrals/_elsewhere.html"),
        Step("consent", _("Agreement"), them.Consent, _adult,
             _("We support people who want it. Tell us if there is a lawful reason to refer somebody who did not agree.")),
        Step("child_consent", _("Agreement of the child and of a parent"), them.ChildConsent, ask.is_child,
             _("The child’s agreement and the parent’s are two separate facts."), "referrals/_child.html"),
        Step("telling", _("What you may be told"), them.Telling),
        Step("ways", _("Safe contact"), safe_ways.Ways, lead=_("A call at the wrong moment can put somebody in danger.")),
        Step("phone", _("Safe contact by phone"), safe_ways.PhoneContact, _by(ask.PHONE)),
        Step("email", _("Safe contact by e-mail"), safe_ways.EmailContact, _by(ask.EMAIL)),
        Step("address", _("Safe contact by post"), safe_ways.AddressContact, _by(ask.ADDRESS)),
        Step("safe_person", _("A safe person"), safe_ways.PersonContact, _by(ask.PERSON)),
        Step("reaching", _("If we cannot reach them"), safe_ways.Reaching),
        Step("safety", _("Immediate safety"), them.Safety),
        _DANGER,
        Step("needs", _("Language and access"), them.Needs),
        Step("preferences", _("What they would like"), them.Preferences),
        Step("happened", _("What kind of violence"), them.Happened, lead=_NEVER_THE_ACCOUNT),
        Step("police", _("Police and justice"), them.Police,
             lead=_("Our support does not depend on a report to the police.")),
        Step("others", _("Other agencies"), them.Others),
        Step("assessment", _("The assessment"), them.Assessment, _assessed,
             _("If you can share it. Only our team reads it, and we do not keep the name of the file."), takes_file=True),
        Step("suspect", _("A check before anybody reads this"), them.Suspect, lead=_WHY_THE_NAME),
        Step("equality", _("Equality"), them.Equality,
             lead=_("It shows us whom we reach and whom we do not. Every question can be left out.")),
    ),
)  # fmt: skip


def _mine(name, title, form, condition=None, lead="", piece=""):
    return Step(name, title, form, _both(_for_me, condition) if condition else _for_me, lead, piece)


def _childs(name, title, form, condition=None, lead="", piece=""):
    return Step(
        f"child_{name}",
        title,
        form,
        _both(_for_my_child, condition) if condition else _for_my_child,
        lead,
        piece,
    )


_MY_SUSPECT_LEAD = _(
    "We check that nobody who works here knows them. We do this before anybody reads your form. We will not contact them."
)
_OPTIONAL_LEAD = _("You can leave out any question. It does not change the support you get.")
_NO_DETAIL = _("You do not have to tell us what happened. Just choose the words that are nearest.")

SELF = Wizard(
    "refer_self",
    (
        Step("who", _("Who this is for"), me.WhoFor),
        _mine("name", _("Your name"), me.MyName),
        _mine("age", _("Your age and area"), me.MyAge, lead=_("You can leave these out.")),
        _childs("you", _("About you"), me.Parent,
                lead=_("We call you first, if it is safe. We ask about the child on the next page.")),
        _childs("child", _("About the child"), me.Child),
        Step("elsewhere", _("Outside our usual work"), asked=_outside, piece="referrals/_elsewhere.html"),
        _childs("agrees", _("What your child wants"), me.ChildAgrees),
        _mine("ways", _("How to reach you"), me.MyWays),
        _mine("phone", _("Your phone"), me.MyPhone, _by(ask.PHONE)),
        _mine("email", _("Your e-mail"), me.MyEmail, _by(ask.EMAIL)),
        _mine("address", _("Your address"), me.MyAddress, _by(ask.ADDRESS)),
        _mine("person", _("Somebody you trust"), me.MyPerson, _by(ask.PERSON)),
        Step("no_way", _("If there is no safe way"), asked=_by(ask.NONE), piece="referrals/_no_safe_way.html"),
        _mine("safety", _("Are you safe?"), me.MySafety),
        _childs("safety", _("Is the child safe?"), them.Safety),
        _DANGER,
        _mine("police", _("The police"), me.MyReported, lead=_("We do not work for the police. We do not tell them that you wrote to us, unless somebody is in serious danger.")),
        _childs("police", _("The police"), them.Police, lead=_("We do not work for the police.")),
        Step("more", _("Send now, or tell us more"), me.More, lead=_("What you told us is enough for us to get in touch.")),
        _mine("reaching", _("If we cannot reach you"), me.MyReaching, _wants_more, _OPTIONAL_LEAD),
        _childs("reaching", _("If we cannot reach you"), safe_ways.Reaching, _wants_more, _OPTIONAL_LEAD),
        _mine("needs", _("What helps you"), me.MyNeeds, _wants_more, _OPTIONAL_LEAD),
        _childs("needs", _("What helps the child"), them.Needs, _wants_more, _OPTIONAL_LEAD),
        _mine("preferences", _("What you would like"), me.MyPreferences, _wants_more, _OPTIONAL_LEAD),
        _childs("preferences", _("What the child would like"), them.Preferences, _wants_more, _OPTIONAL_LEAD),
        _mine("happened", _("What kind of violence"), me.MyHappened, _wants_more, _NO_DETAIL),
        _childs("happened", _("What kind of violence"), me.MyHappened, _wants_more, _NO_DETAIL),
        _mine("others", _("Who else helps you"), me.MyOthers, _wants_more, _OPTIONAL_LEAD),
        _childs("others", _("Who else helps"), me.MyOthers, _wants_more, _OPTIONAL_LEAD),
        _mine("suspect", _("A check before anybody reads this"), me.MySuspect, _wants_more, _MY_SUSPECT_LEAD),
        _childs("suspect", _("A check before anybody reads this"), them.Suspect, _wants_more, _MY_SUSPECT_LEAD),
        _mine("equality", _("About you"), me.MyEquality, _wants_more, _OPTIONAL_LEAD),
        _childs("equality", _("About the child"), them.Equality, _wants_more, _OPTIONAL_LEAD),
        Step("link", _("A private link"), me.WantsLink),
    ),
)  # fmt: skip
