"""What the wall in the database costs: pages, an audited write and the search for a name, with it and without it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.test import Client as Browser
from django.test import override_settings
from django.urls import reverse

from casework import search
from casework.contacts import record_contact
from casework.models import Case, Contact
from isva.access.acting import act
from isva.access.roles import Role
from isva.accounts.models import Service, User
from isva.benchmark import names, wall
from isva.benchmark.rounds import Times, in_turns
from isva.clock.moment import now
from isva.pathway import Stage
from isva.synthesis.people import address_of

PAGE, WRITE, SEARCH = "page", "write", "search"
#: What each kind of work may cost at most with the wall, as a multiple of what it costs without.
GOALS = {PAGE: 1.15, WRITE: 1.4, SEARCH: 0.5}
#: How many names are searched for.
TEXTS = 12
UP, DOWN = "with the wall", "without it"
#: The key of a case in an address.
_CASES = re.compile(r"/([0-9a-f]{8}-[0-9a-f-]{27})/")
#: Sign-in and the limits of a session are left out: they cost the same both ways, and would make the wall look cheaper.
_LEFT_OUT = "isva.access.limits.SessionLimitsMiddleware"


@dataclass(frozen=True)
class Line:
    """One line of the table: a kind of work, its name, and its times both ways."""

    kind: str
    name: str
    up: Times
    down: Times

    @property
    def ratio(self) -> float:
        """Processor time with the wall, as a multiple of the time without it."""
        return self.up.as_multiple_of(self.down)[0]

    @property
    def elapsed(self) -> float:
        """The same of the time that somebody waits: other work on the machine weighs on it."""
        return self.up.as_multiple_of(self.down)[1]

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.ratio <= GOALS[self.kind]


class NotTheSame(Exception):
    """The work did not give the same both ways: no figure is worth anything. Its text says where."""


def measure(*, rounds: int, times: int) -> list[Line]:
    """Measure in the database of made-up services that the connections are turned to. Checks before it times."""
    service = Service.objects.get(slug="made-up-1")
    names.have_indexes()
    with _pages():
        work = _work(service)
        _check({name: do for name, (_kind, do) in work.items()})
        texts = _texts(service)
        _check_search(service, texts)
        found = in_turns(
            {UP: wall.up, DOWN: wall.down},
            {name: do for name, (_kind, do) in work.items()},
            rounds=rounds,
            times=times,
        )
        lines = [Line(kind, name, found[UP][name], found[DOWN][name]) for name, (kind, _do) in work.items()]
        return [*lines, _search_line(service, texts, rounds=rounds, times=times)]


def _work(service: Service) -> dict[str, tuple[str, Callable]]:
    manager, coordinator, isva = (
        User.objects.get(email=address_of(service, part))
        for part in (Role.MANAGER, Role.COORDINATOR, Role.ISVA)
    )
    with act(isva, service):
        case = Case.objects.changeable_by(isva).filter(stage=Stage.ACTIVE.value).order_by("opened_at").first()
    return {
        "cases, as a manager": (PAGE, _opens(manager, "list_cases")),
        "cases, as an ISVA": (PAGE, _opens(isva, "list_cases")),
        "inbox, as a coordinator": (PAGE, _opens(coordinator, "inbox")),
        "cases, as a coordinator": (PAGE, _opens(coordinator, "list_cases")),
        "recording a contact": (WRITE, lambda: _record(case, isva, service)),
    }


@contextmanager
def _pages() -> Iterator[None]:
    hosts = [*settings.ALLOWED_HOSTS, "testserver"]
    middleware = [name for name in settings.MIDDLEWARE if name != _LEFT_OUT]
    # Static files by their plain names: the image's list of versioned ones is not there where figures are taken.
    storages = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    with override_settings(
        ALLOWED_HOSTS=hosts, MIDDLEWARE=middleware, STORAGES=storages, SECURE_SSL_REDIRECT=False
    ):
        yield


def _opens(user: User, name: str) -> Callable[[], list]:
    """Opens a page as somebody; gives the keys of the rows on it."""
    browser, address = Browser(), reverse(name)
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def open_page() -> list:
        response = browser.get(address)
        if response.status_code != 200:
            raise NotTheSame(f"{name} answered {response.status_code}.")
        return _CASES.findall(response.content.decode())

    return open_page


def _record(case: Case, isva: User, service: Service) -> list:
    """Record a contact as a request does, all that follows from it included, and undo it."""
    with transaction.atomic():
        with act(isva, service):
            contact = record_contact(
                Case.objects.select_related("service", "client").get(pk=case.pk), by=isva, at=now(), minutes=30,
                mode="phone", with_whom="client", attendance="attended", purpose="support", note="A made-up note.",
                plan_answer="unchanged", risk_answer="unchanged", against_rule="asked to be rung",
            )  # fmt: skip
            found = [
                Contact.objects.filter(pk=contact.pk).count(),
                Contact.history.filter(id=contact.pk).count(),
            ]
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    return found


def _check(work: dict[str, Callable]) -> None:
    """Every piece of work gives the same with the wall and without it, and gives something."""
    given = {}
    for way in (wall.up, wall.down):
        with way():
            given[way] = {name: do() for name, do in work.items()}
    for name in work:
        if not given[wall.up][name] or given[wall.up][name] != given[wall.down][name]:
            raise NotTheSame(f"{name}: not the same with the wall and without it, or nothing at all.")


def _texts(service: Service) -> dict[str, str]:
    """What people type: whole names, one word, a beginning, another spelling; by the name that is meant."""
    manager = User.objects.get(email=address_of(service, Role.MANAGER))
    with act(manager, service):
        cases = Case.objects.visible_to(manager).order_by("reference")
        meant = list(cases.values_list("client__name", flat=True)[:TEXTS])
    typed = {}
    for number, name in enumerate(meant):
        first, _space, last = name.partition(" ")
        typed[name] = (name, last, f"{first[:3]} {last[:4]}", f"{first} {last[:-1]}{last[-1] * 2}")[
            number % 4
        ]
    return typed


def _check_search(service: Service, texts: dict[str, str]) -> None:
    """The search finds who is meant, the same with the wall and without; the one it is compared with finds most of them.

    Trigrams do not know a name by its beginning alone.
    """
    manager = User.objects.get(email=address_of(service, Role.MANAGER))
    found = []
    for way in (wall.up, wall.down):
        with way(), act(manager, service):
            found.append(
                [[case.pk for case in search.search(manager, text).cases] for text in texts.values()]
            )
    if found[0] != found[1]:
        raise NotTheSame("The search for a name: not the same with the wall and without it.")
    with wall.down(), act(manager, service):
        by_tokens = [
            name for name, text in texts.items() if not _finds(name, search.search(manager, text).cases)
        ]
        by_trigrams = [
            name for name, text in texts.items() if not _finds(name, names.trigram_search(manager, text))
        ]
    if by_tokens or len(by_trigrams) > len(texts) // 4:
        raise NotTheSame("The search for a name: one that is there was not found.")


def _finds(name: str, cases: list) -> bool:
    """Whether somebody of this name is among what was found, or there was more than is shown."""
    return len(cases) >= search.MOST or name in {case.client.name for case in cases}


def _search_line(service: Service, texts: dict[str, str], *, rounds: int, times: int) -> Line:
    """All of ``texts`` searched for as a manager: by tokens behind the wall, by trigrams without it."""
    manager = User.objects.get(email=address_of(service, Role.MANAGER))
    looks: dict[str, Callable] = {}

    def by_tokens():
        for text in texts.values():
            search.search(manager, text)

    def by_trigrams():
        for text in texts.values():
            names.trigram_search(manager, text)

    def way(stands: Callable, look: Callable):
        @contextmanager
        def enter():
            with stands(), transaction.atomic(), act(manager, service):
                looks["now"] = look
                yield

        return enter

    name = f"{len(texts)} names, as a manager"
    ways = {UP: way(wall.up, by_tokens), DOWN: way(wall.down, by_trigrams)}
    found = in_turns(ways, {name: lambda: looks["now"]()}, rounds=rounds, times=max(1, times // 3))
    return Line(SEARCH, name, found[UP][name], found[DOWN][name])
