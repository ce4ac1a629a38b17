"""Pages of policies: the service's list, one policy with who has read it, and each member's own page to read."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from isva.access.doors import find, staff_page
from isva.accounts.views.pieces import row_button
from isva.clock.moment import now, today
from isva.drafts.saving import posted, saved
from isva.interface.marks import clock_mark, tag
from isva.interface.tables import lines, link, table
from isva.interface.words import long_date
from supervision import policies
from supervision.forms.policies import AddPolicyForm, AdoptPolicyForm, ReviewPolicyForm
from supervision.policies import KEEPS, READS


@staff_page(*READS)
def my_policies(request):
    """The policies in force, what one has not read first, each with a button to say that one has."""
    found = list(policies.to_read(request.acting))
    unread = [one for one in found if not one.is_read]
    keeps = request.acting.can(KEEPS)
    context = {
        "says": ngettext("%(n)d to read.", "%(n)d to read.", len(unread)) % {"n": len(unread)}
        if unread else _("You have read them all."),
        "unread": bool(unread),
        "table": table(
            caption=_("Policies in force"), hide_caption=True,
            columns=[_("Policy"), _("Version"), _("Where it can be read"), _("Read")],
            rows=[_my_row(one) for one in found],
            urgent=set(),
            empty={"title": _("No policy yet"), "text": _("What the service has adopted stands here, to be read.")},
        ),
        "buttons": [{"text": _("Keep the policies"), "url": reverse("list_policies"), "kind": "secondary"}] if keeps else [],
    }  # fmt: skip
    return render(request, "supervision/my_policies.html", context)


def _my_row(one) -> list:
    read = (
        tag(_("Read"), "teal")
        if one.is_read
        else row_button("version", one.pk, _("I have read it"), hidden=one.policy.title)
    )
    version = lines(one.version, _("since %(day)s") % {"day": long_date(one.adopted_on)})
    return [lines(one.policy.title, one.what_is_new), version, one.reference, read]


@staff_page(*READS)
@require_POST
def read_policy(request):
    """Say that one has read a version that is in force."""
    version = find(policies.in_force(request.acting.service), request.POST.get("version", ""))
    policies.read_policy(version, by=request.user)
    messages.success(request, _("Noted, with your name and the time."))
    return redirect("my_policies")


@staff_page(KEEPS)
def list_policies(request):
    """Every policy: the version in force, when it is reviewed, and how many have read it."""
    read, asked = policies.read_by_how_many(request.acting)
    found = list(policies.policies_of(request.user))
    add = {"text": _("Add a policy"), "url": reverse("add_policy")}
    context = {
        "table": table(
            caption=_("Policies"), hide_caption=True,
            columns=[_("Policy"), _("About"), _("Version"), _("Review"), _("Read by")],
            rows=[_row(one, read, asked) for one in found],
            empty={
                "title": _("No policy yet"),
                "text": _("Begin with confidentiality, safeguarding, whistleblowing and complaints."),
                "action": add,
            },
        ),
        "buttons": [add] if found else [],
    }  # fmt: skip
    return render(request, "supervision/list_policies.html", context)


def _row(policy, read: dict, asked: int) -> list:
    version = policy.versions.all()[0]
    if policy.ended_on is not None:
        review, readers = tag(_("Ended %(day)s") % {"day": long_date(policy.ended_on)}, "grey"), ""
    else:
        review = clock_mark(version.review_due_on, now=now())
        readers = _("%(n)d of %(all)d") % {"n": read.get(version.pk, 0), "all": asked}
    return [
        link(policy.title, reverse("show_policy", args=[policy.pk])), policy.get_kind_display(),
        lines(version.version, long_date(version.adopted_on)), review, readers,
    ]  # fmt: skip


@staff_page(KEEPS)
def show_policy(request, policy_id):
    """One policy: the version in force and who has read it; the versions before."""
    policy = find(policies.policies_of(request.user), policy_id)
    version, *before = policy.versions.all()
    who = policies.who_has_read(request.acting, version)
    reviewed = (
        _("%(day)s, %(name)s") % {"day": long_date(version.reviewed_on), "name": version.reviewed_by.name}
        if version.reviewed_on
        else ""
    )
    found = [
        (_("Version"), version.version),
        (_("Adopted"), long_date(version.adopted_on)),
        (_("What is new"), version.what_is_new),
        (_("Where it can be read"), version.reference),
        (_("Reviewed unchanged"), reviewed),
        (_("Next review"), clock_mark(version.review_due_on, now=now()) if not policy.ended_on else _("It has ended")),
    ]  # fmt: skip
    context = {
        "policy": policy,
        "rows": [{"key": key, "value": value} for key, value in found if value],
        "who": table(
            caption=_("Who has read this version"),
            columns=[_("Name"), _("Read on")],
            rows=[[one.name, long_date(one.read_at) if one.read_at else tag(_("Not yet"), "amber")] for one in who],
        ),
        "before": table(
            caption=_("Earlier versions"),
            columns=[_("Version"), _("Adopted"), _("Replaced")],
            rows=[[one.version, long_date(one.adopted_on), long_date(one.replaced_on)] for one in before],
        ),
        "buttons": _buttons(policy) if policy.ended_on is None else [],
        "ends": policy.ended_on is None,
    }  # fmt: skip
    return render(request, "supervision/show_policy.html", context)


def _buttons(policy) -> list[dict]:
    return [
        {"text": _("Adopt a new version"), "url": reverse("adopt_policy", args=[policy.pk])},
        {"text": _("Reviewed, unchanged"), "url": reverse("review_policy", args=[policy.pk]), "kind": "secondary"},
    ]  # fmt: skip


@staff_page(KEEPS)
def add_policy(request):
    """Write down a policy with its first version."""
    form = AddPolicyForm(posted(request))
    if request.method == "POST" and saved(
        request, form, lambda: policies.add_policy(request.acting, by=request.user, **form.values())
    ):
        messages.success(request, _("Saved. Everybody in the service is asked to read it."))
        return redirect("list_policies")
    return render(request, "supervision/add_policy.html", {"form": form, "submit": _("Save")})


@staff_page(KEEPS)
def adopt_policy(request, policy_id):
    """Adopt a new version of a policy."""
    policy = find(policies.policies_of(request.user), policy_id)
    form = AdoptPolicyForm(posted(request))
    if request.method == "POST" and saved(
        request, form, lambda: policies.adopt_policy(policy, by=request.user, **form.values())
    ):
        messages.success(request, _("Saved. Everybody in the service is asked to read it."))
        return redirect("show_policy", policy_id=policy.pk)
    context = {"form": form, "submit": _("Adopt this version"), "policy": policy}
    return render(request, "supervision/adopt_policy.html", context)


@staff_page(KEEPS)
def review_policy(request, policy_id):
    """Record that the version in force was reviewed and stands unchanged."""
    policy = find(policies.policies_of(request.user), policy_id)
    form = ReviewPolicyForm(posted(request), initial={"reviewed_on": today()})

    def act():
        told = {name: form.cleaned_data[name] for name in ("reviewed_on", "review_due_on")}
        policies.review_policy(policy.versions.all()[0], by=request.user, **told)

    if request.method == "POST" and saved(request, form, act):
        messages.success(request, _("The review is recorded."))
        return redirect("show_policy", policy_id=policy.pk)
    context = {"form": form, "submit": _("Record the review"), "policy": policy}
    return render(request, "supervision/review_policy.html", context)


@staff_page(KEEPS)
@require_POST
def end_policy(request, policy_id):
    """Say that a policy holds no more."""
    policy = find(policies.policies_of(request.user), policy_id)
    policies.end_policy(policy, by=request.user)
    messages.success(request, _("The policy has ended. Nobody is asked to read it any more."))
    return redirect("show_policy", policy_id=policy.pk)
