"""The PostgreSQL a bare machine runs for itself: two roles, nobody above the walls, and a recovery after a kill."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from isva.bootstrap import places, postgres

PASSWORDS = {"postgres": "for-a-test-only", "owner": "owner-for-a-test", "app": "app-for-a-test"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of its own, made as the demonstration makes it, gone afterwards."""
    home = tmp_path_factory.mktemp("home")
    who = postgres.runner()
    base = Path(tempfile.mkdtemp(prefix="isva-test-"))
    base.chmod(0o755)
    patch = pytest.MonkeyPatch()
    programs = (
        None if os.environ.get("ISVA_EMBEDDED") == "1" else postgres.system_programs()
    ) or postgres.wheel_programs(postgres.servers_home(who))
    patch.setenv("ISVA_HOME", str(home))
    places.prepare()
    made = postgres.Server(programs, base, who, PASSWORDS)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        patch.undo()
        shutil.rmtree(base, ignore_errors=True)


def connect(server, role, database="isva"):
    port = server.running_port()
    password = PASSWORDS["postgres" if role == "postgres" else role.removeprefix("isva_")]
    return psycopg.connect(
        host="127.0.0.1", port=port, user=role, password=password, dbname=database, autocommit=True
    )


def facts(connection, query):
    return connection.execute(query).fetchone()


def test_the_plain_role_stands_under_every_wall(server):
    with connect(server, "isva_app") as connection:
        rights = "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert facts(connection, rights) == (False, False, False, False)
        assert facts(connection, "SELECT count(*) FROM pg_class WHERE relowner = 'isva_app'::regrole") == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE public.mine (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SET ROLE isva_owner")


def test_the_owner_owns_the_database_and_is_no_superuser(server):
    with connect(server, "isva_owner") as connection:
        rights = "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert facts(connection, rights) == (False, False, True)
        connection.execute("CREATE TABLE public.ours (id int)")
        connection.execute("DROP TABLE public.ours")


def test_search_and_exclusion_extensions_reach_the_test_database_too(server):
    with connect(server, "isva_owner", "postgres") as connection:
        connection.execute("CREATE DATABASE another")
    with connect(server, "isva_owner", "another") as connection:
        found = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
    assert found >= set(postgres.EXTENSIONS)


def test_only_this_machine_can_reach_the_server_and_only_with_a_password(server):
    with connect(server, "postgres") as connection:
        assert facts(connection, "SHOW listen_addresses") == ("127.0.0.1",)
        assert facts(connection, "SHOW unix_socket_directories") == ("",)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(
            host="127.0.0.1", port=server.running_port(), user="postgres", password="x", dbname="isva"
        )
    assert server.data.stat().st_mode & 0o077 == 0


def test_its_log_says_that_a_statement_failed_and_quotes_neither_it_nor_a_row(server):
    with connect(server, "isva_owner") as connection:
        connection.execute("CREATE TABLE quoted (name text PRIMARY KEY CHECK (name <> 'Kestrel'))")
        connection.execute("INSERT INTO quoted VALUES ('Kanarienvogel')")
        for wrong in (
            "SELECT 'Kanarienvogel', 1 / 0",
            "INSERT INTO quoted VALUES ('Kanarienvogel')",  # its DETAIL holds the key
            "INSERT INTO quoted SELECT 'Kestrel' WHERE 'Kanarienvogel' <> ''",  # and this one the row
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(wrong)
        connection.execute("DROP TABLE quoted")
    log = (server.data / "server.log").read_text()
    for said in ("division by zero", "quoted_pkey", "quoted_name_check"):
        assert said in log
    for word in ("Kanarienvogel", "Kestrel", "STATEMENT:", "DETAIL:"):
        assert word not in log


def test_a_second_start_adopts_the_running_server(server):
    port = server.running_port()
    assert postgres.Server(server.programs, server.base, server.who, PASSWORDS).start() == (port, "adopted")


def test_a_killed_server_starts_again_with_what_it_held(server):
    with connect(server, "isva_owner") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    number = int((server.data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(number, signal.SIGKILL)
    time.sleep(0.3)
    assert server.start()[1] == "started"
    with connect(server, "isva_owner") as connection:
        assert facts(connection, "SELECT n FROM kept") == (7,)


def test_the_image_makes_the_same_roles(server):
    """`docker/provision.sh` is what the official image runs; here it runs against a server without the roles."""
    psql = server.programs.bin / "psql"
    if not psql.exists():
        pytest.skip("this PostgreSQL comes without psql")
    with connect(server, "postgres", "postgres") as connection:
        for statement in ("DROP DATABASE IF EXISTS another", "DROP DATABASE isva WITH (FORCE)"):
            connection.execute(statement)
        connection.execute("DROP ROLE isva_owner")
        connection.execute("DROP ROLE isva_app")
        connection.execute("DROP ROLE isva_definer")
    env = {
        "PATH": f"{server.programs.bin}:/usr/bin:/bin",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(server.running_port()),
        "PGPASSWORD": PASSWORDS["postgres"],
        "OWNER_PASSWORD": PASSWORDS["owner"],
        "APP_PASSWORD": PASSWORDS["app"],
        "ROLES_FILE": str(places.ROOT / "docker/roles.sql"),
    }
    done = subprocess.run([places.ROOT / "docker/provision.sh"], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    test_the_plain_role_stands_under_every_wall(server)
    test_the_owner_owns_the_database_and_is_no_superuser(server)
