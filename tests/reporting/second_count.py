"""Every measure counted a second time, in plain Python over rows fetched flat: written from the definitions, not from the
queries. Used by tests alone."""

import datetime as dt
import itertools
from collections import defaultdict
from dataclasses import dataclass, field

from casework.models import (
    Agency,
    Appointment,
    Case,
    Client,
    ClientAgreement,
    Closure,
    ComplexityReading,
    Contact,
    JusticeUpdate,
    OnwardReferral,
    PlanAction,
    ReviewPoint,
    SafeguardingConcern,
    SasReview,
    SasScore,
    StageEntry,
)  # fmt: skip
from isva.accounts.models import Leave, Membership
from isva.clock.due import first_contact_standard_due, first_contact_target_due
from isva.clock.moment import LONDON
from isva.clock.terms import terms_of
from referrals.models import InformationRequest, Referral
from supervision.models import ClinicalSession, ManagementSession, Training
from triage.models import Allocation, ContactAttempt, InterimReview, TriageAssessment, UrgentAllocation

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
WAITING, CARRIED = {"interim", "allocation"}, {"active", "stepped_down"}
_OF_CASES = (
    StageEntry, Contact, Appointment, SafeguardingConcern, ClientAgreement, PlanAction, OnwardReferral, SasReview, SasScore,
    ComplexityReading, JusticeUpdate, Closure, ReviewPoint, Referral, InformationRequest, ContactAttempt, TriageAssessment,
    InterimReview, UrgentAllocation, Allocation,
)  # fmt: skip


@dataclass
class Row:
    """One counted case (or worker): in the numerator or not, its value, its own lines."""

    case: object
    hit: bool = True
    value: float | None = None
    own: dict = field(default_factory=dict)


def london(moment):
    return moment.astimezone(LONDON).date()


