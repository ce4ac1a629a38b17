"""Pages of notes on a case that are no contact."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import contacts
from casework.doors import case_page, find
from casework.forms.contacts import NoteForm
from casework.views import drafts
from casework.views.frame import case_frame
from isva.access.roles import Permission
from isva.clock.moment import now
from isva.drafts.saving import posted, saved
from isva.interface.words import short_when


@case_page(Permission.CHANGE_CASE)
def write_note(request, case):
    """Write a note; a draft is kept while it is written."""
    offer = drafts.offered(request, case, "write_note", NoteForm)
    form = NoteForm(posted(request), initial=offer.pop("initial"))
    if request.method == "POST" and saved(
        request, form, lambda: contacts.write_note(case, text=form.cleaned_data["text"], by=request.user)
    ):
        drafts.forget(request, case, "write_note")
        messages.success(request, _("Note saved."))
        return redirect("show_case", case_id=case.pk)
    context = case_frame(request, case, "", next_step=False) | offer
    context |= {
        "form": form,
        "submit": _("Save note"),
        "cancel_url": reverse("show_case", kwargs={"case_id": case.pk}),
    }
    return render(request, "casework/write_note.html", context)


@case_page(Permission.VIEW_CASE)
def show_note(request, case, note_id):
    """One note, whole."""
    note = find(case.note_set.select_related("recorded_by"), note_id)
    context = case_frame(request, case, "")
    context |= {
        "note": note.text,
        "when": short_when(note.recorded_at, now=now()),
        "by": note.recorded_by.name,
    }
    return render(request, "casework/show_note.html", context)
