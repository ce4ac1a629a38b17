"""The JSON Schema of the minimum data set (draft 2020-12), made from its fields."""

from django.utils.translation import gettext as _

from reporting.data_set.fields import FIELDS, IDENTIFIER, VERSION

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict:
    """What a JSON file of the data set is: about itself, and its records."""
    day = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    about = {
        "schema": {"const": IDENTIFIER},
        "version": {"const": VERSION},
        "service": {"type": "string", "title": _("The service whose data it is")},
        "first_day": {
            "title": _("First day of the time of the file; empty where it tells of all time"),
            "anyOf": [day, {"type": "null"}],
        },
        "last_day": {"title": _("Last day of the time of the file")} | day,
        "made_on": {"title": _("Day on which the file was made")} | day,
        "areas": {
            "title": _("The areas that the service names"),
            "type": "array",
            "items": {"type": "string"},
        },
        "records": {
            "title": _("One for each course of a case that was open in the time of the file"),
            "type": "array",
            "items": {"$ref": "#/$defs/record"},
        },
    }
    record = {
        "type": "object", "additionalProperties": False, "required": [one.name for one in FIELDS],
        "properties": {one.name: one.schema for one in FIELDS},
    }  # fmt: skip
    return {
        "$schema": DRAFT, "$id": IDENTIFIER, "title": _("Minimum data set of an ISVA service, version %s") % VERSION,
        "description": _("Pseudonymous records of cases, for the service itself. Not for commissioners, and not for publishing."),
        "type": "object", "additionalProperties": False, "required": list(about), "properties": about,
        "$defs": {"record": record},
    }  # fmt: skip
