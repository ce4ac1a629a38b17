"""Tampering with the record of who did what, by somebody who owns the tables and knows how they hang together.

Each kind changes something through the owner's connection inside a transaction, or a line of the anchor; the caller
verifies, and undoes it. A kind returns a word on what it did, or None where it found nothing to change.
"""

import random

from django.db import Error, connections, transaction

from isva.audit.seals.tables import digest_of, sealed_tables

OWNER = "owner"
CHAIN = ("audit_seal", "audit_sealedrows")
#: How a value of each type becomes another one.
OTHER = {
    "uuid": "gen_random_uuid()",
    "boolean": "NOT {c}",
    "timestamp with time zone": "{c} + interval '1 microsecond'",
    "date": "{c} + 1",
    "smallint": "{c} + 1",
    "integer": "{c} + 1",
    "bigint": "{c} + 1",
    "numeric": "{c} + 1",
    "jsonb": "'{{\"x\": 1}}'::jsonb || jsonb_build_object('y', {c})",
    "inet": "'203.0.113.9'::inet",
    "time without time zone": "{c} + interval '1 minute'",
    "ARRAY": "CASE WHEN cardinality({c}) = 0 THEN NULL ELSE {c}[2:] END",
}
TEXT = "overlay({c} placing CASE WHEN left({c}, 1) = 'q' THEN 'w' ELSE 'q' END from 1 for 1)"
#: What stands in for a value that was not there.
FIRST = {
    "uuid": "gen_random_uuid()", "boolean": "true", "timestamp with time zone": "now()", "date": "current_date",
    "smallint": "1", "integer": "1", "bigint": "1", "numeric": "1", "jsonb": "'1'::jsonb", "inet": "'203.0.113.9'",
    "time without time zone": "'09:00'", "ARRAY": "'{{}}'",
}  # fmt: skip


