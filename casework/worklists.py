"""What is due, overdue or new, as plain rows: the one place where *My day* and *Service today* ask.

Each part names a kind of row and the day from which it counts; the database unites the parts, so that a list costs
one query whatever stands on it. Names come with the cases, which are read through the door.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate

from casework.models import (
    Appointment,
    Case,
    Closure,
    Contact,
    Grant,
    OnwardReferral,
    PlanAction,
    ReviewPoint,
    SafeContact,
    SafeguardingConcern,
    StepDown,
)
from casework.models.endings import Decision
from casework.stages.active_support import FIRST_SESSION_DAYS
from isva.clock.due import first_contact_standard_due, one_off_days
from isva.clock.moment import LONDON, now, today
from isva.clock.working_days import add_working_days, end_of_day, is_working_day
from isva.pathway import Stage

#: Days ahead of today from which something stands on a worker's list of what is due.
DAYS_AHEAD = 7
#: Working days after a contact within which it says whether plan and risk changed.
ANSWER_DAYS = 2
#: Working days after a safeguarding referral within which its outcome is known.
OUTCOME_DAYS = 5
#: Working days after it was raised within which an urgent allocation is made.
URGENT_DAYS = 1
#: Days for which a manager is told of a contact that broke a client's own rule.
RULE_BROKEN_DAYS = 7
#: More rows than this are not read: a list of so many is not worked off in a day.
MOST_ROWS = 300
#: The largest caseload that is read whole.
MOST_CASES = 300

_CLOSED = Stage.CLOSED.value
_COLUMNS = ("list_kind", "list_case", "list_row", "list_day", "list_detail", "list_place")
#: What stands before what on a manager's list: safety first, then first contact, then everything that is late.
_RANK = {
    "urgent_unseen": 0, "safeguarding_refer": 1, "unheld_risk": 2, "urgent": 3, "safeguarding_outcome": 4,
    "rule_broken": 5, "rule_broken_waiting": 5, "first_contact": 6,
}  # fmt: skip
_LAST = 9


@dataclass(frozen=True)
class Due:
    """One thing that is due on a case: its kind, the row it is about, the day it falls due, a word on it."""

    kind: str
    case_id: object
    row: str
    due_on: dt.date
    detail: str = ""

    @property
    def is_overdue(self) -> bool:
        """Whether the day has passed."""
        return self.due_on < today()


@dataclass(frozen=True)
class News:
    """Something that somebody else did on a case: its kind, when, by whom."""

    kind: str
    case_id: object
    at: dt.datetime
    by: str
    detail: str = ""


def my_cases(user) -> list[Case]:
    """The open cases that ``user`` holds a grant for, next review first; each with its client. One query."""
    moment = now()
    held = Grant.objects.filter(user=user, ended_at__isnull=True, starts_at__lte=moment).exclude(
        until__lte=moment
    )
    cases = Case.objects.visible_to(user).open().filter(pk__in=held.values("case"))
    return list(
        cases.select_related("client").order_by(F("next_review_on").asc(nulls_last=True), "opened_at")[
            :MOST_CASES
        ]
    )


def my_appointments(user, cases: list[Case], *, days: int = 1) -> list[Appointment]:
    """The appointments of ``user`` today (and on the ``days`` that follow, where more than one), in order. One query."""
    start = dt.datetime.combine(today(), dt.time.min, tzinfo=LONDON)
    return list(
        Appointment.objects.filter(
            worker=user,
            case__in=cases,
            cancelled_at__isnull=True,
            at__gte=start,
            at__lt=start + dt.timedelta(days=days),
        ).order_by("at")
    )


def due_on(cases: list[Case]) -> list[Due]:
    """What falls due on these cases by a week from now, the longest overdue first. Two queries (one for the calendar)."""
    keys = [case.pk for case in cases]
    of_mine = {"case__in": keys}
    parts = [
        _reviews(ReviewPoint.objects.filter(**of_mine)),
        _actions(PlanAction.objects.filter(**of_mine)),
        _unanswered(Contact.objects.filter(**of_mine)),
        _first_sessions(Case.objects.filter(pk__in=keys)),
        _not_referred(SafeguardingConcern.objects.filter(**of_mine)),
        _outcomes(SafeguardingConcern.objects.filter(**of_mine)),
        _unrecorded(Appointment.objects.filter(**of_mine)),
    ]
    limit = today() + dt.timedelta(days=DAYS_AHEAD)
    return [due for due in _dated(parts) if due.due_on <= limit] if keys else []


def red_across(user, service) -> list[Due]:
    """What is red in the service, or about to be: urgent allocations, safeguarding, risks that nobody holds,
    contacts against a client's own rule, first contact past the standard, overdue reviews; in this order, and
    within it the longest overdue first. Two queries."""
    cases = Case.objects.visible_to(user).open()
    seen = {"service": service, "case__in": cases.values("pk")}
    day = today()
    parts = [
        _reviews(ReviewPoint.objects.filter(**seen, due_on__lt=day)),
        _not_referred(SafeguardingConcern.objects.filter(**seen)),
        _outcomes(SafeguardingConcern.objects.filter(**seen)),
        _unheld(OnwardReferral.objects.filter(**seen)),
        _against_rules(Contact.objects.filter(**seen)),
        *_against_rules_before_support(cases),
        _urgent(cases),
        _first_contacts(cases.filter(opened_at__lt=end_of_day(day - dt.timedelta(days=1)))),
    ]
    always = {
        "urgent", "urgent_unseen", "safeguarding_refer", "unheld_risk", "rule_broken", "rule_broken_waiting",
    }  # fmt: skip
    red = [due for due in _dated(parts, service) if due.is_overdue or due.kind in always]
    return sorted(red, key=lambda due: _RANK.get(due.kind, _LAST))


def cases_by_key(user, keys) -> dict:
    """The cases with these keys that ``user`` may see, by key, with client and ISVA. One query."""
    cases = Case.objects.visible_to(user).filter(pk__in=set(keys)).select_related("client", "lead_isva")
    return {case.pk: case for case in cases}


def news_for(user, cases: list[Case]) -> list[News]:
    """What others did on these cases since the last working day, latest first. One query."""
    keys = [case.pk for case in cases]
    if not keys:
        return []
    since = _since_last_working_day()
    others = ~Q(recorded_by=user)
    parts = [
        _news(
            Grant.objects.filter(others, case__in=keys, user=user, starts_at__gte=since, ended_at__isnull=True),
            Concat(Value("grant_"), "why"), "starts_at", "recorded_by__name",
        ),
        _news(
            Closure.objects.filter(
                case__in=keys, recorded_by=user, decided_at__gte=since, decision=Decision.SENT_BACK
            ),
            Value("closure_sent_back"), "decided_at", "decided_by__name",
        ),
        _news(
            StepDown.objects.filter(
                case__in=keys, recorded_by=user, decided_at__gte=since,
                decision__in=[Decision.SENT_BACK, Decision.APPROVED],
            ),
            Concat(Value("step_down_"), "decision"), "decided_at", "decided_by__name",
        ),
        _news(
            StepDown.objects.filter(case__in=keys, ended_at__gte=since), Value("stepped_up"), "ended_at", None
        ),
        _news(
            SafeContact.objects.filter(
                others, client__cases__in=keys, standing=SafeContact.Standing.PROPOSED, recorded_at__gte=since
            ),
            Value("contact_proposed"), "recorded_at", "recorded_by__name", case="client__cases",
        ),
        _news(
            SafeguardingConcern.objects.filter(others, case__in=keys, recorded_at__gte=since),
            Value("safeguarding"), "recorded_at", "recorded_by__name",
        ),
        _news(
            Contact.objects.filter(others, case__in=keys, recorded_at__gte=since),
            Value("contact"), "recorded_at", "recorded_by__name",
        ),
    ]  # fmt: skip
    rows = parts[0].union(*parts[1:], all=True).order_by("-news_at")[:MOST_ROWS]
    return [News(kind=kind, case_id=case, at=at, by=by) for kind, case, at, by in rows]


def waiting_for_approval(user, service) -> list[dict]:
    """Closures and step-downs that wait for a manager, oldest first: kind, case, who proposed, when. One query."""
    seen = {
        "service": service,
        "decision": Decision.PROPOSED,
        "case__in": Case.objects.visible_to(user).values("pk"),
    }
    columns = ("list_kind", "case_id", "recorded_by_id", "by_name", "recorded_at")

    def part(model, kind):
        return (
            model.objects.filter(**seen)
            .order_by()
            .annotate(list_kind=Value(kind, output_field=CharField()), by_name=F("recorded_by__name"))
            .values(*columns)
        )

    united = part(Closure, "closure").union(part(StepDown, "step_down"), all=True)
    return list(united.order_by("recorded_at")[:MOST_ROWS])


def stage_counts(user) -> dict[str, dict]:
    """How many cases stand in each open stage, and since when the longest of them: ``count``, ``since``. One query."""
    rows = (
        Case.objects.visible_to(user)
        .open()
        .order_by()
        .values("stage")
        .annotate(count=Count("pk"), since=Min("stage_since"))
    )
    return {row["stage"]: row for row in rows}


# The parts: each gives a kind, the case, the row, the day from which it counts, and a word on it


def _reviews(points: QuerySet) -> QuerySet:
    points = points.filter(done_on__isnull=True).exclude(case__stage=_CLOSED)
    return _part(points, Concat(Value("review_"), "kind"), F("due_on"), detail="why")


def _actions(actions: QuerySet) -> QuerySet:
    actions = actions.filter(outcome=PlanAction.Outcome.OPEN)
    return _part(actions, Value("action"), F("due_on"), detail="what")


def _unanswered(contacts: QuerySet) -> QuerySet:
    return _part(contacts.filter(Q(plan_answer="") | Q(risk_answer="")), Value("contact_open"), _day("at"))


def _first_sessions(cases: QuerySet) -> QuerySet:
    held = Contact.objects.filter(
        case=OuterRef("pk"), purpose=Contact.Purpose.FIRST_SESSION, attendance=Contact.Attendance.ATTENDED
    )
    cases = cases.filter(~Exists(held), stage=Stage.ACTIVE.value)
    return _part(cases, Value("first_session"), _day("stage_since"), case="pk")


def _not_referred(concerns: QuerySet) -> QuerySet:
    concerns = concerns.filter(closed_on__isnull=True, referred_at__isnull=True, not_referred_why="")
    return _part(concerns, Value("safeguarding_refer"), _day("raised_at"), place=0)


def _outcomes(concerns: QuerySet) -> QuerySet:
    concerns = concerns.filter(closed_on__isnull=True).exclude(referred_at__isnull=True, not_referred_why="")
    return _part(concerns, Value("safeguarding_outcome"), _day(Coalesce("referred_at", "raised_at")), place=0)


def _unrecorded(appointments: QuerySet) -> QuerySet:
    appointments = appointments.filter(cancelled_at__isnull=True, contact__isnull=True, at__lt=now())
    return _part(appointments, Value("appointment_open"), _day("at"))


def _unheld(referrals: QuerySet) -> QuerySet:
    referrals = referrals.filter(unheld_risk=True, held_since__isnull=True)
    return _part(referrals, Value("unheld_risk"), _day("recorded_at"), detail="need", place=0)


def _against_rules(contacts: QuerySet) -> QuerySet:
    """Contacts of the last days that broke the client's own rule, each with the reason that was given."""
    since = now() - dt.timedelta(days=RULE_BROKEN_DAYS)
    contacts = contacts.filter(at__gte=since).exclude(against_rule="")
    return _part(contacts, Value("rule_broken"), _day("at"), detail="against_rule", place=0)


