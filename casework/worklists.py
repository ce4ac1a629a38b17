"""What is due, overdue or new, as plain rows: the one place where *My day* and *Service today* ask.

What is due comes from the rules of the clock (``isva/clock/rules.py``): the database unites what they look at, so that
a list costs one query whatever stands on it. Names come with the cases, which are read through the door.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import CharField, Count, DateTimeField, F, Min, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from casework.models import (
    Appointment,
    Case,
    Closure,
    Contact,
    Grant,
    Note,
    SafeContact,
    SafeguardingConcern,
    StepDown,
)
from casework.models.endings import Decision
from isva.clock.moment import LONDON, now, today
from isva.clock.rules import DAYS_AHEAD, About, Due, Scope, Who, all_rules, ask
from isva.clock.terms import Terms, terms_of
from isva.clock.working_days import end_of_day, is_working_day

#: More rows than this are not read: a list of so many is not worked off in a day.
MOST_ROWS = 300
#: The largest caseload that is read whole.
MOST_CASES = 300

#: Whose work stands on *My day*: a case is on it by a grant, so what waits with a coordinator is theirs where they keep in touch.
_THE_WORKERS = (Who.ISVA, Who.COORDINATOR)


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


def due_on(cases: list[Case], service=None) -> list[Due]:
    """What falls due on these cases by a week from now, the longest overdue first: what is the worker's to do.

    Two queries, and one for the numbers of the service.
    """
    if not cases:
        return []
    rules = [rule for rule in all_rules(about=About.CASE) if rule.belongs_to in _THE_WORKERS and rule.asks]
    scope = Scope(service or cases[0].service, _ahead(DAYS_AHEAD), cases=[case.pk for case in cases])
    return [due for due in ask(rules, scope, most=MOST_ROWS) if _is_shown(due)]


def red_across(user, service) -> list[Due]:
    """What is a manager's to act on: everything at once, what is theirs, and what is red and has come up to them.

    In the order of harm; within it the longest overdue first. Two queries, and one for the numbers of the service.
    """
    cases = Case.objects.visible_to(user)  # each rule says itself whether it asks of closed ones
    rules = [
        rule
        for rule in all_rules(about=About.CASE)
        if rule.at_once or Who.MANAGER in (rule.belongs_to, rule.then)
    ]
    found = ask(rules, Scope(service, _ahead(DAYS_AHEAD), cases=cases.values("pk")), most=MOST_ROWS)
    terms = terms_of(service)
    red = [due for due in found if due.rule.at_once or not due.rule.asks or _has_come_up(due, terms)]
    return sorted(_said_once(red), key=lambda due: due.rule.rank)


def ask_on_cases(user, service, rules, *, until: dt.datetime) -> list[Due]:
    """What is due by these rules on the open cases that ``user`` may see, by rank, then the longest overdue first."""
    cases = Case.objects.visible_to(user).open()
    found = ask(rules, Scope(service, until, cases=cases.values("pk")), most=MOST_ROWS)
    return sorted(found, key=lambda due: due.rule.rank)


def red_beside_cases(service) -> list[Due]:
    """What is a manager's to act on beside cases (supervision, say), the gravest first. One query and the numbers."""
    rules = [rule for rule in all_rules(about=About.SERVICE) if Who.MANAGER in (rule.belongs_to, rule.then)]
    terms = terms_of(service)
    red = [
        due
        for due in ask(rules, Scope(service, now()), terms=terms, most=MOST_ROWS)
        if _has_come_up(due, terms)
    ]
    return sorted(_said_once(red), key=lambda due: due.rule.rank)


def due_beside_cases(user, service) -> list[Due]:
    """What is a person's own beside cases (an action from supervision, say), as it comes onto lists. One query."""
    rules = [rule for rule in all_rules(about=About.SERVICE) if rule.belongs_to is Who.PERSON]
    furthest = max((rule.shown_from for rule in rules), default=DAYS_AHEAD)
    found = ask(rules, Scope(service, _ahead(furthest)), most=MOST_ROWS, holder=user.pk)
    return [due for due in found if _is_shown(due)]


def _has_come_up(due: Due, terms: Terms) -> bool:
    """Whether something is red and, where it is somebody else's first, has been for as long as its rule says."""
    if not due.is_overdue:
        return False
    after = 0 if due.rule.belongs_to is Who.MANAGER else due.rule.then_after
    return not after or terms.now().working_day(due.due_on, after) < today()


def _said_once(red: list[Due]) -> list[Due]:
    """Where a graver rule waits for the same, it says it all: first contact past the standard, not past the target as well."""
    said = {(due.rule.graver_than, due.case_id or due.record) for due in red if due.rule.graver_than}
    return [due for due in red if (due.kind, due.case_id or due.record) not in said]


def _ahead(days: int) -> dt.datetime:
    return end_of_day(today() + dt.timedelta(days=days))


def _is_shown(due: Due) -> bool:
    """Whether the days ahead for which its rule puts it on a list have begun."""
    return due.due_on <= today() + dt.timedelta(days=due.rule.shown_from)


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
        *(
            _news(
                SafeContact.objects.filter(
                    ~Q(**{f"{who}_by": user}), client__cases__in=keys, **{f"{who}_at__gte": since}
                ),
                Value(kind), f"{who}_at", f"{who}_by__name", case="client__cases",
            )
            for kind, who in (
                ("contact_in_use", "seconded"), ("contact_stopped", "stopped"), ("contact_rules", "rules_changed")
            )
        ),
        _news(
            SafeguardingConcern.objects.filter(others, case__in=keys, recorded_at__gte=since),
            Value("safeguarding"), "recorded_at", "recorded_by__name",
        ),
        _news(
            Note.objects.filter(others, case__in=keys, recorded_at__gte=since),
            Value("note"), "recorded_at", "recorded_by__name",
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
