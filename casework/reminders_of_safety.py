"""What falls due where somebody's safety is concerned, and where nobody carries what is due: the rules of safety.

Sources: quality standard: safeguarding (referred the same day, the outcome known); statutory guidance 24, 25, 74, 80.
"""

import datetime as dt

from django.db.models import Case as Choose
from django.db.models import DateTimeField, Exists, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from casework.models import (
    Case,
    Conflict,
    Contact,
    EmergencyReview,
    Grant,
    OnwardReferral,
    Restriction,
    SafeguardingConcern,
)
from casework.querysets import live, person_kept_away
from isva.access.roles import HOLDERS
from isva.accounts.models import Leave, Membership
from isva.clock.moment import day_of, now, today
from isva.clock.numbers import Number
from isva.clock.rows import counted
from isva.clock.rules import TAKEN, Rule, Scope, Section, Who, register
from isva.clock.terms import own_day, own_moment, working_days_after
from isva.clock.working_days import end_of_day
from isva.pathway import CARRIED_STAGES, Stage

#: Days for which a manager is told of a contact that broke a client's own rule.
RULE_BROKEN_DAYS = 7
#: An absence of more days than this asks for cover.
UNCOVERED_DAYS = 3
_CARRIED = [stage.value for stage in CARRIED_STAGES]


def open_only(rows):
    """Those rows whose case is open."""
    return rows.exclude(case__stage=Stage.CLOSED.value)


def _not_referred(scope: Scope):
    """Concerns that are not referred, whatever was given as the reason: a manager looks at that."""
    concerns = scope.of(SafeguardingConcern).filter(closed_on__isnull=True, referred_at__isnull=True)
    return counted(open_only(concerns), since="raised_at", holder=_whose(), variant=_taken())


def _whose() -> Coalesce:
    """Who carries a case: its ISVA, and while it waits for one whoever keeps in touch."""
    return Coalesce("case__lead_isva", "case__interim_worker")


def _taken():
    return Choose(When(taken_at__isnull=False, then=Value(TAKEN)), default=Value(""))


def _same_working_day(row, reckoning) -> dt.datetime:
    day = day_of(row.since)
    return end_of_day(day if reckoning.is_working_day(day) else reckoning.working_day(day, 1))


def _outcomes(scope: Scope):
    concerns = scope.of(SafeguardingConcern).filter(closed_on__isnull=True, referred_at__isnull=False)
    return counted(open_only(concerns), since="referred_at", holder=_whose())


def _after_closing(scope: Scope):
    """Concerns that are open on a closed case: who worked on it does not see it any more."""
    concerns = scope.of(SafeguardingConcern).filter(closed_on__isnull=True, case__stage=Stage.CLOSED.value)
    return counted(concerns, since="case__stage_since")


def _unheld(scope: Scope):
    referrals = open_only(scope.of(OnwardReferral)).filter(unheld_risk=True, held_since__isnull=True)
    return counted(referrals, since="recorded_at", detail="need")


def _against_rules(scope: Scope):
    """Contacts of the last days that broke the client's own rule, each with the reason that was given."""
    since = now() - dt.timedelta(days=RULE_BROKEN_DAYS)
    contacts = open_only(scope.of(Contact)).filter(at__gte=since).exclude(against_rule="")
    return counted(contacts, since="at", detail="against_rule")


def told_for_a_week(row, reckoning) -> dt.datetime:
    """What is only told stands on the list for some days."""
    return end_of_day(day_of(row.since) + dt.timedelta(days=RULE_BROKEN_DAYS))


def _emergencies(scope: Scope):
    return counted(scope.of(EmergencyReview).filter(reviewed_at__isnull=True), since="due_on")


def still_belongs(scope: Scope, person: str) -> Exists:
    """Whether the person in a column belongs to the service today."""
    return Exists(Membership.objects.filter(service=scope.service, user=OuterRef(person)).live())


def still_carries(scope: Scope, person: str) -> Exists:
    """The same, in a role that holds cases."""
    theirs = Membership.objects.filter(service=scope.service, user=OuterRef(person))
    return Exists(theirs.filter(roles__overlap=HOLDERS).live())


def left_on(scope: Scope, person: str, otherwise: str) -> Coalesce:
    """The last day of the person in a column; the column ``otherwise`` where none was set."""
    left = Membership.objects.filter(service=scope.service, user=OuterRef(person)).values("ends_on")[:1]
    return Coalesce(Cast(Subquery(left), DateTimeField()), otherwise)


def _left_behind(scope: Scope):
    """Open cases whose ISVA has left the service, or carries no cases in it any more, and that nobody covers."""
    cases = scope.of(Case, case="pk").filter(
        ~still_carries(scope, "lead_isva"), ~_covered("pk", now()), stage__in=_CARRIED
    )
    return counted(cases, case="pk", since=left_on(scope, "lead_isva", "stage_since"))


