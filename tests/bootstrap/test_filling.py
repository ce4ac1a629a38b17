"""A start of the demo asks Django for what has changed since the last one, and for nothing else."""

import json

import pytest

from isva.bootstrap import filling, places
from isva.bootstrap.telling import Stop


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """What Django was asked for, in a folder of its own with a database that stands as ``state`` says."""
    monkeypatch.setenv("ISVA_HOME", str(tmp_path))
    places.prepare()
    asked = []
    monkeypatch.setattr(filling, "prepare", lambda *, reset: asked.append(reset) or "Iris Ivy")
    monkeypatch.setattr(filling, "made_from", lambda: "these sources")
    monkeypatch.setattr(filling, "state", lambda: ["7", "16384", 60, 60, True])
    return asked


def test_the_second_start_asks_for_nothing_and_still_knows_who_can_sign_in(asked):
    assert [filling.fill(reset=False), filling.fill(reset=False)] == ["Iris Ivy", "Iris Ivy"]
    assert asked == [False]


@pytest.mark.parametrize(
    ("what", "now"),
    [
        ("made_from", "other sources"),
        ("state", ["7", "16384", 61, 61, True]),
        ("state", ["8", "16384", 60, 60, True]),
    ],
)
def test_a_start_after_a_change_asks_again(asked, monkeypatch, what, now):
    filling.fill(reset=False)
    monkeypatch.setattr(filling, what, lambda: now)
    filling.fill(reset=False)
    assert asked == [False, False]


def test_an_emptied_database_is_filled_again(asked, monkeypatch):
    monkeypatch.setattr(filling, "state", lambda: None)
    filling.fill(reset=False)
    filling.fill(reset=False)
    assert asked == [False, False]


def test_a_wish_to_begin_afresh_is_always_heard(asked):
    filling.fill(reset=False)
    filling.fill(reset=True)
    assert asked == [False, True]


def test_a_start_that_failed_is_not_taken_for_done(asked, monkeypatch):
    filling.fill(reset=False)

    def breaks(*, reset):
        raise Stop("no")

    monkeypatch.setattr(filling, "prepare", breaks)
    monkeypatch.setattr(filling, "made_from", lambda: "other sources")
    with pytest.raises(Stop):
        filling.fill(reset=False)
    assert filling.read_note() == {}


def test_a_spoiled_note_is_as_good_as_none(asked):
    filling.note().write_text("{")
    assert filling.read_note() == {}
    filling.note().write_text(json.dumps({"made_from": "these sources"}))
    filling.fill(reset=False)
    assert asked == [False]


def test_a_changed_source_is_noticed_and_a_changed_test_is_not(monkeypatch, tmp_path):
    for name in ("isva/__init__.py", "isva/models.py", "tests/__init__.py", *filling.SOURCES):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("one = 1")
    monkeypatch.setattr(places, "ROOT", tmp_path)
    first = filling.made_from()
    (tmp_path / "tests/test_one.py").write_text("")
    assert filling.made_from() == first
    (tmp_path / "isva/models.py").write_text("one = 2")
    assert filling.made_from() != first


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_database_says_how_it_stands(monkeypatch, services):
    from django.db import connections

    told = connections["owner"].settings_dict
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**told)
    monkeypatch.setenv("DATABASE_OWNER_URL", address)
    stands = filling.state()
    assert stands
    assert stands[2] >= 10
    assert filling.state() == stands
    monkeypatch.setenv("DATABASE_OWNER_URL", address + "_that_is_not_there")
    assert filling.state() is None
