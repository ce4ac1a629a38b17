"""The course of each case in SQL, out of ``StageEntry`` alone: what every duration and every standing is computed from.

A *course* runs from the referral, or from a reopening, to the closure that follows: a case that was reopened has two.
"""

from isva.pathway import CARRIED_STAGES, WAITING_STAGES, Stage

#: Where stays begin and end at one moment, they are told apart by the order of the pathway.
_ORDER = "array_position(ARRAY['referral','triage','interim','allocation','active','stepped_down','closed'], s.stage::text)"
CARRIED = "(" + ", ".join(f"'{stage.value}'" for stage in sorted(CARRIED_STAGES)) + ")"
WAITING = "(" + ", ".join(f"'{stage.value}'" for stage in sorted(WAITING_STAGES)) + ")"

#: Every stay, with the number of closures before it (which course it belongs to) and the stage before it, with its beginning.
STAYS = f"""
    SELECT s.case_id, s.stage, s.entered_at, s.left_at,
        count(*) FILTER (WHERE s.stage = '{Stage.CLOSED.value}') OVER before AS course,
        lag(s.stage) OVER whole AS came_from, lag(s.entered_at) OVER whole AS came_since
    FROM casework_stageentry s JOIN facts f ON f.case_id = s.case_id
    WINDOW whole AS (PARTITION BY s.case_id ORDER BY s.entered_at, s.left_at NULLS LAST, {_ORDER}),
        before AS (whole ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"""

_EVERY_COURSE = f"""
    SELECT case_id, course, min(entered_at) AS begun_at,
        min(left_at) FILTER (WHERE stage = 'triage') AS triaged_at,
        min(entered_at) FILTER (WHERE stage = 'active') AS supported_at,
        min(entered_at) FILTER (WHERE stage = 'closed') AS closed_at,
        sum(left_at - entered_at) FILTER (WHERE stage IN {CARRIED}) AS supported_for
    FROM {{}} GROUP BY case_id, course"""
#: Every course: when it began, when triage first ended, when support first began, when it was closed, and after how much
#: support.
COURSES = _EVERY_COURSE.format(f"({STAYS}) stays")

#: What the query of a measure may select from by name, each reckoned once for all measures of a statement: in the order in
#: which one rests on the other.
SHARED = {"stays": STAYS, "courses": _EVERY_COURSE.format("stays")}

#: Where each case stood at the end of the period; cases that were not there yet are left out.
STANDING = """
    SELECT s.case_id, s.stage, s.entered_at FROM casework_stageentry s JOIN facts f ON f.case_id = s.case_id
    WHERE s.entered_at < %(ends)s AND (s.left_at IS NULL OR s.left_at >= %(ends)s)"""

#: Stages before which nothing is open: what counts as open at the end of a period.
OPEN = "(" + ", ".join(f"'{stage.value}'" for stage in Stage if stage is not Stage.CLOSED) + ")"
