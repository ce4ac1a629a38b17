"""What supervision puts into a person's calendar: when it falls due, actions from it, and training that is planned or runs out."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from isva.clock.diary import Entry
from isva.clock.rules import Scope, ask, rule_named
from isva.clock.working_days import end_of_day
from supervision import clinical, management, training
from supervision.models import Arrangement, Training

CLINICAL, MANAGEMENT = _("Clinical supervision due"), _("Management supervision due")
ACTION, PLANNED, ENDS = _("Action from supervision due"), _("Training"), _("Training or check runs out")


def dates_of(user, service, first: dt.date, last: dt.date) -> list[Entry]:
    """The dates of a person in supervision and training from day to day: their own, and of whom they supervise. Four queries."""
    names = (clinical.RULE, management.RULE, management.ACTION, training.RULE)
    rules = [rule for name in names if (rule := rule_named(name))]
    due = [one for one in ask(rules, Scope(service, end_of_day(last))) if first <= one.due_on <= last]
    arranged = _arranged(user)
    found = [entry for one in due if (entry := _entry(one, user, arranged))]
    rows = Training.objects.visible_to(user).filter(
        membership__user=user, status=Training.Status.PLANNED, taken_on__gte=first, taken_on__lte=last
    )
    return found + [
        Entry(
            key=f"training:{one.pk}", day=one.taken_on, kind=PLANNED, title=one.title or str(one.get_kind_display()),
            detail=one.provider, url=reverse("list_training"),
        )
        for one in rows
    ]  # fmt: skip


def _arranged(user) -> dict:
    """The live arrangements that somebody is part of, by kind and whose supervision it is."""
    rows = Arrangement.objects.visible_to(user).live().select_related("membership__user", "supervisor")
    mine = [one for one in rows if user.pk in (one.membership.user_id, one.supervisor_id)]
    return {(one.kind, one.membership_id): one for one in mine}


def _entry(due, user, arranged: dict) -> Entry | None:
    key = f"{due.kind}:{due.record}:{due.due_on}"
    if due.kind in (clinical.RULE, management.RULE):
        kind = Arrangement.Kind.CLINICAL if due.kind == clinical.RULE else Arrangement.Kind.MANAGEMENT
        one = arranged.get((kind, due.record))
        if one is None:
            return None
        own = one.membership.user_id == user.pk
        other = one.supervisor.name if own else one.membership.user.name
        words = CLINICAL if due.kind == clinical.RULE else MANAGEMENT
        return Entry(key=key, day=due.due_on, kind=words, title=other, url=_page(kind, due.record, own=own))
    if due.holder != user.pk:
        return None
    if due.kind == management.ACTION:
        return Entry(
            key=key, day=due.due_on, kind=ACTION, title=str(_("Your action")), url=reverse("list_actions")
        )
    return Entry(
        key=key, day=due.due_on, kind=ENDS, title=str(_("Your training")), url=reverse("list_training")
    )


def _page(kind, membership, *, own: bool) -> str:
    if own:
        return reverse("my_supervision")
    if kind == Arrangement.Kind.CLINICAL:
        return reverse("list_supervised")
    return reverse("hold_supervision", args=[membership])
