"""The search for a name as it would be without the wall: by part and by likeness, each with its own trigram index."""

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, connections
from django.db.models import Q
from django.db.models.functions import Greatest

from casework.models import Case, Client
from casework.search import MOST
from isva.synthesis import databases

#: How alike a spelling must be (0 to 1) to be offered: as it was before names had tokens.
SIMILAR = 0.45


def have_indexes() -> None:
    """Have the trigram indexes that such a search needs, in a database of made-up services."""
    owner = connections[databases.OWNER]
    databases.refuse_others(owner.settings_dict["NAME"])
    with owner.cursor() as cursor:
        for column in ("name", "known_as"):
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS bench_{column} ON casework_client USING gin ({column} gin_trgm_ops)"
            )
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS bench_upper_{column} ON casework_client "
                f"USING gin (upper({column}::text) gin_trgm_ops)"
            )
        cursor.execute("ANALYZE casework_client")


def trigram_search(user, text: str) -> list[Case]:
    """The cases in sight of ``user`` whose client's name holds ``text`` or a like word, likest first.

    Written so that PostgreSQL can use the indexes: it is the best that this kind of search does.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET pg_trgm.word_similarity_threshold = {SIMILAR}")
    alike = Client.objects.filter(
        Q(name__icontains=text) | Q(known_as__icontains=text)
        | Q(name__trigram_word_similar=text) | Q(known_as__trigram_word_similar=text)
    )  # fmt: skip
    likeness = Greatest(
        TrigramWordSimilarity(text, "client__name"), TrigramWordSimilarity(text, "client__known_as")
    )
    cases = (
        Case.objects.visible_to(user)
        .filter(client__in=alike.values("pk"))
        .select_related("client", "lead_isva")
    )
    return list(cases.annotate(likeness=likeness).order_by("-likeness", "-opened_at", "id")[: MOST + 1])
