"""How made-up cases begin: the person, what the referral said, the attempts to reach them, and what triage decided."""

from casework.models import Client, SafeContact, SasInstrument, SasReview
from isva.synthesis.names import AREAS
from isva.synthesis.writing import Pen, record
from referrals.models import InformationRequest, Referral
from triage.models import ContactAttempt, TriageAssessment

#: Protected characteristics, by column: answers and how often each is given. Not asked is told apart from not said.
_CHARACTERISTICS = {
    "sex": (("female", 84), ("male", 12), ("not_said", 1), ("not_asked", 3)),
    "gender_identity": (("same", 78), ("trans_woman", 1), ("trans_man", 1), ("non_binary", 2), ("not_said", 4), ("not_asked", 14)),
    "ethnicity": (
        ("w1", 66), ("w9", 6), ("w2", 1), ("w3", 1), ("a1", 2), ("a2", 3), ("a3", 1), ("a9", 1), ("b1", 2), ("b2", 3), ("b9", 1),
        ("m1", 2), ("m2", 1), ("m3", 1), ("o2", 1), ("o9", 1), ("ns", 3), ("un", 6),
    ),
    "religion": (("none", 40), ("christian", 25), ("muslim", 7), ("sikh", 1), ("hindu", 1), ("other", 2), ("not_said", 6), ("not_asked", 18)),
    "orientation": (("straight", 64), ("gay", 4), ("bisexual", 9), ("other", 2), ("not_said", 6), ("not_asked", 15)),
    "disability": (
        ("limited_a_lot", 18), ("limited_a_little", 17), ("not_limited", 5), ("none", 44), ("not_said", 3), ("not_asked", 13),
    ),
    "marital": (("single", 60), ("together", 9), ("married", 10), ("separated", 9), ("widowed", 1), ("not_said", 3), ("not_asked", 8)),
    "pregnancy": (("yes", 4), ("no", 74), ("not_said", 2), ("not_asked", 20)),
}  # fmt: skip
_TYPES = (
    ("rape", 46), ("sexual_assault", 19), ("child_sexual_abuse", 14), ("domestic", 6), ("penetration", 4), ("exploitation", 3),
    ("images", 3), ("attempted_rape", 2), ("harassment", 1), ("not_said", 1), ("", 1),
)  # fmt: skip
_RECENCY = (
    ("last_7_days", 8),
    ("last_year", 38),
    ("non_recent", 43),
    ("ongoing", 4),
    ("not_said", 4),
    ("", 3),
)
_RELATIONSHIPS = (
    ("ex_partner", 18), ("partner", 8), ("acquaintance", 16), ("friend", 12), ("family", 9), ("parent", 7), ("stranger", 9),
    ("date", 7), ("sibling", 3), ("trust", 3), ("multiple", 2), ("unknown", 3), ("", 3),
)  # fmt: skip


def write_clients(pen: Pen) -> int:
    """The people, with a number each and what they answered about themselves; returns how many."""
    answers = {column: pen.weighted(column, choices) for column, choices in _CHARACTERISTICS.items()}
    born = f"(life.opened_at - (13 + 50 * power({pen.chance('born')}, 2)) * interval '365 days')::date"
    count = pen.insert(
        Client, "life", id="client_id", service_id="service_id", name="name", known_as="known_as",
        date_of_birth=f"CASE WHEN {pen.chance('birth known')} < 0.97 THEN {born} END",
        area=pen.weighted("area", [*zip(AREAS, (50, 28, 14, 6), strict=True), ("", 2)]), **answers,
    )  # fmt: skip
    pen.insert(
        SafeContact, "life", id=pen.key("phone"), service_id="service_id", client_id="client_id", kind="'phone'",
        value="'07700 900' || lpad(mod(n, 1000)::text, 3, '0')", safe_to_call="true",
        safe_to_text=f"{pen.chance('text')} < 0.6", standing="'in_use'", recorded_by_id="intake", recorded_at="opened_at",
    )  # fmt: skip
    return count


