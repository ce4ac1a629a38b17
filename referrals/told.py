"""From the answers of a form to the records of a referral, before anything is kept."""

from dataclasses import dataclass, field

from casework.models import Client, SafeContact
from isva import codes
from isva.clock.moment import now, today
from referrals.attachment import Attached
from referrals.forms import pieces as ask
from referrals.forms.about_them import child_referral_agreed
from referrals.models import Referral

_ON_THE_CLIENT = (
    "name", "known_as", "pronouns", "date_of_birth", "unreachable_plan", "who_must_not_know", "language", "formats",
    "interpreter_sex", "access_needs", "preferred_worker_sex", "preferred_worker_language", "preferred_place",
    "preferred_times", "sex", "gender_identity", "ethnicity", "religion", "orientation", "disability", "marital",
    "pregnancy",
)  # fmt: skip
_ON_THE_REFERRAL = (
    "outside_usual", "source", "referrer_name", "referrer_agency", "referrer_role", "referrer_email", "referrer_phone",
    "no_consent_basis", "no_consent_reason", "child_consents", "parent_consents", "violence_type", "further_types",
    "recency", "relationship", "suspect_name", "reported", "police_force", "officer", "crime_reference",
    "safety_answer", "safety_concerns", "safety_note", "other_agencies", "risk_assessment", "risk_assessment_note",
    "support_wanted", "partner_triage", "partner_outcome", "partner_triaged_on",
)  # fmt: skip


@dataclass
class Told:
    """What a form told: a client, their safe contacts and a referral, all unsaved; and what goes on the case."""

    client: Client
    contacts: list[SafeContact]
    referral: Referral
    case_fields: dict = field(default_factory=dict)
    attached: Attached | None = None
    wants_link: bool = True


def told_by(answers: dict, *, service, route: Referral.Route) -> Told:
    """What the checked answers of a form tell. Questions that were not asked are left empty."""
    referral = Referral(
        route=route, received_at=answers.get("received_at") or now(), **_given(answers, _ON_THE_REFERRAL)
    )
    told = Told(
        client=_client(answers, service),
        contacts=_contacts(answers, own=route == Referral.Route.SELF),
        referral=referral,
        case_fields=_case_fields(answers),
    )
    for name in ("client_knows", "client_has_seen", "consents"):
        setattr(referral, name, _yes_or_no(answers.get(name)))
    referral.tell_referrer = answers.get("tell_referrer") is not False
    referral.share_isva_name = bool(answers.get("share_isva_name"))
    _BY_ROUTE[route](told, answers)
    return told


def _given(answers: dict, names) -> dict:
    return {name: answers[name] for name in names if answers.get(name) not in (None, "", [])}


def _yes_or_no(answer: bool | None) -> str:
    if answer is None:
        return ""
    return codes.YesNo.YES.value if answer else codes.YesNo.NO.value


def _client(answers: dict, service) -> Client:
    client = Client(service=service, **_given(answers, _ON_THE_CLIENT))
    client.name = client.name or client.known_as
    if client.known_as == client.name:
        client.known_as = ""
    if client.date_of_birth is None and answers.get("age") is not None:
        client.age_given, client.age_given_on = answers["age"], today()
    area = answers.get("area", "")
    client.area = answers.get("area_other", "") if area in ("", ask.ELSEWHERE) else area
    client.welfare_check = _yes_or_no(answers.get("welfare_check"))
    client.suspect_at_home = bool(answers.get("suspect_at_home"))
    client.interpreter_needed = bool(answers.get("interpreter_needed"))
    client.interpreter_not_known = bool(answers.get("interpreter_not_known"))
    return client


def _case_fields(answers: dict) -> dict:
    stage = answers.get("justice_stage") or ""
    if not stage:
        stage = {
            "no": codes.JusticeStage.NOT_REPORTED.value,
            "considering": codes.JusticeStage.CONSIDERING.value,
            "yes": codes.JusticeStage.INVESTIGATION.value,
        }.get(answers.get("reported", ""), codes.JusticeStage.UNKNOWN.value)
    return {"justice_stage": stage, "trial_on": answers.get("trial_on")}


