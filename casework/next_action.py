"""What a case asks for next: one obvious step for whoever opens it, and what must not be overlooked.

Everything that is judged here is read in one query, so that the header of every case page can say it.
"""

import datetime as dt
import json
from dataclasses import dataclass, fields
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.models import (
    AgencyConsent,
    Answer,
    Appointment,
    Case,
    ClientAgreement,
    Closure,
    ComplexityReading,
    Contact,
    Decision,
    OnwardReferral,
    PlanAction,
    SafeguardingConcern,
    SasReview,
    StepDown,
    SupportPlan,
)  # fmt: skip
from casework.plan import unplanned_scores
from isva.access.roles import Permission
from isva.clock.moment import now, today
from isva.codes import COMPLEXITY_ORDER, JUSTICE_UNDER_WAY, RISK_ORDER
from isva.db.fixed_queries import FixedQuery, Place, fixed
from isva.interface.words import long_date
from isva.pathway import CARRIED_STAGES, INTAKE_STAGES, WAITING_STAGES, Stage

#: New detail was disclosed and a step that it asks for is not taken (statutory guidance 30).
DETAIL_STEPS_OPEN = Q(new_detail=True) & (
    Q(told_of_duty=False) | Q(note_taken=False) | Q(police_notified_at__isnull=True)
)
#: How many rows of a kind are looked at; beyond it "more than" would tell nobody more.
ENOUGH = 20


@dataclass(frozen=True)
class Facts:
    """What stands on a case now, as far as its next step depends on it."""

    risks: list
    complexities: list
    unanswered: list
    details_open: list
    appointments_to_record: list
    open_concerns: list
    has_first_session: bool
    has_full_sas: bool
    has_agreement: bool
    has_plan: bool
    plan_reviewed_at: dt.datetime | None
    last_action_at: dt.datetime | None
    plan_changed_at: dt.datetime | None
    risk_changed_at: dt.datetime | None
    last_sas_at: dt.datetime | None
    needs_without_action: list
    agencies_to_tell: list
    unheld_risks: list
    step_down_waits: bool
    closure_waits: bool

    @property
    def risk_trend(self) -> str:
        """`rising`, `falling`, `steady`, or nothing where there are not two reviews to compare."""
        return _trend([RISK_ORDER.get(risk) for risk in self.risks])

    @property
    def complexity_trend(self) -> str:
        """The same for complexity, by its band."""
        return _trend([COMPLEXITY_ORDER.get(band) for band in self.complexities])

    @property
    def risk_changed(self) -> bool:
        """Whether a contact said that the risk changed and no SaS review has followed it."""
        return _after(self.risk_changed_at, self.last_sas_at)

    @property
    def plan_changed(self) -> bool:
        """Whether a contact said that the plan changed and the plan was not looked at since."""
        touched = max(filter(None, (self.plan_reviewed_at, self.last_action_at)), default=None)
        return _after(self.plan_changed_at, touched)


_FACTS = tuple(field.name for field in fields(Facts))
_CASE, _NOW = Place.key(), Place.moment(1)


def _after(one, other) -> bool:
    return one is not None and (other is None or one > other)


def _trend(latest_first: list) -> str:
    if len(latest_first) < 2 or None in latest_first:
        return ""
    latest, before = latest_first[:2]
    return "rising" if latest > before else "falling" if latest < before else "steady"


def facts_of(case: Case) -> Facts:
    """Read what stands on a case. One query, whatever the number of rows."""
    row = _facts_query().rows({_CASE: case.pk, _NOW: now()})[0]
    facts = dict(zip(_FACTS, row, strict=True))
    facts["open_concerns"] = [json.loads(concern) for concern in facts["open_concerns"]]
    return Facts(**facts)


