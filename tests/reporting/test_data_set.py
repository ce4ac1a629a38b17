"""The minimum data set of a service drawn at random: it is what its schema says, adds up, and tells of nobody."""

import csv
import hashlib
import io
import json

import pytest
from django.db import models
from django.urls import reverse
from jsonschema import Draft202012Validator

from casework.models import Case
from isva.access.acting import act
from isva.accounts.models import User
from isva.clock.moment import at, today
from isva.db.fields import ProtectedText
from isva.db.wall.tables import walled_tables
from reporting import figures
from reporting.data_set import files
from reporting.data_set.fields import FIELDS, VERSION
from reporting.data_set.gathering import Span
from reporting.data_set.kinds import Type
from reporting.data_set.schema import schema
from reporting.measures import MEASURES
from reporting.periods import Quarter
from reporting.scope import Scope
from reporting.sight import Sight
from tests.casework.cases import active_case, fill
from tests.factories import make_case, seeing_all
from tests.once import once_a_module
from tests.reporting.data_sets import as_file, records
from tests.reporting.random_service import PRESENT, RandomService

pytestmark = pytest.mark.django_db

#: What each version of the schema is: whoever changes a field raises the version, so that no two files of one version differ.
SCHEMAS = {"1.0": "8ff0ccbc5a98dbd98aabf76de890671bcdaf7c6699cd6f3ce33b276259962988"}
LAST = Quarter(2026, 2)


def _draw(people, services):
    with at(PRESENT):
        RandomService(services["rowan"], 7).write(70)


drawn_once = once_a_module(_draw)


@pytest.fixture
def drawn(drawn_once, rowan, people, present):
    """A service drawn at random."""
    return rowan


def test_the_schema_is_a_schema_and_is_the_one_of_its_version():
    Draft202012Validator.check_schema(schema())
    written = json.dumps(schema(), sort_keys=True, ensure_ascii=False)
    assert hashlib.sha256(written.encode()).hexdigest() == SCHEMAS[VERSION], "raise VERSION, and add it here"


@pytest.mark.parametrize("span", ["quarter", "so far", "all time"])
def test_a_file_is_what_its_schema_says(span, drawn, people):
    over = {
        "quarter": Span.of_quarter(LAST), "so far": Span.of_quarter(Quarter.of(today())), "all time": Span.until(today()),
    }[span]  # fmt: skip
    told = json.loads(as_file(drawn, people["manager"], "json", over))
    assert [one.message for one in Draft202012Validator(schema()).iter_errors(told)] == []
    assert len(told["records"]) > 10
    assert (told["first_day"] is None) is (span == "all time")
    empty = [name for name in told["records"][0] if all(not one[name] for one in told["records"])]
    assert span != "all time" or set(empty) <= {"referred_before"}, (
        "a field that is always empty shows nothing"
    )


def test_the_schema_refuses_what_does_not_belong_in_a_record(drawn, people):
    told = json.loads(as_file(drawn, people["manager"], "json"))
    validator = Draft202012Validator(schema())
    for name, value in (("name", "Ada"), ("source", "Dr Who"), ("pseudonym", "K7-4PQ2"), ("age", 34)):
        assert not validator.is_valid(told | {"records": [told["records"][0] | {name: value}]}), name


def test_rows_header_schema_and_page_come_from_the_same_fields(drawn, people, signed_in):
    names = [one.name for one in FIELDS]
    assert len(set(names)) == len(names)
    record = records(drawn, people["manager"])[0]
    assert list(record) == names == list(schema()["$defs"]["record"]["properties"])
    rows = list(csv.reader(io.StringIO(as_file(drawn, people["manager"], "csv").decode("utf-8-sig"))))
    assert rows[0] == files.header() == [column for one in FIELDS for column in one.columns]
    assert {len(row) for row in rows} == {len(rows[0])}
    page = signed_in("manager").get(reverse("show_data_set")).content.decode()
    assert [one.name for one in FIELDS if f"<code>{one.name}</code>" not in page] == []


def test_csv_and_json_say_the_same(drawn, people):
    rows = csv.DictReader(io.StringIO(as_file(drawn, people["manager"], "csv").decode("utf-8-sig")))
    told = json.loads(as_file(drawn, people["manager"], "json"))["records"]
    for row, record in zip(rows, told, strict=True):
        for field in FIELDS:
            cells = ["" if cell is None else str(cell) for cell in field.cells(record[field.name])]
            assert [row[column] for column in field.columns] == cells, field.name


