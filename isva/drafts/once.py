"""The button that counts once: views ask here before they save."""

from django.contrib import messages
from django.utils.translation import gettext as _

from isva.drafts.submissions import claim


def first_press(request, form) -> bool:
    """Whether this valid form is sent for the first time; otherwise says that it is saved already.

    Ask inside the request's transaction, after ``form.is_valid()`` and before saving: where saving fails,
    the claim is undone with it.
    """
    token = form.cleaned_data.get("once")
    if token is None or claim(token):
        return True
    messages.info(request, _("That was saved already, so it was not saved twice."))
    return False
