"""What a search for a person looks up: pieces of names, as they are written and as they sound."""

from django.db import models


class SearchToken(models.Model):
    """One piece of a client's name: a word without accents and capitals, or (after ``~``) how it sounds.

    Derived from the names by ``casework/search_tokens.py`` and by nothing else, so it keeps no history. It says a
    piece of a name, so the database hides it wherever it hides the client. Words are kept in byte order: only
    comparisons of that order keep their index behind the database's wall (a pattern or a likeness does not).
    """

    #: The column whose client decides who may see a row: the database's policies are written from it.
    walled_by = "client_id"

    pk = models.CompositePrimaryKey("service", "token", "client")
    service = models.ForeignKey(
        "accounts.Service", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    token = models.CharField(max_length=200, db_collation="C")
    client = models.ForeignKey("casework.Client", on_delete=models.CASCADE, related_name="search_tokens")
