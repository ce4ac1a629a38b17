"""What every record of the service has, read from the models and from the database."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import URLPattern, URLResolver, get_resolver

from isva.db.fields import ProtectedText
from isva.db.records import CaseRecord, ClientRecord, ServiceRecord

OURS = ("accounts", "clock", "drafts", "casework", "referrals", "triage", "supervision", "reporting", "audit")
#: Rows without history, each with its reason.
WITHOUT_HISTORY = {
    "reporting.PublishedReport": "written once: a correction is a new version",
    "reporting.PseudonymKey": "written once, and never changed",
    "reporting.ReportFile": "written once, with its report",
    "reporting.ReportBuild": "a run of the worker; what comes of it is frozen with the report",
    "clock.ClockSettings": "written once, a new version is added",
    "clock.CaseReminder": "derived from the records, which have theirs (decision 010)",
    "clock.ServiceReminder": "derived from the records, which have theirs (decision 010)",
    "clock.Letter": "that an e-mail went, and to whom; it is never changed after",
    "clock.Tick": "when the clock went round last",
    "triage.LoadReading": "derived from the records, which have theirs",
    "drafts.Draft": "a draft is meant to be forgotten",
    "drafts.Submission": "a pressed button",
    "casework.SearchToken": "derived from the names, which have theirs",
    "casework.EmergencyAttempt": "written once: the database lets nobody change it",
    "audit.AccessEntry": "written once, and never changed",
    "accounts.Visit": "a session, gone when it ends",
    "audit.Seal": "written once, and part of a chain",
    "audit.SealedRows": "written once, under a seal",
    "casework.SasInstrument": "never changed, a new version is added",
}


def our_models():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS and not model.__name__.startswith("Historical")
    ]


def test_every_record_has_a_history():
    without = {
        model._meta.label
        for model in our_models()
        if not hasattr(model, "history") and not model.__name__.endswith("ObjectPermission")
    }
    assert without == set(WITHOUT_HISTORY)


def test_every_key_of_a_record_is_random():
    for model in our_models():
        if issubclass(model, ServiceRecord):
            assert isinstance(model._meta.pk, models.UUIDField), model._meta.label


def test_no_record_hangs_on_an_automatic_table_between_two_others():
    for model in our_models():
        if model._meta.label == "accounts.User":
            continue  # the groups and permissions of Django's own accounts; the product uses neither
        for field in model._meta.local_many_to_many:
            assert not field.remote_field.through._meta.auto_created, f"{model._meta.label}.{field.name}"


def test_no_record_of_a_case_keeps_a_narrative_in_a_field_of_another_class():
    """Free text of more than a line, about a person, goes through the one field class."""
    allowed = {"reason", "end_reason", "why", "note", "cancelled_why"}
    for model in our_models():
        if issubclass(model, (CaseRecord, ClientRecord)):
            for field in model._meta.local_fields:
                if isinstance(field, models.TextField) and not isinstance(field, ProtectedText):
                    assert field.name in allowed, f"{model._meta.label}.{field.name}"


def tied_tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint "
            "WHERE contype = 'f' AND array_length(conkey, 1) = 2 AND condeferrable"
        )
        return set(cursor.fetchall())


@pytest.mark.django_db
def test_every_table_of_a_case_and_its_history_is_tied_to_a_case_of_the_same_service():
    tied = tied_tables()
    missing = []
    for model in our_models():
        parent = "casework_case" if issubclass(model, CaseRecord) else "casework_client"
        if issubclass(model, (CaseRecord, ClientRecord)):
            for table in (model._meta.db_table, model.history.model._meta.db_table):
                if (table, parent) not in tied:
                    missing.append(table)
    assert missing == []


def routes(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern


def test_every_route_carries_a_door():
    assert [route for route, pattern in routes() if not hasattr(pattern.callback, "door")] == []


def test_every_route_is_named_after_its_view():
    assert [
        route for route, pattern in routes() if pattern.name != getattr(pattern.callback, "__name__", None)
    ] == []


def test_no_address_can_carry_a_name_or_a_reference():
    allowed = {"uuid", "slug", "token"}
    for route, _pattern in routes():
        kinds = {kind.split(":")[0].lstrip("<") for kind in route.split("/") if kind.startswith("<")}
        assert kinds <= allowed | {"str"}, route
        if "str" in kinds:
            assert "<str:token>" in route, route
