"""What falls due with the partners of the service. Source: police and CPS framework, components 2, 3 and 7."""

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from isva.clock.numbers import Number
from isva.clock.rows import counted
from isva.clock.rules import About, Rule, Scope, Section, Who, register
from isva.clock.terms import months_after, own_day
from supervision.groups import ACTION, SCRUTINY, STRATEGIC, last_meeting
from supervision.models import GroupAction, PartnerGroup, Protocol
from supervision.protocols import RULE as PROTOCOL


def _protocols(scope: Scope):
    """Protocols in force, by the day of their next review."""
    rows = Protocol.objects.filter(
        service=scope.service, ended_on__isnull=True, review_due_on__lte=scope.last_day
    )
    return counted(rows, case="", since="review_due_on", detail="title")


def _groups(kind: str):
    """The groups of a kind that meet, since their last meeting."""

    def rows(scope: Scope):
        found = PartnerGroup.objects.filter(service=scope.service, kind=kind, ended_on__isnull=True)
        return counted(found, case="", since=Coalesce(last_meeting(), F("counts_from")), detail="name")

    return rows


def _actions(scope: Scope):
    """What the service took on in meetings and has not done."""
    rows = GroupAction.objects.filter(service=scope.service, done_on__isnull=True, due_on__lte=scope.last_day)
    return counted(rows, case="", since="due_on", holder="owner", detail="meeting__group__name")


RULES = (
    Rule(
        name=PROTOCOL, words=_("Information-sharing protocol to be reviewed"), section=Section.PARTNERS,
        about=About.SERVICE, says=_("A protocol is reviewed by its own day, which is told 30 days before."),
        rows=_protocols, falls=own_day, belongs_to=Who.MANAGER, page="list_protocols", notice=30,
    ),
    Rule(
        name=STRATEGIC, words=_("Strategic group to meet"), section=Section.PARTNERS, about=About.SERVICE,
        says=_("A strategic group meets at least twice a year."),
        rows=_groups(PartnerGroup.Kind.STRATEGIC), falls=months_after("strategic_group_months"),
        belongs_to=Who.MANAGER, page="list_groups", notice=14,
        numbers=(Number("strategic_group_months", 6, _("Months from one meeting of a strategic group to the next"), highest=12),),
    ),
    Rule(
        name=SCRUTINY, words=_("Scrutiny group to meet"), section=Section.PARTNERS, about=About.SERVICE,
        says=_("A scrutiny group meets each quarter."),
        rows=_groups(PartnerGroup.Kind.SCRUTINY), falls=months_after("scrutiny_group_months"),
        belongs_to=Who.MANAGER, page="list_groups", notice=14,
        numbers=(Number(
            "scrutiny_group_months", 3, _("Months from one meeting of a scrutiny group to the next"), highest=6,
            hint=_("At least twice a year, at best each quarter."),
        ),),
    ),
    Rule(
        name=ACTION, words=_("Action from a group"), section=Section.PARTNERS, about=About.SERVICE,
        says=_("What the service takes on in a meeting is done by its day; its owner is told, then the manager."),
        rows=_actions, falls=own_day, belongs_to=Who.PERSON, then=Who.MANAGER, then_after=2, page="list_groups",
    ),
)  # fmt: skip

register(*RULES)
