"""What a form sent when its session had ended, or before the person had confirmed: kept, and offered on the same page."""

import re
import uuid

from django.contrib import messages
from django.http import QueryDict
from django.utils.translation import gettext as _

from isva.accounts.membership import active_membership
from isva.drafts import keeping
from isva.drafts.submissions import sent_already

_FORM, _WAITING = "typed", "typed"
#: Never kept: secrets, and what belongs to one showing of the page.
_NOT_KEPT = {
    "csrfmiddlewaretoken", "password", "old_password", "new_password", "again", "code", "credential",
}  # fmt: skip
_ONCE = re.compile(r"([\w-]+-)?once")
#: The most characters that are kept, all answers together.
LONGEST = 100_000


def keep(request, *, user, path: str | None = None) -> bool:
    """Keep what was sent to a page, encrypted; whether there was anything, and it was not too long.

    What was saved meanwhile (its button counted) needs no keeping: it arrives late.
    """
    answers = {
        name: [value.replace("\x00", "") for value in values]
        for name, values in request.POST.lists()
        if name not in _NOT_KEPT and name != "path"
    }
    length = sum(len(name) + sum(map(len, values)) for name, values in answers.items())
    membership, _several = active_membership(user, request.session.get("service"))
    if membership is None or not answers or length > LONGEST:
        return False
    tokens = [value for name, values in answers.items() if _ONCE.fullmatch(name) for value in values]
    if any(map(sent_already, tokens)):
        return True
    about = _about(path or request.path)
    keeping.keep_draft(service=membership.service, user=user, form=_FORM, about=about, data=answers)
    waiting = request.session.get(_WAITING, [])
    if str(about) not in waiting:
        request.session[_WAITING] = [*waiting, str(about)]
    request.typed_kept = True
    return True


def forget(request) -> None:
    """Forget what is kept for the page that was sent: it is saved now. Not what this very request kept."""
    about, waiting = _about(request.path), request.session.get(_WAITING, [])
    if str(about) not in waiting or getattr(request, "typed_kept", False):
        return
    request.session[_WAITING] = [one for one in waiting if one != str(about)]
    keeping.forget_draft(service=request.acting.service, user=request.user, form=_FORM, about=about)


def shown_again(request) -> list[str]:
    """Where the forms are sent that this page shows with what was typed before, unsaved."""
    offer = getattr(request, "typed_before", None)
    return [request.path] if request.method == "POST" or offer else []


def remember(session, *, user) -> None:
    """Note in a session that begins for which pages something typed is waiting, so that no page has to ask."""
    waiting = [str(about) for about in keeping.subjects_of(user=user, form=_FORM)]
    if waiting:
        session[_WAITING] = waiting


def offered(request) -> QueryDict | None:
    """What was typed into this page before and not saved, as a form takes it; None where there is nothing. Given once."""
    if hasattr(request, "typed_before"):
        return request.typed_before
    request.typed_before = None
    about, waiting = _about(request.path), request.session.get(_WAITING, [])
    person = getattr(request, "acting", None)
    if person is None or str(about) not in waiting:
        return None
    request.session[_WAITING] = [one for one in waiting if one != str(about)]
    found = keeping.draft_of(service=person.service, user=request.user, form=_FORM, about=about)
    if found is None:
        return None
    keeping.forget_draft(service=person.service, user=request.user, form=_FORM, about=about)
    data = QueryDict(mutable=True)
    for name, values in found[0].items():
        data.setlist(name, values)
    messages.info(
        request, _("This is what you typed before. It is not saved yet: check it, then send it again.")
    )
    request.typed_before = data
    return data


def _about(path: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, path)
