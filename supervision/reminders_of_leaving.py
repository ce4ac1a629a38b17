"""What falls due where somebody left something undone beside cases."""

from django.utils.translation import gettext_lazy as _

from casework.reminders_of_safety import next_working_day
from isva.clock.rows import counted
from isva.clock.rules import About, Rule, Scope, Section, Who, register
from supervision.left import RULE
from supervision.models import LeftItem


def _items(scope: Scope):
    """What the sweep has found and nobody has settled."""
    rows = LeftItem.objects.filter(service=scope.service, settled_on__isnull=True)
    return counted(rows, case="", since="found_on", detail="owner__name")


RULES = (
    Rule(
        name=RULE, words=_("Left behind by somebody who has left or is away"), section=Section.STAFF, about=About.SERVICE,
        says=_("What somebody who has left, or is away, still had to do is found by night and given to somebody on the next working day."),
        rows=_items, falls=next_working_day, belongs_to=Who.MANAGER, page="list_left_behind", rank=8,
    ),
)  # fmt: skip

register(*RULES)
