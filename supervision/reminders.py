"""What falls due in supervision. Sources: quality standards and statutory guidance (supervision of ISVAs)."""

import datetime as dt

from django.db.models import DateTimeField, F, Q, TextField
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from casework.models import Case
from isva.accounts.models import Leave
from isva.accounts.returning import ended_sickness
from isva.clock.numbers import Number, default_of
from isva.clock.rows import counted
from isva.clock.rules import About, Rule, Scope, Section, Who, register
from isva.clock.terms import day_of, days_after, own_day, terms_of, working_days_after
from isva.clock.working_days import end_of_day
from supervision import case_reviews
from supervision.clinical import BREACH, RULE, last_held
from supervision.management import ACTION, last_session
from supervision.management import RULE as MANAGEMENT
from supervision.models import Arrangement, SupervisionAction, Training
from supervision.opting_out import opted_out, opted_out_until
from supervision.training import NOTICE
from supervision.training import RULE as TRAINING


def _clinical(scope: Scope):
    """Everybody who carries cases and whose clinical supervision is arranged, since the last session they attended, or the end of an opt-out;
    nobody who has opted out now."""
    arranged = Arrangement.objects.waited_for().filter(service=scope.service, kind=Arrangement.Kind.CLINICAL)
    since = Greatest(Coalesce(last_held("membership"), F("counts_from")), opted_out_until("membership"))
    return counted(
        arranged.exclude(opted_out("membership")), case="", record="membership_id", since=since,
        variant=Cast("every_days", TextField()), detail="membership__user__name",
    )  # fmt: skip


def _management(scope: Scope):
    """Everybody who carries cases and whose management supervision is arranged, since the last session; whoever supervises
    them is told."""
    arranged = Arrangement.objects.waited_for().filter(
        service=scope.service, kind=Arrangement.Kind.MANAGEMENT
    )
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


def _training(scope: Scope):
    """What holds until a day, of people who are here; what was renewed is not among it."""
    held = Training.objects.of_people_here().in_force()
    return counted(
        held.filter(service=scope.service, expires_on__lte=scope.last_day), case="", since="expires_on",
        holder="membership__user", detail="membership__user__name",
    )  # fmt: skip


def _long(scope: Scope):
    """Carried cases, since they were opened or last reviewed, as far as they can be due by then; not one of which a review
    said that no other is needed."""
    numbers = [own.get(case_reviews.WEEKS) for _from, own in terms_of(scope.service).versions]
    least = min([default_of(case_reviews.WEEKS), *(weeks for weeks in numbers if weeks)])
    long_since = scope.until - dt.timedelta(weeks=least, days=-1)
    since = Coalesce(Cast("last_on", DateTimeField()), F("opened_at"))
    cases = case_reviews.reviewable(scope.of(Case, case="pk")).annotate(looked_at=since)
    cases = cases.exclude(last_on__isnull=False, next_on__isnull=True).filter(
        Q(next_on__lte=scope.last_day) | Q(next_on__isnull=True, looked_at__lte=long_since)
    )
    return counted(
        cases, case="pk", since="looked_at", variant=Cast("next_on", TextField()),
    )  # fmt: skip


def own_day_or_weeks(key: str):
    """Due on the day that was set; without one, so many weeks after what it counts from."""

    def falls(row, reckoning) -> dt.datetime:
        if row.variant:
            return end_of_day(dt.date.fromisoformat(row.variant))
        return end_of_day(day_of(row.since) + dt.timedelta(weeks=reckoning[key]))

    return falls


def _returned(scope: Scope):
    """Absences of sickness that have ended, after which nobody has talked with the person."""
    rows = ended_sickness(Leave.objects.filter(service=scope.service))
    return counted(rows, case="", since="last_day", detail="membership__user__name")


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
        name=BREACH, graver_than=RULE, words=_("A quarter without clinical supervision"), section=Section.STAFF, about=About.SERVICE,
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
        ),
    ),
    Rule(
        name=ACTION, words=_("Action from supervision"), section=Section.STAFF, about=About.SERVICE,
        says=_("What was decided in supervision is done by its day; its owner is told, then the manager."),
        rows=_actions, falls=own_day, belongs_to=Who.PERSON, then=Who.MANAGER, then_after=2, page="list_actions",
    ),
    Rule(
        name=case_reviews.RULE, words=_("Case review"), section=Section.STAFF,
        says=_("A case that is open for long is looked at as a whole, and again so many weeks later or on the day that was set."),
        rows=_long, falls=own_day_or_weeks(case_reviews.WEEKS), belongs_to=Who.MANAGER, page="review_case", ahead=14,
        numbers=(Number(
            case_reviews.WEEKS, 26, _("Weeks after which an open case is reviewed as a long one"),
            hint=_("It stands on the agenda of supervision from then on."),
        ),),
    ),
    Rule(
        name="return_to_work", words=_("Return-to-work talk"), section=Section.STAFF, about=About.SERVICE,
        says=_("Whoever comes back after sickness is talked with in the first days; a manager records what was agreed."),
        rows=_returned, falls=working_days_after("return_talk_days"), belongs_to=Who.MANAGER, page="list_workforce",
        numbers=(Number("return_talk_days", 5, _("Working days from the end of sickness to the return-to-work talk"), highest=30),),
    ),
    Rule(
        name=TRAINING, words=_("Training, qualification or check that runs out"), section=Section.STAFF, about=About.SERVICE,
        says=_("What runs out is renewed by its day; the person and the managers are told 60 days before."),
        rows=_training, falls=own_day, belongs_to=Who.PERSON, then=Who.MANAGER, together=True, notice=NOTICE, ahead=NOTICE,
        page="list_training",
    ),
)  # fmt: skip

register(*RULES)