@cache
def _facts_query() -> FixedQuery:
    of_case = {"case": OuterRef("pk")}
    contacts = Contact.objects.filter(**of_case).order_by("-at")
    sas = SasReview.objects.filter(**of_case).order_by("-reviewed_at", "-recorded_at")
    concerns = SafeguardingConcern.objects.filter(**of_case, closed_on__isnull=True).order_by("raised_at")
    appointments = Appointment.objects.filter(
        **of_case, cancelled_at__isnull=True, contact__isnull=True, at__lt=_NOW
    ).order_by("at")
    return fixed(
        Case.objects.filter(pk=_CASE)
        .order_by()
        .annotate(
            risks=ArraySubquery(sas.values("risk")[:2]),
            complexities=ArraySubquery(
                ComplexityReading.objects.filter(**of_case).order_by("-at", "-recorded_at").values("band")[:2]
            ),
            unanswered=ArraySubquery(
                contacts.filter(Q(plan_answer="") | Q(risk_answer="")).order_by("at").values("pk")[:ENOUGH]
            ),
            details_open=ArraySubquery(contacts.filter(DETAIL_STEPS_OPEN).values("pk")[:ENOUGH]),
            appointments_to_record=ArraySubquery(appointments.values("pk")[:ENOUGH]),
            open_concerns=ArraySubquery(
                concerns.values(
                    fact=JSONObject(
                        id="pk",
                        who="who",
                        told="manager_told_at",
                        referred="referred_at",
                        why="not_referred_why",
                    )
                )[:ENOUGH]
            ),
            has_first_session=Exists(
                contacts.filter(purpose=Contact.Purpose.FIRST_SESSION, attendance=Contact.Attendance.ATTENDED)
            ),
            has_full_sas=Exists(sas.exclude(kind=SasReview.Kind.SCREENING)),
            has_agreement=Exists(ClientAgreement.objects.filter(**of_case)),
            has_plan=Exists(SupportPlan.objects.filter(**of_case)),
            plan_reviewed_at=Subquery(SupportPlan.objects.filter(**of_case).values("reviewed_at")[:1]),
            last_action_at=Subquery(
                PlanAction.objects.filter(**of_case).order_by("-recorded_at").values("recorded_at")[:1]
            ),
            plan_changed_at=Subquery(contacts.filter(plan_answer=Answer.CHANGED).values("at")[:1]),
            risk_changed_at=Subquery(contacts.filter(risk_answer=Answer.CHANGED).values("at")[:1]),
            last_sas_at=Subquery(sas.values("reviewed_at")[:1]),
            needs_without_action=ArraySubquery(unplanned_scores(OuterRef("pk")).values("domain")),
            agencies_to_tell=ArraySubquery(consents_to_tell(OuterRef("pk")).values("pk")[:ENOUGH]),
            unheld_risks=ArraySubquery(
                OnwardReferral.objects.filter(**of_case, unheld_risk=True, held_since__isnull=True).values(
                    "pk"
                )[:ENOUGH]
            ),
            step_down_waits=Exists(StepDown.objects.filter(**of_case, decision=Decision.PROPOSED)),
            closure_waits=Exists(Closure.objects.filter(**of_case, decision=Decision.PROPOSED)),
        )
        .values(*_FACTS)
    )


def consents_to_tell(case):
    """The consents in force of a case whose agency was not told of the ISVA yet (guidance 78)."""
    newer = AgencyConsent.objects.filter(case=OuterRef("case"), agency=OuterRef("agency")).filter(
        Q(dated_on__gt=OuterRef("dated_on"))
        | Q(dated_on=OuterRef("dated_on"), recorded_at__gt=OuterRef("recorded_at"))
    )
    return AgencyConsent.objects.filter(
        ~Exists(newer), case=case, answer=AgencyConsent.Answer.GIVEN, told_on__isnull=True
    ).order_by("dated_on")


def next_action(case: Case, person, *, facts: Facts | None = None) -> dict | None:
    """The one step that a case asks of ``person`` now, as ``{"text", "url"}``; None where there is none.

    ``person`` may change the case. The order is the order of harm: safety first, then what the record owes.
    """
    stage = Stage(case.stage)
    if stage in INTAKE_STAGES and stage not in CARRIED_STAGES:
        return _before_support(case, stage, person, facts or facts_of(case))
    if stage is Stage.CLOSED:
        return None
    return _in_support(case, stage, person, facts or facts_of(case))


def _step(text, name, case, *, query: str = "", **kwargs) -> dict:
    return {"text": text, "url": reverse(name, kwargs={"case_id": case.pk, **kwargs}) + query}


def _before_support(case, stage, person, facts) -> dict | None:
    untold = _untold(case, facts)
    if untold:
        return untold
    if stage in WAITING_STAGES and facts.open_concerns and not case.urgent:
        return _step(_("Escalate to urgent allocation"), "escalate_case", case)
    if stage is Stage.ALLOCATION and person.can(Permission.ALLOCATE):
        return _step(_("Allocate"), "allocate_case", case)
    if stage is Stage.REFERRAL:
        return _step(_("Look at the referral"), "show_referral", case)
    if stage is Stage.TRIAGE:
        return _step(_("Triage"), "triage_case", case)
    return _step(_("Record a check-in"), "check_in", case)


def _untold(case, facts) -> dict | None:
    """A safeguarding concern of which no manager knows comes before everything else."""
    untold = next((concern for concern in facts.open_concerns if not concern["told"]), None)
    if untold is None:
        return None
    return _step(
        _("Tell the manager of the safeguarding concern"),
        "update_safeguarding",
        case,
        concern_id=untold["id"],
    )


