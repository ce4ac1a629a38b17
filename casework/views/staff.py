"""The end of a membership, as the records lead sees it: what will happen, and which cases need somebody else."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework import leaving
from isva.access.doors import find, recently_confirmed, staff_page
from isva.access.roles import Permission
from isva.accounts import directory
from isva.accounts.forms.members import EndForm
from isva.clock.moment import today
from isva.drafts.saving import posted, saved
from isva.interface.marks import in_sentence, reference_mark
from isva.interface.words import listed, long_date
from isva.stale import as_seen


@staff_page(Permission.KEEP_RECORDS)
@recently_confirmed
def end_membership(request, membership_id):
    """End somebody's membership: says what will happen, asks for the last day."""
    member = find(directory.all_members(request.acting), membership_id)
    form = EndForm(
        posted(request), membership=member,
        initial={"last_day": member.ends_on or today(), "seen": as_seen(member, ("ends_on",))},
    )  # fmt: skip

    def act():
        told = form.cleaned_data
        ended = leaving.end_membership(
            member, last_day=told["last_day"], by=request.user, seen=told["seen"] or None
        )
        messages.success(request, _("Saved. Their last day is %(day)s.") % {"day": long_date(ended.ends_on)})

    if request.method == "POST" and saved(request, form, act):
        return redirect("change_member", membership_id=member.pk)
    references = leaving.references_carried_by(member.user, service=request.acting.service)
    context = {
        "form": form,
        "member": member,
        "consequences": _consequences(references),
        "back_url": reverse("change_member", args=[member.pk]),
    }
    return render(request, "casework/end_membership.html", context)


def _consequences(references: list[str]) -> list[str]:
    told = [
        _("After their last day they can no longer open the service or any record in it."),
        _("Everything they recorded stays, with their name."),
    ]
    if references:
        told.append(
            in_sentence(
                ngettext(
                    "They carry %(count)d open case, which a manager has to reallocate: %(references)s.",
                    "They carry %(count)d open cases, which a manager has to reallocate: %(references)s.",
                    len(references),
                ),
                count=len(references),
                references=_listed(references),
            )
        )
    else:
        told.append(_("They carry no open case."))
    return told


def _listed(references: list[str]):
    return mark_safe(listed([reference_mark(one) for one in references]))  # noqa: S308 - nothing but marks