def _against_rules_before_support(cases: QuerySet) -> list[QuerySet]:
    """The same for attempts at first contact, and for check-ins with somebody who waits."""
    since = now() - dt.timedelta(days=RULE_BROKEN_DAYS)
    return [
        _part(
            cases.filter(**{f"{kind}__at__gte": since, f"{kind}__against_rule__gt": ""}),
            Value("rule_broken_waiting"),
            _day(f"{kind}__at"),
            case="pk",
            detail=f"{kind}__against_rule",
            place=0,
        )
        for kind in ("contactattempt", "interimreview")
    ]


def _urgent(cases: QuerySet) -> QuerySet:
    """Urgent allocations that are not done, whether a manager has acknowledged them or not."""
    waiting = cases.filter(urgentallocation__isnull=False, urgentallocation__done_at__isnull=True)
    seen = Cast("urgentallocation__acknowledged_at", TextField())
    return _part(
        waiting,
        Value("urgent"),
        _day("urgentallocation__raised_at"),
        case="pk",
        detail=Coalesce(seen, Value("")),
        place=0,
    )


def _first_contacts(cases: QuerySet) -> QuerySet:
    cases = cases.filter(first_contact_at__isnull=True, stage__in=[Stage.REFERRAL.value, Stage.TRIAGE.value])
    return _part(cases, Value("first_contact"), _day("opened_at"), case="pk", place=0)


