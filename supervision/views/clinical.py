"""The clinical supervisor's pages: whom they supervise, and that a session took place. No client, and no content."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.accounts.views.pieces import row_button
from isva.drafts.saving import posted, saved
from isva.interface.paging import keyset_page
from isva.interface.tables import table
from isva.interface.words import long_date
from supervision import clinical
from supervision.forms.clinical import ClinicalSessionForm
from supervision.views.pieces import due_words, outcome_words, sooner_first


@staff_page(Permission.GIVE_CLINICAL_SUPERVISION)
def list_supervised(request):
    """The people whom the supervisor sees, who is due next, and the sessions that were recorded."""
    people = sooner_first(clinical.dates_of_supervised(request.acting))
    page = keyset_page(
        clinical.sessions_of(request.acting),
        order=("-held_on", "id"),
        after=request.GET.get("after"),
        size=20,
    )
    context = {
        "says": ngettext("You supervise %(n)d person.", "You supervise %(n)d people.", len(people)) % {"n": len(people)},
        "people": table(
            caption=_("People"), columns=[_("Name"), _("Last held"), _("Next by")],
            rows=[
                [one.membership.user.name, long_date(one.last_held) if one.last_held else _("Never yet"), due_words(one)]
                for one in people
            ],
            urgent={place for place, one in enumerate(people) if one.is_breach},
            empty={
                "title": _("Nobody yet"),
                "text": _("A manager of the service says whom you supervise. They stand here from then on."),
            },
        ),
        "sessions": table(
            caption=_("Sessions"), columns=[_("Day"), _("With"), _("How"), _("What became of it"), _("Remove")],
            rows=[_session_row(one, request.user) for one in page.rows],
            empty={"title": _("No session recorded yet"), "text": _("Record one on the day it was held.")},
        ),
        "page": page, "list_url": reverse("list_supervised"),
        "buttons": [{"text": _("Record a session"), "url": reverse("record_clinical_session")}] if people else [],
    }  # fmt: skip
    return render(request, "supervision/list_supervised.html", context)


def _session_row(one, user) -> list:
    day, name = long_date(one.held_on), one.arrangement.membership.user.name
    own = one.recorded_by_id == user.pk
    hidden = _("the session of %(name)s on %(day)s") % {"name": name, "day": day}
    return [
        day, name, one.get_format_display(), outcome_words(one),
        row_button("session", one.pk, _("Remove"), hidden=hidden) if own else "",
    ]  # fmt: skip


@staff_page(Permission.GIVE_CLINICAL_SUPERVISION)
def record_clinical_session(request):
    """Record the day of a session, with whom, and whether they were there."""
    supervised = {str(one.pk): one for one in clinical.supervised_by(request.acting)}
    form = ClinicalSessionForm(posted(request), supervised=supervised.values())

    def act():
        told = form.cleaned_data
        for key in told["who"]:
            clinical.record_clinical_session(
                supervised[key], held_on=told["held_on"], format=told["format"], outcome=told["outcome"],
                cancelled_why=told["cancelled_why"], by=request.user,
            )  # fmt: skip
        messages.success(request, _("Recorded."))

    if request.method == "POST" and saved(request, form, act, at="who"):
        return redirect("list_supervised")
    return render(
        request, "supervision/record_clinical_session.html", {"form": form, "any": bool(supervised)}
    )


@staff_page(Permission.GIVE_CLINICAL_SUPERVISION)
@require_POST
def remove_clinical_session(request):
    """Take back a session that was recorded by mistake."""
    session = find(
        clinical.sessions_of(request.acting).filter(recorded_by=request.user), request.POST.get("session", "")
    )
    clinical.remove_clinical_session(session, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("list_supervised")
