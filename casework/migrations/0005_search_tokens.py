"""Names as a search looks them up: pieces in byte order, which keep their index behind the database's wall."""

import django.db.models.deletion
from django.db import migrations, models

from isva.db.operations import TieToParent

# Accents and capitals go; typographic quotes and dashes become plain ones. "Müller" and "muller" are one.
LETTERS = """
CREATE FUNCTION plain_letters(told text) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT lower(unaccent(normalize(told, NFKC)))
$$
"""
# How a word sounds: double metaphone, which knows several readings of a spelling (Yusuf, Jusuf). It reads Latin
# letters only.
SOUNDS = """
CREATE FUNCTION sounds_of(word text) RETURNS SETOF text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT DISTINCT '~' || code FROM (VALUES (dmetaphone(word)), (dmetaphone_alt(word))) AS heard (code)
    WHERE word ~ '^[a-z]{2,}$' AND code <> ''
$$
"""
# The words of a name; what is written with a dash or an apostrophe also as one word (Mary-Ann, O'Brien); a short
# word also with its neighbour (de Souza, Mary Ann): people write both.
WORDS = """
CREATE FUNCTION name_words(told text) RETURNS SETOF text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    WITH chunk AS (
        SELECT text, place FROM regexp_split_to_table(plain_letters(told), '\\s+') WITH ORDINALITY AS split (text, place)
    ), word AS (
        SELECT part.text, row_number() OVER (ORDER BY chunk.place, part.place) AS place
        FROM chunk, regexp_split_to_table(chunk.text, '[[:punct:]]+') WITH ORDINALITY AS part (text, place)
        WHERE part.text <> ''
    ), pair AS (
        SELECT text, lead(text) OVER (ORDER BY place) AS following FROM word
    )
    SELECT left(text, 100) FROM word
    UNION SELECT left(regexp_replace(text, '[[:punct:]]+', '', 'g'), 100) FROM chunk WHERE text ~ '[^[:punct:]]'
    UNION SELECT left(text || following, 100) FROM pair
        WHERE following IS NOT NULL AND least(length(text), length(following)) <= 3
$$
"""
TOKENS = """
CREATE FUNCTION name_tokens(name text, known_as text) RETURNS SETOF text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    WITH word AS (SELECT name_words(name) AS text UNION SELECT name_words(known_as))
    SELECT text FROM word UNION SELECT sounds_of(text) FROM word
$$
"""
FILL = """
INSERT INTO casework_searchtoken (service_id, token, client_id)
SELECT DISTINCT client.service_id, piece.token, client.id
FROM casework_client client, name_tokens(client.name, client.known_as) AS piece (token)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("casework", "0004_whoever_waits_for_allocation_is_reviewed"),
    ]

    operations = [
        migrations.RunSQL(LETTERS, "DROP FUNCTION plain_letters(text)"),
        migrations.RunSQL(SOUNDS, "DROP FUNCTION sounds_of(text)"),
        migrations.RunSQL(WORDS, "DROP FUNCTION name_words(text)"),
        migrations.RunSQL(TOKENS, "DROP FUNCTION name_tokens(text, text)"),
        migrations.CreateModel(
            name="SearchToken",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "service", "token", "client", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("token", models.CharField(db_collation="C", max_length=200)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_tokens",
                        to="casework.client",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.service",
                    ),
                ),
            ],
        ),
        TieToParent("searchtoken", parent="casework.Client", column="client_id", history=False),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
