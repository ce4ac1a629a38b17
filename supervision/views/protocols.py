"""Pages of information-sharing protocols: the list, a protocol with its reviews, signing, changing and reviewing."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework import onward
from casework.views.partnership import tabs
from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.clock.moment import now, today
from isva.drafts.saving import posted, saved
from isva.interface.marks import clock_mark, tag
from isva.interface.tables import link, table
from isva.interface.words import listed, long_date
from isva.stale import as_seen
from supervision import protocols
from supervision.colleagues import CASEWORK
from supervision.forms.partners import ChangeProtocolForm, ProtocolForm, ReviewProtocolForm

_KEEPS = Permission.SEE_ALL_CASES
_FIELDS = ChangeProtocolForm.Meta.fields


@staff_page(*CASEWORK)
def list_protocols(request):
    """Every protocol: with whom, signed when, reviewed by when; what is overdue first."""
    found = list(protocols.protocols_of(request.user))
    late = sum(one.ended_on is None and one.review_due_on < today() for one in found)
    keeps = request.acting.can(_KEEPS)
    add = {"text": _("Add a protocol"), "url": reverse("add_protocol")}
    context = {
        "tabs": tabs("list_protocols"),
        "says": ngettext("%(n)d protocol, %(late)d overdue for review.", "%(n)d protocols, %(late)d overdue for review.", len(found))
        % {"n": len(found), "late": late},
        "table": table(
            caption=_("Information-sharing protocols"), hide_caption=True,
            columns=[_("Title"), _("Agencies"), _("Signed"), _("Review"), _("Document")],
            rows=[
                [
                    link(one.title, reverse("show_protocol", args=[one.pk])), parties(one), long_date(one.signed_on),
                    _review(one), one.reference,
                ]
                for one in found
            ],
            empty={
                "title": _("No protocol yet"),
                "text": _("What is agreed with police, CPS and others about sharing information belongs here."),
            } | ({"action": add} if keeps else {}),
        ),
        "buttons": [add] if keeps and found else [],
    }  # fmt: skip
    return render(request, "supervision/list_protocols.html", context)


def parties(one) -> str:
    """The agencies of a protocol or a group, in words."""
    return listed(sorted(party.agency.name for party in one.parties.all()))


def _review(one):
    if one.ended_on is not None:
        return tag(_("Ended %(day)s") % {"day": long_date(one.ended_on)}, "grey")
    return clock_mark(one.review_due_on, now=now())


@staff_page(*CASEWORK)
def show_protocol(request, protocol_id):
    """One protocol, with every review of it."""
    one = find(protocols.protocols_of(request.user), protocol_id)
    keeps = request.acting.can(_KEEPS)
    context = {
        "protocol": one,
        "rows": [
            {"key": _("Agencies"), "value": parties(one)},
            {"key": _("Signed"), "value": long_date(one.signed_on)},
            {"key": _("Next review"), "value": _review(one)},
            {"key": _("Document"), "value": one.reference},
        ],
        "reviews": table(
            caption=_("Reviews"),
            columns=[_("Reviewed"), _("By"), _("What came of it"), _("Next")],
            rows=[
                [long_date(row.reviewed_on), row.recorded_by.name, row.outcome, long_date(row.next_review_on)]
                for row in protocols.reviews_of(one)
            ],
            empty={
                "title": _("Not reviewed yet"),
                "text": _("Each review stands here, with when the next one is."),
            },
        ),
        "buttons": _buttons(one) if keeps else [],
    }
    return render(request, "supervision/show_protocol.html", context)


def _buttons(one) -> list[dict]:
    change = {"text": _("Change"), "url": reverse("change_protocol", args=[one.pk]), "kind": "secondary"}
    review = {"text": _("Record a review"), "url": reverse("review_protocol", args=[one.pk])}
    return [change] if one.ended_on else [review, change]


@staff_page(_KEEPS)
def add_protocol(request):
    """Write down a protocol that was signed."""
    form = ProtocolForm(posted(request), agencies=onward.agencies_in_use(request.user))
    if request.method == "POST" and saved(
        request, form, lambda: protocols.add_protocol(request.acting, by=request.user, **form.values())
    ):
        messages.success(request, _("Saved."))
        return redirect("list_protocols")
    return render(request, "supervision/add_protocol.html", {"form": form, "submit": _("Save")})


@staff_page(_KEEPS)
def change_protocol(request, protocol_id):
    """Change what stands about a protocol, or say that it has ended."""
    one = find(protocols.protocols_of(request.user), protocol_id)
    signed = [party.agency_id for party in one.parties.all()]
    known = {name: getattr(one, name) for name in _FIELDS} | {
        "agencies": signed,
        "seen": as_seen(one, _FIELDS),
    }
    agencies = onward.agencies_in_use(request.user) | onward.agencies_of(request.user).filter(pk__in=signed)
    form = ChangeProtocolForm(posted(request), agencies=agencies.order_by("name"), initial=known)

    def act():
        seen = form.cleaned_data["seen"] or None
        protocols.change_protocol(one, by=request.user, seen=seen, **form.values())

    if request.method == "POST" and saved(request, form, act):
        messages.success(request, _("Saved."))
        return redirect("show_protocol", protocol_id=one.pk)
    context = {"form": form, "submit": _("Save"), "protocol": one}
    return render(request, "supervision/change_protocol.html", context)


@staff_page(_KEEPS)
def review_protocol(request, protocol_id):
    """Record that a protocol was reviewed, and when next."""
    one = find(protocols.protocols_of(request.user), protocol_id)
    form = ReviewProtocolForm(posted(request), initial={"reviewed_on": today()})

    def act():
        told = {name: form.cleaned_data[name] for name in ("reviewed_on", "outcome", "next_review_on")}
        protocols.review_protocol(one, by=request.user, **told)

    if request.method == "POST" and saved(request, form, act):
        messages.success(request, _("The review is recorded."))
        return redirect("show_protocol", protocol_id=one.pk)
    context = {"form": form, "submit": _("Record the review"), "protocol": one}
    return render(request, "supervision/review_protocol.html", context)
