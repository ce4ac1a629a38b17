"""Where the criminal justice process stands, as far as a case has one. Support never depends on reporting.

Sources: statutory guidance 28; police and CPS framework (decisions of no further action, trial).
"""

import datetime as dt

from django.utils.translation import gettext as _

from casework.models import Case, JusticeUpdate
from casework.sas.complexity import reckon_complexity
from casework.sas.recording import review_after_change
from isva.codes import JusticeStage

#: Turns after which risk and need are looked at again: they change what a suspect may do and what a client feels.
TURNS = frozenset(
    {
        JusticeStage.CHARGED, JusticeStage.NFA_POLICE, JusticeStage.NFA_CPS, JusticeStage.ACQUITTED,
        JusticeStage.CONVICTED, JusticeStage.DISCONTINUED, JusticeStage.SENTENCED, JusticeStage.APPEAL,
        JusticeStage.WITHDREW, JusticeStage.OUT_OF_COURT, JusticeStage.RETRIAL,
    }
)  # fmt: skip


def update_justice(
    case: Case, *, by, stage, since: dt.date, trial_on: dt.date | None = None, note: str = ""
) -> JusticeUpdate:
    """Record where the process stands since a day. The case carries the stage with the latest day.

    A charge or an outcome brings the next review of risk forward.
    """
    update = JusticeUpdate(case=case, stage=stage, since=since, trial_on=trial_on, note=note, recorded_by=by)
    update.save(force_insert=True)
    current = updates_of(case)[0]
    if current.pk == update.pk:
        case.justice_stage = update.stage
        case.trial_on = update.trial_on
        case.save(update_fields=["justice_stage", "trial_on"])
        if case.is_open:
            reckon_complexity(case, by=by)
        if update.stage in TURNS:
            review_after_change(case, why=_("the justice process took a turn"), by=by)
    return update


def updates_of(case: Case) -> list[JusticeUpdate]:
    """Where the process stood, the latest day first; the first is where it stands. One query."""
    rows = JusticeUpdate.objects.filter(case=case).select_related("recorded_by")
    return list(rows.order_by("-since", "-recorded_at"))
