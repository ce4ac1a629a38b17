"""The course of each made-up case: when it was referred, triaged, waited, was supported and ended, and by whom.

Drawn inside ranges that services publish: a third of referrals end at triage, one in eight of the others is urgent,
the rest wait three weeks to three and a half months; support lasts two months to fifteen, seven on average.
"""

import datetime as dt

from casework.references import ALPHABET
from isva.synthesis.names import BEGINNINGS, ENDINGS, FIRST
from isva.synthesis.profiles import Profile
from isva.synthesis.writing import Pen

#: Shares of all referrals, of those that are not turned away, and of those supported.
ENDS_AT_TRIAGE, URGENT, PAUSED, KNOWN_AS = 0.35, 0.12, 0.12, 0.12
#: Days of support: the least, and how many more at most; on average 220.
LEAST_DAYS, MORE_DAYS = 60, 400
#: Days before the end at which support is paused, where it is.
PAUSE_DAYS = 45
RISKS = "CASE WHEN {0} < 0.18 THEN 'high' WHEN {0} < 0.55 THEN 'medium' ELSE 'standard' END"


def draw_lives(pen: Pen, profile: Profile, *, until: dt.datetime) -> int:
    """Fill the temporary table ``life``, one row a case; a moment after ``until`` is null. Returns how many.

    ``place`` and ``staff`` have been filled.
    """
    # OFFSET 0 keeps each step by itself: flattened into one, every moment would be reckoned anew in all that follow from it.
    first, days = until - dt.timedelta(days=365 * profile.years), 365 * profile.years
    after, chance = _days_after, pen.chance
    drawn = f"""
        SELECT n, mod(n - 1, {profile.services})::int AS s,
            {pen.key("case", "n")} AS case_id, {pen.key("client", "n")} AS client_id,
            {after(f"timestamptz '{first.isoformat()}'", f"{days} * (n - {chance('day', 'n')}) / {profile.cases}")} AS opened_at
        FROM generate_series(1, {profile.cases}::bigint) AS n OFFSET 0"""
    triage = f"""
        SELECT life.*, {chance("turned away")} < {ENDS_AT_TRIAGE} AS turned_away, {chance("urgent")} < {URGENT} AS urgent,
            {after("opened_at", f"0.1 + 2.9 * {chance('triage')}")} AS triage_at,
            {after("opened_at", f"3 + 10 * {chance('triaged')}")} AS triaged_at
        FROM ({drawn}) life OFFSET 0"""
    wait = f"""
        SELECT life.*, CASE WHEN turned_away THEN NULL WHEN urgent THEN triaged_at
            ELSE {after("triaged_at", f"20 + 80 * power({chance('wait')}, 2)")} END AS sent_at
        FROM ({triage}) life OFFSET 0"""
    taken = f"""
        SELECT life.*, {after("sent_at", f"0.2 + 4 * {chance('taken')}")} AS allocated_at FROM ({wait}) life OFFSET 0"""
    ended = f"""
        SELECT life.*, coalesce({after("allocated_at", f"{LEAST_DAYS} + {MORE_DAYS} * power({chance('ended')}, 1.5)")},
            triaged_at) AS closed_at FROM ({taken}) life OFFSET 0"""
    paused = f"""
        SELECT life.*, CASE WHEN allocated_at IS NOT NULL AND {chance("paused")} < {PAUSED}
            THEN {after("closed_at", f"-{PAUSE_DAYS}")} END AS paused_at FROM ({ended}) life OFFSET 0"""
    moments = ("triage_at", "triaged_at", "sent_at", "allocated_at", "paused_at", "closed_at")
    latest = f"timestamptz '{(until - dt.timedelta(hours=3)).isoformat()}'"
    seen = ", ".join(f"CASE WHEN {name} < {latest} THEN {name} END AS {name}" for name in moments)
    pen.cursor.execute(f"""
        CREATE TEMP TABLE life ON COMMIT DROP AS
        SELECT life.*, place.service_id, place.intake, coordinator.user_id AS coordinator, manager.user_id AS manager,
            isva.user_id AS isva,
            CASE WHEN closed_at IS NOT NULL THEN 'closed' WHEN paused_at IS NOT NULL THEN 'stepped_down'
                WHEN allocated_at IS NOT NULL THEN 'active' WHEN sent_at IS NOT NULL THEN 'allocation'
                WHEN triaged_at IS NOT NULL THEN 'interim' WHEN triage_at IS NOT NULL THEN 'triage'
                ELSE 'referral' END AS stage,
            coalesce(closed_at, paused_at, allocated_at, sent_at, triaged_at, triage_at, opened_at) AS stage_since,
            coalesce(paused_at, closed_at, {latest}) AS supported_until,
            {RISKS.format(chance("risk"))} AS risk, floor(56 * {chance("complexity")})::int AS score,
            {_reference(profile)} AS reference, {_name(pen)} AS name,
            CASE WHEN {chance("known as")} < {KNOWN_AS} THEN {pen.pick("called", FIRST, even=False)} ELSE '' END AS known_as
        FROM (SELECT n, s, case_id, client_id, opened_at, turned_away, urgent, {seen} FROM ({paused}) life) life
        JOIN place USING (s)
        JOIN staff manager ON manager.s = life.s AND manager.part = 'manager' AND manager.k = mod(life.n, 2)
        JOIN staff coordinator
            ON coordinator.s = life.s AND coordinator.part = 'coordinator' AND coordinator.k = mod(life.n / 7, 2)
        JOIN staff isva ON isva.s = life.s AND isva.part = 'isva' AND isva.k = floor({profile.isvas} * {chance("isva")})
    """)
    count = pen.cursor.rowcount
    pen.cursor.execute("ANALYZE life")
    return count


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
