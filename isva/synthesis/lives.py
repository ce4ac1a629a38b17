"""The course of each made-up case: when it was referred, triaged, waited, was supported and ended, and how.

Drawn by the rates of its service. What no source publishes is a number here: one in eight of those who stay is urgent, one
in ten ends at triage for another reason than advice; support is as long as it is by how the justice process ends.
"""

import datetime as dt

from casework.references import ALPHABET
from isva.codes import ReferralSource as From
from isva.synthesis.names import BEGINNINGS, ENDINGS, FIRST
from isva.synthesis.profiles import Profile
from isva.synthesis.writing import Pen

#: Shares of those decided on, of those who stay, of those supported, and of all.
OTHER_ENDS = (("unable", 0.04), ("declined", 0.04), ("not_this_service", 0.02))
URGENT, PAUSED, KNOWN_AS = 0.12, 0.12, 0.12
#: Of those whom the police did not refer: who has reported it. Of those who have: how it ends.
REPORTED = 0.5
JUSTICE = (("nfa", 55), ("court", 20), ("withdrew", 13), ("investigation", 12))
#: Days before the end at which support is paused, where it is, and how long it must have been for that.
PAUSE_DAYS, LONG_DAYS = 45, 120
RISKS = "CASE WHEN {0} < 0.18 THEN 'high' WHEN {0} < 0.55 THEN 'medium' ELSE 'standard' END"
#: Who else refers, the more often the higher the number.
OTHERS = (
    (From.SARC, 22), (From.CHILDREN_SOCIAL_CARE, 12), (From.GP, 9), (From.HOSPITAL, 5), (From.MENTAL_HEALTH, 10),
    (From.SEXUAL_HEALTH, 5), (From.ADULT_SOCIAL_CARE, 4), (From.EDUCATION, 9), (From.VOLUNTARY, 6), (From.DOMESTIC_ABUSE, 6),
    (From.HOUSING, 2), (From.PROBATION, 2), (From.COURT_SERVICES, 2), (From.VICTIM_HUB, 4), (From.FAMILY, 4),
    (From.INTERNAL, 3), (From.OTHER, 2),
)  # fmt: skip


def draw_courses(pen: Pen, profile: Profile, *, until: dt.datetime) -> int:
    """Fill the temporary table ``course``, one row a case; a moment after ``until`` is null. Returns how many.

    ``place`` has been filled. Cases are numbered service by service; ``rank`` is the number within the service.
    """
    # OFFSET 0 keeps each step by itself: flattened into one, every moment would be reckoned anew in all that follow from it.
    first, days = until - dt.timedelta(days=365 * profile.years), 365 * profile.years
    chance, after = pen.chance, _days_after
    drawn = f"""
        SELECT place.*, life.n, rank, {pen.key("case")} AS case_id, {pen.key("client")} AS client_id,
            {after(f"timestamptz '{first.isoformat()}'", f"{days} * (rank - {chance('day')}) / cases")} AS opened_at,
            {chance("source")} AS drawn_source, {chance("outcome")} AS drawn_outcome
        FROM place, generate_series(1, cases::bigint) AS rank, LATERAL (SELECT place.first + rank AS n) life OFFSET 0"""
    referred = f"""
        SELECT life.*, CASE WHEN drawn_source < police THEN 'police' WHEN drawn_source < police + self_referred THEN 'self'
                ELSE {pen.weighted("source of others", OTHERS)} END AS source,
            drawn_source < police OR {chance("reported")} < {REPORTED} AS reported,
            {_outcome(chance("urgent"))} AS outcome
        FROM ({drawn}) life OFFSET 0"""
    triage = f"""
        SELECT life.*, outcome IN ('advice', 'unable', 'declined', 'not_this_service') AS turned_away, outcome = 'allocate_now' AS urgent,
            CASE WHEN NOT reported THEN 'not_reported' ELSE {pen.weighted("justice", JUSTICE)} END AS justice,
            {after("opened_at", f"0.1 + 1.5 * {chance('triage')}")} AS triage_at,
            {after("opened_at", f"1.7 + 9 * power({chance('told')}, 2)")} AS told_at
        FROM ({referred}) life OFFSET 0"""
    triaged = f"""
        SELECT life.*, {after("told_at", f"0.1 + 3 * {chance('triaged')}")} AS triaged_at
        FROM ({triage}) life OFFSET 0"""
    # Some of those supported were urgent: what is typical of the others is a little more than the median of all.
    wait = f"""
        SELECT life.*, CASE WHEN turned_away THEN NULL WHEN urgent THEN triaged_at
            ELSE greatest({after("triaged_at", "0.5")}, {after("opened_at", f"wait * (0.66 + 0.8 * {chance('wait')}) - 1.5")}) END AS sent_at
        FROM ({triaged}) life OFFSET 0"""
    taken = f"""
        SELECT life.*, {after("sent_at", f"0.2 + 2.6 * {chance('taken')}")} AS allocated_at, {_weeks(chance("weeks"))} AS weeks
        FROM ({wait}) life OFFSET 0"""
    ended = f"""
        SELECT life.*, coalesce({after("allocated_at", "7 * weeks")}, triaged_at) AS closed_at FROM ({taken}) life OFFSET 0"""
    paused = f"""
        SELECT life.*, CASE WHEN allocated_at IS NOT NULL AND 7 * weeks > {LONG_DAYS} AND {chance("paused")} < {PAUSED}
            THEN {after("closed_at", f"-{PAUSE_DAYS}")} END AS paused_at, allocated_at AS begins_at, closed_at AS ends_at
        FROM ({ended}) life OFFSET 0"""
    moments = ("triage_at", "told_at", "triaged_at", "sent_at", "allocated_at", "paused_at", "closed_at")
    latest = latest_of(until)
    seen = ", ".join(f"CASE WHEN {name} < {latest} THEN {name} END AS {name}" for name in moments)
    kept = "s, service_id, intake, planned, n, rank, case_id, client_id, opened_at, source, reported, outcome, turned_away, urgent, justice, weeks, begins_at, ends_at"
    pen.cursor.execute(f"""
        CREATE TEMP TABLE course ON COMMIT DROP AS
        SELECT life.*,
            CASE WHEN closed_at IS NOT NULL THEN 'closed' WHEN paused_at IS NOT NULL THEN 'stepped_down'
                WHEN allocated_at IS NOT NULL THEN 'active' WHEN sent_at IS NOT NULL THEN 'allocation'
                WHEN triaged_at IS NOT NULL THEN 'interim' WHEN triage_at IS NOT NULL THEN 'triage'
                ELSE 'referral' END AS stage,
            coalesce(closed_at, paused_at, allocated_at, sent_at, triaged_at, triage_at, opened_at) AS stage_since,
            coalesce(paused_at, closed_at, {latest}) AS supported_until,
            {RISKS.format(chance("risk"))} AS risk, floor(56 * {chance("complexity")})::int AS score,
            CASE WHEN allocated_at IS NOT NULL AND closed_at IS NOT NULL THEN {_closure(pen)} END AS closed_why
        FROM (SELECT {kept}, {seen} FROM ({paused}) life) life""")
    count = pen.cursor.rowcount
    pen.cursor.execute("ANALYZE course")
    return count


