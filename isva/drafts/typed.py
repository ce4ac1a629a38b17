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
_OF_EVERY_FORM = {"once", "seen"}
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
    sent = [request.path] if request.method == "POST" else []
    return sent + [path for path, data in getattr(request, "typed_before", {}).items() if data]


def remember(session, *, user) -> None:
    """Note in a session that begins for which pages something typed is waiting, so that no page has to ask."""
    waiting = [str(about) for about in keeping.subjects_of(user=user, form=_FORM)]
    if waiting:
        session[_WAITING] = waiting


def offered(request, *, at: str | None = None, asks=None) -> QueryDict | None:
    """What was typed into this page before and not saved, as a form takes it; None where there is nothing. Given once.

    ``at`` is where the form is sent, if that is another address than the page's. ``asks`` are the names of its
    questions: where more than one form could have been sent there, it is given only answers of its own.
    """
    path = at or request.path
    if not hasattr(request, "typed_before"):
        request.typed_before = {}
    if path not in request.typed_before:
        request.typed_before[path] = _taken_out(request, path)
    data = request.typed_before[path]
    if data is None or not (asks is None or _answers_any(data, asks)):
        return None
    if not getattr(request, "typed_told", False):
        request.typed_told = True
        messages.info(
            request, _("This is what you typed before. It is not saved yet: check it, then send it again.")
        )
    return data


def _taken_out(request, path: str) -> QueryDict | None:
    """What waits for an address; from now on it waits no more."""
    about, waiting = _about(path), request.session.get(_WAITING, [])
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
    return data


def _answers_any(data: QueryDict, asks) -> bool:
    """Whether one of these questions is answered (a day and a moment are answered in parts: ``at_day``)."""
    questions = [name for name in asks if name not in _OF_EVERY_FORM]
    return any(name == asked or name.startswith(f"{asked}_") for asked in questions for name in data)


def _about(path: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, path)
