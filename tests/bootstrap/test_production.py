"""What can be known of the image and the compose file without running them."""

import re
import stat

import yaml

from isva.bootstrap import places, postgres

COMPOSE = yaml.safe_load((places.ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]


def test_production_has_its_six_parts():
    assert set(SERVICES) == {"db", "redis", "migrate", "web", "worker", "beat"}


def test_every_lasting_part_says_how_it_is():
    assert [name for name, part in SERVICES.items() if name != "migrate" and "healthcheck" not in part] == []


def test_only_the_migration_knows_the_owner():
    knows = {name for name, part in SERVICES.items() if "DATABASE_OWNER_URL" in part["environment"]}
    assert knows == {"migrate"}


def test_no_secret_stands_in_the_file():
    for part in SERVICES.values():
        for name, value in part["environment"].items():
            if re.search(r"SECRET|KEY|PASSWORD|AUTH|_URL", name):
                assert "${" in value, name
                assert not re.search(r":[^$/@{]+@", re.sub(r"\$\{[^}]*\}", "", value)), name


def test_the_log_of_the_database_quotes_nothing():
    command = SERVICES["db"]["command"]
    assert command[0] == "postgres"
    assert command[1:] == [
        part for name, value in postgres.QUIET.items() for part in ("-c", f"{name}={value}")
    ]


def test_every_variable_is_in_the_example_without_a_value():
    text = (places.ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{(\w+)", text))
    given = dict(re.findall(r"^(\w+)=(.*)$", (places.ROOT / ".env.example").read_text(), re.MULTILINE))
    assert asked == set(given)
    assert set(given.values()) == {""}


def test_our_parts_run_without_privileges_and_cannot_write_to_themselves():
    for name in ("migrate", "web", "worker", "beat"):
        part = SERVICES[name]
        assert part["read_only"] is True
        assert part["cap_drop"] == ["ALL"]
    assert re.search(r"^USER 10001$", (places.ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_the_queue_runs_as_nobody_special():
    queue = SERVICES["redis"]
    assert queue["user"] == "redis"
    assert queue["cap_drop"] == ["ALL"]


def test_nothing_but_the_pages_is_reachable_and_only_from_the_machine_itself():
    published = {name: part.get("ports") for name, part in SERVICES.items() if part.get("ports")}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_every_file_the_compose_file_mounts_is_there_and_the_script_can_run():
    for volume in SERVICES["db"]["volumes"]:
        source = volume.split(":")[0]
        if source.startswith("./"):
            assert (places.ROOT / source).is_file()
    assert (places.ROOT / "docker/provision.sh").stat().st_mode & stat.S_IXUSR


def test_the_image_takes_no_secret_and_no_leftovers_with_it():
    ignored = (places.ROOT / ".dockerignore").read_text().split()
    assert {".env", ".git", ".isva"} <= set(ignored)
