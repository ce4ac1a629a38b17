"""SaS instruments: loaded as versioned data, so that a service can use another without a change of code."""

import json
from pathlib import Path

from casework.models import SasInstrument

FIRST = Path(__file__).parent / "instruments" / "sas_1.json"


def load_instrument(path: Path = FIRST, *, model=SasInstrument, using: str | None = None):
    """Load an instrument from its file and put it into use; the version in use before is kept, for its scores.

    A version that is there already is left exactly as it is. ``model`` and ``using`` are for migrations.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    key, version, title = content["key"], content["version"], content["title"]
    rows = model.objects.using(using) if using else model.objects
    known = rows.filter(key=key, version=version).first()
    if known:
        return known
    rows.filter(key=key, in_use=True).update(in_use=False)
    return rows.create(key=key, version=version, title=title, content=content, in_use=True)


def instrument_in_use(key: str = "sas") -> SasInstrument:
    """The version of an instrument that new reviews are made with."""
    return SasInstrument.objects.get(key=key, in_use=True)
