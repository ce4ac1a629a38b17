"""The plain role owns nothing: what it may not do, the database refuses."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from casework.models import Case
from isva.accounts.models import User
from isva.db.checks import plain_role_is_plain, why_privileged
from isva.db.wall.tables import walled_tables
from isva.pathway import Stage
from isva.settings import with_options
from tests.factories import make_case

pytestmark = pytest.mark.django_db


def refused(sql, *params):
    with pytest.raises(ProgrammingError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    assert "permission denied" in str(refusal.value) or "must be owner" in str(refusal.value)


def test_the_tests_run_as_the_plain_role():
    assert why_privileged() == ""
    assert plain_role_is_plain(None, ["default"]) == []


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE loot (id int)",
        "ALTER TABLE casework_case DISABLE ROW LEVEL SECURITY",
        "DROP TABLE casework_contact",
        "TRUNCATE casework_contact",
        "UPDATE casework_historicalcase SET reference = 'XX-0000'",
        "DELETE FROM casework_historicalcontact",
        "DELETE FROM django_migrations",
    ],
)
def test_the_plain_role_can_neither_change_the_schema_nor_rewrite_history(sql):
    refused(sql)


def test_nobody_can_be_made_a_superuser(people):
    people["isva"].is_superuser = True
    with pytest.raises(IntegrityError), transaction.atomic():
        people["isva"].save()


def test_an_address_of_a_user_is_unique_in_any_case(people):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(email=people["isva"].email.upper(), name="Somebody Else")


def test_a_record_cannot_name_a_case_of_another_service(people, services):
    case = make_case(services["rowan"], by=people["manager"], stage=Stage.TRIAGE)
    # With nobody acting the tests' own eye is open: it is the constraint that is asked, not the wall.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE casework_stageentry SET service_id = %s WHERE case_id = %s",
            [services["harbour"].pk, case.pk],
        )
        with pytest.raises(IntegrityError):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def test_every_row_behind_the_wall_is_of_the_service_of_its_case_or_client():
    """Whoever sees by keys is not asked for the service beside them: no row may name a case of another service."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, array_agg(a.attname::text ORDER BY a.attname) "
            "FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) "
            "WHERE c.contype = 'f' AND c.confrelid = ANY (ARRAY['casework_case', 'casework_client']::regclass[]) "
            "GROUP BY c.oid, c.conrelid"
        )
        tied = {(table, tuple(columns)) for table, columns in cursor.fetchall()}
    loose = [
        row.table
        for row in walled_tables()
        if row.column != "id" and (row.table, tuple(sorted((row.column, "service_id")))) not in tied
    ]
    assert loose == []


@pytest.mark.parametrize("stage", [Stage.INTERIM, Stage.ALLOCATION, Stage.STEPPED_DOWN])
def test_nobody_waits_without_a_review_date(stage, people, services):
    case = make_case(services["rowan"], by=people["manager"], stage=stage)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Case.objects.filter(pk=case.pk).update(next_review_on=None)
    assert "nobody_waits_without_a_review_date" in str(refusal.value)


def test_the_database_refuses_a_stage_that_is_not_on_the_pathway(people, services):
    case = make_case(services["rowan"], by=people["manager"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(stage="limbo")


def test_no_change_of_a_model_is_without_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_what_an_address_says_of_tls_stays_beside_our_own_options():
    told = with_options({"NAME": "isva", "OPTIONS": {"sslmode": "verify-full"}}, "-c jit=off")
    assert told == {"NAME": "isva", "OPTIONS": {"sslmode": "verify-full", "options": "-c jit=off"}}


@pytest.mark.parametrize("alias", ["default", "owner", "log"])
def test_no_connection_asks_for_questions_to_be_translated_first(alias):
    assert "-c jit=off" in settings.DATABASES[alias]["OPTIONS"]["options"]
