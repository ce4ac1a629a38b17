"""What a field of the minimum data set is: its value, how that is written down in JSON and CSV, and what a file may hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

#: The three scores of a domain (SaS), in the order in which they are fetched.
SCORES = ("risk", "need", "protective")
HIGHEST_SCORE = 3
#: A pseudonym: 128 bits in hexadecimal.
PSEUDONYM = "^[0-9a-f]{32}$"
QUARTER = "^[0-9]{4}-q[1-4]$"


class Type(StrEnum):
    """What the value of a field is."""

    PSEUDONYM = "pseudonym"
    QUARTER = "quarter"
    CODE = "code"
    AREA = "area"  # a code whose list is the service's own
    YES_NO = "yes_no"
    WHOLE = "whole"  # a whole number
    NUMBER = "number"
    COUNTS = "counts"  # how many of each code; one that does not occur is left out
    SCORES = "scores"  # of each domain: risk, need, protective


@dataclass(frozen=True)
class Field:
    """One field. ``sql`` is its value in the statement about courses; without it, the value comes from the ``part``.

    ``join`` is what ``sql`` needs beside the case, its client and its referral. ``empty`` says when there is no value.
    """

    name: str
    title: Any
    meaning: Any
    type: Type
    codes: tuple[tuple[str, Any], ...] = ()
    empty: Any = ""
    sql: str = ""
    join: str = ""
    part: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns in CSV: one, or one for each code, or one for each score of each domain."""
        if self.type is Type.COUNTS:
            return tuple(f"{self.name}.{code}" for code, _words in self.codes)
        if self.type is Type.SCORES:
            return tuple(f"{self.name}.{code}.{score}" for code, _words in self.codes for score in SCORES)
        return (self.name,)

    def cells(self, value) -> list:
        """A value as it stands in those columns."""
        if self.type is Type.COUNTS:
            return [value.get(code, 0) for code, _words in self.codes]
        if self.type is Type.SCORES:
            told = value or {}
            return [told.get(code, {}).get(score) for code, _words in self.codes for score in SCORES]
        return [{True: "true", False: "false"}[value] if isinstance(value, bool) else value]

    def known(self, value):
        """A value as the record has it, kept to what the schema allows: nothing unforeseen leaves the service."""
        codes = {code for code, _words in self.codes}
        if self.type is Type.CODE:
            return value if value in codes else None
        if self.type is Type.COUNTS:
            return {code: many for code, many in (value or {}).items() if code in codes}
        if self.type is Type.SCORES:
            told: Mapping = value or {}
            found = {
                code: dict(zip(SCORES, scores, strict=True)) for code, scores in told.items() if code in codes
            }
            return found or None
        return value

    @property
    def schema(self) -> dict:
        """What JSON Schema says of its value."""
        may_be_empty = [{"type": "null"}] if self.empty else []
        values: dict[Type, dict] = {
            Type.PSEUDONYM: {"type": "string", "pattern": PSEUDONYM},
            Type.QUARTER: {"type": "string", "pattern": QUARTER},
            Type.CODE: {"type": "string", "enum": [code for code, _words in self.codes]},
            Type.AREA: {"type": "string", "maxLength": 80},
            Type.YES_NO: {"type": "boolean"},
            Type.WHOLE: {"type": "integer", "minimum": 0},
            Type.NUMBER: {"type": "number", "minimum": 0},
            Type.COUNTS: _of_codes(self, {"type": "integer", "minimum": 1}),
            Type.SCORES: _of_codes(self, _SCORES_SCHEMA),
        }
        value = values[self.type]
        told: dict = {"anyOf": [value, *may_be_empty]} if may_be_empty else value
        return {"title": str(self.title), "description": f"{self.meaning} {self.empty}".strip()} | told


_SCORES_SCHEMA: dict = {
    "type": "object", "additionalProperties": False, "required": list(SCORES),
    "properties": {score: {"type": "integer", "minimum": 0, "maximum": HIGHEST_SCORE} for score in SCORES},
}  # fmt: skip


def _of_codes(field: Field, value: dict) -> dict:
    return {
        "type": "object", "additionalProperties": False,
        "properties": {code: {"title": str(words)} | value for code, words in field.codes},
    }  # fmt: skip


def type_words(kind: Type) -> str:
    """What kind of value a field has, for people."""
    return {
        Type.PSEUDONYM: _("Pseudonym: 32 letters and figures"),
        Type.QUARTER: _("Quarter of the financial year, such as 2026-q1"),
        Type.CODE: _("Code"),
        Type.AREA: _("Code: an area of the service"),
        Type.YES_NO: _("true or false"),
        Type.WHOLE: _("Whole number"),
        Type.NUMBER: _("Number"),
        Type.COUNTS: _("A whole number for each code"),
        Type.SCORES: _("For each domain: risk, need and protective, 0 to 3"),
    }[kind]
