"""The minimum data set as a file: JSON that names its schema, and CSV with a column for every value."""

import csv
import io
import json

from isva.accounts.models import Service
from isva.clock.moment import today
from reporting.data_set.fields import FIELDS, IDENTIFIER, VERSION
from reporting.data_set.gathering import Span, records_of
from reporting.saving import safe
from reporting.sight import Sight

TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


def header() -> list[str]:
    """The columns of the CSV file."""
    return [column for field in FIELDS for column in field.columns]


def as_file(service: Service, span: Span, *, sight: Sight, form: str) -> bytes:
    """The records of a span as the bytes of a file of a kind of ``TYPES``."""
    records = records_of(service, span, sight=sight)
    return _as_json(service, span, records) if form == "json" else _as_csv(records)


def file_name(span: Span, form: str) -> str:
    """What the file is called: its time and the version of its schema, and nothing about anybody."""
    return f"data-set-{span.key}-version-{VERSION}.{form}"


def as_data(service: Service, span: Span, records: list[dict]) -> dict:
    """The whole of a JSON file."""
    period = span.period
    return {
        "schema": IDENTIFIER, "version": VERSION, "service": service.name,
        "first_day": None if span.is_whole else period.first_day.isoformat(), "last_day": period.last_day.isoformat(),
        "made_on": today().isoformat(), "areas": list(service.areas), "records": records,
    }  # fmt: skip


def _as_json(service: Service, span: Span, records: list[dict]) -> bytes:
    return json.dumps(as_data(service, span, records), ensure_ascii=False, separators=(",", ":")).encode()


def _as_csv(records: list[dict]) -> bytes:
    """For spreadsheets in any language: with a mark of its encoding."""
    written = io.StringIO()
    out = csv.writer(written)
    out.writerow(header())
    for record in records:
        cells = [cell for field in FIELDS for cell in field.cells(record[field.name])]
        out.writerow([safe(cell) if isinstance(cell, str) else cell for cell in cells])
    return written.getvalue().encode("utf-8-sig")