def _in_support(case, stage, person, facts) -> dict:
    decides = person.can(Permission.APPROVE_CLOSURE)
    untold = _untold(case, facts)
    if untold:
        return untold
    if decides and facts.closure_waits:
        return _step(_("Decide on closure"), "decide_closure", case)
    if decides and facts.step_down_waits:
        return _step(_("Decide on step-down"), "decide_step_down", case)
    if facts.appointments_to_record:
        appointment = facts.appointments_to_record[0]
        return _step(
            _("Record how the appointment went"), "record_contact", case, query=f"?appointment={appointment}"
        )
    if stage is Stage.ACTIVE and not facts.has_first_session:
        return _step(_("Record the first session"), "record_contact", case)
    if stage is Stage.ACTIVE and not facts.has_agreement:
        return _step(_("Record the client agreement"), "agree_with_client", case)
    if not facts.has_full_sas and stage is Stage.ACTIVE:
        return _step(_("Make the full SaS"), "review_sas", case)
    if facts.risk_changed or (case.next_review_on and case.next_review_on < today()):
        return _step(_("Review SaS"), "review_sas", case)
    if facts.unanswered:
        return _step(_("Answer for plan and risk"), "answer_contact", case, contact_id=facts.unanswered[0])
    if stage is Stage.ACTIVE and not facts.has_plan:
        return _step(_("Write the support plan"), "edit_plan", case)
    if facts.plan_changed or (stage is Stage.ACTIVE and facts.needs_without_action):
        return _step(_("Update the support plan"), "show_plan", case)
    return _step(_("Record contact"), "record_contact", case)


def warnings(case: Case, *, facts: Facts, proposed_contacts: int = 0) -> list[dict]:
    """What must not be overlooked on a case, worst first, as ``{"text", "url", "tone"}`` (tone *now* or *soon*)."""
    found = [
        {
            "text": _("Open safeguarding concern: %(who)s.")
            % {"who": SafeguardingConcern.Who(concern["who"]).label},
            "url": reverse("update_safeguarding", kwargs={"case_id": case.pk, "concern_id": concern["id"]}),
            "tone": "now",
        }
        for concern in facts.open_concerns
    ]
    if proposed_contacts:
        found.append(_warning(
            ngettext(
                "A new number or address is proposed. Do not use it until two people have confirmed it.",
                "%(n)d new numbers or addresses are proposed. Do not use them until two people have confirmed them.",
                proposed_contacts,
            ) % {"n": proposed_contacts}, "change_safe_contacts", case, tone="now",
        ))  # fmt: skip
    if case.next_review_on and case.next_review_on < today() and case.is_open:
        found.append(
            _warning(
                _("The review was due on %(day)s.") % {"day": long_date(case.next_review_on)},
                "check_in" if case.stage in WAITING_STAGES else "review_sas",
                case,
                tone="now",
            )
        )
    if facts.unheld_risks:
        found.append(_warning(
            ngettext(
                "A risk outside our scope is held by nobody.", "%(n)d risks outside our scope are held by nobody.",
                len(facts.unheld_risks),
            ) % {"n": len(facts.unheld_risks)}, "show_people", case, tone="now",
        ))  # fmt: skip
    if case.stage not in (Stage.ACTIVE, Stage.STEPPED_DOWN):
        return found
    return found + _owed(case, facts)


def _owed(case, facts) -> list[dict]:
    found = []
    if facts.details_open and case.justice_stage in JUSTICE_UNDER_WAY:
        text = _(
            "New detail was disclosed, and its steps are not complete (duty explained, note taken, police told)."
        )
        found.append(_warning(text, "answer_contact", case, contact_id=facts.details_open[0], tone="now"))
    if facts.risk_changed:
        found.append(_warning(_("The risk changed, and no SaS review has followed."), "review_sas", case))
    if facts.unanswered:
        count = len(facts.unanswered)
        text = ngettext(
            "A contact has no answer yet on whether plan and risk changed.",
            "%(n)d contacts have no answer yet on whether plan and risk changed.",
            count,
        ) % {"n": count}
        found.append(_warning(text, "answer_contact", case, contact_id=facts.unanswered[0]))
    if facts.plan_changed:
        found.append(
            _warning(_("The plan changed at a contact and was not updated since."), "show_plan", case)
        )
    if facts.has_full_sas and facts.needs_without_action:
        count = len(facts.needs_without_action)
        text = ngettext(
            "The plan is incomplete: a significant need has no action.",
            "The plan is incomplete: %(n)d significant needs have no action.",
            count,
        ) % {"n": count}
        found.append(_warning(text, "show_plan", case))
    if facts.agencies_to_tell:
        count = len(facts.agencies_to_tell)
        text = ngettext(
            "An agency that may be told does not know of the ISVA yet.",
            "%(n)d agencies that may be told do not know of the ISVA yet.",
            count,
        ) % {"n": count}
        found.append(_warning(text, "show_sharing", case))
    return found


def _warning(text, name, case, *, tone="soon", **kwargs) -> dict:
    return {"text": text, "url": reverse(name, kwargs={"case_id": case.pk, **kwargs}), "tone": tone}
