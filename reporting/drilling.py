"""From a figure to the records behind it: those that the reader may see, and no others."""

from collections.abc import Mapping

from casework.models import Case
from isva.accounts.models import User
from reporting import figures
from reporting.measures import Measure
from reporting.scope import Scope
from reporting.sight import Sight


def cases_behind(
    measure: Measure,
    scope: Scope,
    *,
    user: User,
    lines: Mapping[str, str],
    only: Mapping[str, str],
    hits: bool,
):
    """The cases behind a figure that ``user`` may see, with what a list shows of them."""
    keys = figures.records(measure, scope, sight=Sight(user), lines=lines, only=only, hits=hits)
    return Case.objects.visible_to(user).filter(pk__in=keys).select_related("client", "lead_isva")
