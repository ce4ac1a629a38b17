# ruff: noqa: F811 (the scene of the attack is a fixture here too)
"""Every policy of the second wall taken away, table by table: the attack in plain SQL would notice each."""

import pytest
from django.db import transaction

from isva.access.acting import act
from isva.db.wall.tables import CASE, walled_tables
from tests.access.test_database_wall import ask, cases_of_the_scene, full, in_sight, seen_in  # noqa: F401 (fixtures among them)

pytestmark = pytest.mark.django_db


def test_every_table_whose_policies_are_gone_shows_rows_of_others(full, people, rowan):
    sight = {full[name].pk for name in in_sight("isva")} | {full[name].client_id for name in in_sight("isva")}
    others = {case.pk for case in full.values()} | {case.client_id for case in full.values()}
    hidden = full["another's"]
    unnoticed = []
    for row in walled_tables():
        with transaction.atomic():
            ask("SELECT set_config('isva.wide_open', %s, true)", row.table)
            with act(people["isva"], rowan):
                seen = seen_in(row)
            transaction.set_rollback(True)
        key = hidden.pk if row.of == CASE else hidden.client_id
        if key not in seen or not seen & (others - sight):
            unnoticed.append(row.table)
    assert unnoticed == []
