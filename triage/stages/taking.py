"""Taking a case in hand: what is decided about it is decided on what it is now, by one person at a time."""

from django.utils.translation import gettext as _

from casework.models import CARRIED_COLUMNS, STAGE_NAMES, Case
from casework.moving import lock_case
from isva.pathway import Stage, WrongStage


def take_in_hand(case: Case, stages) -> None:
    """Take a case for the rest of the transaction, brought up to date with what others have done to it.

    Raises WrongStage, in words, unless it is in one of ``stages``.
    """
    locked = lock_case(case)
    for name in CARRIED_COLUMNS:
        setattr(case, name, getattr(locked, name))
    if case.stage not in {stage.value for stage in stages}:
        raise WrongStage(
            _("This case is at “%(here)s” now, where this cannot be done.")
            % {"here": STAGE_NAMES[Stage(case.stage)]}
        )
