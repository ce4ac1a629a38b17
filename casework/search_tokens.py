"""The pieces of clients' names that a search looks up: written whenever a name is, and made anew as a whole.

How a name becomes pieces is told once, in the database (``name_tokens``, by migration), so that one client who is
saved, a whole service that is read in, and the words somebody types all come to the same pieces.
"""

import uuid
from dataclasses import dataclass

from django.db import connection, connections

from casework.models import Client

_MAKE = """
INSERT INTO casework_searchtoken (service_id, token, client_id)
SELECT DISTINCT client.service_id, piece.token, client.id
FROM casework_client client, name_tokens(client.name, client.known_as) AS piece (token)
"""

#: Many share a name, and taking one to pieces costs more than anything else here: each is taken to pieces once.
_MAKE_ALL = """
WITH client AS MATERIALIZED (
    SELECT id, service_id, name, known_as FROM casework_client WHERE %(service)s::uuid IS NULL OR service_id = %(service)s
), told AS (
    SELECT name FROM client UNION SELECT known_as FROM client
), piece AS MATERIALIZED (
    SELECT told.name, token FROM told, name_tokens(told.name, '') AS made (token)
)
INSERT INTO casework_searchtoken (service_id, token, client_id)
SELECT service_id, token, id FROM client JOIN piece USING (name)
UNION SELECT service_id, token, id FROM client JOIN piece ON piece.name = client.known_as
"""

#: One word with its values in it: joined to a list of words, the database would not know how few pieces it looks for.
_ONE_WORD = """
SELECT client_id, min(CASE WHEN token = %(word)s THEN 0 WHEN token >= %(word)s AND token < %(following)s THEN 1 ELSE 2 END)
FROM casework_searchtoken
WHERE service_id = %(service)s
    AND ((token >= %(word)s AND token < %(following)s) OR token = ANY (%(sounds)s::text[]))
GROUP BY client_id
"""


@dataclass(frozen=True)
class Word:
    """One word of a search: as it is compared with pieces of names, and the pieces that sound like it."""

    letters: str
    sounds: tuple[str, ...]

    @property
    def end(self) -> str:
        """The first text in byte order that no longer begins with this word."""
        return self.letters + "\U0010ffff"


def keep_tokens(client: Client) -> None:
    """Make the pieces of one client say what their names say now. Called by whoever saves a name. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM casework_searchtoken WHERE client_id = %s "
            "AND token <> ALL (ARRAY(SELECT name_tokens(%s, %s)))",
            [client.pk, client.name, client.known_as],
        )
        cursor.execute(f"{_MAKE} WHERE client.id = %s ON CONFLICT DO NOTHING", [client.pk])


def rebuild_tokens(*, service=None, using: str = "default") -> int:
    """Make the pieces of every client of a service (or of all services, as the owner) anew; returns how many there are.

    For names that were written in bulk. As the plain role it reaches the clients in sight of who acts, as ever.
    """
    of = {"service": service and service.pk}
    with connections[using].cursor() as cursor:
        cursor.execute(
            "DELETE FROM casework_searchtoken WHERE %(service)s::uuid IS NULL OR service_id = %(service)s", of
        )
        cursor.execute(_MAKE_ALL, of)
        return cursor.rowcount


def words_of(text: str) -> list[Word]:
    """The words of what somebody typed, in the same form as the pieces of names. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, ARRAY(SELECT sounds_of(word)) FROM unnest(%s::text[]) WITH ORDINALITY AS typed (chunk, place), "
            "LATERAL (SELECT regexp_replace(plain_letters(chunk), '[[:punct:]]+', '', 'g')) AS made (word) "
            "WHERE word <> '' ORDER BY place",
            [text.split()],
        )
        return [Word(letters, tuple(sounds)) for letters, sounds in cursor.fetchall()]


def clients_near(words: list[Word], *, service) -> dict[uuid.UUID, int]:
    """The clients of a service whose names have every one of ``words``, and how far each is from what was typed.

    For each word 0 where a name has it whole, 1 where one begins so, 2 where one sounds so. One query a word. The
    database shows pieces of the names in sight only; cases are asked for through the door all the same.
    """
    near: dict[uuid.UUID, int] = {}
    with connection.cursor() as cursor:
        for place, word in enumerate(words):
            values = {
                "word": word.letters,
                "following": word.end,
                "sounds": list(word.sounds),
                "service": service.pk,
            }
            cursor.execute(_ONE_WORD, values)
            found = dict(cursor.fetchall())
            near = {
                client: near.get(client, 0) + distance
                for client, distance in found.items()
                if place == 0 or client in near
            }
    return near
