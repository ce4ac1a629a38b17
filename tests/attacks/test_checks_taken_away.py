# ruff: noqa: F811 (the scene of the walk is a fixture here too)
"""Every check and every filter taken away in turn: the tests notice each.

In the suite, a sample; with ``--full-attack`` every door and every place of ``taking_away.py``, with all tests that
pass it. What makes no difference stands in ``makes_no_difference.py`` with its reason.
"""

import ast
import json
import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from isva.access.roles import Permission
from isva.audit.reading import What
from tests.access.table import TABLE, OnCase, Staff
from tests.access.test_every_url import (
    TAKES_OUT,
    cases_of_the_scene,  # noqa: F401 (a fixture)
    scene,  # noqa: F401 (a fixture)
    walk,
)
from tests.access.test_staff_doors import wrong_at_staff_door
from tests.attacks import taking_away
from tests.attacks.makes_no_difference import BECAUSE
from tests.guards.test_records import routes

#: The tests that have to notice; browser journeys and what builds the product are left out.
NOTICING = ("tests/access", "tests/accounts", "tests/audit", "tests/casework", "tests/clock", "tests/db", "tests/referrals",
            "tests/reporting", "tests/supervision", "tests/triage", "tests/test_headers.py")  # fmt: skip
DOORS = {pattern.name: pattern.callback for _route, pattern in routes()}


def doors_off():
    """Yields (address, what is taken off, the cell of its door, what stands in it instead) for every door of a role or case."""
    for name, rule in sorted(TABLE.items()):
        if not isinstance(rule, OnCase | Staff):
            continue
        cells = dict(zip(DOORS[name].__code__.co_freevars, DOORS[name].__closure__, strict=True))
        asked = cells["permissions"].cell_contents
        nothing = (Permission.VIEW_CASE,) if isinstance(rule, OnCase) else ()
        if asked not in (nothing, ()):
            yield name, "asks for nothing", cells["permissions"], nothing
        if len(asked) > 1:
            for one in asked:
                yield name, f"without {one}", cells["permissions"], tuple(p for p in asked if p != one)
        if name in TAKES_OUT:
            yield name, "lets everything out", cells["what"], What.OPENED


@contextmanager
def taken_off(cell, instead):
    """For the time of the block, another value stands in the door."""
    before, cell.cell_contents = cell.cell_contents, instead
    try:
        yield
    finally:
        cell.cell_contents = before


def wrong_at_door(name, scene, people, services) -> list[str]:
    if isinstance(TABLE[name], Staff):
        return wrong_at_staff_door(name, people, services)
    return walk([name], scene, people, services)[0]


def test_every_door_with_something_taken_off_answers_somebody_otherwise(scene, people, services, request):
    every = list(doors_off())
    sample = every if request.config.getoption("full_attack") else every[:: len(every) // 4]
    unnoticed = []
    for name, what, cell, instead in sample:
        with taken_off(cell, instead):
            if not wrong_at_door(name, scene, people, services):
                unnoticed.append(f"{name}: {what}")
    assert unnoticed == []
    assert len(every) > 120


TOY = """
def sight(rows, person, day):
    if person is None:
        raise Http404
    require_any(person, day)
    own = rows.visible_to(person).filter(service=person.service, until__gt=day)
    return [row for row in own.exclude(denied(person)) if person.can("see") and row.live | row.kept]
"""


def test_the_machinery_finds_each_kind_of_check_and_leaves_the_rest_alone():
    tree, found = taking_away.with_switches(TOY, "toy", whole=True)
    assert [place.removeprefix("toy: sight: ") for place in sorted(found)] == sorted(
        [
            "if person is None: never", "without require_any(person, day)", "without visible_to(person)",
            "filter without service=person.service", "filter without until__gt=day", "exclude without denied(person)",
            "each without person.can('see') and row.live | row.kept", "and without person.can('see')",
            "without person.can('see')", "and without row.live | row.kept", "| without row.live", "| without row.kept",
        ]
    )  # fmt: skip
    _tree, by_name = taking_away.with_switches(TOY, "toy", whole=False)
    assert {place.removeprefix("toy: sight: ") for place in set(found) - set(by_name)} == {
        "filter without until__gt=day", "each without person.can('see') and row.live | row.kept",
        "and without person.can('see')", "and without row.live | row.kept", "| without row.live", "| without row.kept",
    }  # fmt: skip
    assert ast.unparse(ast.parse(ast.unparse(tree)))


def test_each_exception_is_a_place_of_the_product_and_has_its_reason():
    every = set(taking_away.every_place())
    assert len(every) > 800
    assert [place for place in BECAUSE if place not in every] == []
    assert [place for place, reason in BECAUSE.items() if len(reason) < 30] == []


def taken_in_turn(tmp_path, *, tests, words) -> dict:
    """Run the product with the places taken away in turn, in a process and a database of its own; what came out."""
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "pytest", "-p", "tests.attacks.mutation_run", *tests, "-n0", "-q", "--reuse-db",
               f"--taken={words}", f"--figures={figures}"]  # fmt: skip
    own = {**os.environ, "TEST_DATABASE_NAME": "test_isva_checks"}
    own.pop("PYTEST_XDIST_WORKER", None)
    ran = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    assert figures.exists(), ran.stdout[-3000:] + ran.stderr[-3000:]
    return json.loads(figures.read_text())


def test_every_check_that_is_taken_away_is_noticed(tmp_path, request):
    if not request.config.getoption("full_attack"):
        pytest.skip("an hour or more: with --full-attack")
    found = taken_in_turn(tmp_path, tests=NOTICING, words="")
    assert found["survived"] == []
