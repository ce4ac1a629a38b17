"""Drafts of the forms about a case: kept while they are written, offered back, forgotten once saved."""

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework.doors import case_page
from isva.access.doors import in_background
from isva.access.roles import Permission
from isva.clock.moment import now
from isva.drafts import keeping
from isva.drafts.submissions import sent_already
from isva.interface.words import short_when, time_24

#: The forms that keep a draft; each is the name of its page.
DRAFTED = frozenset(
    {
        "record_contact", "write_note", "raise_safeguarding", "agree_with_client", "review_sas", "edit_plan",
        "propose_step_down", "propose_closure", "triage_case", "check_in",
    }
)  # fmt: skip
#: Names that are never part of a draft.
_NOT_TYPED = {"csrfmiddlewaretoken", "once"}
#: The most characters that a draft may have, all answers together.
LONGEST = 100_000


@case_page(Permission.CHANGE_CASE, quiet=True)
@in_background
@require_POST
def keep_draft(request, case, form):
    """Keep what somebody has typed into a form about a case. Answers 204; 413 where it is too long to keep."""
    if form not in DRAFTED:
        raise Http404
    typed = {
        name: [value.replace("\x00", "") for value in values]
        for name, values in request.POST.lists()
        if name not in _NOT_TYPED
    }
    if sum(len(name) + sum(map(len, values)) for name, values in typed.items()) > LONGEST:
        return HttpResponse(status=413)
    if not sent_already(request.POST.get("once", "")):
        keeping.keep_draft(service=case.service, user=request.user, form=form, about=case.pk, data=typed)
    return HttpResponse(status=204)


@case_page(Permission.CHANGE_CASE, quiet=True)
@require_POST
def throw_draft_away(request, case, form):
    """Forget a draft and begin the form afresh."""
    if form not in DRAFTED:
        raise Http404
    forget(request, case, form)
    back = request.POST.get("back", "")
    own = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith(f"/cases/{case.pk}/")
    return redirect(back if own else reverse("show_case", kwargs={"case_id": case.pk}))


def offered(request, case, form_name: str, form_class) -> dict:
    """The draft of a form as context for its page: ``initial`` (what was typed), ``draft`` (words, and its address).

    ``initial`` is empty where there is no draft.
    """
    key = {"case_id": case.pk, "form": form_name}
    context = {
        "autosave_url": reverse("keep_draft", kwargs=key),
        "initial": {},
        "draft": None,
        "saved_at": "",
    }
    found = keeping.draft_of(service=case.service, user=request.user, form=form_name, about=case.pk)
    if found is None or request.method == "POST":
        return context
    typed, kept_at = found
    context["initial"] = typed_answers(form_class, typed)
    context["saved_at"] = time_24(kept_at)
    context["draft"] = {
        "text": _("This is what you wrote and did not save (%(when)s).")
        % {"when": short_when(kept_at, now=now())},
        "throw_away_url": reverse("throw_draft_away", kwargs=key),
        "back": request.get_full_path(),
    }
    return context


def typed_answers(form_class, typed: dict) -> dict:
    """What was typed, as initial answers of a form: shown again as it was, complete or not.

    ``form_class`` may be a form that was made already, where its questions depend on what it is given.
    """
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return {
        name: field.widget.value_from_datadict(data, {}, name)
        for name, field in getattr(form_class, "fields", form_class.base_fields).items()
        if name not in _NOT_TYPED
    }


def forget(request, case, form_name: str) -> None:
    """Forget the draft of a form: it was saved, or thrown away."""
    keeping.forget_draft(service=case.service, user=request.user, form=form_name, about=case.pk)
