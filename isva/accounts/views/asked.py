"""Forms of people and places: what they are told when a page is opened or sent, and saving them by one act."""

from collections.abc import Callable

from django.db import transaction

from isva.accounts.membership import CannotGo
from isva.drafts.once import first_press


def posted(request):
    """What was sent, for a form to check: also where nothing at all was; None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def saved(request, form, act: Callable, *, at: str | None = None) -> bool:
    """Whether the form was valid and ``act()`` done (now, or by an earlier press of the same button).

    Where the act is refused (CannotGo), the reason stands at the field ``at`` or on top, nothing is saved, and the
    button counts again.
    """
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            if first_press(request, form):
                act()
    except CannotGo as why:
        form.add_error(at, str(why))
        return False
    return True