class Tamperer:
    """Somebody with the owner's connection, a seed, and the path of the anchor."""

    def __init__(self, seed: int, anchor):
        self.rng = random.Random(seed)
        self.anchor = anchor
        self.columns = {}
        self.tables = [table for table in sealed_tables() if self.one(f'SELECT count(*) FROM "{table.name}"')]
        self.kinds = [
            self.change_a_value, self.change_a_value, self.change_a_value, self.remove_a_value, self.put_in_a_value,
            self.delete_a_row, self.delete_many_rows, self.put_in_a_row, self.swap_two_rows, self.cut_the_tail,
            self.delete_a_seal, self.change_a_seal, self.change_a_list, self.move_a_list, self.forge_a_seal,
            self.change_and_reseal, self.delete_a_chain, self.change_the_anchor, self.drop_a_line_of_the_anchor,
            self.swap_two_lines_of_the_anchor,
        ]  # fmt: skip

    def run(self, sql, params=()):
        with connections[OWNER].cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    def one(self, sql, params=()):
        return self.run(sql, params)[0][0]

    def tamper(self) -> str:
        """Change one thing; returns what. A change that the tables themselves refuse is tried differently."""
        while True:
            kind = self.rng.choice(self.kinds)
            try:
                with transaction.atomic(using=OWNER):
                    if done := kind():
                        return f"{kind.__name__}: {done}"
            except Error:
                continue

    def table(self):
        return self.rng.choice(self.tables)

    def a_key(self, table):
        keys = self.keys(table)
        return self.rng.choice(keys)

    def keys(self, table):
        return [row[0] for row in self.run(f'SELECT "{table.key}"::text FROM "{table.name}" ORDER BY 1')]

    def types(self, name):
        if name not in self.columns:
            self.columns[name] = self.run(
                "SELECT column_name, data_type FROM information_schema.columns "
                "WHERE table_schema = 'public' AND table_name = %s ORDER BY 1",
                [name],
            )
        return self.columns[name]

    def set(self, name, key_column, key, column, value, *, where="true") -> str | None:
        changed = self.run(
            f'UPDATE "{name}" SET "{column}" = {value} WHERE "{key_column}"::text = %s AND {where}', [key]
        )
        return f"{name}.{column} of {key}" if changed == 1 else None

    # Rows

    def change_a_value(self):
        table = self.table()
        column, kind = self.rng.choice(self.types(table.name))
        value = OTHER.get(kind, TEXT).format(c=f'"{column}"')
        return self.set(
            table.name, table.key, self.a_key(table), column, value,
            where=f'"{column}" IS NOT NULL AND ({value}) IS DISTINCT FROM "{column}"',
        )  # fmt: skip

    def remove_a_value(self):
        table = self.table()
        column, _kind = self.rng.choice(self.types(table.name))
        return self.set(
            table.name, table.key, self.a_key(table), column, "NULL", where=f'"{column}" IS NOT NULL'
        )

    def put_in_a_value(self):
        table = self.table()
        column, kind = self.rng.choice(self.types(table.name))
        value = FIRST.get(kind, "'x'").format()
        return self.set(table.name, table.key, self.a_key(table), column, value, where=f'"{column}" IS NULL')

    def delete_a_row(self):
        table = self.table()
        key = self.a_key(table)
        gone = self.run(f'DELETE FROM "{table.name}" WHERE "{table.key}"::text = %s', [key])
        return f"{table.name} {key}" if gone else None

    def delete_many_rows(self):
        table = self.table()
        keys = self.keys(table)
        some = self.rng.sample(keys, self.rng.randint(1, len(keys)))
        gone = self.run(f'DELETE FROM "{table.name}" WHERE "{table.key}"::text = ANY(%s)', [some])
        return f"{gone} of {table.name}" if gone else None

    def put_in_a_row(self):
        """A copy of a row under a key of its own, among the old ones."""
        table = self.table()
        types = dict(self.types(table.name))
        new = "gen_random_uuid()" if types[table.key] == "uuid" else str(self.rng.randint(10**6, 2 * 10**6))
        others = [column for column in types if column not in (table.key, table.moment)]
        names = ", ".join(f'"{column}"' for column in others)
        put = self.run(
            f'INSERT INTO "{table.name}" ({names}, "{table.key}", "{table.moment}") SELECT {names}, {new}, '
            f'"{table.moment}" - interval \'3 days\' FROM "{table.name}" WHERE "{table.key}"::text = %s',
            [self.a_key(table)],
        )
        return f"{table.name} {new}" if put else None

    def swap_two_rows(self):
        table = self.table()
        keys = self.keys(table)
        if len(keys) < 2:
            return None
        one, other = self.rng.sample(keys, 2)
        column, _kind = self.rng.choice([pair for pair in self.types(table.name) if pair[0] != table.key])
        changed = self.run(
            f'UPDATE "{table.name}" a SET "{column}" = b."{column}" FROM "{table.name}" b '
            f'WHERE ((a."{table.key}"::text = %s AND b."{table.key}"::text = %s) '
            f'OR (b."{table.key}"::text = %s AND a."{table.key}"::text = %s)) '
            f'AND a."{column}" IS DISTINCT FROM b."{column}"',
            [one, other, one, other],
        )
        return f"{table.name}.{column} of {one} and {other}" if changed == 2 else None

    # The chain

    def a_seal(self, order="random()"):
        found = self.run(f"SELECT id, scope, number FROM audit_seal ORDER BY {order} LIMIT 1")
        return (
            self.rng.choice(self.run("SELECT id, scope, number FROM audit_seal ORDER BY id"))
            if found
            else None
        )

    def drop_seals(self, where, params):
        self.run(
            f"DELETE FROM audit_sealedrows WHERE seal_id IN (SELECT id FROM audit_seal WHERE {where})", params
        )
        return self.run(f"DELETE FROM audit_seal WHERE {where}", params)

    def cut_the_tail(self):
        """The last seals of a chain go, with every row that they covered: what is left is whole."""
        _key, scope, number = self.a_seal()
        for table in self.tables:
            self.run(
                f'DELETE FROM "{table.name}" t USING audit_sealedrows b, audit_seal s WHERE b.seal_id = s.id '
                f'AND s.scope = %s AND s.number >= %s AND b."table" = %s AND t."{table.key}"::text = ANY(b.keys)',
                [scope, number, table.name],
            )
        gone = self.drop_seals("scope = %s AND number >= %s", [scope, number])
        return f"{scope} from {number}, {gone} seals"

    def delete_a_seal(self):
        key, scope, number = self.a_seal()
        self.drop_seals("id = %s", [key])
        if self.rng.random() < 0.5:  # and close the gap
            self.run(
                "UPDATE audit_seal SET number = -number WHERE scope = %s AND number > %s", [scope, number]
            )
        return f"{scope} {number}"

    def change_a_seal(self):
        key, scope, number = self.a_seal()
        column, kind = self.rng.choice([pair for pair in self.types("audit_seal") if pair[0] != "id"])
        value = OTHER.get(kind, TEXT).format(c=f'"{column}"')
        changed = self.run(
            f'UPDATE audit_seal SET "{column}" = {value} WHERE id = %s AND "{column}" IS DISTINCT FROM ({value})',
            [key],
        )
        return f"{column} of {scope} {number}" if changed else None

    def change_a_list(self):
        key = self.rng.choice(self.run("SELECT id FROM audit_sealedrows ORDER BY id"))[0]
        column, kind = self.rng.choice(
            [pair for pair in self.types("audit_sealedrows") if pair[0] != "seal_id"]
        )
        value = OTHER.get(kind, TEXT).format(c=f'"{column}"')
        changed = self.run(
            f'UPDATE audit_sealedrows SET "{column}" = {value} WHERE id = %s '
            f'AND "{column}" IS DISTINCT FROM ({value})',
            [key],
        )
        return f"{column} of {key}" if changed else None

    def move_a_list(self):
        key, seal = self.rng.choice(self.run("SELECT id, seal_id FROM audit_sealedrows ORDER BY id"))
        to = self.a_seal()[0]
        if to == seal:
            return None
        self.run("UPDATE audit_sealedrows SET seal_id = %s, part = part + 100 WHERE id = %s", [to, key])
        return f"{key} to {to}"

    def forge_a_seal(self):
        """One more link at the end, made without the key."""
        _key, scope, _number = self.a_seal()
        self.run(
            "INSERT INTO audit_seal (id, scope, number, at, rows, previous, key_name, hash) "
            "SELECT gen_random_uuid(), scope, number + 1, at, 0, hash, key_name, encode(sha256(hash::bytea), 'hex') "
            "FROM audit_seal WHERE scope = %s ORDER BY number DESC LIMIT 1",
            [scope],
        )
        return scope

    def change_and_reseal(self):
        """A value is changed and the row's digest with it: what has no key cannot make the seal agree."""
        table = self.table()
        key = self.a_key(table)
        column, kind = self.rng.choice([pair for pair in self.types(table.name) if pair[0] != table.key])
        value = OTHER.get(kind, TEXT).format(c=f'"{column}"')
        if not self.set(
            table.name, table.key, key, column, value, where=f'({value}) IS DISTINCT FROM "{column}"'
        ):
            return None
        changed = self.run(
            "UPDATE audit_sealedrows b SET digests[array_position(b.keys, %s)] = "
            f'(SELECT {digest_of(table.columns)} FROM "{table.name}" t WHERE t."{table.key}"::text = %s) '
            'WHERE b."table" = %s AND %s = ANY(b.keys)',
            [key, key, table.name, key],
        )
        return f"{table.name}.{column} of {key}" if changed else None

    def delete_a_chain(self):
        _key, scope, _number = self.a_seal()
        return f"{scope}, {self.drop_seals('scope = %s', [scope])} seals"

    # The anchor

    def lines(self):
        return self.anchor.read_text().splitlines()

    def keep(self, lines):
        self.anchor.write_text("".join(f"{line}\n" for line in lines))

    def change_the_anchor(self):
        lines = self.lines()
        place = self.rng.randrange(len(lines))
        spot = self.rng.randrange(len(lines[place]))
        other = self.rng.choice([sign for sign in "0123456789abcdef-" if sign != lines[place][spot]])
        lines[place] = lines[place][:spot] + other + lines[place][spot + 1 :]
        self.keep(lines)
        return f"line {place + 1} at {spot}"

    def drop_a_line_of_the_anchor(self):
        lines = self.lines()
        if len(lines) < 2:
            return None
        place = self.rng.randrange(len(lines) - 1)
        self.keep(lines[:place] + lines[place + 1 :])
        return f"line {place + 1} of {len(lines)}"

    def swap_two_lines_of_the_anchor(self):
        lines = self.lines()
        one, other = self.rng.sample(range(len(lines)), 2)
        lines[one], lines[other] = lines[other], lines[one]
        self.keep(lines)
        return f"lines {one + 1} and {other + 1}"
