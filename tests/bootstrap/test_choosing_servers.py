"""Which database and queue a start uses, and the settings that follow."""

import pytest

from isva.bootstrap import postgres, servers
from isva.bootstrap.telling import Stop

MADE = {"secret_key": "made-secret", "field_key": "made-field-key"}
URLS = {
    "DATABASE_URL": "postgres://app@own/isva",
    "DATABASE_OWNER_URL": "postgres://owner@own/isva",
    "REDIS_URL": "redis://own",
}


def test_a_machine_that_says_nothing_gets_servers_of_its_own():
    assert servers.choose({}) == ("own", "own")


def test_given_addresses_are_honoured_one_by_one():
    both = {"DATABASE_URL": "postgres://a/b", "DATABASE_OWNER_URL": "postgres://c/d"}
    assert servers.choose(both) == ("given", "own")
    assert servers.choose({"REDIS_URL": "redis://x"}) == ("own", "given")


@pytest.mark.parametrize(
    ("given", "missing"), [("DATABASE_URL", "DATABASE_OWNER_URL"), ("DATABASE_OWNER_URL", "DATABASE_URL")]
)
def test_one_database_address_without_the_other_is_refused_by_name(given, missing):
    with pytest.raises(Stop) as refused:
        servers.choose({given: "postgres://a/b"})
    assert refused.value.what.startswith(f"{missing} is not set")
    assert "docker/roles.sql" in refused.value.advice


def test_settings_name_the_servers_and_stay_on_the_loopback_address():
    settings = servers.compose({}, urls=URLS, made=MADE, demo=False, port=8000)
    assert settings["DATABASE_URL"] == URLS["DATABASE_URL"]
    assert settings["ALLOWED_HOSTS"] == "127.0.0.1,localhost"
    assert settings["DEBUG"] == "0"
    assert "ISVA_DEMO" not in settings


def test_what_the_environment_says_wins_over_what_is_made_up():
    said = {"SECRET_KEY": "a-key-of-their-own", "INSECURE_COOKIES": "0", "SITE_URL": ""}
    settings = servers.compose(said, urls=URLS, made=MADE, demo=False, port=8000)
    assert settings["SECRET_KEY"] == "a-key-of-their-own"
    assert settings["INSECURE_COOKIES"] == "0"
    assert settings["SITE_URL"] == "http://127.0.0.1:8000"


def test_the_demonstration_is_marked_as_one_and_knows_its_port():
    settings = servers.compose({}, urls=URLS, made=MADE, demo=True, port=8123)
    assert settings["ISVA_DEMO"] == "1"
    assert settings["SITE_URL"] == "http://127.0.0.1:8123"


def test_a_folder_closed_to_others_is_not_reachable_and_stays_closed(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    stranger = postgres.Runner(uid=closed.stat().st_uid + 1, gid=closed.stat().st_gid + 1, switch=True)
    assert not postgres.reachable(closed / "inner", stranger)
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_start_as_oneself_reaches_all_one_owns(tmp_path):
    assert postgres.reachable(tmp_path, postgres.Runner(uid=1, gid=1, switch=False))


def test_a_folder_that_only_looks_like_an_installation_is_passed_over(tmp_path, monkeypatch):
    for name in ("postgres", "initdb", "pg_ctl"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 12.3'\n")
        program.chmod(0o755)
    monkeypatch.setattr(postgres, "candidates", lambda path: [tmp_path])
    assert postgres.major_version(tmp_path / "postgres") == 12
    assert postgres.system_programs() is None


def test_newer_packages_are_tried_before_older_ones(monkeypatch):
    monkeypatch.setattr(
        postgres.glob, "glob", lambda pattern: [f"/usr/lib/postgresql/{n}/bin" for n in (15, 9, 17)]
    )
    tried = [str(folder) for folder in postgres.candidates("/usr/bin")]
    assert tried == [*(f"/usr/lib/postgresql/{n}/bin" for n in (17, 15, 9)), "/usr/bin"]


def test_a_wished_port_is_given_when_it_is_free_and_another_when_it_is_not():
    port = postgres.free_port()
    assert postgres.free_port(port) == port
    with postgres.socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        assert postgres.free_port(port) != port
