"""How a case moves: one function, one map. No other line of the product assigns the stage of a case."""

from django.db import transaction

from casework.models import STAGE_NAMES, Case, StageEntry
from isva.clock.moment import now
from isva.pathway import Stage, WrongStage, may_move


def open_at(case: Case, *, by, reason: str) -> StageEntry:
    """Enter a new case into its first stage, *referral*. The case must have been saved just now."""
    entry = StageEntry(
        case=case, stage=Stage.REFERRAL.value, entered_at=case.opened_at, reason=reason, recorded_by=by,
        recorded_at=case.opened_at,
    )  # fmt: skip
    entry.save(force_insert=True)
    return entry


def lock_case(case: Case) -> Case:
    """Take a case for the rest of the transaction, and bring ``case`` up to date with where others have put it.

    Whoever decides on a case by what it is now does so first: two people then wait for each other. It does not
    stand in the way of records that are merely added to the case. Returns the row as locked.
    """
    locked = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    for name in ("stage", "stage_since", "lead_isva_id", "interim_worker_id", "urgent"):
        setattr(case, name, getattr(locked, name))
    return locked


@transaction.atomic
def move(case: Case, *, to: Stage, by, reason: str, **with_it) -> StageEntry:
    """Move a case along the pathway and record it.

    ``with_it`` are other fields of the case that change in the same breath (``lead_isva``, say).
    ``case`` is brought up to date. Two people moving one case at the same moment wait for each other, and
    the second is judged by where the first has put it.

    Raises WrongStage, in words, where the map has no such way.
    """
    locked = lock_case(case)
    if not may_move(here=locked.stage, to=to):
        raise WrongStage(wrong_way(locked.stage, to))
    moment = max(now(), locked.stage_since)
    current = StageEntry.objects.get(case=locked, left_at__isnull=True)
    current.left_at = moment
    current.save(update_fields=["left_at"])
    entry = StageEntry(case=locked, stage=to.value, entered_at=moment, reason=reason, recorded_by=by)
    entry.save(force_insert=True)
    for one in (locked, case):
        one.stage = to.value
        one.stage_since = moment
        for name, value in with_it.items():
            setattr(one, name, value)
    locked.save(update_fields=["stage", "stage_since", *with_it])
    return entry


def wrong_way(here: str, to: Stage) -> str:
    """Why a case cannot go from ``here`` to ``to``, in words."""
    from django.utils.translation import gettext as _

    return _("This case is at “%(here)s” and cannot move to “%(to)s” from there.") % {
        "here": STAGE_NAMES[Stage(here)],
        "to": STAGE_NAMES[to],
    }
