"""The stage on which every test plays: two services, their people, and somebody who acts."""

import gc
import re

import hypothesis
import pytest
from django.test import Client as Browser

from casework.models import SasInstrument
from casework.sas.instruments import load_instrument
from isva.access.acting import act
from isva.accounts.models import Service
from isva.demo.people import make_people, make_services
from tests import database, emptying
from tests.access import eye
from tests.browser import chromium, enter, new_page, page_as, violations  # noqa: F401 (one browser for the whole run)
from tests.entering import sign_in
from tests.once import cast, clear_the_stage, stage
from tests.personas import PASSWORD

emptying.take_over()
# No stopwatch in a property test either: examples that are drawn slowly, on a busy machine, are examples all the same.
hypothesis.settings.register_profile(
    "unhurried", hypothesis.settings(), deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, tmp_path_factory):
    """The owner makes and migrates the test database; the tests use it as the plain role."""
    told = {
        "set_the_stage": _make_ready,
        "take": request.config.getvalue("reuse_db") and not request.config.getvalue("create_db"),
        "keep": request.config.getvalue("reuse_db"),
        "verbosity": request.config.option.verbose,
    }
    if worker := getattr(request.config, "workerinput", None):
        having = database.one_of_several(**told, worker=worker, folder=tmp_path_factory.getbasetemp().parent)
    else:
        having = database.own(**told)
    with django_db_blocker.unblock():
        having.__enter__()
    yield
    with django_db_blocker.unblock():
        having.__exit__(None, None, None)


def pytest_make_parametrize_id(val):
    """A key made up for a test is not part of the test's name: every process of a run calls it the same."""
    return "a-key" if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(val)) else None


def pytest_addoption(parser):
    """The attacks on the walls are short in the suite; this runs them in full."""
    parser.addoption("--full-attack", action="store_true", help="run the attacks in tests/attacks in full")


@pytest.fixture(scope="session")
def in_full(request) -> bool:
    """Whether the attacks run in full."""
    return request.config.getoption("--full-attack", default=False)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish():
    """What was collected stays until the end: the collector of rubbish need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


#: Long tests that commit: they begin before the others that do, so that the processes of a run end together.
_LONG = ("test_every_page_is_accessible_to_everybody", "test_a_note_that_is_being_written", "travels_the_whole_pathway",
         "test_the_word_is_nowhere", "test_every_public_page_is_accessible")  # fmt: skip


def pytest_collection_modifyitems(config, items):
    """Tests that commit (in a browser, in races) are cleaned up by the owner: the plain role cannot truncate."""
    short = set()
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "live_server" in names or "transactional_db" in names:
            item.add_marker(
                pytest.mark.django_db(transaction=True, databases=["default", "owner"]), append=False
            )
            if not any(word in item.name for word in _LONG):
                short.add(item)
    items.sort(key=short.__contains__)
    _begin_without_the_database(config, items)


def _begin_without_the_database(config, items: list) -> None:
    """Of several processes the first makes the database; the others begin with the tests that need none.

    Each process begins with a part of its own (``--dist worksteal``): the first with the first, and so on.
    """
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    if processes < 2:
        return
    needs_none = [one for one in items if not _needs_database(one)]
    rest = [one for one in items if _needs_database(one)]
    starts, share = range(1, processes), len(needs_none) // (processes - 1) + 1
    for number in reversed(starts):
        place = max(0, number * len(items) // processes - (number - 1) * share)
        rest[place:place] = needs_none[(number - 1) * share : number * share]
    items[:] = rest


def _needs_database(item) -> bool:
    return item.get_closest_marker("django_db") is not None or not {
        "db",
        "transactional_db",
        "live_server",
        "django_db_setup",
    }.isdisjoint(getattr(item, "fixturenames", ()))


def _make_ready() -> None:
    """Open the eye of the tests in a database that was just made, and put everybody in their place."""
    eye.open_the_eye()
    _set_the_stage()


def _set_the_stage() -> None:
    """Put the cast in its place once for the whole run: what a test changes is undone with its transaction."""
    if not Service.objects.exists():
        make_people(make_services(), password=PASSWORD)


@pytest.fixture(autouse=True)
def documents_lie_apart(tmp_path, settings):
    """What a test keeps of files lies in a folder of its own."""
    settings.DOCUMENTS_ROOT = tmp_path / "documents"


def _set_the_stage_again() -> None:
    if not SasInstrument.objects.exists():
        load_instrument()
    _set_the_stage()


@pytest.fixture(scope="session")
def set_again():
    """Sets the stage where a test that committed was here, and the owner cleaned up after it."""
    return _set_the_stage_again


@pytest.fixture
def services(db):
    """The two fictional services: ``rowan`` and ``harbour``. What migrations seeded is there."""
    _set_the_stage_again()
    return stage()


@pytest.fixture
def people(services):
    """The cast as users, by key."""
    return cast()


@pytest.fixture
def nobody(db):
    """An empty stage, for tests that set their own."""
    clear_the_stage()


@pytest.fixture
def rowan(services):
    return services["rowan"]


@pytest.fixture
def acting(people, services):
    """``with acting("isva"):`` – act as one of the cast, in their first service or a named one."""

    def as_persona(key: str, service: str | None = None):
        return act(people[key], services[service] if service else _first_service(people[key], services))

    return as_persona


def _first_service(user, services):
    membership = user.memberships.order_by("-service__name").first()
    return next(service for service in services.values() if service.pk == membership.service_id)


@pytest.fixture
def signed_in(people):
    """``signed_in("manager")`` – a test client signed in as one of the cast."""

    def as_persona(key: str, service=None) -> Browser:
        return sign_in(Browser(), people[key], service=service)

    return as_persona
