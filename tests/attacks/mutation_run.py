"""Takes the checks away one after the other, and runs the tests that pass by each: the pytest plugin of the full run.

Loaded with ``-p tests.attacks.mutation_run``. The tests run once as they are: that they are green, and which places
each of them passes. Then each place is taken away in a fork of this process, and the tests that pass it run there,
the quickest first, until one fails. A place that no test notices is a survivor, and so is one that no test passes.

``--taken=WORDS`` takes away only the places that begin with one of these words, ``--again=FILE`` those that survived in
earlier figures; ``--passing=FILE`` keeps which tests pass where, for the next run of the same tests.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

from _pytest.runner import runtestprotocol

from tests.attacks import taking_away
from tests.attacks.makes_no_difference import BECAUSE

#: So many seconds of tests that all pass, and a place counts as noticed by none.
PATIENCE = 900
#: No place at all: what is taken away for the control.
NOTHING = "nothing"
#: Tests that commit, or drive a browser, cannot share the database of a fork.
_COMMIT = {"live_server", "transactional_db", "chromium"}

taking_away.build_in()


def pytest_addoption(parser):
    """What may be asked of a run."""
    parser.addoption(
        "--taken", default="", help="take away only the places that begin with one of these words"
    )
    parser.addoption("--again", default="", help="take away only what survived in these figures (JSON)")
    parser.addoption("--passing", default="", help="keep in this file which tests pass where (JSON)")
    parser.addoption("--figures", default="", help="write what was found into this file (JSON)")


def pytest_collection_modifyitems(items):
    """Leave out the tests that cannot be run in a fork, and copy no case: what makes one may be what is taken away."""
    from tests import copies  # it asks for models, which are not there when a plugin is loaded

    copies.ALWAYS_ANEW = True
    items[:] = [
        item
        for item in items
        if not _COMMIT & set(getattr(item, "fixturenames", ()))
        and not any(mark.kwargs.get("transaction") for mark in item.iter_markers("django_db"))
    ]


def pytest_runtestloop(session):
    """The tests as they are, then the places one by one."""
    if session.testsfailed or session.config.option.collectonly:
        return None
    began = time.monotonic()
    wanted = _wanted(session.config.option)  # as the source stands now, and not when the tests have run
    passing = _kept_or_new(session)
    if session.testsfailed:
        _say("Nothing was taken away: the tests have to be green first.")
        return True
    _say(f"\n{len(session.items)} tests as they are: {time.monotonic() - began:.0f} s")
    by_name = {item.nodeid: item for item in session.items}
    found = {"noticed": {}, "survived": [], "makes no difference": []}
    for place in wanted:
        if place in BECAUSE:
            found["makes no difference"].append(place)
            continue
        tests = [by_name[name] for name in passing.get(place, []) if name in by_name]
        noticed_by = _take_away(place, tests, session.items)
        if noticed_by:
            found["noticed"][place] = noticed_by
        else:
            found["survived"].append(place)
            _say(f"SURVIVED ({len(tests)} tests pass it) {place}")
        _write_down(found, session.config.option)  # so far: a run that is stopped has not run for nothing
    found["fails anyway"] = _fail_anyway(set(found["noticed"].values()), by_name, session.items)
    found["seconds"] = round(time.monotonic() - began)
    counted = {word: len(what) for word, what in found.items() if word != "seconds"}
    _say(", ".join(f"{number} {word}" for word, number in counted.items()))
    _write_down(found, session.config.option)
    session.testsfailed += len(found["survived"]) + len(found["fails anyway"])
    return True


def _write_down(found: dict, option) -> None:
    if option.figures:
        Path(option.figures).write_text(json.dumps(found, indent=1), encoding="utf-8")


def _wanted(option) -> list[str]:
    places = [one for one in taking_away.every_place() if one.startswith(tuple(option.taken.split(",")))]
    if option.again:
        survived = json.loads(Path(option.again).read_text(encoding="utf-8"))["survived"]
        places = [one for one in places if one in survived]
    return places


def _fail_anyway(names: set[str], by_name: dict, items: list) -> list[str]:
    """The control: tests that noticed something and fail in a fork although nothing is taken away there."""
    return [name for name in sorted(names) if _take_away(NOTHING, [by_name[name]], items)]


def _kept_or_new(session) -> dict[str, list[str]]:
    """Which tests pass each place, by name: as it was kept, or found out now."""
    kept = Path(session.config.option.passing or os.devnull)
    if kept.is_file():
        first = session.items[0]  # sets up what the whole run shares
        first.config.hook.pytest_runtest_protocol(item=first, nextitem=_another(first, session.items))
        return json.loads(kept.read_text(encoding="utf-8"))
    passing = _as_they_are(session)
    if not session.testsfailed:
        kept.write_text(json.dumps(passing), encoding="utf-8")
    return passing


def _as_they_are(session) -> dict[str, list[str]]:
    """Run every test once; returns which of them pass each place, the quickest first."""
    passing: dict[str, list] = {}
    items = session.items
    for number, item in enumerate(items):
        taking_away.passed.clear()
        began = time.monotonic()
        after = items[number + 1] if number + 1 < len(items) else _another(item, items)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        for place in taking_away.passed:
            passing.setdefault(place, []).append((time.monotonic() - began, item.nodeid))
    return {place: [name for _time, name in sorted(tests)] for place, tests in passing.items()}


def _another(item, items):
    return next(one for one in items if one.module is not item.module)


def _take_away(place: str, tests: list, items: list) -> str:
    """The name of the test that notices; empty where none does."""
    from django.db import connections

    if not tests:
        return ""
    connections.close_all()
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        os.close(reads)
        _in_the_fork(place, tests, items, writes)
    os.close(writes)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(PATIENCE)
    told = os.read(reads, 10_000).decode()
    os.close(reads)
    os.waitpid(child, 0)
    signal.alarm(0)
    return told


def _in_the_fork(place: str, tests: list, items: list, writes: int) -> None:
    """Never returns: what is left of the process is of no use to anybody."""
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        taking_away.now_taken = place
        for test in tests:
            reports = runtestprotocol(test, log=False, nextitem=_another(test, items))
            if any(report.failed for report in reports):
                os.write(writes, test.nodeid.encode())
                break
    finally:
        os._exit(0)


def _say(text: str) -> None:
    sys.__stderr__.write(text + "\n")
    sys.__stderr__.flush()
