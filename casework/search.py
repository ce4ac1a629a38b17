"""Finding a person by name or reference, among the cases one may see and no others.

Names are matched in part and in similar spellings (trigrams); a reference in any case, with or without its dash.
"""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q
from django.db.models.functions import Greatest

from casework.models import Case
from casework.references import read_reference
from isva.pathway import Stage

SHORTEST, LONGEST = 2, 100
#: How alike a spelling must be (0 to 1) to be offered.
SIMILAR = 0.45
MOST = 50


@dataclass(frozen=True)
class Found:
    """What a search found: the cases, best first; ``more`` where there were more than are shown."""

    cases: list[Case]
    more: bool = False


def clean(text: str) -> str:
    """What was typed, without what no name or reference has: control characters, spaces around and doubled."""
    return re.sub(
        r"\s+", " ", "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    ).strip()


def search(user, text: str) -> Found:
    """The cases in sight of ``user`` that match: by reference, by part of a name, or by a similar spelling.

    One query. A text that is too short or too long finds nothing.
    """
    wanted = clean(text)
    if not SHORTEST <= len(wanted) <= LONGEST:
        return Found([])
    cases = Case.objects.visible_to(user).select_related("client", "lead_isva")
    likeness = Greatest(
        TrigramWordSimilarity(wanted, "client__name"), TrigramWordSimilarity(wanted, "client__known_as")
    )
    condition = (
        Q(client__name__icontains=wanted) | Q(client__known_as__icontains=wanted) | Q(likeness__gte=SIMILAR)
    )
    reference = read_reference(wanted)
    if reference:
        condition |= Q(reference=reference)
    rows = list(
        cases.annotate(likeness=likeness)
        .filter(condition)
        .order_by("-likeness", "-opened_at", "id")[: MOST + 1]
    )
    rows.sort(key=lambda case: (case.reference != reference, case.stage == Stage.CLOSED.value))
    return Found(rows[:MOST], more=len(rows) > MOST)
