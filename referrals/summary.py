"""A referral in words, for its page: cards of questions and answers, unanswered ones left out."""

from django.utils.translation import gettext as _

from isva import codes
from isva.clock.moment import today
from isva.interface.words import long_date, short_when
from referrals.models import Referral


def cards(case, referral: Referral, client) -> list[dict]:
    """The cards of the page. ``client`` is the person as this referral told of them."""
    return _cards(
        (_("How it came in"), _came_in(referral)),
        (_("Consent"), _consent(referral)),
        (_("Immediate safety"), _safety(referral)),
        (_("What kind of violence"), _violence(referral)),
        (_("Police and justice"), _justice(case, referral)),
        (_("The person, as this referral tells"), _person(client)),
        (_("Reaching them"), _reaching(client)),
        (_("Language, access and wishes"), _needs(client)),
        (_("Other agencies and assessments"), _others(referral)),
        (_("Equality"), _equality(client)),
    )


def cards_of_later(referral: Referral) -> list[dict]:
    """The same of a referral that came while the case was open, without the person: they stand on the case already."""
    return _cards(
        (_("Immediate safety"), _safety(referral)),
        (_("How it came in"), _came_in(referral)),
        (_("Consent"), _consent(referral)),
        (_("What kind of violence"), _violence(referral)),
        (_("Police and justice"), _justice(referral.case, referral)),
        (_("Other agencies and assessments"), _others(referral)),
    )


def _cards(*groups) -> list[dict]:
    return [{"title": title, "rows": rows} for title, pairs in groups if (rows := _rows(pairs))]


def _rows(pairs) -> list[dict]:
    """The answers that were given; of several to one question, each on a line of its own."""
    return [
        {"key": key, "lines": value} if isinstance(value, list) else {"key": key, "value": str(value)}
        for key, value in pairs
        if value not in (None, "", [])
    ]


def _labels(choices, values) -> list[str]:
    words = dict(choices)
    return [str(words.get(value, value)) for value in values]


def _came_in(referral):
    return [
        (_("Received"), short_when(referral.received_at)),
        (_("From"), referral.get_source_display()),
        (_("How"), referral.get_route_display()),
        (
            _("Referrer"),
            ", ".join(
                filter(None, (referral.referrer_name, referral.referrer_role, referral.referrer_agency))
            ),
        ),
        (_("Their e-mail"), referral.referrer_email),
        (_("Their phone"), referral.referrer_phone),
        (_("Receipt sent"), short_when(referral.acknowledged_at)),
        (_("Outside our usual"), _labels(Referral.OutsideUsual.choices, referral.outside_usual)),
        (_("Triaged by a partner"), referral.partner_triage),
        (_("Their outcome"), referral.partner_outcome),
        (_("Triaged on"), long_date(referral.partner_triaged_on)),
    ]


def _consent(referral):
    pairs = [
        (_("Knows of the referral"), referral.get_client_knows_display()),
        (_("Agrees to it"), referral.get_consents_display()),
        (_("The child agrees"), referral.get_child_consents_display()),
        (_("A parent or carer agrees"), referral.get_parent_consents_display()),
        (_("Made without agreement because of"), referral.get_no_consent_basis_display()),
        (_("Reason"), referral.no_consent_reason),
        (_("Has seen what was sent"), referral.get_client_has_seen_display()),
    ]
    if referral.is_professional:
        pairs += [
            (_("Referrer may be told how it goes on"), _("Yes") if referral.tell_referrer else _("No")),
            (_("Referrer may be told the ISVA’s name"), _("Yes") if referral.share_isva_name else _("No")),
        ]
    return pairs


def _safety(referral):
    return [
        (_("Anyone in danger now"), referral.get_safety_answer_display()),
        (_("Going on"), _labels(codes.SafetyConcern.choices, referral.safety_concerns)),
        (_("To keep people safe"), referral.safety_note),
    ]


def _violence(referral):
    return [
        (_("Type"), referral.get_violence_type_display()),
        (_("Further types"), _labels(codes.ViolenceType.choices, referral.further_types)),
        (_("When"), referral.get_recency_display()),
        (_("Relationship"), referral.get_relationship_display()),
        (_("Suspect (for the conflict check)"), referral.suspect_name),
        (_("Help wanted"), referral.support_wanted),
    ]


def _justice(case, referral):
    return [
        (_("Reported to the police"), referral.get_reported_display()),
        (_("Police force"), referral.get_police_force_display()),
        (_("Officer"), referral.officer),
        (_("Reference number"), referral.crime_reference),
        (_("Stage now"), case.get_justice_stage_display() if case.justice_stage != "unknown" else ""),
        (_("Trial"), long_date(case.trial_on)),
    ]


def _person(client):
    age = client.age_on(today())
    return [
        (_("Name"), client.name),
        (_("Called"), client.known_as),
        (_("Pronouns"), client.pronouns),
        (_("Date of birth"), long_date(client.date_of_birth)),
        (_("Age"), age),
        (_("Area"), client.area),
    ]


def _reaching(client):
    return [
        (_("If they cannot be reached"), client.unreachable_plan),
        (_("Welfare check wanted"), client.get_welfare_check_display()),
        (_("Who must not know"), client.who_must_not_know),
        (
            _("Suspect at home"),
            _("The suspect lives with, cares for or is cared for by them") if client.suspect_at_home else "",
        ),
    ]


def _needs(client):
    interpreter = ""
    if client.interpreter_needed:
        sex = client.get_interpreter_sex_display()
        interpreter = _("Needed: %(who)s") % {"who": sex.lower()} if sex else _("Needed")
    return [
        (_("Language"), client.get_language_display()),
        (_("Interpreter"), interpreter),
        (
            _("Checked that they do not know the interpreter"),
            _("Yes") if client.interpreter_not_known else "",
        ),
        (_("Formats"), _labels(codes.Format.choices, client.formats)),
        (_("Access needs"), client.access_needs),
        (_("Would like to work with"), client.get_preferred_worker_sex_display()),
        (_("In which language"), client.get_preferred_worker_language_display()),
        (_("Where"), client.preferred_place),
        (_("When"), client.preferred_times),
    ]


def _others(referral):
    return [
        (_("Agencies involved"), referral.other_agencies),
        (_("Risk or needs assessment done"), referral.get_risk_assessment_display()),
        (_("Which, and its result"), referral.risk_assessment_note),
    ]


def _equality(client):
    return [
        (_("Sex"), client.get_sex_display()),
        (_("Gender identity"), client.get_gender_identity_display()),
        (_("Ethnic group"), client.get_ethnicity_display()),
        (_("Religion or belief"), client.get_religion_display()),
        (_("Sexual orientation"), client.get_orientation_display()),
        (_("Disability"), client.get_disability_display()),
        (_("Marriage or civil partnership"), client.get_marital_display()),
        (_("Pregnancy and maternity"), client.get_pregnancy_display()),
    ]