def _part(rows: QuerySet, kind, day, *, case: str = "case_id", detail="", place: int = 1) -> QuerySet:
    """Rows of one kind in the columns that every part has. What has ``place`` 0 is read before the rest."""
    detail = F(detail) if isinstance(detail, str) and detail else detail or Value("")
    return (
        rows.order_by()
        .annotate(
            list_kind=Cast(kind, TextField()),
            list_case=F(case),
            list_row=Cast("pk", TextField()),
            list_day=day,
            list_detail=Cast(detail, TextField()),
            list_place=Value(place),
        )
        .values_list(*_COLUMNS)
    )


def _day(moment) -> TruncDate:
    return TruncDate(moment, tzinfo=LONDON)


def _dated(parts: list[QuerySet], service=None) -> list[Due]:
    """The united parts as what is due, each on its own day by the rule of its kind; the longest overdue first.

    Where there are more than are read, those with place 0 are read first.
    """
    rows = parts[0].union(*parts[1:], all=True).order_by("list_place", "list_day")[:MOST_ROWS]
    one_off = one_off_days()
    found = []
    for kind, case, row, day, detail, _place in rows:
        if kind == "urgent":
            kind, detail = ("urgent", "") if detail else ("urgent_unseen", "")
        due_day = _falls_due(kind, day, service, one_off)
        found.append(Due(kind=kind, case_id=case, row=row, due_on=due_day, detail=detail))
    return sorted(found, key=lambda due: due.due_on)


