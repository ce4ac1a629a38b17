"""The tabs of partnership: agencies, protocols, groups, systemic issues. Each is an address of its own."""

from django.urls import reverse
from django.utils.translation import gettext as _


def tabs(current: str) -> list[dict]:
    """The tabs, with the one that is open; ``current`` is the URL name of it."""
    found = (
        (_("Agencies"), "list_agencies"),
        (_("Protocols"), "list_protocols"),
        (_("Groups"), "list_groups"),
        (_("Systemic issues"), "list_issues"),
    )
    return [{"text": text, "url": reverse(name), "current": name == current} for text, name in found]
