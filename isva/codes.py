"""The code lists of the service: what a record may say, in the words a person reads.

Keys are stored, labels are shown. Sources: ONS Census 2021 (ethnicity TS021, disability TS038, gender
identity TS078); HMPPS person record codes (sex, sexual orientation); CPS prototypes (religion); CICA list of
police forces; the lists without an official source (referral sources, survivor-facing types of violence,
relationship, justice stages) are assembled from the service delivery report and the statutory guidance.
*Prefer not to say* and *not asked* are two different answers.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Risk(models.TextChoices):
    """The worker's overall judgement, which sets how often a person is reviewed."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    STANDARD = "standard", _("Standard")


#: For sorting and comparing: a greater number is a greater risk.
RISK_ORDER = {Risk.STANDARD: 1, Risk.MEDIUM: 2, Risk.HIGH: 3}


class Complexity(models.TextChoices):
    LOWER = "lower", _("Lower")
    MEDIUM = "medium", _("Medium")
    HIGHER = "higher", _("Higher")


COMPLEXITY_ORDER = {Complexity.LOWER: 1, Complexity.MEDIUM: 2, Complexity.HIGHER: 3}

#: Default weights of the complexity measure (documented in casework/sas/complexity.py); per service.
COMPLEXITY_WEIGHTS = {
    "risk_point": 2,
    "need_point": 1,
    "protective_point": -1,
    "open_safeguarding": 6,
    "agency": 1,
    "agencies_most": 5,
    "in_justice_process": 3,
    "trial_within_8_weeks": 10,
    "child_or_young_person": 4,
    "interpreter": 3,
    "contacts_per_week": 2,
    "contact_points_most": 8,
    "medium_from": 18,
    "higher_from": 36,
}


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class YesNo(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


class YesNoUnknown(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class Specialism(models.TextChoices):
    """What a case may need and a worker may bring (report, Allocation: specialist knowledge and expertise)."""

    CHILDREN = "children", _("Children and young people (CHISVA)")
    MALE = "male", _("Men and boys")
    LGBT = "lgbt", _("LGBT+ people")
    DISABILITY = "disability", _("Disability and learning disability")
    MENTAL_HEALTH = "mental_health", _("Complex mental health and trauma")
    OLDER = "older", _("Older people")
    BY_AND_FOR = "by_and_for", _("Black and minoritised communities")
    EXPLOITATION = "exploitation", _("Exploitation and group-based abuse")
    TECHNOLOGY = "technology", _("Technology-assisted abuse")
    HONOUR = "honour", _("So-called honour-based abuse")
    COURT = "court", _("Court and trial")


class Language(models.TextChoices):
    ENGLISH = "english", _("English")
    WELSH = "welsh", _("Welsh")
    BSL = "bsl", _("British Sign Language")
    ARABIC = "arabic", _("Arabic")
    BENGALI = "bengali", _("Bengali")
    CANTONESE = "cantonese", _("Cantonese")
    FARSI = "farsi", _("Farsi")
    FRENCH = "french", _("French")
    GUJARATI = "gujarati", _("Gujarati")
    KURDISH = "kurdish", _("Kurdish")
    MANDARIN = "mandarin", _("Mandarin")
    PASHTO = "pashto", _("Pashto")
    POLISH = "polish", _("Polish")
    PORTUGUESE = "portuguese", _("Portuguese")
    PUNJABI = "punjabi", _("Punjabi")
    ROMANIAN = "romanian", _("Romanian")
    SOMALI = "somali", _("Somali")
    SPANISH = "spanish", _("Spanish")
    TURKISH = "turkish", _("Turkish")
    UKRAINIAN = "ukrainian", _("Ukrainian")
    URDU = "urdu", _("Urdu")
    OTHER = "other", _("Another language")


class ReferralSource(models.TextChoices):
    SELF = "self", _("The person themselves")
    POLICE = "police", _("Police")
    SARC = "sarc", _("Sexual assault referral centre (SARC)")
    GP = "gp", _("GP")
    HOSPITAL = "hospital", _("Hospital or emergency department")
    MENTAL_HEALTH = "mental_health", _("Mental health service")
    SEXUAL_HEALTH = "sexual_health", _("Sexual health service")
    CHILDREN_SOCIAL_CARE = "children_social_care", _("Children’s social care")
    ADULT_SOCIAL_CARE = "adult_social_care", _("Adult social care")
    EDUCATION = "education", _("School, college or university")
    VOLUNTARY = "voluntary", _("Specialist voluntary organisation")
    DOMESTIC_ABUSE = "domestic_abuse", _("Domestic abuse service or IDVA")
    HOUSING = "housing", _("Housing")
    PROBATION = "probation", _("Probation or prison")
    COURT_SERVICES = "court_services", _("CPS, Witness Care or Witness Service")
    VICTIM_HUB = "victim_hub", _("Victim hub or victim support service")
    FAMILY = "family", _("Family or friend")
    INTERNAL = "internal", _("Another team of the same organisation")
    OTHER = "other", _("Somebody else")


class ViolenceType(models.TextChoices):
    """A category, never the account."""

    RAPE = "rape", _("Rape")
    ATTEMPTED_RAPE = "attempted_rape", _("Attempted rape")
    PENETRATION = "penetration", _("Assault by penetration")
    SEXUAL_ASSAULT = "sexual_assault", _("Sexual assault")
    CHILD_SEXUAL_ABUSE = "child_sexual_abuse", _("Child sexual abuse")
    EXPLOITATION = "exploitation", _("Sexual exploitation, by one person or a group")
    IMAGES = "images", _("Images or technology used to abuse")
    HARASSMENT = "harassment", _("Sexual harassment")
    EXPOSURE = "exposure", _("Exposure or voyeurism")
    STALKING = "stalking", _("Stalking with a sexual element")
    TRAFFICKING = "trafficking", _("Trafficking")
    DOMESTIC = "domestic", _("Sexual violence within domestic abuse")
    INSTITUTIONAL = "institutional", _("Abuse in an institution, or ritual abuse")
    OTHER = "other", _("Something else")
    NOT_SAID = "not_said", _("Prefer not to say")


class Recency(models.TextChoices):
    LAST_7_DAYS = "last_7_days", _("In the last 7 days")
    LAST_YEAR = "last_year", _("In the last 12 months")
    NON_RECENT = "non_recent", _("More than 12 months ago")
    ONGOING = "ongoing", _("It is still happening")
    NOT_SAID = "not_said", _("Not known or prefer not to say")


class Relationship(models.TextChoices):
    PARTNER = "partner", _("Partner")
    EX_PARTNER = "ex_partner", _("Ex-partner")
    PARENT = "parent", _("Parent, step-parent or carer")
    SIBLING = "sibling", _("Brother or sister")
    FAMILY = "family", _("Another family member")
    FRIEND = "friend", _("Friend")
    DATE = "date", _("A date or somebody newly met")
    ACQUAINTANCE = "acquaintance", _("Somebody else they know")
    COLLEAGUE = "colleague", _("Colleague")
    PUPIL = "pupil", _("Fellow pupil or student")
    TRUST = "trust", _("Somebody in a position of trust or authority")
    INSTITUTION = "institution", _("A professional or an institution")
    STRANGER = "stranger", _("Stranger")
    MULTIPLE = "multiple", _("More than one person")
    UNKNOWN = "unknown", _("Not known")
    NOT_SAID = "not_said", _("Prefer not to say")


class Reported(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    CONSIDERING = "considering", _("Thinking about it")
    UNKNOWN = "unknown", _("Not known")


class JusticeStage(models.TextChoices):
    """Where the criminal justice process stands; support never depends on it."""

    NOT_REPORTED = "not_reported", _("Not reported")
    CONSIDERING = "considering", _("Considering reporting")
    INVESTIGATION = "investigation", _("Reported, under investigation")
    INTERVIEWED = "interviewed", _("Interview given (VRI or ABE)")
    WITH_CPS = "with_cps", _("With CPS for a charging decision")
    NFA_POLICE = "nfa_police", _("No further action by police")
    NFA_CPS = "nfa_cps", _("No further action by CPS")
    REVIEW = "review", _("Victims’ Right to Review")
    CHARGED = "charged", _("Charged")
    PLEA_HEARING = "plea_hearing", _("Crown Court, plea hearing")
    AWAITING_TRIAL = "awaiting_trial", _("Awaiting trial")
    TRIAL = "trial", _("Trial")
    CONVICTED = "convicted", _("Convicted")
    ACQUITTED = "acquitted", _("Acquitted")
    RETRIAL = "retrial", _("Retrial")
    DISCONTINUED = "discontinued", _("Discontinued")
    AWAITING_SENTENCE = "awaiting_sentence", _("Awaiting sentence")
    SENTENCED = "sentenced", _("Sentenced")
    APPEAL = "appeal", _("Appeal")
    WITHDREW = "withdrew", _("The person withdrew")
    OUT_OF_COURT = "out_of_court", _("Out-of-court disposal")
    UNKNOWN = "unknown", _("Not known")


#: Stages in which the justice process is under way.
JUSTICE_UNDER_WAY = frozenset(
    {
        JusticeStage.INVESTIGATION, JusticeStage.INTERVIEWED, JusticeStage.WITH_CPS, JusticeStage.REVIEW,
        JusticeStage.CHARGED, JusticeStage.PLEA_HEARING, JusticeStage.AWAITING_TRIAL, JusticeStage.TRIAL,
        JusticeStage.RETRIAL, JusticeStage.AWAITING_SENTENCE, JusticeStage.APPEAL,
    }
)  # fmt: skip


class SafetyConcern(models.TextChoices):
    """Indicators of immediate risk (report, Annex A 1)."""

    ONGOING_CONTACT = "ongoing_contact", _("The person who harmed them still has contact")
    THREATS = "threats", _("Threats")
    COERCION = "coercion", _("Coercion or control")
    STALKING = "stalking", _("Stalking")
    HONOUR = "honour", _("So-called honour-based abuse or forced marriage")
    CHILD_AT_RISK = "child_at_risk", _("A child may be at risk")
    ADULT_AT_RISK = "adult_at_risk", _("An adult may be at risk")
    SELF_HARM = "self_harm", _("Self-harm or thoughts of suicide")


class NoConsentBasis(models.TextChoices):
    """A referral without consent needs one of these and a reason."""

    SAFEGUARDING = "safeguarding", _("Safeguarding a child or an adult at risk")
    HIGH_RISK = "high_risk", _("High risk of serious harm")


class Ethnicity(models.TextChoices):
    BANGLADESHI = "a3", _("Bangladeshi")
    CHINESE = "a4", _("Chinese")
    INDIAN = "a1", _("Indian")
    PAKISTANI = "a2", _("Pakistani")
    OTHER_ASIAN = "a9", _("Any other Asian background")
    AFRICAN = "b2", _("African")
    CARIBBEAN = "b1", _("Caribbean")
    OTHER_BLACK = "b9", _("Any other Black background")
    WHITE_AND_ASIAN = "m3", _("White and Asian")
    WHITE_AND_BLACK_AFRICAN = "m2", _("White and Black African")
    WHITE_AND_BLACK_CARIBBEAN = "m1", _("White and Black Caribbean")
    OTHER_MIXED = "m9", _("Any other mixed background")
    WHITE_BRITISH = "w1", _("English, Welsh, Scottish, Northern Irish or British")
    IRISH = "w2", _("Irish")
    TRAVELLER = "w3", _("Gypsy or Irish Traveller")
    ROMA = "w5", _("Roma")
    OTHER_WHITE = "w9", _("Any other White background")
    ARAB = "o2", _("Arab")
    OTHER = "o9", _("Any other ethnic group")
    NOT_SAID = "ns", _("Prefer not to say")
    NOT_ASKED = "un", _("Not known or not asked")


class GenderIdentity(models.TextChoices):
    SAME = "same", _("Same as sex registered at birth")
    TRANS_WOMAN = "trans_woman", _("Trans woman")
    TRANS_MAN = "trans_man", _("Trans man")
    NON_BINARY = "non_binary", _("Non-binary")
    DIFFERENT = "different", _("Different from sex registered at birth, not further described")
    OTHER = "other", _("Another gender identity")
    NOT_SAID = "not_said", _("Prefer not to say")
    NOT_ASKED = "not_asked", _("Not known or not asked")


class ClientSex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    NOT_SAID = "not_said", _("Prefer not to say")
    NOT_ASKED = "not_asked", _("Not known or not asked")


class Orientation(models.TextChoices):
    STRAIGHT = "straight", _("Heterosexual or straight")
    GAY = "gay", _("Gay or lesbian")
    BISEXUAL = "bisexual", _("Bisexual")
    OTHER = "other", _("Other")
    NOT_SAID = "not_said", _("Prefer not to say")
    NOT_ASKED = "not_asked", _("Not known or not asked")


class Religion(models.TextChoices):
    NONE = "none", _("No religion")
    BUDDHIST = "buddhist", _("Buddhist")
    CHRISTIAN = "christian", _("Christian")
    HINDU = "hindu", _("Hindu")
    JEWISH = "jewish", _("Jewish")
    MUSLIM = "muslim", _("Muslim")
    SIKH = "sikh", _("Sikh")
    OTHER = "other", _("Any other religion")
    NOT_SAID = "not_said", _("Prefer not to say")
    NOT_ASKED = "not_asked", _("Not known or not asked")


class Disability(models.TextChoices):
    LIMITED_A_LOT = "limited_a_lot", _("Disabled, day-to-day activities limited a lot")
    LIMITED_A_LITTLE = "limited_a_little", _("Disabled, day-to-day activities limited a little")
    NOT_LIMITED = "not_limited", _("A long-term condition, activities not limited")
    NONE = "none", _("Not disabled")
    NOT_SAID = "not_said", _("Prefer not to say")
    NOT_ASKED = "not_asked", _("Not known or not asked")


class Marital(models.TextChoices):
    SINGLE = "single", _("Single")
    TOGETHER = "together", _("Living together")
    MARRIED = "married", _("Married or in a civil partnership")
    SEPARATED = "separated", _("Separated or divorced")
    WIDOWED = "widowed", _("Widowed or surviving partner")
    NOT_SAID = "not_said", _("Prefer not to say")
    NOT_ASKED = "not_asked", _("Not known or not asked")


class Pregnancy(models.TextChoices):
    YES = "yes", _("Pregnant or had a baby in the last 6 months")
    NO = "no", _("No")
    NOT_SAID = "not_said", _("Prefer not to say")
    NOT_ASKED = "not_asked", _("Not known or not asked")


class Format(models.TextChoices):
    """How somebody reads and is read to."""

    EASY_READ = "easy_read", _("Easy read")
    LARGE_PRINT = "large_print", _("Large print")
    BRAILLE = "braille", _("Braille")
    AUDIO = "audio", _("Audio")
    BSL = "bsl", _("British Sign Language interpreter")
    LIP_SPEAKER = "lip_speaker", _("Lip speaker")
    TEXT_ONLY = "text_only", _("Text instead of voice")


class WorkerSex(models.TextChoices):
    FEMALE = "female", _("A woman")
    MALE = "male", _("A man")
    NO_PREFERENCE = "no_preference", _("No preference")


class ContactMode(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("Phone call")
    VIDEO = "video", _("Video call")
    TEXT = "text", _("Text message")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    COURT = "court", _("At court")
    MEETING = "meeting", _("Meeting with agencies")


#: Modes by which a client can be reached at a safe contact, and which answer of it must allow them.
MODE_NEEDS = {
    ContactMode.PHONE: "safe_to_call",
    ContactMode.TEXT: "safe_to_text",
    ContactMode.EMAIL: "safe_to_write",
    ContactMode.LETTER: "safe_to_write",
}


class PoliceForce(models.TextChoices):
    AVON = "avon", "Avon and Somerset Constabulary"
    BEDFORDSHIRE = "bedfordshire", "Bedfordshire Police"
    CAMBRIDGESHIRE = "cambridgeshire", "Cambridgeshire Constabulary"
    CHESHIRE = "cheshire", "Cheshire Constabulary"
    CITY = "city", "City of London Police"
    CLEVELAND = "cleveland", "Cleveland Police"
    CUMBRIA = "cumbria", "Cumbria Constabulary"
    DERBYSHIRE = "derbyshire", "Derbyshire Constabulary"
    DEVON = "devon", "Devon and Cornwall Police"
    DORSET = "dorset", "Dorset Police"
    DURHAM = "durham", "Durham Constabulary"
    DYFED_POWYS = "dyfed_powys", "Dyfed-Powys Police"
    ESSEX = "essex", "Essex Police"
    GLOUCESTERSHIRE = "gloucestershire", "Gloucestershire Constabulary"
    GREATER_MANCHESTER = "greater_manchester", "Greater Manchester Police"
    GWENT = "gwent", "Gwent Police"
    HAMPSHIRE = "hampshire", "Hampshire and Isle of Wight Constabulary"
    HERTFORDSHIRE = "hertfordshire", "Hertfordshire Constabulary"
    HUMBERSIDE = "humberside", "Humberside Police"
    KENT = "kent", "Kent Police"
    LANCASHIRE = "lancashire", "Lancashire Constabulary"
    LEICESTERSHIRE = "leicestershire", "Leicestershire Police"
    LINCOLNSHIRE = "lincolnshire", "Lincolnshire Police"
    MERSEYSIDE = "merseyside", "Merseyside Police"
    METROPOLITAN = "metropolitan", "Metropolitan Police Service"
    NORFOLK = "norfolk", "Norfolk Constabulary"
    NORTH_WALES = "north_wales", "North Wales Police"
    NORTH_YORKSHIRE = "north_yorkshire", "North Yorkshire Police"
    NORTHAMPTONSHIRE = "northamptonshire", "Northamptonshire Police"
    NORTHUMBRIA = "northumbria", "Northumbria Police"
    NOTTINGHAMSHIRE = "nottinghamshire", "Nottinghamshire Police"
    SOUTH_WALES = "south_wales", "South Wales Police"
    SOUTH_YORKSHIRE = "south_yorkshire", "South Yorkshire Police"
    STAFFORDSHIRE = "staffordshire", "Staffordshire Police"
    SUFFOLK = "suffolk", "Suffolk Constabulary"
    SURREY = "surrey", "Surrey Police"
    SUSSEX = "sussex", "Sussex Police"
    THAMES_VALLEY = "thames_valley", "Thames Valley Police"
    WARWICKSHIRE = "warwickshire", "Warwickshire Police"
    WEST_MERCIA = "west_mercia", "West Mercia Police"
    WEST_MIDLANDS = "west_midlands", "West Midlands Police"
    WEST_YORKSHIRE = "west_yorkshire", "West Yorkshire Police"
    WILTSHIRE = "wiltshire", "Wiltshire Police"
    TRANSPORT = "transport", "British Transport Police"
    MILITARY = "military", "Royal Military Police"
    OTHER = "other", _("Another force, or abroad")
