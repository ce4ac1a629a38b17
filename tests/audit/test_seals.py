"""The chain of seals: everything that is written once is covered, and a change of any of it shows."""

import datetime as dt

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from casework import contacts
from casework.models import Note
from isva.accounts.models import User
from isva.audit.checks import the_chain_is_anchored
from isva.audit.models import NO_SERVICE, AccessEntry, Seal, SealedRows
from isva.audit.seals import anchor
from isva.audit.seals.sealing import SLACK, seal, seal_all
from isva.audit.seals.tables import sealed_tables
from isva.audit.seals.verifying import verify, verify_all
from isva.clock.moment import at, now
from isva.pathway import Stage
from tests.factories import make_case
from tests.racing import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def anchored(settings, tmp_path):
    settings.AUDIT_ANCHOR = str(tmp_path / "outside" / "anchor")
    return tmp_path / "outside" / "anchor"


@pytest.fixture
def case(rowan, people):
    return make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])


def an_entry(service, user, **told):
    entry = AccessEntry(at=now(), service=service, user=user, what="opened", page="show_case", **told)
    entry.save(force_insert=True)
    return entry


def wrong():
    return [sentence for report in verify_all() for sentence in report.wrong]


def test_every_history_and_every_access_entry_is_sealed_and_holds(case, people, rowan):
    an_entry(rowan, people["isva"])
    made = seal_all()
    anchor.note(made)
    assert {seal.scope for seal in made} >= {str(rowan.pk), NO_SERVICE}
    assert {seal.number for seal in made} == {1}
    covered = set(SealedRows.objects.values_list("table", flat=True))
    assert {"audit_accessentry", "casework_historicalcase", "accounts_historicaluser"} <= covered
    assert wrong() == []


def test_a_second_seal_follows_the_first_and_covers_only_what_is_new(case, rowan, people):
    first = seal(str(rowan.pk))
    assert seal(str(rowan.pk)) is None
    an_entry(rowan, people["isva"])
    second = seal(str(rowan.pk))
    assert (second.number, second.previous, second.rows) == (2, first.hash, 1)
    assert verify(str(rowan.pk)).wrong == []


def test_a_row_that_was_committed_late_is_covered_by_a_later_seal_and_is_no_fault(rowan, people):
    """Its key is lower, and its moment earlier, than those of rows that are sealed already."""
    began, scope = now(), str(rowan.pk)
    seen = an_entry(rowan, people["isva"])
    with at(began + dt.timedelta(minutes=1)):
        seal(scope)
    with at(began - dt.timedelta(minutes=2)):
        an_entry(rowan, people["isva"], id=seen.pk - 1)
    with at(began + dt.timedelta(minutes=2)):
        assert seal(scope).rows == 1
        assert verify(scope).wrong == []


def test_a_row_put_in_beside_the_product_with_an_old_date_is_a_fault_before_and_after_it_is_sealed(
    rowan, people
):
    an_entry(rowan, people["isva"])
    seal(str(rowan.pk))
    with at(now() - dt.timedelta(days=3)):
        forged = an_entry(rowan, people["manager"])
    (said,) = verify(str(rowan.pk)).wrong
    assert f"row {forged.pk} is covered by no seal" in said
    seal(str(rowan.pk), everything=True)
    (said,) = verify(str(rowan.pk)).wrong
    assert f"row {forged.pk} says that it is older" in said


def test_what_waits_for_the_next_seal_is_no_fault(rowan, people):
    an_entry(rowan, people["isva"])
    seal(str(rowan.pk))
    an_entry(rowan, people["isva"])
    assert verify(str(rowan.pk)).wrong == []
    with at(now() + SLACK + dt.timedelta(minutes=1)):
        assert len(verify(str(rowan.pk)).wrong) == 1


def test_the_chains_of_two_services_stand_apart(services, people):
    for service in services.values():
        an_entry(service, people["records_lead"])
    seal_all()
    assert Seal.objects.filter(number=1).count() == 3
    assert SealedRows.objects.filter(table="audit_accessentry").count() == 2


def test_the_anchor_holds_nothing_but_numbers_and_hashes(case, rowan, anchored):
    anchor.note(seal_all())
    for line in anchored.read_text().splitlines():
        when, scope, number, hash_, key_name, mark = line.split(" ")
        dt.datetime.fromisoformat(when)
        assert scope == NO_SERVICE or Seal.objects.filter(scope=scope).exists()
        assert (int(number), len(hash_), len(key_name), len(mark)) == (1, 64, 12, 64)


def test_a_chain_without_its_end_is_found_by_what_was_noted_outside(rowan, people, anchored):
    an_entry(rowan, people["isva"])
    anchor.note(seal_all())
    line = f"{rowan.pk} 7 {'0' * 64}"
    anchored.write_text(anchored.read_text() + f"2026-11-25T13:00:00+00:00 {line} x y\n")
    said = wrong()
    assert any("Seal 7, noted outside 2026-11-25T13:00:00+00:00, is gone" in sentence for sentence in said)
    assert any("of the anchor was changed" in sentence for sentence in said)