class SecondCount:
    """All rows of a service, flat, and the measures over them for one period."""

    def __init__(self, service, now: dt.datetime):
        self.service, self.now = service, now
        self.today = london(now)
        self.of: dict = {model: defaultdict(list) for model in _OF_CASES}
        for model in _OF_CASES:
            for row in model._base_manager.filter(service=service).order_by("pk").values():
                self.of[model][row["case_id"]].append(row)
        clients = {row["id"]: row for row in Client._base_manager.filter(service=service).values()}
        self.all_cases = {row["id"]: row for row in Case._base_manager.filter(service=service).values()}
        self.client = {key: clients[row["client_id"]] for key, row in self.all_cases.items()}
        self.agency = {
            row["id"]: row["kind"] for row in Agency._base_manager.filter(service=service).values()
        }
        self.scores = defaultdict(dict)
        for rows in self.of[SasScore].values():
            for row in rows:
                self.scores[row["review_id"]][row["domain"]] = (row["risk"], row["need"])
        order = ["referral", "triage", "interim", "allocation", "active", "stepped_down", "closed"]
        self.stays, self.courses = {}, {}
        for key in self.all_cases:
            stays = sorted(
                self.of[StageEntry][key],
                key=lambda s: (
                    s["entered_at"],
                    s["left_at"] or dt.datetime.max.replace(tzinfo=dt.UTC),
                    order.index(s["stage"]),
                ),
            )
            self.stays[key], self.courses[key] = stays, self.split(stays)

    @staticmethod
    def split(stays: list) -> list[list]:
        """The stays of a case as its courses: each ends with a closure."""
        courses: list[list] = [[]]
        for stay in stays:
            courses[-1].append(stay)
            if stay["stage"] == "closed":
                courses.append([])
        return [course for course in courses if course]

    def over(self, period, *, area=None, planned=None, keep=lambda key: True):
        """Count for a period, an area, and the cases that ``keep`` lets through."""
        self.period, self.planned = period, planned or {"work_done", "justice_ended", "needs_met_elsewhere"}
        self.first, self.last = period.first_day, period.last_day
        self.last_come = min(self.last, self.today)  # the last day of it that has come
        self.known: dict = {}
        self.cases = [
            key for key in self.all_cases
            if (area is None or self.client[key]["area"] == area) and keep(key)
        ]  # fmt: skip
        return self

    # in the period, or as it stood when it ended

    def inside(self, moment) -> bool:
        return moment is not None and self.first <= london(moment) <= self.last

    def on(self, day) -> bool:
        return day is not None and self.first <= day <= self.last

    def by_the_end(self, moment) -> bool:
        return london(moment) <= self.last

    def referral(self, key) -> dict:
        return (self.of[Referral][key] or [None])[0] or {}

    def received(self, key):
        return self.stays[key][0]["entered_at"]

    def at_the_end(self, key):
        """The stay in which a case was when the period ended; None where it was not there yet."""
        for stay in self.stays[key]:
            if self.by_the_end(stay["entered_at"]) and (
                stay["left_at"] is None or not self.by_the_end(stay["left_at"])
            ):
                return stay
        return None

    def stands_in(self, stages) -> list:
        return [key for key in self.cases if (stay := self.at_the_end(key)) and stay["stage"] in stages]

    def latest(self, model, key, when, wanted=lambda row: True):
        rows = [row for row in self.of[model][key] if self.by_the_end(row[when]) and wanted(row)]
        return max(rows, key=lambda row: (row[when], row["recorded_at"]), default=None)

    # breakdowns of a case

    def line(self, dimension: str, key) -> str:
        """The line of a breakdown that a case falls under; nothing where that is not recorded."""
        if (dimension, key) not in self.known:
            self.known[dimension, key] = self.find_line(dimension, key)
        return self.known[dimension, key]

    def find_line(self, dimension: str, key) -> str:
        client, referral = self.client[key], self.referral(key)
        if dimension in ("cohort", "age"):
            return self.age(dimension, key)
        if dimension == "justice_stage":
            return self.justice(key)
        if dimension == "justice":
            return self.justice_group(self.justice(key))
        if dimension == "risk":
            found = self.latest(SasReview, key, "reviewed_at")
            return found["risk"] if found else ""
        if dimension == "complexity":
            found = self.latest(ComplexityReading, key, "at")
            return found["band"] if found else ""
        if dimension == "violence":
            return referral.get("violence_type", "")
        if dimension in ("source", "route", "reported", "recency", "relationship"):
            return referral.get(dimension, "")
        return client[dimension]

    def age(self, dimension: str, key) -> str:
        client, day = self.client[key], london(self.received(key))
        if born := client["date_of_birth"]:
            years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        elif client["age_given"] is not None and client["age_given_on"]:
            years = client["age_given"] + max(0, (day - client["age_given_on"]).days // 365)
        else:
            return ""
        if dimension == "cohort":
            return "child" if years < 18 else "adult"
        return max((band for band in (0, 13, 18, 25, 35, 45, 55, 65) if band <= years), default="").__str__()

    def justice(self, key) -> str:
        updates = self.of[JusticeUpdate][key]
        known = [row for row in updates if row["since"] <= self.last]
        if known:
            return max(known, key=lambda row: (row["since"], row["recorded_at"]))["stage"]
        if not updates:
            return self.all_cases[key]["justice_stage"]
        said = self.referral(key).get("reported", "")
        return {"yes": "investigation", "no": "not_reported", "considering": "considering"}.get(
            said, "unknown"
        )

    @staticmethod
    def justice_group(stage: str) -> str:
        return {
            "not_reported": "not_reported", "considering": "not_reported", "investigation": "investigation",
            "interviewed": "investigation", "with_cps": "investigation", "review": "investigation", "nfa_police": "nfa",
            "nfa_cps": "nfa", "charged": "court", "plea_hearing": "court", "awaiting_trial": "court", "trial": "court",
            "retrial": "court", "awaiting_sentence": "court", "appeal": "court", "convicted": "ended", "acquitted": "ended",
            "sentenced": "ended", "discontinued": "ended", "out_of_court": "ended", "withdrew": "withdrew", "unknown": "unknown",
        }[stage]  # fmt: skip

    # demand

    def in_demand(self) -> list:
        return [key for key in self.cases if self.inside(self.received(key))]

    def referrals(self):
        return [Row(key) for key in self.in_demand()]

    def already_open(self):
        return [
            Row(key, self.referral(key).get("already_open_as_id") is not None) for key in self.in_demand()
        ]

    def immediate_safety(self):
        return [
            Row(
                key,
                self.referral(key).get("safety_answer") == "yes"
                or bool(self.referral(key).get("safety_concerns")),
            )
            for key in self.in_demand()
        ]

    def outside_usual(self):
        return [Row(key, bool(self.referral(key).get("outside_usual"))) for key in self.in_demand()]

    def agency_returned(self):
        return [Row(key, bool(self.of[InformationRequest][key])) for key in self.in_demand()]

    def reopened(self):
        return [
            Row(key) for key in self.cases
            if any(stay["stage"] == "closed" and self.inside(stay["left_at"]) for stay in self.stays[key])
        ]  # fmt: skip

    # access

    def first_contact(self, key):
        moments = [row["at"] for row in self.of[ContactAttempt][key] if row["outcome"] == "told"]
        moments += [row["at"] for row in self.of[InterimReview][key] if row["reached"]]
        moments += [
            row["at"] for row in self.of[Contact][key]
            if row["attendance"] == "attended" and row["with_whom"] in ("client", "safe_parent")
        ]  # fmt: skip
        return min(moments, default=None)

    def newly_referred(self) -> list:
        return [key for key in self.in_demand() if not self.referral(key).get("already_open_as_id")]

    def reached_by(self, due):
        rows, terms = [], terms_of(self.service)
        for key in self.newly_referred():
            received, reached = self.received(key), self.first_contact(key)
            by = due(received, terms.at(received))
            if reached is not None:
                rows.append(Row(key, reached <= by))
            elif by < self.now:
                rows.append(Row(key, False))
        return rows

    def contact_within_target(self):
        return self.reached_by(first_contact_target_due)

    def contact_within_standard(self):
        return self.reached_by(first_contact_standard_due)

    def days_to_contact(self):
        return [
            Row(key, value=(reached - self.received(key)) / DAY)
            for key in self.newly_referred() if (reached := self.first_contact(key))
        ]  # fmt: skip

    def attempts(self):
        return [
            Row(key, value=1, own={"method": row["method"], "result": row["outcome"]})
            for key in self.cases for row in self.of[ContactAttempt][key] if self.inside(row["at"])
        ]  # fmt: skip

    # triage

    def decided(self) -> dict:
        found = {}
        for key in self.cases:
            rows = [row for row in self.of[TriageAssessment][key] if self.inside(row["completed_at"])]
            if rows:
                found[key] = max(rows, key=lambda row: (row["completed_at"], row["recorded_at"]))["outcome"]
        return found

    def triage_outcomes(self):
        return [Row(key, own={"triage_outcome": outcome}) for key, outcome in self.decided().items()]

    def ended_as(self, outcome):
        return [Row(key, found == outcome) for key, found in self.decided().items()]

    def advice(self):
        return self.ended_as("advice")

    def unable_to_contact(self):
        return self.ended_as("unable")

    def declined_at_triage(self):
        return self.ended_as("declined")

    def urgent_at_triage(self):
        return self.ended_as("allocate_now")

    def days_to_triage(self):
        found = {}
        for key in self.cases:
            for course in self.courses[key]:
                left = [stay["left_at"] for stay in course if stay["stage"] == "triage" and stay["left_at"]]
                if left and self.inside(min(left)):
                    found[key] = (min(left) - course[0]["entered_at"]) / DAY
        return [Row(key, value=value) for key, value in found.items()]

    # waiting

    def waiting(self):
        return [Row(key) for key in self.stands_in(WAITING)]

    def days_waiting(self):
        until = min(self.period.ends, self.now)
        rows = []
        for key in self.stands_in(WAITING):
            begun = [
                course[0]["entered_at"]
                for course in self.courses[key]
                if self.by_the_end(course[0]["entered_at"])
            ]
            rows.append(Row(key, value=(until - max(begun)) / DAY))
        return rows

    def days_to_support(self):
        found = {}
        for key in self.cases:
            for course in self.courses[key]:
                began = [stay["entered_at"] for stay in course if stay["stage"] == "active"]
                if began and self.inside(began[0]):
                    found[key] = (began[0] - course[0]["entered_at"]) / DAY
        return [Row(key, value=value) for key, value in found.items()]

    def interim_reviews_on_time(self):
        rows = []
        for key in self.cases:
            due = [
                row for row in self.of[ReviewPoint][key]
                if row["kind"] == "interim" and self.on(row["due_on"]) and (row["done_on"] or row["due_on"] < self.today)
            ]  # fmt: skip
            if due:
                rows.append(Row(key, all(row["done_on"] and row["done_on"] <= row["due_on"] for row in due)))
        return rows

    def who_waited(self) -> list:
        return [
            key for key in self.cases
            if any(
                stay["stage"] in WAITING and self.by_the_end(stay["entered_at"])
                and (stay["left_at"] is None or stay["left_at"] > self.period.begins)
                for stay in self.stays[key]
            )
        ]  # fmt: skip

    def escalated_waiting(self):
        def while_waiting(key, moment):
            return any(
                stay["stage"] in WAITING
                and stay["entered_at"] < moment
                and (stay["left_at"] is None or moment <= stay["left_at"])
                for stay in self.stays[key]
            )

        return [
            Row(
                key,
                any(
                    self.inside(row["raised_at"]) and while_waiting(key, row["raised_at"])
                    for row in self.of[UrgentAllocation][key]
                ),
            )
            for key in self.who_waited()
        ]

    def check_ins(self):
        return [
            Row(key, value=1, own={"method": row["method"], "reached": "yes" if row["reached"] else "no"})
            for key in self.cases for row in self.of[InterimReview][key] if self.inside(row["at"])
        ]  # fmt: skip

    def left_waiting(self):
        return [
            Row(key) for key in self.cases
            if any(
                after["stage"] == "closed" and before["stage"] in WAITING and self.inside(after["entered_at"])
                for before, after in zip(self.stays[key], self.stays[key][1:], strict=False)
            )
        ]  # fmt: skip

    # allocation

    def allocations(self, key) -> list:
        return sorted(self.of[Allocation][key], key=lambda row: (row["allocated_at"], row["id"]))

    def of_the_period(self) -> dict:
        found = {}
        for key in self.cases:
            rows = [row for row in self.allocations(key) if self.inside(row["allocated_at"])]
            if rows:
                found[key] = max(rows, key=lambda row: (row["allocated_at"], row["recorded_at"]))
        return found

    def allocated(self):
        return [Row(key) for key in self.of_the_period()]

    def days_to_allocate(self):
        found = {}
        for key in self.cases:
            for before, after in zip(self.stays[key], self.stays[key][1:], strict=False):
                if (before["stage"], after["stage"]) == ("allocation", "active") and self.inside(
                    after["entered_at"]
                ):
                    found[key] = (after["entered_at"] - before["entered_at"]) / DAY
        return [Row(key, value=value) for key, value in found.items()]

    def advice_not_followed(self):
        return [Row(key, row["override_reason"] != "") for key, row in self.of_the_period().items()]

    def changed_worker(self):
        rows = []
        for key in self.cases:
            allocations = self.allocations(key)
            closed = [stay["entered_at"] for stay in self.stays[key] if stay["stage"] == "closed"]
            if any(
                self.inside(after["allocated_at"]) and before["isva_id"] != after["isva_id"]
                and not any(before["allocated_at"] <= moment <= after["allocated_at"] for moment in closed)
                for before, after in itertools.pairwise(allocations)
            ):  # fmt: skip
                rows.append(Row(key))
        return rows

    def first_session_on_time(self):
        rows = []
        for key, row in self.of_the_period().items():
            due = row["first_session_due_on"]
            held = [
                london(one["at"]) for one in self.of[Contact][key]
                if one["purpose"] == "first_session" and one["attendance"] == "attended" and one["at"] >= row["allocated_at"]
            ]  # fmt: skip
            if due and (held or due < self.today):
                rows.append(Row(key, bool(held) and min(held) <= due))
        return rows

    # caseload

    def open_cases(self):
        return [
            Row(key, own={"stage": stay["stage"]}) for key in self.cases
            if (stay := self.at_the_end(key)) and stay["stage"] != "closed"
        ]  # fmt: skip

    def carried(self) -> list:
        return self.stands_in(CARRIED)

    def caseload(self):
        return [Row(key, own={"carried": self.at_the_end(key)["stage"]}) for key in self.carried()]

    def weighted_caseload(self):
        weights = {
            "lower": float(self.service.weight_lower), "medium": float(self.service.weight_medium),
            "higher": float(self.service.weight_higher), "": float(self.service.weight_lower),
        }  # fmt: skip
        return [
            Row(
                key,
                value=weights[self.line("complexity", key)]
                * (0.25 if self.at_the_end(key)["stage"] == "stepped_down" else 1),
            )
            for key in self.carried()
        ]

    def caseload_bands(self):
        cases = defaultdict(int)
        for key in self.carried():
            for row in self.of[Allocation][key]:
                if self.by_the_end(row["allocated_at"]) and (
                    row["ended_at"] is None or not self.by_the_end(row["ended_at"])
                ):
                    cases[row["isva_id"]] += 1
        return [
            Row(worker, own={"band": str(max(band for band in (1, 10, 20, 30, 40, 50) if band <= number))})
            for worker, number in cases.items()
        ]

    def agreement_in_place(self):
        return [
            Row(key, any(row["agreed_on"] <= self.last for row in self.of[ClientAgreement][key]))
            for key in self.carried()
        ]

    def full_assessment_in_place(self):
        return [
            Row(
                key,
                any(
                    row["kind"] == "full" and self.by_the_end(row["reviewed_at"])
                    for row in self.of[SasReview][key]
                ),
            )
            for key in self.carried()
        ]

    def actions_in_place(self):
        return [
            Row(key, any(self.by_the_end(row["recorded_at"]) for row in self.of[PlanAction][key]))
            for key in self.carried()
        ]

    def stage_moves(self):
        return [
            Row(key, own={"into": stage}) for key in self.cases
            for stage in sorted({stay["stage"] for stay in self.stays[key] if self.inside(stay["entered_at"])})
        ]  # fmt: skip

    def days_in_stage(self):
        found = {}
        for key in self.cases:
            ended = [
                stay for stay in self.stays[key] if stay["stage"] != "closed" and self.inside(stay["left_at"])
            ]
            for stay in sorted(ended, key=lambda stay: (stay["left_at"], stay["entered_at"])):
                found[key, stay["stage"]] = (stay["left_at"] - stay["entered_at"]) / DAY
        return [Row(key, value=value, own={"out_of": stage}) for (key, stage), value in found.items()]

    # active support

    def contacts_of(self, key, wanted=lambda row: row["attendance"] == "attended") -> list:
        return [row for row in self.of[Contact][key] if self.inside(row["at"]) and wanted(row)]

    def contacts(self):
        return [
            Row(key, value=1, own={name: row[name] for name in ("mode", "purpose", "with_whom")})
            for key in self.cases for row in self.contacts_of(key)
        ]  # fmt: skip

    def contact_hours(self):
        return [
            Row(key, value=row["minutes"] / 60, own={name: row[name] for name in ("mode", "purpose")})
            for key in self.cases for row in self.contacts_of(key) if row["minutes"] is not None
        ]  # fmt: skip

    def missed(self):
        return [
            Row(key, value=1, own={"attendance": row["attendance"], "mode": row["mode"]})
            for key in self.cases for row in self.contacts_of(key, lambda row: row["attendance"] != "attended")
        ]  # fmt: skip

    def court_days(self):
        days = {
            key: {london(row["at"]) for row in self.contacts_of(key) if row["mode"] == "court"}
            for key in self.cases
        }
        return [Row(key, value=len(found)) for key, found in days.items() if found]

    def court_cancelled(self):
        return [
            Row(key, value=1) for key in self.cases for row in self.of[Appointment][key]
            if self.inside(row["at"]) and row["mode"] == "court" and row["cancelled_at"]
            and dt.timedelta(0) <= row["at"] - row["cancelled_at"] < dt.timedelta(hours=48)
        ]  # fmt: skip

    def contacts_answered(self):
        rows = []
        for key in self.cases:
            own = self.contacts_of(
                key,
                lambda row: row["attendance"] == "attended" and row["with_whom"] in ("client", "safe_parent"),
            )
            if own:
                rows.append(Row(key, all(row["plan_answer"] and row["risk_answer"] for row in own)))
        return rows

    def crisis(self):
        return [
            Row(key) for key in self.cases if any(row["purpose"] == "crisis" for row in self.contacts_of(key))
        ]

    def supported(self):
        return [
            Row(key) for key in self.cases
            if any(
                stay["stage"] in CARRIED and self.by_the_end(stay["entered_at"])
                and (stay["left_at"] is None or stay["left_at"] > self.period.begins)
                for stay in self.stays[key]
            )
        ]  # fmt: skip

    def concerns(self, key) -> list:
        return [row for row in self.of[SafeguardingConcern][key] if self.inside(row["raised_at"])]

    def safeguarding(self):
        return [
            Row(key, own={"who": who})
            for key in self.cases
            for who in sorted({row["who"] for row in self.concerns(key)})
        ]

    def safeguarding_same_day(self):
        rows = []
        for key in self.cases:
            referred = [row for row in self.concerns(key) if row["referred_at"]]
            if referred:
                rows.append(
                    Row(key, all(london(row["referred_at"]) == london(row["raised_at"]) for row in referred))
                )
        return rows

    # risk and need

    def ended_courses(self) -> dict:
        """The last course of support of each case that ended in the period."""
        found = {}
        for key in self.cases:
            for course in self.courses[key]:
                if (
                    course[-1]["stage"] == "closed"
                    and self.inside(course[-1]["entered_at"])
                    and any(s["stage"] == "active" for s in course)
                ):
                    found[key] = course
        return found

    def first_and_last(self) -> dict:
        """Of each case, of the last ended course that has both: its first full and its last final review."""
        found = {}
        for key in self.cases:
            for course in self.courses[key]:
                if (
                    course[-1]["stage"] != "closed"
                    or not self.inside(course[-1]["entered_at"])
                    or not any(s["stage"] == "active" for s in course)
                ):
                    continue
                begun, closed = course[0]["entered_at"], course[-1]["entered_at"]
                full = [
                    row
                    for row in self.of[SasReview][key]
                    if row["kind"] == "full" and begun <= row["reviewed_at"] <= closed
                ]
                if not full:
                    continue
                first = min(full, key=lambda row: (row["reviewed_at"], row["recorded_at"]))
                final = [
                    row
                    for row in self.of[SasReview][key]
                    if row["kind"] == "final" and first["reviewed_at"] <= row["reviewed_at"] <= closed
                ]
                if final:
                    found[key] = (
                        first["id"],
                        max(final, key=lambda row: (row["reviewed_at"], row["recorded_at"]))["id"],
                    )
        return found

    def significant(self, which: int, part: int):
        rows = []
        for key, pair in self.first_and_last().items():
            for domain in set(self.scores[pair[0]]) & set(self.scores[pair[1]]):
                rows.append(Row(key, self.scores[pair[which]][domain][part] >= 2, own={"domain": domain}))
        return rows

    def need_at_start(self):
        return self.significant(0, 1)

    def need_at_end(self):
        return self.significant(1, 1)

    def risk_at_start(self):
        return self.significant(0, 0)

    def risk_at_end(self):
        return self.significant(1, 0)

    def significant_now(self, part: int):
        rows = []
        for key in self.carried():
            review = self.latest(SasReview, key, "reviewed_at", lambda row: row["kind"] != "screening")
            for domain, scores in self.scores[review["id"]].items() if review else ():
                rows.append(Row(key, scores[part] >= 2, own={"domain": domain}))
        return rows

    def need_latest(self):
        return self.significant_now(1)

    def risk_latest(self):
        return self.significant_now(0)

    def improved(self):
        rows = []
        for key, (first, last) in self.first_and_last().items():
            both = set(self.scores[first]) & set(self.scores[last])
            if both:
                before, after = (
                    sum(sum(self.scores[one][domain]) for domain in both) for one in (first, last)
                )
                rows.append(Row(key, after < before))
        return rows

    # onward

    def onward_referrals(self):
        return [
            Row(key, value=1, own={"agency": self.agency.get(row["agency_id"], ""), "answer": row["answer"]})
            for key in self.cases for row in self.of[OnwardReferral][key] if self.on(row["sent_on"])
        ]  # fmt: skip

    def days_to_answer(self):
        found = {}
        for key in self.cases:
            rows = [
                row
                for row in self.of[OnwardReferral][key]
                if row["sent_on"] and row["agency_id"] and self.on(row["answered_on"])
            ]
            if rows:
                rows.sort(key=lambda row: (row["answered_on"], row["sent_on"]))
                best = [
                    row
                    for row in rows
                    if (row["answered_on"], row["sent_on"]) == (rows[-1]["answered_on"], rows[-1]["sent_on"])
                ]
                found[key] = (best[0]["answered_on"] - best[0]["sent_on"]).days
        return [Row(key, value=value) for key, value in found.items()]

    def unmet_need(self):
        return [
            Row(key, own={"domain": domain}) for key in self.cases
            for domain in sorted({row["domain"] for row in self.of[OnwardReferral][key] if row["answer"] == "no_service" and self.inside(row["recorded_at"])})
        ]  # fmt: skip

    def unheld_risk(self):
        return [
            Row(key) for key in self.cases
            if any(
                row["unheld_risk"] and self.by_the_end(row["recorded_at"]) and (row["held_since"] is None or row["held_since"] > self.last)
                for row in self.of[OnwardReferral][key]
            )
        ]  # fmt: skip

    # justice

    def turned(self, stage) -> list:
        return [
            key
            for key in self.cases
            if any(row["stage"] == stage and self.on(row["since"]) for row in self.of[JusticeUpdate][key])
        ]

    def no_further_action(self):
        return [
            Row(key, own={"decided_by": by}) for by in ("nfa_police", "nfa_cps") for key in self.turned(by)
        ]

    def charged(self):
        return [Row(key) for key in self.turned("charged")]

    def days_in_justice_stage(self):
        found = {}
        for key in self.cases:
            rows = sorted(
                self.of[JusticeUpdate][key], key=lambda row: (row["since"], row["recorded_at"], row["id"])
            )
            spells = [
                (after["since"], before["since"], before["stage"])
                for before, after in itertools.pairwise(rows) if self.on(after["since"])
            ]  # fmt: skip
            for until, since, stage in sorted(spells, key=lambda one: (one[0], -one[1].toordinal())):
                found[key, stage] = (until - since).days
        return [Row(key, value=value, own={"left": stage}) for (key, stage), value in found.items()]

    def weeks_of_support(self):
        return [
            Row(
                key,
                value=sum(
                    (stay["left_at"] - stay["entered_at"] for stay in course if stay["stage"] in CARRIED),
                    dt.timedelta(),
                )
                / WEEK,
            )
            for key, course in self.ended_courses().items()
        ]

    # closures

    def endings(self) -> dict:
        found = {}
        for key, course in self.ended_courses().items():
            began = next(stay["entered_at"] for stay in course if stay["stage"] == "active")
            rows = [
                row for row in self.of[Closure][key]
                if row["decision"] == "approved" and began <= row["decided_at"] <= course[-1]["entered_at"] + dt.timedelta(hours=1)
            ]  # fmt: skip
            found[key] = max(rows, key=lambda row: (row["decided_at"], row["recorded_at"]), default=None)
        return found

    def closures(self):
        return [Row(key, own={"reason": row["reason"] if row else ""}) for key, row in self.endings().items()]

    def of_endings(self, hit):
        return [Row(key, bool(row and hit(row))) for key, row in self.endings().items()]

    def planned_closures(self):
        return self.of_endings(lambda row: row["reason"] in self.planned)

    def return_explained(self):
        return self.of_endings(lambda row: row["return_explained"])

    def onward_support(self):
        return self.of_endings(lambda row: row["onward_support"] != "")

    def feedback_invited(self):
        return self.of_endings(lambda row: row["feedback_invited"])

    # workforce

    def carrying(self) -> list:
        return [
            one for one in Membership._base_manager.filter(service=self.service)
            if {"isva", "trainee"} & set(one.roles) and one.starts_on <= self.last_come and (one.ends_on is None or one.ends_on >= self.last_come)
        ]  # fmt: skip

    def held(self, model, days, **wanted):
        rows = model._base_manager.filter(service=self.service, **wanted).values_list(
            "arrangement__membership", "held_on"
        )
        held = {
            member for member, day in rows if self.last_come - dt.timedelta(days=days) < day <= self.last_come
        }
        return [Row(one.user_id, one.pk in held) for one in self.carrying()]

    def clinical_supervision(self):
        return self.held(ClinicalSession, 91, outcome="attended")

    def management_supervision(self):
        return self.held(ManagementSession, 28)

    def qualified(self):
        held = {
            row["membership_id"] for row in Training._base_manager.filter(service=self.service, kind="qualification", status="held").values()
            if row["taken_on"] <= self.last_come and (row["expires_on"] is None or self.last_come <= row["expires_on"])
        }  # fmt: skip
        return [Row(one.user_id, one.pk in held) for one in self.carrying()]

    def training_lost(self):
        rows = Training._base_manager.filter(service=self.service, status="cancelled").values_list(
            "membership__user", "cancelled_why", "taken_on"
        )
        return [
            Row(user, own={"why": why})
            for user, why in {(user, why) for user, why, day in rows if self.on(day)}
        ]

    def absence(self):
        away = defaultdict(int)
        for row in Leave._base_manager.filter(service=self.service):
            days = (
                row.first_day + dt.timedelta(days=n) for n in range((row.last_day - row.first_day).days + 1)
            )
            away[row.membership_id] += sum(self.on(day) and day <= self.today for day in days)
        return [
            Row(one.user_id, own={"away": str(max(band for band in (0, 1, 6, 21) if band <= away[one.pk]))})
            for one in self.carrying()
        ]

    # figures

    def figure(self, kind: str, rows: list[Row]) -> tuple:
        """What ``rows`` come to, as the columns of the kind: counts of people, a median, a sum."""
        people = {row.case for row in rows}
        if kind == "count":
            return (len(people),)
        if kind == "share":
            return len({row.case for row in rows if row.hit}), len(people)
        values = sorted(row.value for row in rows)
        if kind == "amount":
            return len(people), round(sum(values), 6)
        return len(people), self.percentile(values, 0.5), self.percentile(values, 0.9)

    @staticmethod
    def percentile(values: list[float], part: float):
        """Between the two values on either side of the place, in proportion."""
        if not values:
            return None
        place = part * (len(values) - 1)
        low = int(place)
        high = min(low + 1, len(values) - 1)
        return round(values[low] + (values[high] - values[low]) * (place - low), 6)
