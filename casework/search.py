"""Finding a person by name or reference, among the cases one may see and no others.

Names are matched word by word: whole, by their beginning, and as they sound; a reference in any case, with or
without its dash. What is compared are the pieces of names (``casework/search_tokens.py``), by an index.
"""

import re
from dataclasses import dataclass

from casework.models import Case
from casework.references import read_reference
from casework.search_tokens import Word, clients_near, words_of
from isva.access.acting import acting_person

SHORTEST, LONGEST = 2, 100
MOST = 50
#: Words that are looked at: each costs a query.
MOST_WORDS = 5
#: Clients whose cases are looked up at once. Behind the wall all of them are in sight, and once is enough.
AT_ONCE = 300


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
    before closed ones. Three queries and one a word. A text that is too short or too long finds nothing.
    """
    wanted = clean(text)
    if not SHORTEST <= len(wanted) <= LONGEST:
        return Found([])
    cases = Case.objects.visible_to(user)
    whole = cases.select_related("client", "lead_isva")
    reference = read_reference(wanted)
    found = list(whole.filter(reference=reference)) if reference else []
    found += [case for case in _by_name(whole, words_of(wanted)[:MOST_WORDS]) if case not in found]
    return Found(found[:MOST], more=len(found) > MOST)


def _by_name(cases, words: list[Word]) -> list[Case]:
    """The cases whose client's name has every one of ``words``, nearest first, one more than are shown.

    The pieces of names are asked first and alone, then the cases of the clients they name, the nearest first: asked
    for both at once, the database reads every case of the service.
    """
    person = acting_person()
    if not words or person is None:
        return []
    near = clients_near(words, service=person.service)
    clients, found = sorted(near, key=lambda client: near[client]), []
    for start in range(0, len(clients), AT_ONCE):
        some = list(cases.filter(client__in=clients[start : start + AT_ONCE]))
        some.sort(key=lambda case: case.opened_at, reverse=True)
        found += sorted(some, key=lambda case: (near[case.client_id], not case.is_open))
        if len(found) > MOST:
            break
    return found[: MOST + 1]
