"""What one person proposes and another decides: step-down and closure share how they are judged."""

from django.utils.translation import gettext as _

from casework.models import Decision
from isva.clock.moment import now
from isva.pathway import WrongStage


class NotReady(WrongStage):
    """Something must come first; its reasons name each thing, in words."""


def decide(proposal, *, decision: Decision, reason: str, by):
    """Decide a proposal that is still open. Two people deciding at once wait for each other.

    Raises NotReady where it was decided already, where the proposer decides, or where a refusal has no reason.
    """
    locked = type(proposal).objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if locked.decision != Decision.PROPOSED:
        raise NotReady(
            _("This was decided already: %(decision)s.") % {"decision": locked.get_decision_display().lower()}
        )
    if locked.recorded_by_id == by.pk:
        raise NotReady(_("You proposed this yourself, so another manager decides."))
    if decision == Decision.SENT_BACK and not reason.strip():
        raise NotReady(_("Say why you send it back."))
    proposal.decision, proposal.decided_by, proposal.decided_at = decision, by, now()
    proposal.decision_reason = reason
    proposal.save(update_fields=["decision", "decided_by", "decided_at", "decision_reason"])
    return proposal


def withdraw(proposal, *, why: str, by):
    """Withdraw an open proposal, because the case has moved on (it is active again, or its proposer withdrew it)."""
    proposal.decision, proposal.decided_at, proposal.decision_reason = Decision.WITHDRAWN, now(), why
    proposal.save(update_fields=["decision", "decided_at", "decision_reason"])
    return proposal


def open_proposal(model, case):
    """The proposal of a kind that waits for a decision on a case, or None."""
    return (
        model.objects.filter(case=case, decision=Decision.PROPOSED)
        .select_related("case", "recorded_by", "sas_review__instrument")
        .first()
    )


def last_proposal(model, case):
    """The latest proposal of a kind on a case, whatever became of it, or None."""
    return (
        model.objects.filter(case=case)
        .select_related("recorded_by", "decided_by", "sas_review__instrument")
        .order_by("-recorded_at")
        .first()
    )