def test_a_missing_anchor_is_told(rowan, people, anchored):
    an_entry(rowan, people["isva"])
    anchor.note(seal_all())
    anchored.unlink()
    assert "The anchor is not where AUDIT_ANCHOR says." in wrong()


def test_a_key_that_is_gone_is_told_and_an_older_key_still_verifies(rowan, people, settings):
    an_entry(rowan, people["isva"])
    seal(str(rowan.pk))
    old, new = settings.FIELD_KEYS, ["another-key-altogether"]
    settings.FIELD_KEYS = [*new, *old]
    assert verify(str(rowan.pk)).wrong == []
    settings.FIELD_KEYS = new
    assert ["put the key back" in sentence for sentence in verify(str(rowan.pk)).wrong] == [True]


def test_the_command_seals_verifies_and_says_what_is_wrong(case, rowan, people, capsys):
    call_command("audit", "seal")
    call_command("audit", "anchor")
    call_command("audit", "verify")
    said = capsys.readouterr().out
    assert "Rowan ISVA Service: 1 seals" in said
    assert "nothing wrong" in said
    Seal.objects.create(
        scope=str(rowan.pk), number=2, at=now(), rows=0, previous="", key_name="x", hash="forged"
    )
    with pytest.raises(CommandError) as refusal:
        call_command("audit", "verify", "--service", "rowan")
    assert refusal.value.returncode == 1
    assert "Seal 2 does not follow the seal before it." in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("audit", "verify", "--head", f"{rowan.pk}:9:{'0' * 64}")
    assert "Seal 9, noted outside in a mail, is gone" in capsys.readouterr().out


def test_by_mail_the_heads_go_to_the_records_leads_and_say_nothing_of_anybody(case, people, settings):
    settings.AUDIT_ANCHOR = "mail"
    seal_all()
    assert anchor.post() == 2  # she keeps the records of both services
    text = "".join(one.subject + one.body for one in mail.outbox)
    people["records_lead"].is_active = False
    people["records_lead"].save()
    assert anchor.post() == 0
    assert str(case.service_id) in text
    for word in ("Ada", "Iris", "Meera", case.reference, str(case.pk)):
        assert word not in text


def test_the_clock_seals_and_notes(case, anchored):
    from isva.audit.tasks import seal_everything, seal_what_was_written

    seal_what_was_written()
    assert len(anchored.read_text().splitlines()) == Seal.objects.count()
    seal_everything()
    assert wrong() == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_who_seal_at_once_make_one_chain_and_cover_each_row_once(rowan, people):
    for _entry in range(5):
        an_entry(rowan, people["isva"])
    assert at_once(*[lambda: seal(str(rowan.pk))] * 3, together=False) == []
    report = verify(str(rowan.pk))
    assert (report.wrong, report.seals) == ([], 1)
    batches = SealedRows.objects.filter(table="audit_accessentry")
    assert sum(len(batch.keys) for batch in batches) == 5


def test_production_without_an_anchor_is_told(settings):
    assert the_chain_is_anchored(None) == []
    settings.AUDIT_ANCHOR = ""
    assert [one.id for one in the_chain_is_anchored(None)] == ["isva.W010"]


# What the role of the application may do: add and read.


def every_table_written_once():
    return [*(table.name for table in sealed_tables()), "audit_seal", "audit_sealedrows"]


def test_the_role_of_the_application_can_add_and_read_but_never_change():
    done = []
    for table in every_table_written_once():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # reading is allowed, and adding
            cursor.execute(
                "SELECT has_table_privilege(%s, 'INSERT'), (SELECT attname FROM pg_attribute "
                "WHERE attrelid = %s::regclass AND attnum = 1)",
                [table, table],
            )
            may_add, column = cursor.fetchone()
        assert may_add, table
        for sql in (
            f'UPDATE "{table}" SET "{column}" = "{column}"',
            f'DELETE FROM "{table}"',
            f'TRUNCATE "{table}"',
            f'ALTER TABLE "{table}" ADD COLUMN loot int',
            f'ALTER TABLE "{table}" DISABLE TRIGGER ALL',
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            f'DROP TABLE "{table}"',
            f'LOCK TABLE "{table}" IN ACCESS EXCLUSIVE MODE',
            f'CREATE RULE quiet AS ON INSERT TO "{table}" DO INSTEAD NOTHING',
        ):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(sql)
                done.append(sql)
            except ProgrammingError:
                continue
    assert done == []


def test_every_model_with_a_history_has_it_sealed():
    sealed = {table.name for table in sealed_tables()}
    assert User.history.model._meta.db_table in sealed
    assert Note.history.model._meta.db_table in sealed


def test_a_note_that_was_written_is_under_the_next_seal(case, people, acting):
    with acting("isva"):
        contacts.write_note(case, text="A quiet word.", by=people["isva"])
    seal(str(case.service_id))
    key = Note.history.model.objects.values_list("history_id", flat=True).first()
    batch = SealedRows.objects.get(table=Note.history.model._meta.db_table)
    assert batch.keys == [str(key)]
