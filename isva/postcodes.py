"""UK postcodes: told from other words, and written in one way so that two can be compared."""

import re

#: The outward and the inward half, as the Royal Mail forms them; whether the place exists is not asked.
_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})\b", re.IGNORECASE)


def postcodes_in(text: str) -> set[str]:
    """Every postcode in an address, written alike: ``{"AB1 2CD"}``."""
    return {f"{outward} {inward}".upper() for outward, inward in _POSTCODE.findall(text)}


def read_postcode(text: str) -> str:
    """The one postcode that the text is, written as ``AB1 2CD``; empty where it is none, or more than that."""
    whole = _POSTCODE.fullmatch(text.strip())
    return f"{whole[1]} {whole[2]}".upper() if whole else ""
