"""What falls due at the front door: acknowledgement, first contact, answers of referrers.

Sources: quality standard: initial contact within 5 working days; report, Referral (acknowledgement, what is missing).
"""

from django.utils.translation import gettext_lazy as _

from casework.models import Case
from isva.clock.due import first_contact_standard_due, first_contact_target_due
from isva.clock.numbers import Number
from isva.clock.rows import counted
from isva.clock.rules import Rule, Scope, Section, Who, register
from isva.clock.terms import own_moment, working_days_after
from isva.pathway import Stage
from referrals.models import InformationRequest, Referral
from referrals.models.referral import safety_now

_BEFORE_SUPPORT = [Stage.REFERRAL.value, Stage.TRIAGE.value]


def _not_acknowledged(scope: Scope):
    referrals = scope.of(Referral).filter(acknowledged_at__isnull=True, case__stage__in=_BEFORE_SUPPORT)
    return counted(referrals.exclude(referrer_email=""), since="received_at")


def _without_first_contact(scope: Scope):
    cases = scope.of(Case, case="pk").filter(first_contact_at__isnull=True, stage__in=_BEFORE_SUPPORT)
    return counted(cases, case="pk", since="opened_at")


def _asked(scope: Scope):
    requests = scope.of(InformationRequest).filter(
        answered_at__isnull=True, case__stage__in=_BEFORE_SUPPORT, due_at__lte=scope.until
    )
    return counted(requests, since="due_at")


def _in_danger(scope: Scope):
    """Referrals that say that somebody is in danger now, until they are taken into triage."""
    referrals = scope.of(Referral).filter(safety_now(), case__stage=Stage.REFERRAL.value)
    return counted(referrals, since="received_at")


RULES = (
    Rule(
        name="safety_now", words=_("Somebody may be in danger: take this referral into triage"), section=Section.SAFETY,
        says=_("A referral that says that somebody is in danger now is told to the coordinators at once, and again until it is in triage."),
        rows=_in_danger, falls=own_moment, belongs_to=Who.COORDINATOR, page="show_referral",
        safety=True, at_once=True, rank=1,
    ),
    Rule(
        name="first_contact", graver_than="first_contact_target", words=_("First contact, past the standard"), section=Section.FIRST_CONTACT,
        says=_("The person is told that support will be provided within the standard’s 5 working days. A breach stays on record."),
        rows=_without_first_contact, belongs_to=Who.COORDINATOR, then=Who.MANAGER, page="triage_case", rank=6,
        falls=lambda row, reckoning: first_contact_standard_due(row.since, reckoning),
        numbers=(
            Number("first_contact_standard_days", 5, _("Working days to first contact, the standard"),
                   _("The quality standard says 5. The day of receipt is day 0."), highest=30),
            Number("non_working_receipt_counts_as_next_day", False,
                   _("A referral received on a day off counts as received on the next working day")),
        ),
    ),
    Rule(
        name="first_contact_target", words=_("First contact, past our own target"), section=Section.FIRST_CONTACT,
        says=_("The service’s own target for first contact, in hours of working days."),
        rows=_without_first_contact, belongs_to=Who.COORDINATOR, then=Who.MANAGER, page="triage_case", rank=7,
        falls=lambda row, reckoning: first_contact_target_due(row.since, reckoning),
        numbers=(
            Number("first_contact_target_hours", 48, _("Hours to first contact, our own target"),
                   _("Counted on working days from receipt. The inbox counts down to it."), highest=720),
            Number("target_in_elapsed_hours", False, _("Count the target in hours as they pass, weekends included")),
        ),
    ),
    Rule(
        name="acknowledgement", words=_("Referral to be acknowledged"), section=Section.FIRST_CONTACT,
        says=_("Whoever referred gets a receipt."),
        rows=_not_acknowledged, falls=working_days_after("acknowledge_days"), belongs_to=Who.COORDINATOR,
        page="show_referral",
        numbers=(Number("acknowledge_days", 1, _("Working days to acknowledge a referral"), highest=30),),
    ),
    Rule(
        name="information", words=_("Missing information asked for"), section=Section.FIRST_CONTACT,
        says=_("What is missing from a referral is answered. The day is set when it is asked for."),
        rows=_asked, falls=own_moment, belongs_to=Who.COORDINATOR, page="show_referral",
        numbers=(
            Number("information_answer_days", 3, _("Working days for a referrer to answer"),
                   _("When something is missing from a referral and we ask for it."), highest=60),
        ),
    ),
)  # fmt: skip

register(*RULES)