def draw_lives(pen: Pen, profile: Profile) -> None:
    """Fill the temporary table ``life``: each course with the people at work on it, a name and a reference.

    ``course`` and ``staff`` have been filled, and ``isvas`` of each place is how many there are.
    """
    # Unless it is known how few members of staff there are, they are looked through anew for every case.
    pen.cursor.execute("ANALYZE staff, team")
    pen.cursor.execute(f"""
        CREATE TEMP TABLE life ON COMMIT DROP AS
        SELECT life.*, coordinator.user_id AS coordinator, manager.user_id AS manager, isva.user_id AS isva,
            {_reference(profile)} AS reference, {_name(pen)} AS name,
            CASE WHEN {pen.chance("known as")} < {KNOWN_AS} THEN {pen.pick("called", FIRST, even=False)} ELSE '' END AS known_as
        FROM course life JOIN team USING (s)
        JOIN staff manager ON manager.s = life.s AND manager.part = 'manager' AND manager.k = mod(life.n, 2)
        JOIN staff coordinator
            ON coordinator.s = life.s AND coordinator.part = 'coordinator' AND coordinator.k = mod(life.n / 7, 2)
        JOIN staff isva ON isva.s = life.s AND isva.part = 'isva' AND isva.k = mod(life.rank, team.isvas)
    """)
    pen.cursor.execute("ANALYZE life")


def latest_of(until: dt.datetime) -> str:
    """SQL for the moment after which nothing of a life is seen: a little before the present of the made-up services."""
    return f"timestamptz '{(until - dt.timedelta(hours=3)).isoformat()}'"


def _outcome(urgent: str) -> str:
    """What triage decides: advice as often as the service says, some other endings, and the rest stays."""
    ends, words = "advice", []
    for outcome, share in OTHER_ENDS:
        ends = f"{ends} + {share}"
        words.append(f"WHEN drawn_outcome < {ends} THEN '{outcome}'")
    return (
        f"CASE WHEN drawn_outcome < advice THEN 'advice' {' '.join(words)} "
        f"WHEN {urgent} < {URGENT} THEN 'allocate_now' ELSE 'interim' END"
    )


def _weeks(chance: str) -> str:
    """Weeks of support, up to a fifth more or less than what is typical of the service for the way justice ended."""
    return (
        f"(0.8 + 0.4 * {chance}) * CASE justice WHEN 'court' THEN weeks_court WHEN 'nfa' THEN weeks_nfa "
        "WHEN 'not_reported' THEN weeks_not_reported ELSE 0.8 * weeks_nfa END"
    )


def _closure(pen: Pen) -> str:
    """Why support ended: planned as often as the service says."""
    planned = (
        "CASE WHEN justice IN ('nfa', 'court') THEN "
        + pen.weighted(
            "planned after justice", (("justice_ended", 5), ("work_done", 4), ("needs_met_elsewhere", 1))
        )
        + " ELSE "
        + pen.weighted("planned", (("work_done", 7), ("needs_met_elsewhere", 3)))
        + " END"
    )
    otherwise = (
        ("disengaged", 45),
        ("lost_contact", 22),
        ("declined", 15),
        ("moved", 10),
        ("ill_health", 5),
        ("custody", 3),
    )
    return f"CASE WHEN {pen.chance('planned or not')} < planned THEN {planned} ELSE {pen.weighted('unplanned', otherwise)} END"


def _days_after(moment: str, days: str) -> str:
    return f"({moment} + ({days}) * interval '1 day')"


def _reference(profile: Profile) -> str:
    """A reference for each row and none twice: a step that shares no divisor with their number walks through all."""
    size = len(ALPHABET)
    place = f"mod(life.n * 104729 + {profile.seed * 7919}, {size**6})"
    letters = [
        f"substr('{ALPHABET}', 1 + mod({place} / {size**power}, {size})::int, 1)" for power in range(6)
    ]
    return f"{' || '.join(letters[:2])} || '-' || {' || '.join(letters[2:])}"


def _name(pen: Pen) -> str:
    first = pen.pick("first name", FIRST, even=False)
    return f"{first} || ' ' || {pen.pick('beginning', BEGINNINGS)} || {pen.pick('ending', ENDINGS)}"
