"""Finding a person by name or reference, among the cases one may see and no others.

Names are matched word by word: whole, by their beginning, and as they sound; a reference in any case, with or
without its dash. What is compared are the pieces of names (``casework/search_tokens.py``), by an index.
"""

import re
from dataclasses import dataclass

from django.db.models import Case as Choice
from django.db.models import F, Min, Q, SmallIntegerField, Value, When
from django.db.models.expressions import Combinable

from casework.models import Case
from casework.references import read_reference
from casework.search_tokens import Word, words_of
from isva.access.acting import acting_person
from isva.pathway import Stage

SHORTEST, LONGEST = 2, 100
#: How near a word of a name is to what was typed, nearest first.
WHOLE, BEGINNING, SOUND = range(3)
MOST = 50
#: More words than anybody's name has; each costs a look-up.
MOST_WORDS = 8


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
    """The cases in sight of ``user`` that match: by reference, or by a name that has every word of ``text``.

    A word of a name matches where it is the same, begins so or sounds so; in this order they are shown, open cases
    before closed ones. At most four queries. A text that is too short or too long finds nothing.
    """
    wanted = clean(text)
    if not SHORTEST <= len(wanted) <= LONGEST:
        return Found([])
    cases = Case.objects.visible_to(user)
    reference = read_reference(wanted)
    keys = list(cases.filter(reference=reference).values_list("pk", flat=True)) if reference else []
    keys += [key for key in _by_name(cases, words_of(wanted)[:MOST_WORDS]) if key not in keys]
    shown = keys[:MOST]
    rows = {case.pk: case for case in cases.filter(pk__in=shown).select_related("client", "lead_isva")}
    return Found([rows[key] for key in shown if key in rows], more=len(keys) > MOST)


def _by_name(cases, words: list[Word]) -> list:
    """Keys of the cases whose client's name has every one of ``words``, nearest first, one more than are shown."""
    person = acting_person()
    if not words or person is None:
        return []
    some = Q()
    for word in words:
        some |= _begins(word) | _sounds(word)
    found = cases.filter(some, client__search_tokens__service=person.service).values("pk")
    distance: Combinable = Value(0)
    for place, word in enumerate(words):
        found = found.annotate(**{f"word_{place}": Min(_distance(word))}).filter(
            **{f"word_{place}__isnull": False}
        )
        distance = distance + F(f"word_{place}")
    is_closed = Choice(When(stage=Stage.CLOSED.value, then=1), default=0)
    rows = found.annotate(distance=distance, is_closed=is_closed).order_by(
        "distance", "is_closed", "-opened_at", "pk"
    )
    return [row["pk"] for row in rows[: MOST + 1]]


def _begins(word: Word) -> Q:
    """A piece of a name that begins with a word: two comparisons in byte order, which an index answers."""
    return Q(client__search_tokens__token__gte=word.letters, client__search_tokens__token__lt=word.end)


def _sounds(word: Word) -> Q:
    return Q(client__search_tokens__token__in=word.sounds)


def _distance(word: Word) -> Choice:
    return Choice(
        When(client__search_tokens__token=word.letters, then=Value(WHOLE)),
        When(_begins(word), then=Value(BEGINNING)),
        When(_sounds(word), then=Value(SOUND)),
        output_field=SmallIntegerField(),
    )