def _contacts(answers: dict, *, own: bool) -> list[SafeContact]:
    """One safe contact for each way that was given, each with its own rules; at most one of a kind and person."""
    contacts = []
    confirmed = today() if own else None
    if answers.get("phone_value"):
        contacts.append(
            SafeContact(
                kind=SafeContact.Kind.PHONE, value=answers["phone_value"], last_confirmed_on=confirmed,
                **_rules(answers, "phone"), **_manner(answers, "phone"),
            )
        )  # fmt: skip
    if answers.get("email_value"):
        contacts.append(
            SafeContact(
                kind=SafeContact.Kind.EMAIL, value=answers["email_value"], last_confirmed_on=confirmed,
                safe_to_write=bool(answers.get("email_safe")), **_manner(answers, "email"),
            )
        )  # fmt: skip
    if answers.get("address_value"):
        contacts.append(
            SafeContact(
                kind=SafeContact.Kind.ADDRESS, value=answers["address_value"], last_confirmed_on=confirmed,
                safe_to_write=bool(answers.get("address_safe")), **_manner(answers, "address"),
            )
        )  # fmt: skip
    whose = {
        "whose": answers.get("person_whose") or SafeContact.Whose.OTHER,
        "person_name": answers.get("person_name") or answers.get("referrer_name") or "",
        "person_relationship": answers.get("person_relationship") or "",
    }
    if answers.get("person_phone"):
        contacts.append(
            SafeContact(
                kind=SafeContact.Kind.PHONE, value=answers["person_phone"], **whose, **_rules(answers, "person"),
                **_manner(answers, "person"),
            )
        )  # fmt: skip
    if answers.get("person_email"):
        contacts.append(
            SafeContact(
                kind=SafeContact.Kind.EMAIL, value=answers["person_email"], **whose,
                safe_to_write=bool(answers.get("person_email_safe")), **_manner(answers, "person"),
            )
        )  # fmt: skip
    return contacts


def _rules(answers: dict, way: str) -> dict:
    rules = answers.get(f"{way}_rules") or []
    return {
        "safe_to_call": ask.CALL in rules,
        "safe_to_text": ask.TEXT in rules,
        "safe_to_leave_message": ask.MESSAGE in rules,
    }


def _manner(answers: dict, way: str) -> dict:
    return {
        "safe_times": answers.get(f"{way}_times") or "",
        "who_may_answer": answers.get(f"{way}_who") or "",
        "code_word": answers.get(f"{way}_code") or "",
    }


def _by_professional(told: Told, answers: dict) -> None:
    if "child_consents" in answers:
        told.referral.consents = _yes_or_no(child_referral_agreed(answers))


def _by_themselves(told: Told, answers: dict) -> None:
    referral = told.referral
    referral.source = codes.ReferralSource.SELF
    referral.client_knows = referral.client_has_seen = referral.consents = codes.YesNo.YES
    if ask.is_child(answers):
        referral.child_consents, referral.parent_consents = codes.YesNoUnknown.YES, codes.YesNoUnknown.UNKNOWN
    if answers.get("receipt"):
        referral.referrer_email = answers.get("email_value", "")
    told.wants_link = bool(answers.get("wants_link"))


def _by_a_parent(told: Told, answers: dict) -> None:
    referral = told.referral
    referral.source = codes.ReferralSource.FAMILY
    referral.referrer_role = answers.get("person_relationship", "")
    referral.referrer_phone = answers.get("person_phone", "")
    referral.parent_consents = codes.YesNoUnknown.YES
    if answers.get("child_consents") != codes.YesNoUnknown.NO:
        referral.consents = codes.YesNo.YES
    if answers.get("receipt"):
        referral.referrer_email = answers.get("person_email", "")
    for contact in told.contacts:
        contact.whose = SafeContact.Whose.SAFE_PARENT
        contact.last_confirmed_on = today()
    told.wants_link = bool(answers.get("wants_link"))


def _by_phone(told: Told, answers: dict) -> None:
    referral = told.referral
    if referral.source == codes.ReferralSource.SELF:
        referral.client_knows = referral.client_knows or codes.YesNo.YES
        referral.consents = referral.consents or codes.YesNo.YES
    if not referral.consents and child_referral_agreed(answers):
        referral.consents = codes.YesNo.YES
    if referral.is_professional:  # a question that was left open is no agreement
        referral.tell_referrer = answers.get("tell_referrer") is True


_BY_ROUTE = {
    Referral.Route.PROFESSIONAL: _by_professional,
    Referral.Route.SELF: _by_themselves,
    Referral.Route.PARENT: _by_a_parent,
    Referral.Route.PHONE: _by_phone,
}