def _falls_due(kind: str, day: dt.date, service, one_off: dict) -> dt.date:
    """The day on which a row falls due that counts from ``day``."""
    after = {
        "contact_open": ANSWER_DAYS, "first_session": FIRST_SESSION_DAYS, "safeguarding_outcome": OUTCOME_DAYS,
        "urgent": URGENT_DAYS, "urgent_unseen": URGENT_DAYS,
    }  # fmt: skip
    if kind in after:
        return add_working_days(day, after[kind], one_off=one_off)
    if kind == "safeguarding_refer" and not is_working_day(day, one_off=one_off):
        return add_working_days(day, 1, one_off=one_off)
    if kind.startswith("rule_broken"):  # told until then, never overdue
        return day + dt.timedelta(days=RULE_BROKEN_DAYS)
    if kind == "first_contact":
        received = dt.datetime.combine(day, dt.time(12), tzinfo=LONDON)
        return first_contact_standard_due(received, service, one_off=one_off).date()
    return day


def _news(rows: QuerySet, kind, at: str, by: str | None, *, case: str = "case_id") -> QuerySet:
    return (
        rows.order_by()
        .annotate(
            news_kind=Cast(kind, TextField()),
            news_case=F(case),
            news_at=Cast(at, DateTimeField()),
            news_by=Cast(F(by) if by else Value(""), TextField()),
        )
        .values_list("news_kind", "news_case", "news_at", "news_by")
    )


def _since_last_working_day() -> dt.datetime:
    """The beginning of the working day before today: after a weekend, news of the weekend is not missed."""
    day = today() - dt.timedelta(days=1)
    while not is_working_day(day):
        day -= dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time.min, tzinfo=LONDON)
