"""How the cache keeps what it is given: as JSON. Django pickles, and whoever can write a pickle can run code here."""

import json
from typing import Any


class JSONSerializer:
    """For ``CACHES``: counters as the plain numbers that Redis counts with, sessions and the rest as JSON."""

    def dumps(self, value: Any) -> int | bytes:
        """What is kept of a value. Raises TypeError for one that JSON does not know."""
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, kept: bytes) -> Any:
        """The value of what was kept; a tuple comes back as a list. Raises ValueError for what is no JSON."""
        return json.loads(kept)
