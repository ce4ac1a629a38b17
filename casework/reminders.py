"""What falls due on a case once somebody supports the person, and on every stage: the rules of casework.

Sources: quality standards (first session, agreement, plan, risk and needs, safeguarding), statutory guidance 24–28
(plan after every contact, risk after any change), sister guidance (risk reviewed at least every 6 to 8 weeks).

Rules whose record is not there yet: visit check-in (lone working), court-support steps, release, parole and protective
orders (justice track), answers to onward referrals and multi-agency escalations (they carry no date of their own),
case reviews and supervision, training and partners (supervision), subject access and complaints, reports.
"""

import datetime as dt

from django.db.models import Case as Choose
from django.db.models import (
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Greatest
from django.utils.translation import gettext_lazy as _

from casework.models import (
    Answer,
    Appointment,
    Case,
    ClientAgreement,
    Closure,
    Contact,
    Decision,
    Grant,
    JusticeUpdate,
    PlanAction,
    ReviewPoint,
    SasReview,
    StepDown,
    SupportPlan,
)
from casework.querysets import live
from casework.reminders_of_safety import open_only
from isva.clock.moment import now, today
from isva.clock.numbers import Number
from isva.clock.rows import counted, text
from isva.clock.rules import Rule, Scope, Section, Who, register
from isva.clock.terms import day_of, days_after, months_after, own_day, own_moment, working_days_after
from isva.clock.working_days import add_months, end_of_day
from isva.codes import ContactMode, JusticeStage
from isva.pathway import CARRIED_STAGES, Stage

#: Outcomes of the justice process after which an ending is thought about.
OUTCOMES = (
    JusticeStage.NFA_POLICE, JusticeStage.NFA_CPS, JusticeStage.ACQUITTED, JusticeStage.DISCONTINUED,
    JusticeStage.SENTENCED, JusticeStage.WITHDREW, JusticeStage.OUT_OF_COURT,
)  # fmt: skip
_CARRIED = [stage.value for stage in CARRIED_STAGES]
_ISVA = "case__lead_isva"


def carried_only(rows):
    """Those rows whose case somebody supports, stepped down or not."""
    return rows.filter(case__stage__in=_CARRIED)


def _first_session():
    """The first session of the case in hand."""
    return Contact.objects.filter(
        case=OuterRef("pk"), purpose=Contact.Purpose.FIRST_SESSION, attendance=Contact.Attendance.ATTENDED
    )


# Reviews


def _points(scope: Scope, kind):
    points = scope.of(ReviewPoint).filter(kind=kind, done_on__isnull=True, due_on__lte=scope.last_day)
    return open_only(points)


def _interim_reviews(scope: Scope):
    points = _points(scope, ReviewPoint.Kind.INTERIM)
    return counted(points, since="due_on", holder="case__interim_worker", detail="why")


def _had_full():
    return Exists(
        SasReview.objects.filter(case=OuterRef("case")).exclude(kind=SasReview.Kind.SCREENING).order_by()
    )


def _sas_reviews(scope: Scope):
    points = _points(scope, ReviewPoint.Kind.SAS).filter(_had_full())
    return counted(points, since="due_on", holder=_ISVA, detail="why")


def _full_sas(scope: Scope):
    points = _points(scope, ReviewPoint.Kind.SAS).filter(~_had_full())
    return counted(points, since="due_on", holder=_ISVA, detail="why")


def _step_down_reviews(scope: Scope):
    points = _points(scope, ReviewPoint.Kind.STEP_DOWN)
    return counted(points, since="due_on", holder=_ISVA, detail="why")


# The beginning of support


def _without_first_session(scope: Scope):
    cases = scope.of(Case, case="pk").filter(~Exists(_first_session()), stage=Stage.ACTIVE.value)
    return counted(cases, case="pk", since="stage_since", holder="lead_isva")


def _after_first_session(scope: Scope, missing):
    """Active cases whose first session was held and where something is ``missing`` still, from that session on."""
    sessions = {"purpose": Contact.Purpose.FIRST_SESSION, "attendance": Contact.Attendance.ATTENDED}
    earlier = Contact.objects.filter(case=OuterRef("case"), at__lt=OuterRef("at"), **sessions)
    held = scope.of(Contact).filter(
        ~Exists(earlier), ~Exists(missing), case__stage=Stage.ACTIVE.value, **sessions
    )
    return counted(held, record="case_id", since="at", holder=_ISVA)


def _without_agreement(scope: Scope):
    return _after_first_session(scope, ClientAgreement.objects.filter(case=OuterRef("case")))


def _without_plan(scope: Scope):
    return _after_first_session(scope, SupportPlan.objects.filter(case=OuterRef("case")))


def _agreements_to_renew(scope: Scope):
    newer = ClientAgreement.objects.filter(case=OuterRef("case")).filter(
        Q(agreed_on__gt=OuterRef("agreed_on"))
        | Q(agreed_on=OuterRef("agreed_on"), recorded_at__gt=OuterRef("recorded_at"))
    )
    agreements = scope.of(ClientAgreement).filter(~Exists(newer), case__stage=Stage.ACTIVE.value)
    return counted(agreements, since="agreed_on", holder=_ISVA)


# Contact, plan, appointments


def _next_contacts(scope: Scope):
    """Since the last contact, by the rhythm agreed when stepping down or in the plan, else by risk."""
    paused = StepDown.objects.filter(case=OuterRef("pk"), decision=Decision.APPROVED, ended_at__isnull=True)
    planned = SupportPlan.objects.filter(case=OuterRef("pk")).values("contact_every_days")
    rhythm = Choose(
        When(
            stage=Stage.STEPPED_DOWN.value,
            then=Subquery(paused.order_by().values("contact_every_days")[:1], output_field=IntegerField()),
        ),
        default=Subquery(planned.order_by()[:1], output_field=IntegerField()),
    )
    cases = scope.of(Case, case="pk").filter(
        Exists(_first_session()), stage__in=_CARRIED, last_contact_at__isnull=False
    )
    return counted(
        cases, case="pk", since="last_contact_at", holder="lead_isva",
        variant=Concat(Coalesce(Cast(rhythm, TextField()), text("")), text(":"), Cast("risk", TextField())),
    )  # fmt: skip


def _next_contact_falls(row, reckoning) -> dt.datetime:
    rhythm, _colon, risk = row.variant.partition(":")
    days = int(rhythm) if rhythm else reckoning[f"next_contact_days_{risk}"]
    return end_of_day(day_of(row.since) + dt.timedelta(days=min(days, reckoning["next_contact_ceiling"])))


def _unanswered(scope: Scope):
    contacts = scope.of(Contact).filter(Q(plan_answer="") | Q(risk_answer=""))
    return counted(open_only(contacts), since="at", holder=_ISVA)


def _plans_changed(scope: Scope):
    """The last contact that changed the plan, where the plan was not touched since."""
    touched = Greatest(
        Subquery(SupportPlan.objects.filter(case=OuterRef("case")).values("reviewed_at")[:1]),
        Subquery(
            PlanAction.objects.filter(case=OuterRef("case"))
            .order_by("-recorded_at")
            .values("recorded_at")[:1]
        ),
    )
    newer = Contact.objects.filter(
        case=OuterRef("case"), plan_answer=Answer.CHANGED, at__gt=OuterRef("at")
    ).order_by()
    contacts = scope.of(Contact).filter(~Exists(newer), plan_answer=Answer.CHANGED)
    contacts = carried_only(contacts).annotate(touched=touched)
    return counted(
        contacts.filter(Q(touched__isnull=True) | Q(touched__lt=F("at"))), since="at", holder=_ISVA
    )


def _actions(scope: Scope):
    actions = scope.of(PlanAction).filter(outcome=PlanAction.Outcome.OPEN, due_on__lte=scope.last_day)
    return counted(open_only(actions), since="due_on", holder=_ISVA, detail="what")


def _to_record(scope: Scope):
    appointments = scope.of(Appointment).filter(cancelled_at__isnull=True, contact__isnull=True, at__lt=now())
    return counted(open_only(appointments), since="at", holder=_who_records())


def _who_records():
    """Who held an appointment; where what they were granted of the case has ended since, its ISVA."""
    granted = Grant.objects.filter(case=OuterRef("case"), user=OuterRef("worker")).order_by()
    lost_sight = Exists(granted) & ~Exists(live(granted, now()))
    return Choose(When(lost_sight, then="case__lead_isva"), default="worker")


def _court_ahead(scope: Scope):
    appointments = scope.of(Appointment).filter(
        cancelled_at__isnull=True,
        contact__isnull=True,
        mode=ContactMode.COURT,
        at__gte=now(),
        at__lte=scope.until,
    )
    return counted(open_only(appointments), since="at", holder="worker")


def _trials_ahead(scope: Scope):
    cases = scope.of(Case, case="pk").filter(stage__in=_CARRIED, trial_on__gte=today())
    return counted(cases, case="pk", since="trial_on", holder="lead_isva")


def _trial_ahead_falls(row, reckoning) -> dt.datetime:
    return end_of_day(day_of(row.since) - dt.timedelta(weeks=reckoning["trial_weeks"]))


# Ending


def _growing_up(scope: Scope):
    """Clients under 18 whose date of birth is known."""
    day = today()
    cases = scope.of(Case, case="pk").filter(
        stage__in=_CARRIED, client__date_of_birth__gt=add_months(day, -18 * 12),
        client__date_of_birth__lte=add_months(scope.last_day, -210) + dt.timedelta(days=1),
    )  # fmt: skip
    return counted(cases, case="pk", since="client__date_of_birth", holder="lead_isva")


def _at_seventeen_and_a_half(row, reckoning) -> dt.datetime:
    return end_of_day(add_months(day_of(row.since), 17 * 12 + 6))


def _outcomes_of_justice(scope: Scope):
    """The latest turn of the justice process, where it is an outcome and no ending was proposed since."""
    later = JusticeUpdate.objects.filter(case=OuterRef("case")).filter(
        Q(since__gt=OuterRef("since")) | Q(since=OuterRef("since"), recorded_at__gt=OuterRef("recorded_at"))
    )
    proposed = Closure.objects.filter(case=OuterRef("case"), recorded_at__gte=OuterRef("recorded_at"))
    updates = scope.of(JusticeUpdate).filter(~Exists(later), ~Exists(proposed), stage__in=OUTCOMES)
    return counted(carried_only(updates), since="since", holder=_ISVA)


def _retained_until(scope: Scope):
    cases = scope.of(Case, case="pk").filter(stage=Stage.CLOSED.value, retain_until__lte=scope.last_day)
    return counted(cases, case="pk", since="retain_until")


def _by_risk(key: str, words: tuple, days: tuple[int, int, int]) -> tuple[Number, ...]:
    risks = ("high", "medium", "standard")
    return tuple(
        Number(f"{key}_{risk}", default, word) for risk, word, default in zip(risks, words, days, strict=True)
    )


RULES = (
    Rule(
        name="review_interim", words=_("Interim review"), section=Section.WAITING,
        says=_("Somebody who waits is looked at again, by risk. The day is set at each check-in."),
        rows=_interim_reviews, falls=own_day, belongs_to=Who.COORDINATOR, then=Who.MANAGER, page="check_in",
        numbers=_by_risk(
            "interim_days",
            (_("Days between check-ins while waiting: high risk"), _("Days between check-ins while waiting: medium risk"),
             _("Days between check-ins while waiting: standard risk")),
            (7, 14, 28),
        ),
    ),
    Rule(
        name="first_session", words=_("First session"), section=Section.SUPPORT,
        says=_("The ISVA meets the person after allocation."),
        rows=_without_first_session, falls=working_days_after("first_session_days"), belongs_to=Who.ISVA,
        page="show_case",
        numbers=(Number("first_session_days", 5, _("Working days from allocation to the first session"), highest=60),),
    ),
    Rule(
        name="full_sas", words=_("Full Safety and Support assessment"), section=Section.SUPPORT,
        says=_("The full assessment follows the first session. The day is set when the session is recorded."),
        rows=_full_sas, falls=own_day, belongs_to=Who.ISVA, then=Who.MANAGER, page="review_sas",
        numbers=(Number("full_sas_days", 10, _("Working days from the first session to full SaS, agreement and plan"), highest=60),),
    ),
    Rule(
        name="first_agreement", words=_("Client agreement"), section=Section.SUPPORT,
        says=_("The client agreement follows the first session."),
        rows=_without_agreement, falls=working_days_after("full_sas_days"), belongs_to=Who.ISVA, page="agree_with_client",
    ),
    Rule(
        name="first_plan", words=_("First support plan"), section=Section.SUPPORT,
        says=_("The first support plan follows the first session."),
        rows=_without_plan, falls=working_days_after("full_sas_days"), belongs_to=Who.ISVA, page="edit_plan",
    ),
    Rule(
        name="next_contact", words=_("Next contact"), section=Section.SUPPORT,
        says=_("The next contact follows the last by the rhythm agreed in the plan; without one by risk; never beyond the ceiling."),
        rows=_next_contacts, falls=_next_contact_falls, belongs_to=Who.ISVA, page="record_contact", ahead=2,
        numbers=(
            *_by_risk(
                "next_contact_days",
                (_("Days between contacts without an agreed rhythm: high risk"),
                 _("Days between contacts without an agreed rhythm: medium risk"),
                 _("Days between contacts without an agreed rhythm: standard risk")),
                (7, 14, 28),
            ),
            Number("next_contact_ceiling", 42, _("Days between contacts at most, whatever was agreed")),
        ),
    ),
    Rule(
        name="contact_open", words=_("Contact: did plan or risk change?"), section=Section.SUPPORT,
        says=_("Each contact answers whether plan and risk changed."),
        rows=_unanswered, falls=working_days_after("contact_answer_days"), belongs_to=Who.ISVA, page="answer_contact",
        record_in_page="contact_id",
        numbers=(Number("contact_answer_days", 2, _("Working days after a contact to answer for plan and risk, and to update a changed plan"), highest=30),),
    ),
    Rule(
        name="plan_changed", words=_("Support plan to be updated"), section=Section.SUPPORT,
        says=_("A plan that changed at a contact is updated."),
        rows=_plans_changed, falls=working_days_after("contact_answer_days"), belongs_to=Who.ISVA, page="show_plan",
    ),
    Rule(
        name="action", words=_("Plan action"), section=Section.SUPPORT,
        says=_("An action of the plan is done by its own day. Five working days later the manager sees it too."),
        rows=_actions, falls=own_day, belongs_to=Who.ISVA, then=Who.MANAGER, then_after=5, page="close_action",
        record_in_page="action_id",
    ),
    Rule(
        name="appointment_open", words=_("Appointment to be recorded"), section=Section.SUPPORT,
        says=_("How an appointment went is recorded on its day."),
        rows=_to_record, falls=own_day, belongs_to=Who.ISVA, page="show_case",
    ),
    Rule(
        name="court_ahead", words=_("At court"), section=Section.SUPPORT,
        says=_("A day at court is told on the last working day before it."),
        rows=_court_ahead, falls=own_moment, belongs_to=Who.ISVA, page="show_justice", turns_red=False,
    ),
    Rule(
        name="trial_ahead", words=_("Trial ahead: special measures, visit, who supports at court"), section=Section.SUPPORT,
        says=_("A trial is told some weeks before."),
        rows=_trials_ahead, falls=_trial_ahead_falls, belongs_to=Who.ISVA, page="show_justice", turns_red=False,
        numbers=(Number("trial_weeks", 8, _("Weeks before a trial from which it is told"), highest=26),),
    ),
    Rule(
        name="review_sas", words=_("Safety and Support review"), section=Section.REVIEWS,
        says=_("Risk and need are reviewed by risk, and soon after a change: a safeguarding concern, a turn of the justice process, a new address, a risk that changed or that nobody holds."),
        rows=_sas_reviews, falls=own_day, belongs_to=Who.ISVA, then=Who.MANAGER, page="review_sas",
        numbers=(
            *_by_risk(
                "sas_days",
                (_("Days between SaS reviews: high risk"), _("Days between SaS reviews: medium risk"),
                 _("Days between SaS reviews: standard risk")),
                (28, 42, 56),
            ),
            Number("sas_after_change_days", 2, _("Working days to a SaS review after a change"), highest=30),
        ),
    ),
    Rule(
        name="review_step_down", words=_("Step-down review"), section=Section.REVIEWS,
        says=_("A stepped-down case is looked at again."),
        rows=_step_down_reviews, falls=own_day, belongs_to=Who.ISVA, then=Who.MANAGER, page="review_sas",
        numbers=(Number("step_down_days", 56, _("Days until a stepped-down case is looked at again"), _("Unless another day is agreed.")),),
    ),
    Rule(
        name="agreement_renewal", words=_("Client agreement to be renewed"), section=Section.REVIEWS,
        says=_("The client agreement is renewed from time to time."),
        rows=_agreements_to_renew, falls=months_after("agreement_months"), belongs_to=Who.ISVA, page="agree_with_client",
        numbers=(Number("agreement_months", 12, _("Months after which the client agreement is renewed"), highest=60),),
    ),
    Rule(
        name="transition", words=_("Transition to adult services"), section=Section.ENDING,
        says=_("When a young client is 17½, their transition to adult services is begun."),
        rows=_growing_up, falls=_at_seventeen_and_a_half, belongs_to=Who.ISVA, page="show_plan", turns_red=False,
    ),
    Rule(
        name="closure_considered", words=_("Is closure to be considered?"), section=Section.ENDING,
        says=_("Some weeks after an outcome of the justice process, the ending is thought about."),
        rows=_outcomes_of_justice, falls=days_after("closure_considered_days"), belongs_to=Who.ISVA,
        page="propose_closure", turns_red=False,
        numbers=(Number("closure_considered_days", 56, _("Days after a justice outcome to consider closure")),),
    ),
    Rule(
        name="retention", words=_("End of retention"), section=Section.ENDING,
        says=_("The end of a closed record’s retention is told 30 days before."),
        rows=_retained_until, falls=own_day, belongs_to=Who.RECORDS_LEAD, page="show_case", notice=30, turns_red=False,
    ),
)  # fmt: skip

register(*RULES)
