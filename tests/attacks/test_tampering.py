"""Whoever owns the tables can change what was written once. Every such change is found."""

import collections
import os

import pytest
from django.db import connections, transaction
from django.urls import reverse

from casework.contacts import write_note
from isva.access.acting import act
from isva.audit.models import AccessEntry
from isva.audit.seals import anchor
from isva.audit.seals.sealing import seal_all
from isva.audit.seals.tables import sealed_tables
from isva.audit.seals.verifying import verify_all
from tests.attacks.tamper import CHAIN, OWNER, Tamperer
from tests.casework.cases import active_case, fill

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", OWNER, "log"])

SHORT, FULL = 60, 1000


@pytest.fixture
def outside(settings, tmp_path):
    settings.AUDIT_ANCHOR = str(tmp_path / "anchor")
    return tmp_path / "anchor"


@pytest.fixture
def walls_down_for_the_owner():
    """The owner looks past row-level security too, as somebody who owns the tables can make it."""
    names = [*(table.name for table in sealed_tables()), *CHAIN]
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relname = ANY(%s)", [names]
        )
        forced = [name for (name,) in cursor.fetchall()]
        for name in forced:
            cursor.execute(f'ALTER TABLE "{name}" NO FORCE ROW LEVEL SECURITY')
    yield
    with connections[OWNER].cursor() as cursor:
        for name in forced:
            cursor.execute(f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY')


@pytest.fixture
def sealed(rowan, people, signed_in, outside):
    """Work of three sittings, each under its seals, and the heads noted outside."""
    for sitting in range(3):
        with transaction.atomic():
            case = active_case(rowan, people)
            with act(people["isva"], rowan):
                fill(case, people) if sitting == 0 else write_note(case, text="A word.", by=people["isva"])
        for who in ("isva", "manager", "second_isva"):
            signed_in(who).get(reverse("show_case", kwargs={"case_id": case.pk}))
        anchor.note(seal_all())
    assert AccessEntry.objects.count() >= 6


def faults(outside):
    return [
        sentence for report in verify_all(using=OWNER, anchor_path=str(outside)) for sentence in report.wrong
    ]


def test_every_tampering_by_the_owner_of_the_tables_is_found(
    sealed, walls_down_for_the_owner, outside, request, capsys
):
    count = FULL if request.config.getoption("--full-attack") else SHORT
    assert faults(outside) == []
    kept, missed, kinds = outside.read_bytes(), [], collections.Counter()
    tamperer = Tamperer(seed=int(os.environ.get("ATTACK_SEED", "7")), anchor=outside)
    for number in range(count):
        with transaction.atomic(using=OWNER):
            done = tamperer.tamper()
            kinds[done.split(":")[0]] += 1
            if not faults(outside):
                missed.append(f"{number}, {done}")
            transaction.set_rollback(True, using=OWNER)
        outside.write_bytes(kept)
    assert faults(outside) == []
    with capsys.disabled():
        print(f"\n{count} tampers of {len(kinds)} kinds, {len(missed)} missed: {dict(kinds)}")
    assert missed == []
