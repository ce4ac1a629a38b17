"""Saving a form by one act of the domain: once, and with a refusal told in words beside what was typed."""

from collections.abc import Callable

from django.db import transaction

from isva.drafts import typed
from isva.drafts.once import first_press
from isva.drafts.submissions import was_claimed
from isva.refusal import Refusal
from isva.stale import ChangedMeanwhile


def posted(request, *, asks=None):
    """What a form is bound to: the answers that were sent, also where none was, or None before anything is sent.

    Where they were sent once and could not be taken then (the session had ended, or the person had to confirm
    first), a page that is opened again shows them again. ``asks`` are the names
    of the form's questions, where it is not the only form of its page.
    """
    return request.POST if request.method == "POST" else typed.offered(request, asks=asks)


def saved(request, form, act: Callable, *, at: str | None = None) -> bool:
    """Whether the form was valid and ``act()`` done (now, or by an earlier press of the same button).

    Where the act is refused, the reasons stand at the field ``at`` or on top, nothing is saved, and the button
    counts again. Where somebody else changed the row meanwhile, the form takes the mark of what it says now.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        with transaction.atomic():
            if first_press(request, form):
                act()
    except ChangedMeanwhile as changed:
        for reason in changed.reasons:
            form.add_error(None, reason)
        renew(form, seen=changed.now)
        return False
    except Refusal as refusal:
        for reason in refusal.reasons:
            form.add_error(at, reason)
        return False
    return True


def pressed_before(form) -> bool:
    """Whether this form's button counted once already, so that what it says is saved."""
    token = form.cleaned_data.get("once")
    return token is not None and was_claimed(token)


def renew(form, **hidden: str) -> None:
    """Show a form again with what was typed, but with these hidden answers as they are now."""
    data = form.data.copy()
    for name, value in hidden.items():
        data[name] = value
    form.data = data
