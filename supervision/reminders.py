"""What falls due in supervision. Sources: quality standards and statutory guidance (supervision of ISVAs)."""

import datetime as dt

from django.db.models import F, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from isva.clock.numbers import Number
from isva.clock.rows import counted
from isva.clock.rules import About, Rule, Scope, Section, Who, register
from isva.clock.terms import day_of, days_after
from isva.clock.working_days import end_of_day
from supervision.clinical import BREACH, RULE, last_held
from supervision.models import Arrangement


def _clinical(scope: Scope):
    """Everybody whose clinical supervision is arranged, since the last session they attended."""
    arranged = Arrangement.objects.live().filter(service=scope.service, kind=Arrangement.Kind.CLINICAL)
    return counted(
        arranged, case="", record="membership_id", since=Coalesce(last_held("membership"), F("counts_from")),
        variant=Cast("every_days", TextField()), detail="membership__user__name",
    )  # fmt: skip


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
)  # fmt: skip

register(*RULES)