def _walled_off(scope: Scope):
    """Open cases whose ISVA a wall keeps away, since the last of those that stand."""
    conflicts = Conflict.objects.filter(
        client=OuterRef("client"), user=OuterRef("lead_isva"), lifted_at__isnull=True
    )
    restrictions = Restriction.objects.filter(client=OuterRef("client"), lifted_at__isnull=True)
    since = Greatest(*(Subquery(walls.values("recorded_at")[:1]) for walls in (conflicts, restrictions)))
    cases = scope.of(Case, case="pk").filter(
        person_kept_away("lead_isva"), still_carries(scope, "lead_isva"), stage__in=_CARRIED
    )
    return counted(cases.annotate(walled_since=since), case="pk", since="walled_since")


def next_working_day(row, reckoning) -> dt.datetime:
    """Due at the end of the working day that follows the day it counts from."""
    return end_of_day(reckoning.working_day(day_of(row.since), 1))


def _uncovered(scope: Scope):
    """Open cases whose ISVA is away today, for longer than some days, and that nobody covers."""
    day, moment = today(), now()
    away = Leave.objects.filter(
        service=scope.service, membership__user=OuterRef("lead_isva"), first_day__lte=day, last_day__gte=day
    ).filter(last_day__gte=F("first_day") + UNCOVERED_DAYS)
    since = Subquery(away.order_by().values("first_day")[:1])
    cases = scope.of(Case, case="pk").filter(Exists(away), ~_covered("pk", moment), stage__in=_CARRIED)
    return counted(cases.annotate(away_since=since), case="pk", since="away_since")


def _covered(case: str, moment: dt.datetime) -> Exists:
    covers = Grant.objects.filter(case=OuterRef(case), why=Grant.Why.COVER)
    return Exists(live(covers, moment).order_by())


RULES = (
    Rule(
        name="safeguarding_refer", words=_("Safeguarding concern: refer it today"), section=Section.SAFETY,
        says=_("A safeguarding concern is referred on the same working day. A manager takes it in hand at once."),
        rows=_not_referred, falls=_same_working_day, belongs_to=Who.ISVA, then=Who.MANAGER,
        page="update_safeguarding", record_in_page="concern_id", safety=True, at_once=True, rank=1,
    ),
    Rule(
        name="unheld_risk", words=_("Risk that nobody holds"), section=Section.SAFETY,
        says=_("A risk outside the ISVA’s scope that no agency holds stays with the manager until somebody holds it."),
        rows=_unheld, falls=own_moment, belongs_to=Who.MANAGER, page="show_people", safety=True, rank=2,
    ),
    Rule(
        name="safeguarding_outcome", words=_("Safeguarding concern: find out the outcome"), section=Section.SAFETY,
        says=_("The outcome of a safeguarding referral is chased until it is known."),
        rows=_outcomes, falls=working_days_after("safeguarding_outcome_days"), belongs_to=Who.ISVA, then=Who.MANAGER,
        numbers=(Number("safeguarding_outcome_days", 5, _("Working days to know the outcome of a safeguarding referral")),),
        page="update_safeguarding", record_in_page="concern_id", safety=True, rank=4,
    ),
    Rule(
        name="rule_broken", words=_("Contact against the client’s own rule"), section=Section.SAFETY,
        says=_("A contact that broke the client’s own rule is told to the manager for a week, with its reason."),
        rows=_against_rules, falls=told_for_a_week, belongs_to=Who.MANAGER, page="show_contact",
        record_in_page="contact_id", turns_red=False, asks=False, rank=5,
    ),
    Rule(
        name="emergency_review", words=_("Emergency opening to be reviewed"), section=Section.SAFETY,
        says=_("An emergency opening is reviewed by another manager by the end of the next working day."),
        rows=_emergencies, falls=own_day, belongs_to=Who.MANAGER, page="review_emergency", record_in_page="review_id",
        rank=5,
    ),
    Rule(
        name="left_behind", words=_("Nobody carries this case: its ISVA is not there any more"), section=Section.SAFETY,
        says=_("A case whose ISVA has left, or carries no cases any more, is given to somebody else on the next working day; what is due on it comes to the managers."),
        rows=_left_behind, falls=next_working_day, belongs_to=Who.MANAGER, page="reallocate_case", rank=5,
    ),
    Rule(
        name="safeguarding_after_closing", words=_("Safeguarding concern open on a closed case"), section=Section.SAFETY,
        says=_("A concern that is open when its case is closed comes to the managers, until its outcome is known."),
        rows=_after_closing, falls=own_moment, belongs_to=Who.MANAGER, page="update_safeguarding",
        record_in_page="concern_id", safety=True, rank=4,
    ),
    Rule(
        name="walled_off", words=_("Nobody carries this case: its ISVA must not see it"), section=Section.SAFETY,
        says=_("A case whose ISVA is kept away by a conflict or a restriction is given to somebody else on the next working day; what is due on it comes to its cover or the managers."),
        rows=_walled_off, falls=next_working_day, belongs_to=Who.MANAGER, page="reallocate_case", rank=5,
    ),
    Rule(
        name="uncovered", words=_("Its ISVA is away, and nobody covers"), section=Section.WAITING,
        says=_("A case whose ISVA is away for more than three days is covered; what is due on it comes to the managers meanwhile."),
        rows=_uncovered, falls=own_day, belongs_to=Who.MANAGER, page="cover_case", rank=8,
    ),
)  # fmt: skip

register(*RULES)