def every_text(service) -> set[str]:
    """Whatever anybody typed into a record of the service, its references and keys, and the names of its people."""
    found = set()
    for one in walled_tables():
        fields = [
            field for field in one.model._meta.concrete_fields
            if isinstance(field, (ProtectedText, models.TextField, models.EmailField, models.UUIDField, models.DateField))
            or (isinstance(field, models.CharField) and not field.choices)
        ]  # fmt: skip
        columns = [field.attname for field in fields if field.name not in ("service", "domain", "page")]
        rows = one.model._base_manager.filter(service=service).values_list(*columns)
        found |= {
            str(value.isoformat() if hasattr(value, "isoformat") else value) for row in rows for value in row
        }
    for case in Case._base_manager.filter(service=service):
        found |= {case.reference, str(case.pk), case.pk.hex, str(case.client_id), case.client_id.hex}
    for user in User.objects.all():
        found |= {user.name, user.email, str(user.pk)}
    return {one for one in found if len(one) > 3 and one not in ("None", "True", "False", *service.areas)}


def test_no_name_no_reference_no_text_no_day_and_no_key_is_ever_in_a_file(rowan, people, drawn):
    case = make_case(
        rowan, by=people["manager"], name="Zephyrine Quillfeather", area="14 Thimble Row, ZX9 9ZX",
        access_needs="A ramp at the Thimble Row door",
    )  # fmt: skip
    full = active_case(rowan, people, name="Ottoline Merriweather")
    with act(people["isva"], rowan):
        fill(full, people)
    told = {form: as_file(rowan, people["manager"], form).decode() for form in ("json", "csv")}
    with act(people["manager"], rowan), seeing_all(rowan):
        texts = every_text(rowan) - {today().isoformat()}  # the day on which the file was made
    assert {
        "Zephyrine Quillfeather",
        case.reference,
        "14 Thimble Row, ZX9 9ZX",
        "Rang 999 with her.",
    } <= texts
    assert [(form, text) for form, file in told.items() for text in texts if text in file] == []


def test_a_reopened_case_has_a_record_for_each_course(drawn, people):
    told = records(drawn, people["manager"])
    again = [one for one in told if one["course"] > 1]
    assert again
    by_case = {(one["pseudonym"], one["course"]): one for one in told}
    for one in again:
        before = by_case[one["pseudonym"], one["course"] - 1]
        assert before["stage"] == "closed"
        assert before["closed_quarter"] <= one["referred_quarter"]
        assert one["days_to_first_contact"] is None


#: What a quarter's file adds up to, by the measure that counts the same: (measure, what each record adds, of which records).
SUMS = (
    ("referrals", lambda one: 1, lambda one: one["course"] == 1 and one["referred_quarter"] == LAST.key),
    ("contact_within_standard", lambda one: one["contact_in_standard"] or 0,
     lambda one: one["course"] == 1 and one["referred_quarter"] == LAST.key),
    ("contacts", lambda one: sum(one["contacts"].values()), lambda one: True),
    ("onward_referrals", lambda one: sum(one["onward_referrals"].values()), lambda one: True),
    ("planned_closures", lambda one: one["ending"] == "planned", lambda one: one["closed_quarter"] == LAST.key),
)  # fmt: skip


def test_a_quarters_file_adds_up_to_the_figures_of_the_quarter(drawn, people):
    told = records(drawn, people["manager"], Span.of_quarter(LAST))
    scope, sight = Scope(service=drawn, period=LAST.period), Sight(people["manager"])
    for key, adds, of in SUMS:
        with act(people["manager"], drawn):
            figure = figures.count(MEASURES[key], scope, sight=sight).figure()
        counted = figure.numerator if figure.amount is None else figure.amount
        assert counted, f"{key}: nothing to add up shows nothing"
        assert sum(adds(one) for one in told if of(one)) == counted, key


def test_every_length_is_a_whole_number_and_none_is_told_of_what_has_not_ended(drawn, people):
    told = records(drawn, people["manager"], Span.of_quarter(LAST))
    assert any(one["weeks_of_support"] for one in told)
    for one in told:
        for field in FIELDS:
            value = one[field.name]
            assert field.type is not Type.WHOLE or value is None or (value >= 0 and isinstance(value, int)), (
                field.name
            )
        if one["stage"] != "closed":
            assert not any(
                one[name] for name in ("weeks_open", "weeks_of_support", "closed_quarter", "ending")
            )
        if one["stage"] in ("interim", "allocation"):
            assert one["days_waited"] is None
