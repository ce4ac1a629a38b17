"""What falls due in supervision. Sources: quality standards and statutory guidance (supervision of ISVAs)."""

import datetime as dt

from django.db.models import F, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from isva.clock.numbers import Number
from isva.clock.rows import counted
from isva.clock.rules import About, Rule, Scope, Section, Who, register
from isva.clock.terms import day_of, days_after, own_day
from isva.clock.working_days import end_of_day
from supervision.clinical import BREACH, RULE, last_held
from supervision.management import ACTION, last_session
from supervision.management import RULE as MANAGEMENT
from supervision.models import Arrangement, SupervisionAction


def _clinical(scope: Scope):
    """Everybody whose clinical supervision is arranged, since the last session they attended."""
    arranged = Arrangement.objects.live().filter(service=scope.service, kind=Arrangement.Kind.CLINICAL)
    return counted(
        arranged, case="", record="membership_id", since=Coalesce(last_held("membership"), F("counts_from")),
        variant=Cast("every_days", TextField()), detail="membership__user__name",
    )  # fmt: skip


def _management(scope: Scope):
    """Everybody whose management supervision is arranged, since the last session; whoever supervises them is told."""
    arranged = Arrangement.objects.live().filter(service=scope.service, kind=Arrangement.Kind.MANAGEMENT)
    return counted(
        arranged, case="", record="membership_id", since=Coalesce(last_session("membership", "held_on"), F("counts_from")),
        holder="supervisor", variant=Cast("every_days", TextField()), detail="membership__user__name",
    )  # fmt: skip


def _actions(scope: Scope):
    """Actions from supervision that are not done."""
    actions = SupervisionAction.objects.filter(
        service=scope.service, done_on__isnull=True, due_on__lte=scope.last_day
    )
    return counted(actions, case="", since="due_on", holder="owner", detail="owner__name")


def by_cadence(key: str):
    """Due so many days after as was arranged for the person; without that, a number of the service."""

    def falls(row, reckoning) -> dt.datetime:
        days = int(row.variant) if row.variant else reckoning[key]
        return end_of_day(day_of(row.since) + dt.timedelta(days=days))

    return falls


RULES = (
    Rule(
        name=RULE, words=_("Clinical supervision"), section=Section.STAFF, about=About.SERVICE,
        says=_("Clinical supervision is held every so many days; its date is told, and nothing else of it."),
        rows=_clinical, falls=by_cadence("clinical_supervision_days"), belongs_to=Who.MANAGER, page="list_supervision",
        numbers=(Number(
            "clinical_supervision_days", 42, _("Days from one clinical supervision to the next"),
            hint=_("For everybody for whom no other rhythm was arranged."),
        ),),
    ),
    Rule(
        name=BREACH, words=_("A quarter without clinical supervision"), section=Section.STAFF, about=About.SERVICE,
        says=_("Nobody goes for longer than a quarter without clinical supervision: past it is a breach."),
        rows=_clinical, falls=days_after("clinical_supervision_breach_days"), belongs_to=Who.MANAGER,
        page="list_supervision", rank=6,
        numbers=(Number(
            "clinical_supervision_breach_days", 91, _("Days without clinical supervision that are a breach"),
        ),),
    ),
    Rule(
        name=MANAGEMENT, words=_("Management supervision"), section=Section.STAFF, about=About.SERVICE,
        says=_("Management supervision is held every so many days; whoever supervises the person is told."),
        rows=_management, falls=by_cadence("management_supervision_days"), belongs_to=Who.MANAGER,
        page="list_supervision",
        numbers=(
            Number(
                "management_supervision_days", 28, _("Days from one management supervision to the next"),
                hint=_("For everybody for whom no other rhythm was arranged."),
            ),
            Number("long_case_weeks", 26, _("Weeks after which an open case stands on the agenda as a long one")),
        ),
    ),
    Rule(
        name=ACTION, words=_("Action from supervision"), section=Section.STAFF, about=About.SERVICE,
        says=_("What was decided in supervision is done by its day; its owner is told, then the manager."),
        rows=_actions, falls=own_day, belongs_to=Who.PERSON, then=Who.MANAGER, then_after=2, page="list_actions",
    ),
)  # fmt: skip

register(*RULES)
