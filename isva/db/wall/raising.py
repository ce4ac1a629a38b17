"""Raises the wall: functions, keys and policies, written by the owner after every migration from the models as they stand.

A table that a migration has just made has no privileges for the plain role until this has run, so that there is no
moment at which it is open.
"""

import secrets
from pathlib import Path

from django.db import connections

from isva.access.roles import SIGHT, Permission, roles_with
from isva.db.privileges import OWNER
from isva.db.wall import policies
from isva.db.wall.signing import application_key
from isva.db.wall.tables import walled_tables
from isva.pathway import INTAKE_STAGES

#: Owns the functions and the keys; nobody signs in as it (docker/roles.sql).
DEFINER = "isva_definer"
#: What the definer's functions read; of each table it sees every row, and changes none.
_READ_BY_DEFINER = (
    "accounts_membership",
    "accounts_user",
    "casework_appointment",
    "casework_case",
    "casework_client",
    "casework_conflict",
    "casework_grant",
    "casework_namedperson",
    "casework_restriction",
    "referrals_informationrequest",
    "referrals_statuslink",
)
#: What the plain role may call; the rest is for the definer's own functions.
_CALLED = (
    "acting_service", "acting_may", "acting_array", "got", "sees", "standing", "restore", "nobody", "act",
    "opening", "act_by_link", "case_behind_glass", "reference_is_free", "carried", "court_days",
)  # fmt: skip


def raise_wall(*, using: str = OWNER) -> None:
    """Write functions, keys and policies; ``using`` is the owner's alias. Run twice, it changes nothing.

    Where the tables are not all there yet (a migration of one application alone), it waits for the next time.
    """
    owner = connections[using]
    role = connections["default"].settings_dict["USER"]
    if role == owner.settings_dict["USER"]:
        return
    with owner.cursor() as cursor:
        existing = set(owner.introspection.table_names(cursor))
        if not existing.issuperset(_READ_BY_DEFINER):
            return
        _write_functions(cursor, owner.ops.quote_name, role, owner.settings_dict["USER"])
        for row in walled_tables():
            if row.table in existing:
                _protect(cursor, row.table, policies.of_table(row), role, owner.settings_dict["USER"])
        _protect(cursor, policies.PERMISSIONS, policies.of_permissions(), role, owner.settings_dict["USER"])


def _write_functions(cursor, quote, role: str, owner: str) -> None:
    definer = quote(DEFINER)
    cursor.execute(f"CREATE SCHEMA IF NOT EXISTS wall AUTHORIZATION {definer}")
    for table in _READ_BY_DEFINER:
        cursor.execute(f"GRANT SELECT ON {quote(table)} TO {definer}")
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {definer}")
    cursor.execute(f"SET ROLE {definer}")
    try:
        cursor.execute(_functions())
        _keep_keys(cursor)
        cursor.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA wall FROM PUBLIC")
        cursor.execute(f"GRANT USAGE ON SCHEMA wall TO {quote(role)}, {quote(owner)}")
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE n.nspname = 'wall' AND p.proname = ANY (%s)",
            [list(_CALLED)],
        )
        for (signature,) in cursor.fetchall():
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {quote(role)}, {quote(owner)}")
    finally:
        cursor.execute("RESET ROLE")


def _functions() -> str:
    sql = Path(__file__).with_name("functions.sql").read_text()
    for word, values in {
        "sees_all": roles_with(Permission.SEE_ALL_CASES),
        "handles_intake": roles_with(Permission.HANDLE_INTAKE),
        "gives": roles_with(Permission.ALLOCATE),
        "breaks_glass": roles_with(*SIGHT),
        "intake_stages": sorted(stage.value for stage in INTAKE_STAGES),
    }.items():
        sql = sql.replace("{" + word + "}", "{" + ",".join(values) + "}")
    return sql


def _keep_keys(cursor) -> None:
    """Keep the application's key as this process has it, and make the database's own seal where there is none."""
    inner, outer = _pads(application_key())
    cursor.execute(
        "INSERT INTO wall.keys (name, inner_pad, outer_pad) VALUES ('application', %s, %s) "
        "ON CONFLICT (name) DO UPDATE SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
        [inner, outer],
    )
    cursor.execute("SELECT EXISTS (SELECT FROM wall.keys WHERE name = 'seal')")
    if not cursor.fetchone()[0]:
        inner, outer = _pads(secrets.token_bytes(32))
        cursor.execute("INSERT INTO wall.keys VALUES ('seal', %s, %s)", [inner, outer])


def _pads(key: bytes) -> tuple[bytes, bytes]:
    """The two pads of HMAC with a key of 32 bytes: what the database needs of it."""
    block = key.ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def _protect(cursor, table: str, wanted: dict, role: str, owner: str) -> None:
    """Put a table behind the wall: forced, so that its owner needs a policy too."""
    cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    statements = [
        f'CREATE POLICY wall_owner ON "{table}" TO "{owner}" USING (true) WITH CHECK (true)',
        f'CREATE POLICY wall_definer ON "{table}" FOR SELECT TO "{DEFINER}" USING (true)',
    ]
    for command, (using, check) in wanted.items():
        statements.append(
            f'CREATE POLICY wall_{command.lower()} ON "{table}" FOR {command} TO "{role}"'
            + (f" USING ({using})" if using else "")
            + (f" WITH CHECK ({check})" if check else "")
        )
    for statement in statements:
        cursor.execute(f'DROP POLICY IF EXISTS {statement.split()[2]} ON "{table}"')
        cursor.execute(statement)
