"""What falls due between first contact and an ISVA: triage, urgent allocation, contacts against a client's rule.

Sources: report, Triage as a specialist function; Annex A 2 and 3 (escalation triggers urgent allocation).
"""

import datetime as dt

from django.db.models import Case as Choose
from django.db.models import Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from casework.models import Case
from casework.reminders_of_safety import RULE_BROKEN_DAYS, open_only, told_for_a_week
from isva.access.roles import HOLDERS
from isva.accounts.models import Membership
from isva.clock.moment import now
from isva.clock.numbers import Number
from isva.clock.rows import counted
from isva.clock.rules import TAKEN, About, Rule, Scope, Section, Who, register
from isva.clock.terms import day_of, working_days_after
from isva.clock.working_days import end_of_day
from isva.pathway import Stage
from triage.load_history import RULE, WEEKS, overloaded
from triage.models import ContactAttempt, InterimReview, UrgentAllocation


def _in_triage(scope: Scope):
    """Cases in triage whose first contact is made; somebody reopened counts from the day they came back."""
    cases = scope.of(Case, case="pk").filter(
        first_contact_at__isnull=False, stage__in=[Stage.REFERRAL.value, Stage.TRIAGE.value]
    )
    return counted(cases, case="pk", since=Greatest("first_contact_at", "stage_since"))


def _urgent(scope: Scope):
    """Urgent allocations that are not done, whether a manager has taken them or not."""
    tasks = open_only(scope.of(UrgentAllocation)).filter(done_at__isnull=True)
    taken = Choose(When(acknowledged_at__isnull=False, then=Value(TAKEN)), default=Value(""))
    return counted(tasks, since="raised_at", holder="manager", variant=taken)


def _against_rules(model):
    def rows(scope: Scope):
        since = now() - dt.timedelta(days=RULE_BROKEN_DAYS)
        return counted(
            open_only(scope.of(model)).filter(at__gte=since).exclude(against_rule=""),
            since="at", detail="against_rule",
        )  # fmt: skip

    return rows


def _overloaded(scope: Scope):
    """Whoever carries more than their cap, since the day from which they do; of nobody else are loads kept any more."""
    here = Membership.objects.filter(service=scope.service, roles__overlap=HOLDERS).live()
    return counted(overloaded(here), case="", since="over_since", detail="user__name")


def weeks_after(key: str):
    """Due at the end of the same weekday n weeks later; n is a number of the service."""
    return lambda row, reckoning: end_of_day(day_of(row.since) + dt.timedelta(weeks=reckoning[key]))


def _told(name: str, model) -> Rule:
    return Rule(
        name=name, words=_("Attempt or check-in against the client’s own rule"), section=Section.SAFETY,
        says=_("An attempt or a check-in that broke the client’s own rule is told to the manager for a week."),
        rows=_against_rules(model), falls=told_for_a_week, belongs_to=Who.MANAGER, page="show_case", turns_red=False,
        asks=False, rank=5,
    )  # fmt: skip


RULES = (
    Rule(
        name="urgent", words=_("Urgent allocation"), section=Section.SAFETY,
        says=_("An urgent allocation is taken in hand by a manager at once, and made within days."),
        rows=_urgent, falls=working_days_after("urgent_allocation_days"), belongs_to=Who.MANAGER, page="allocate_case",
        numbers=(Number("urgent_allocation_days", 1, _("Working days to an urgent allocation"), highest=30),),
        safety=True, at_once=True, rank=0,
    ),
    Rule(
        name="triage", words=_("Triage to be completed"), section=Section.WAITING,
        says=_("Triage is completed after first contact."),
        rows=_in_triage, falls=working_days_after("triage_days"), belongs_to=Who.COORDINATOR, page="triage_case",
        numbers=(Number("triage_days", 3, _("Working days from first contact to a completed triage"), highest=60),),
    ),
    Rule(
        name=RULE, words=_("Caseload above the cap for weeks"), section=Section.STAFF, about=About.SERVICE,
        says=_("Nobody carries more than their cap, in number or by weight, for weeks on end: managers are told."),
        rows=_overloaded, falls=weeks_after(WEEKS), belongs_to=Who.MANAGER, page="list_caseloads", rank=7,
        numbers=(Number(WEEKS, 4, _("Weeks above the cap that are a sustained overload"), highest=26),),
    ),
    _told("attempt_against_rule", ContactAttempt),
    _told("check_in_against_rule", InterimReview),
)  # fmt: skip

register(*RULES)