def justice_at_first(pen: Pen) -> str:
    """SQL for where the justice process stood when somebody was referred."""
    considers = f"{pen.chance('considering')} < 0.15"
    return (
        f"CASE WHEN reported THEN 'investigation' WHEN {considers} THEN 'considering' ELSE 'not_reported' END"
    )


def write_beginnings(pen: Pen, instrument: SasInstrument) -> None:
    """What the referral said, the attempts to reach the person, the screening with ``instrument``, and the decision."""
    _referrals(pen)
    _attempts(pen)
    triaged = "life WHERE triaged_at IS NOT NULL"
    pen.insert(
        SasReview, f"{triaged} AND outcome <> 'unable'", **record("coordinator", "triaged_at"), id=pen.key("screening"),
        instrument_id=f"{instrument.pk}", kind="'screening'", reviewed_at="triaged_at", risk="risk",
    )  # fmt: skip
    pen.insert(
        TriageAssessment, triaged, **record("coordinator", "triaged_at"), id=pen.key("triage"),
        screening_id=f"CASE WHEN outcome <> 'unable' THEN {pen.key('screening')} END", completed_at="triaged_at",
        outcome_reason="'made up'", outcome="outcome",
    )  # fmt: skip


def _referrals(pen: Pen) -> None:
    considers = f"{pen.chance('considering')} < 0.15"
    pen.insert(
        Referral, "life", **record("intake", "opened_at"), id=pen.key("referral"), source="source",
        route="CASE source WHEN 'self' THEN 'self' WHEN 'family' THEN 'parent' ELSE 'professional' END",
        received_at="opened_at", violence_type=pen.weighted("type", _TYPES), recency=pen.weighted("recency", _RECENCY),
        relationship=pen.weighted("relationship", _RELATIONSHIPS),
        reported=f"CASE WHEN reported THEN 'yes' WHEN {considers} THEN 'considering' ELSE 'no' END",
        safety_answer=pen.weighted("safety", (("no", 78), ("yes", 9), ("unknown", 8), ("", 5))),
        outside_usual=f"CASE WHEN {pen.chance('outside')} < 0.03 THEN ARRAY['area'] ELSE ARRAY[]::text[] END",
        consents="'yes'", acknowledged_at="opened_at + interval '1 minute'",
    )  # fmt: skip
    asked = f"life WHERE told_at IS NOT NULL AND source <> 'self' AND {pen.chance('asked for more')} < 0.06"
    pen.insert(
        InformationRequest, asked, **record("coordinator", "triage_at"), id=pen.key("request"), question="'made up'",
        due_at="triage_at + interval '2 days'", token_hash=f"md5('{pen.seed}:token:' || n)", answer="'made up'",
        answered_at="told_at",
    )  # fmt: skip


def _attempts(pen: Pen) -> None:
    """One to three attempts each; of those who cannot be reached, three that fail."""
    number = "(life.n * 4 + k)"
    many = (
        f"CASE WHEN outcome = 'unable' THEN 3 ELSE 1 + floor(3 * power({pen.chance('attempts')}, 2))::int END"
    )
    source = f"(SELECT life.*, {many} AS many FROM life WHERE told_at IS NOT NULL) life, generate_series(1, many) AS k"
    at = "(told_at - (many - k) * (told_at - opened_at) / (many + 1))"
    failed = pen.weighted("failed", (("no_answer", 5), ("message", 4), ("spoke", 1)), number)
    pen.insert(
        ContactAttempt, source, **record("coordinator", at), id=pen.key("attempt", number), at=at,
        method=f"CASE WHEN k = many THEN 'phone' ELSE {pen.weighted('method', (('phone', 6), ('text', 3), ('email', 1)), number)} END",
        outcome=f"CASE WHEN k = many AND outcome <> 'unable' THEN 'told' ELSE {failed} END",
    )  # fmt: skip
