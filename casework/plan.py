"""The support plan: written with the client, reviewed after every contact, its ending spoken of from the start.

Sources: statutory guidance 25 and 26; quality standards: individual support plan, exit strategy.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from casework.models import Agency, Case, OnwardReferral, PlanAction, SasReview, SasScore, SupportPlan
from casework.sas.history import latest_review, scores_of
from casework.sas.words import score_words
from isva.clock.moment import now, today
from isva.interface.words import short_when
from isva.pathway import CARRIED_STAGES, WrongStage
from isva.stale import ChangedMeanwhile

#: A score of *significant* or more asks for an action.
SIGNIFICANT = 2
#: Days between contacts are never more than this, whatever is agreed.
LONGEST_RHYTHM_DAYS = 42

ACTION_ORDER = ("due_on", "recorded_at")


@dataclass(frozen=True)
class Gap:
    """A significant risk or need for which nothing is planned: its domain, its title, and the scores in words."""

    domain: str
    title: str
    words: str


@dataclass(frozen=True)
class PlanStanding:
    """Whether a plan is complete, and if not, what it lacks in words, and the gaps that actions would fill."""

    lacks: list[str]
    gaps: list[Gap]

    @property
    def is_complete(self) -> bool:
        """A plan is incomplete while a significant need has no action, or while it says nothing of its ending."""
        return not self.lacks and not self.gaps


def plan_of(case: Case) -> SupportPlan | None:
    """The plan of a case, or None while there is none."""
    return SupportPlan.objects.filter(case=case).select_related("recorded_by").first()


def mark_of(plan: SupportPlan | None) -> str:
    """What tells a plan from every other state it was in; empty where there is none yet."""
    return plan.reviewed_at.isoformat() if plan else ""


def _changed_words(plan: SupportPlan | None) -> str:
    return _(
        "The plan was changed %(when)s while you were writing. Open it in another tab, bring the two together, and "
        "save again."
    ) % {"when": short_when(plan.reviewed_at, now=now()) if plan else ""}


def edit_plan(
    case: Case, *, by, goals: str = "", safety_plan: str = "", what_if: str = "", planned_ending: str = "",
    contact_every_days: int | None = None, shared_on: dt.date | None = None, seen: str | None = None,
) -> SupportPlan:  # fmt: skip
    """Write the plan of a case anew; the plan as it was stays in its history. This counts as reviewing it.

    ``seen`` is the mark of the plan that the writer began with. Raises WrongStage where no ISVA carries the case,
    ChangedMeanwhile where it is another plan by now.
    """
    _require_support(case)
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    known = plan_of(case)
    if seen is not None and seen != mark_of(known):
        raise ChangedMeanwhile(_changed_words(known), now=mark_of(known))
    plan = known or SupportPlan(case=case, recorded_by=by)
    plan.goals, plan.safety_plan, plan.what_if, plan.planned_ending = (
        goals,
        safety_plan,
        what_if,
        planned_ending,
    )
    plan.contact_every_days, plan.shared_on = contact_every_days, shared_on
    plan.reviewed_at = now()
    plan.save()
    return plan


def add_action(
    case: Case, *, what: str, doer: str, due_on: dt.date, by, domain: str = "", agency: Agency | None = None
) -> PlanAction:
    """Put an action on the plan: what, who does it, by when, and the domain of life it is about."""
    _require_support(case)
    action = PlanAction(
        case=case,
        what=what,
        doer=PlanAction.Doer(doer),
        due_on=due_on,
        domain=domain,
        agency=agency,
        recorded_by=by,
    )
    action.save(force_insert=True)
    return action


def close_action(action: PlanAction, *, done: bool, by, why_not: str = "") -> PlanAction:
    """Close an action: done, or not done and why. One that is closed already stays as it was closed.

    Raises WrongStage where no ISVA carries the case.
    """
    _require_support(action.case)
    locked = PlanAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if locked.outcome != PlanAction.Outcome.OPEN:
        raise WrongStage(_("This action was closed already."))
    action.outcome = PlanAction.Outcome.DONE if done else PlanAction.Outcome.NOT_DONE
    action.why_not = "" if done else why_not
    action.closed_on = today()
    action.save(update_fields=["outcome", "why_not", "closed_on"])
    return action


def actions_of(case: Case) -> list[PlanAction]:
    """The actions of a plan, those to do first, by when they fall due. One query."""
    actions = PlanAction.objects.filter(case=case).select_related("agency").order_by(*ACTION_ORDER)
    return sorted(actions, key=lambda action: action.outcome != PlanAction.Outcome.OPEN)


def standing_of(case: Case, plan: SupportPlan | None) -> PlanStanding:
    """What the plan of a case lacks (a significant need without an action, a planned ending, safety, rhythm)."""
    lacks = []
    if plan is None:
        lacks.append(_("The plan is not written yet"))
    else:
        if not plan.goals:
            lacks.append(_("What the client wants is not written down"))
        if not plan.safety_plan:
            lacks.append(_("There is no safety plan"))
        if not plan.planned_ending:
            lacks.append(_("The planned ending is not written down"))
        if not plan.contact_every_days:
            lacks.append(_("The rhythm of contact is not agreed"))
    review = latest_review(case)
    if review is None:
        lacks.append(_("There is no Safety and Support review to plan by"))
    return PlanStanding(lacks=lacks, gaps=_gaps(case, review))


def unplanned_scores(case):
    """Scores of the latest review that are significant and have neither an action nor an onward referral.

    ``case`` is a case, or a reference to one in a larger query.
    """
    latest = SasReview.objects.filter(case=OuterRef("case")).order_by("-reviewed_at", "-recorded_at")
    about = {"case": OuterRef("case"), "domain": OuterRef("domain")}
    action = PlanAction.objects.filter(**about).exclude(outcome=PlanAction.Outcome.NOT_DONE)
    referral = OnwardReferral.objects.filter(**about).exclude(answer=OnwardReferral.Answer.DECLINED)
    return SasScore.objects.filter(
        Q(risk__gte=SIGNIFICANT) | Q(need__gte=SIGNIFICANT), ~Exists(action), ~Exists(referral),
        case=case, review=Subquery(latest.values("pk")[:1]),
    ).order_by("domain")  # fmt: skip


def _gaps(case: Case, review: SasReview | None) -> list[Gap]:
    if review is None:
        return []
    titles = {domain["key"]: domain["title"] for domain in review.instrument.domains}
    scores = scores_of(review)
    unplanned = set(unplanned_scores(case).values_list("domain", flat=True)) & set(titles)
    worst_first = sorted(
        (domain for domain in titles if domain in unplanned),
        key=lambda domain: -max(scores[domain]["risk"], scores[domain]["need"]),
    )
    return [
        Gap(domain=domain, title=titles[domain], words=score_words(scores[domain], review.instrument))
        for domain in worst_first
    ]


def _require_support(case: Case) -> None:
    if case.stage not in {stage.value for stage in CARRIED_STAGES}:
        raise WrongStage(
            _("A support plan belongs to a case that an ISVA carries. This one is not with an ISVA now.")
        )
