"""A small service drawn at random inside the published ranges, written row by row: what the numbers are tried on.

It is drawn to be awkward: stays of no length, cases closed on the day they came, reopened twice, given back and changed
over, people without an age or an area, moments on the borders of quarters, at midnight and in the nights in which the
clocks change. Ranges: report (police 4–47 %, self 11–80 %, 7–40 % resolved at triage, waits of weeks to months,
planned closures 27–76 %).
"""

import datetime as dt
import random

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
from casework.references import ALPHABET
from casework.sas.instruments import instrument_in_use
from isva import codes
from isva.access.acting import act
from isva.accounts.models import Leave, Membership
from isva.clock.moment import LONDON, day_of
from isva.pathway import ONWARD, Stage
from referrals.models import InformationRequest, Referral
from supervision.models import Arrangement, ClinicalSession, ManagementSession, Training
from tests.factories import seeing_all
from triage.models import Allocation, ContactAttempt, InterimReview, TriageAssessment, UrgentAllocation

#: The present of a made-up service, and how far back it goes.
PRESENT = dt.datetime(2026, 11, 18, 14, 20, tzinfo=LONDON)
DAYS_BACK = 700
#: Moments at which a count goes wrong first: borders of quarters, midnights, nights in which the clocks change.
BORDERS = [
    dt.datetime(2026, 4, 1, 0, 0, tzinfo=LONDON), dt.datetime(2026, 3, 31, 23, 59, 59, tzinfo=LONDON),
    dt.datetime(2026, 7, 1, 0, 0, tzinfo=LONDON), dt.datetime(2026, 6, 30, 23, 30, tzinfo=LONDON),
    dt.datetime(2026, 9, 30, 23, 59, 59, 999999, tzinfo=LONDON), dt.datetime(2026, 10, 1, 0, 0, tzinfo=LONDON),
    dt.datetime(2026, 3, 29, 0, 30, tzinfo=LONDON), dt.datetime(2026, 3, 29, 3, 30, tzinfo=LONDON),
    dt.datetime(2025, 10, 26, 0, 30, tzinfo=dt.UTC), dt.datetime(2025, 10, 26, 1, 30, tzinfo=dt.UTC),
    dt.datetime(2026, 4, 2, 16, 0, tzinfo=LONDON), dt.datetime(2025, 12, 24, 17, 0, tzinfo=LONDON),
]  # fmt: skip


class RandomService:
    """Draws and writes the cases of one service; ``rows`` are those of each kind, written together at the end."""

    def __init__(self, service, seed: int):
        self.service, self.rng = service, random.Random(seed)
        rng = self.rng
        members = Membership.objects.filter(service=service).select_related("user")
        self.isvas = [one.user for one in members if {"isva", "trainee"} & set(one.roles)]
        self.manager = next(one.user for one in members if "manager" in one.roles)
        self.shares = {
            "police": rng.uniform(0.04, 0.47), "self": rng.uniform(0.11, 0.5), "advice": rng.uniform(0.07, 0.4),
            "planned": rng.uniform(0.27, 0.76), "wait": rng.uniform(21, 240), "support": rng.uniform(21, 500),
            "blank": rng.uniform(0, 0.3), "border": rng.uniform(0, 0.3),
        }  # fmt: skip
        self.rows: dict = {}

    def write(self, cases: int) -> None:
        """Draw so many cases and write them, as the manager, past the doors."""
        with act(self.manager, self.service), seeing_all(self.service):
            self.instrument = instrument_in_use()
            self.agencies = [
                Agency(service=self.service, name=f"Agency {self.rng.random()}", kind=kind)
                for kind in ("health", "housing", "money")
            ]
            for agency in self.agencies:
                agency.save(force_insert=True)
            self.staff()
            for _ in range(cases):
                self.draw()
            if len(self.rows[Referral]) > 3:
                for one in self.rng.sample(self.rows[Referral], 2):
                    one.already_open_as = self.rng.choice(self.rows[Case])
            for model in (Client, Case, StageEntry, SasReview):
                model._base_manager.bulk_create(self.rows.pop(model, []))
            for model, rows in self.rows.items():
                model._base_manager.bulk_create(rows)

    def staff(self) -> None:
        """Supervision, training and leave of the staff, around the borders of quarters."""
        rng = self.rng
        for member in Membership.objects.filter(service=self.service):
            member.starts_on = dt.date(2024, 1, 1)
            member.ends_on = (
                rng.choice([None, None, None, dt.date(2026, 9, 30), dt.date(2026, 6, 29)])
                if member.user in self.isvas
                else None
            )
            member.save()
            if member.user not in self.isvas:
                continue
            for model, kind in ((ClinicalSession, "clinical"), (ManagementSession, "management")):
                arrangement = Arrangement(
                    service=self.service, membership=member, kind=kind, supervisor=self.manager, counts_from=member.starts_on,
                    began_on=member.starts_on,
                )  # fmt: skip
                arrangement.save(force_insert=True)
                days = rng.sample(range(1, 400), rng.choice([0, 1, 3, 6]))
                for ago in [
                    *days,
                    *rng.sample([49, 140, 231], 1),
                ]:  # the last day of a quarter, or the edge of 91 days
                    told = {"arrangement": arrangement, "held_on": day_of(PRESENT) - dt.timedelta(days=ago)}
                    if model is ClinicalSession:
                        outcome = rng.choice(["attended", "attended", "missed", "cancelled"])
                        told |= {
                            "format": "individual",
                            "outcome": outcome,
                            "cancelled_why": "court" if outcome == "cancelled" else "",
                        }
                    if not model._base_manager.filter(
                        **{k: told[k] for k in ("arrangement", "held_on")}
                    ).exists():
                        model(
                            service=self.service, recorded_by=self.manager, recorded_at=PRESENT, **told
                        ).save(force_insert=True)
            for _ in range(rng.choice([0, 1, 2])):
                taken = day_of(PRESENT) - dt.timedelta(days=rng.choice([49, 48, 141, 300, 600]))
                status = rng.choice(["held", "held", "planned", "cancelled"])
                Training(
                    service=self.service, membership=member, kind=rng.choice(["qualification", "qualification", "safeguarding"]), status=status,
                    taken_on=taken, expires_on=rng.choice([None, dt.date(2026, 9, 30), dt.date(2026, 9, 29), dt.date(2027, 1, 1)]) if taken < dt.date(2026, 9, 1) else None,
                    cancelled_why=rng.choice(Training.Why.values) if status == "cancelled" else "", recorded_by=self.manager, recorded_at=PRESENT,
                ).save(force_insert=True)  # fmt: skip
            Leave.objects.filter(membership=member).delete()
            for first in rng.sample(
                [dt.date(2026, 6, 25), dt.date(2026, 9, 28), dt.date(2026, 8, 3), dt.date(2026, 1, 1)],
                rng.choice([0, 1, 2]),
            ):
                Leave(
                    service=self.service, membership=member, kind="annual", first_day=first, last_day=first + dt.timedelta(days=rng.choice([0, 4, 5, 19, 30]))
                ).save(force_insert=True)  # fmt: skip

    def add(self, model, recorded: dt.datetime, /, **fields):
        """A row of a case record, recorded at a moment."""
        row = model(
            case=self.case,
            service_id=self.service.pk,
            recorded_by=self.manager,
            recorded_at=recorded,
            **fields,
        )
        self.rows.setdefault(model, []).append(row)
        return row

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def code(self, choices, blank: bool = True) -> str:
        return "" if blank and self.chance(self.shares["blank"]) else self.rng.choice(choices.values)

    def moment(self, first: dt.datetime, last: dt.datetime) -> dt.datetime:
        """A moment between two, every so often one of the borders."""
        inside = [one for one in BORDERS if first <= one <= last]
        if inside and self.chance(self.shares["border"]):
            return self.rng.choice(inside)
        span = (last - first).total_seconds()
        return first.astimezone(dt.UTC) + dt.timedelta(seconds=self.rng.uniform(0, max(span, 0)))

    def draw(self) -> None:
        rng, shares = self.rng, self.shares
        opened = self.moment(PRESENT - dt.timedelta(days=DAYS_BACK), PRESENT - dt.timedelta(hours=1))
        client = Client(
            service=self.service, name="Somebody Made-up", area=rng.choice([*self.service.areas, *self.service.areas, "", "Faraway"]),
            **{key: self.code(getattr(codes, kind)) for key, kind in (
                ("sex", "ClientSex"), ("gender_identity", "GenderIdentity"), ("ethnicity", "Ethnicity"), ("religion", "Religion"),
                ("orientation", "Orientation"), ("disability", "Disability"), ("marital", "Marital"), ("pregnancy", "Pregnancy"))},
        )  # fmt: skip
        if self.chance(0.7):
            born = day_of(opened) - dt.timedelta(days=rng.randint(9 * 365, 75 * 365))
            client.date_of_birth = rng.choice(
                [born, born.replace(month=2, day=28), day_of(opened).replace(year=2008, day=1)]
            )
        elif self.chance(0.5):
            client.age_given, client.age_given_on = (
                rng.randint(12, 70),
                day_of(opened) - dt.timedelta(days=rng.choice([0, 400])),
            )
        self.rows.setdefault(Client, []).append(client)
        letters = "".join(rng.choice(ALPHABET) for _ in range(6))
        self.case = Case(
            service=self.service, client=client, reference=f"{letters[:2]}-{letters[2:]}", opened_at=opened,
            justice_stage=rng.choice(codes.JusticeStage.values),
        )  # fmt: skip
        self.rows.setdefault(Case, []).append(self.case)
        source = (
            "police"
            if self.chance(shares["police"])
            else "self"
            if self.chance(shares["self"])
            else self.code(codes.ReferralSource)
        )
        self.add(
            Referral, opened, route=self.code(Referral.Route, blank=False), source=source or "other", received_at=opened,
            outside_usual=["area"] if self.chance(0.1) else [], violence_type=self.code(codes.ViolenceType), recency=self.code(codes.Recency),
            relationship=self.code(codes.Relationship), reported=self.code(codes.Reported), safety_answer=self.code(codes.YesNoUnknown),
            safety_concerns=["threats"] if self.chance(0.2) else [], consents="yes" if self.chance(0.8) else "",
        )  # fmt: skip
        if self.chance(0.1):
            self.add(InformationRequest, opened, question="?", due_at=opened, token_hash=f"{rng.random()}")
        self.firsts: list = []
        self.walk(opened)
        self.all_along(opened)
        self.case.first_contact_at = min(self.firsts, default=None)

    def walk(self, opened: dt.datetime) -> None:
        """The case goes along the map until the present, or until it stays closed."""
        rng, stage, since, closings = self.rng, Stage.REFERRAL, opened, 0
        while True:
            until = self.leaves(stage, since)
            if until is not None and until >= PRESENT:
                until = None
            if stage is Stage.CLOSED and (closings >= 2 or not self.chance(0.2)):
                until = None
            self.add(StageEntry, since, stage=stage.value, entered_at=since, left_at=until)
            self.within(stage, since, until or PRESENT)
            if until is None:
                break
            here, stage = stage, self.onward(stage)
            closings += stage is Stage.CLOSED
            self.passing(here, stage, since, until)
            since = until
        self.case.stage, self.case.stage_since = stage.value, since
        if stage in (Stage.ACTIVE, Stage.STEPPED_DOWN):
            self.case.lead_isva = rng.choice(self.isvas)
        if stage in (Stage.INTERIM, Stage.ALLOCATION, Stage.STEPPED_DOWN):
            self.case.next_review_on = day_of(PRESENT) + dt.timedelta(days=rng.randint(-5, 20))

    def leaves(self, stage: Stage, since: dt.datetime) -> dt.datetime | None:
        if self.chance(0.06):
            return since  # a stay of no length
        days = {
            Stage.REFERRAL: 3, Stage.TRIAGE: 14, Stage.INTERIM: self.shares["wait"], Stage.ALLOCATION: 8,
            Stage.ACTIVE: self.shares["support"], Stage.STEPPED_DOWN: 90, Stage.CLOSED: 60,
        }[stage]  # fmt: skip
        return self.moment(since, since + dt.timedelta(days=days))

    def onward(self, stage: Stage) -> Stage:
        weights = {
            (Stage.REFERRAL, Stage.CLOSED): 0.1, (Stage.TRIAGE, Stage.CLOSED): self.shares["advice"] * 2,
            (Stage.INTERIM, Stage.CLOSED): 0.2, (Stage.ALLOCATION, Stage.CLOSED): 0.05, (Stage.ALLOCATION, Stage.INTERIM): 0.2,
            (Stage.ACTIVE, Stage.ALLOCATION): 0.1, (Stage.ACTIVE, Stage.STEPPED_DOWN): 0.3,
        }  # fmt: skip
        ways = sorted(ONWARD[stage])
        return self.rng.choices(ways, [weights.get((stage, way), 1) for way in ways])[0]

    def passing(self, here: Stage, stage: Stage, since: dt.datetime, at: dt.datetime) -> None:
        """What is recorded as a case goes from one stage to the next."""
        rng = self.rng
        if here is Stage.TRIAGE or (here in (Stage.INTERIM, Stage.ALLOCATION) and stage is Stage.CLOSED):
            outcomes = (
                TriageAssessment.CLOSING if stage is Stage.CLOSED else ("interim", "allocate", "allocate_now")
            )
            outcome = "advice" if stage is Stage.CLOSED and self.chance(0.6) else rng.choice(list(outcomes))
            self.add(TriageAssessment, at, outcome=outcome, outcome_reason="made up", completed_at=at)
        if here is Stage.ALLOCATION and stage is Stage.ACTIVE:
            self.allocate(at)
        if (here in (Stage.ACTIVE,) and stage in (Stage.ALLOCATION, Stage.CLOSED)) or stage is Stage.CLOSED:
            self.end_allocation(at)
        if stage is Stage.CLOSED and here in (Stage.ACTIVE, Stage.STEPPED_DOWN):
            if self.chance(0.7):
                self.sas(at - dt.timedelta(minutes=rng.choice([1, 60, 4000])), "final")
            if self.chance(0.9):
                planned = [one.value for one in Closure.PLANNED]
                reason = rng.choice(
                    planned
                    if self.chance(self.shares["planned"])
                    else sorted(set(Closure.Reason.values) - set(planned))
                )
                self.add(
                    Closure, at, sas_review=self.sas(at, "review"), decision="approved", decided_by=self.isvas[0], decided_at=at,
                    reason=reason, what_changed="made up", onward_support="A group" if self.chance(0.5) else "",
                    return_explained=self.chance(0.8), feedback_invited=self.chance(0.5),
                )  # fmt: skip
                if self.chance(0.2):
                    self.rows[Closure][-1].decision = "sent_back"

    def allocate(self, at: dt.datetime) -> None:
        self.allocation = self.add(
            Allocation, at, isva=self.rng.choice(self.isvas), allocated_at=at, override_reason="why" if self.chance(0.2) else "",
            first_session_due_on=day_of(at) + dt.timedelta(days=7) if self.chance(0.9) else None,
        )  # fmt: skip

    def end_allocation(self, at: dt.datetime) -> None:
        if (
            getattr(self, "allocation", None) is not None
            and self.allocation.case is self.case
            and self.allocation.ended_at is None
        ):
            self.allocation.ended_at = at

    def within(self, stage: Stage, since: dt.datetime, until: dt.datetime) -> None:
        """What is recorded during a stay."""
        rng = self.rng
        if stage in (Stage.REFERRAL, Stage.TRIAGE):
            for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
                at = self.moment(since, until)
                told = rng.choice([*ContactAttempt.Outcome.values, "told", "told"])
                self.add(
                    ContactAttempt, at, at=at, method=rng.choice(ContactAttempt.Method.values), outcome=told
                )
                if told == "told":
                    self.firsts.append(at)
        if stage is Stage.INTERIM:
            for _ in range(rng.choice([0, 1, 2])):
                at, reached = self.moment(since, until), self.chance(0.7)
                self.add(
                    InterimReview, at, at=at, method=rng.choice(InterimReview.Method.values), reached=reached,
                    risk_before="standard", risk="high", next_review_on=day_of(at),
                )  # fmt: skip
                if reached:
                    self.firsts.append(at)
            if self.chance(0.15):
                at = self.moment(since, until)
                self.add(
                    UrgentAllocation, at, manager=self.manager, reason="rise", raised_at=at, done_at=until
                )
        if stage in (Stage.INTERIM, Stage.ALLOCATION, Stage.STEPPED_DOWN):
            for _ in range(rng.choice([0, 1, 2])):
                due = day_of(self.moment(since, until))
                done = rng.choice([due, due - dt.timedelta(days=2), due + dt.timedelta(days=3)])
                kind = "step_down" if stage is Stage.STEPPED_DOWN else "interim"
                self.add(ReviewPoint, since, kind=kind, due_on=due, done_on=done)
        if stage is Stage.ACTIVE:
            self.support(since, until)

    def support(self, since: dt.datetime, until: dt.datetime) -> None:
        rng = self.rng
        if self.chance(0.8):
            self.sas(self.moment(since, until), "full")
        if self.chance(0.5):
            self.sas(self.moment(since, until), "review")
        for _ in range(rng.choice([0, 1, 3, 6, 12])):
            at, attendance = (
                self.moment(since, until),
                rng.choice([*Contact.Attendance.values, "attended", "attended", "attended"]),
            )
            row = self.add(
                Contact, at, at=at, minutes=rng.choice([None, 10, 20, 45, 90]), mode=rng.choice(codes.ContactMode.values),
                with_whom=rng.choice([*Contact.With.values, "client", "client"]), attendance=attendance,
                purpose=rng.choice(Contact.Purpose.values), plan_answer=rng.choice(["", "unchanged", "changed", "unchanged"]),
                risk_answer=rng.choice(["unchanged", "changed"]),
            )  # fmt: skip
            if attendance == "attended" and row.with_whom in ("client", "safe_parent"):
                self.firsts.append(at)
        if self.chance(0.3):
            at = self.moment(since, until + dt.timedelta(days=30))
            self.add(
                Appointment, since, at=at, minutes=60, mode=rng.choice(["court", "court", "phone"]), worker=rng.choice(self.isvas),
                cancelled_at=rng.choice([None, at - dt.timedelta(hours=rng.choice([1, 47, 48, 49, 90])), at + dt.timedelta(hours=1)]),
            )  # fmt: skip
        if (
            self.chance(0.2)
            and getattr(self, "allocation", None) is not None
            and self.allocation.case is self.case
        ):
            at = self.moment(since, until)
            if self.allocation.allocated_at < at and self.allocation.ended_at is None:
                self.end_allocation(at)
                self.allocate(at)
        if self.chance(0.4):
            for _ in range(rng.choice([1, 2])):
                at = self.moment(since, until)
                later = rng.choice([None, at, at + dt.timedelta(hours=5), at + dt.timedelta(days=1)])
                self.add(
                    SafeguardingConcern,
                    at,
                    who=rng.choice(SafeguardingConcern.Who.values),
                    what="made up",
                    raised_at=at,
                    referred_at=later,
                )
        if self.chance(0.6):
            self.add(ClientAgreement, since, agreed_on=day_of(self.moment(since, until)), how="signed")
        if self.chance(0.6):
            at = self.moment(since, until)
            self.add(PlanAction, at, what="made up", doer="isva", due_on=day_of(at))
        for _ in range(rng.choice([0, 0, 1, 2])):
            self.refer_onward(self.moment(since, until))

    def refer_onward(self, at: dt.datetime) -> None:
        rng = self.rng
        agency = rng.choice([None, *self.agencies])
        sent = day_of(at) if agency and self.chance(0.9) else None
        answer = "no_service" if agency is None else rng.choice(["waiting", "accepted", "declined"])
        self.add(
            OnwardReferral, at, domain=rng.choice([*[one["key"] for one in self.instrument.domains][:4], ""]), need="made up", agency=agency,
            sent_on=sent, answer=answer, answered_on=day_of(at) + dt.timedelta(days=rng.randint(0, 90)) if answer in ("accepted", "declined") else None,
            unheld_risk=self.chance(0.2), held_since=rng.choice([None, day_of(at) + dt.timedelta(days=20)]),
        )  # fmt: skip

    def sas(self, at: dt.datetime, kind: str) -> SasReview:
        review = self.add(
            SasReview,
            at,
            instrument=self.instrument,
            kind=kind,
            reviewed_at=at,
            risk=self.code(codes.Risk, blank=False),
        )
        for domain in self.rng.sample(
            self.instrument.domains, self.rng.choice([0, 3, len(self.instrument.domains)])
        ):
            self.add(
                SasScore,
                at,
                review=review,
                domain=domain["key"],
                risk=self.rng.randint(0, 3),
                need=self.rng.randint(0, 3),
            )
        return review

    def all_along(self, opened: dt.datetime) -> None:
        """What may be recorded whatever the stage: reviews of triage, complexity, the justice process."""
        rng = self.rng
        if self.chance(0.7):
            self.sas(self.moment(opened, PRESENT), "screening")
        for _ in range(rng.choice([0, 1, 2])):
            at = self.moment(opened, PRESENT)
            self.add(ComplexityReading, at, at=at, score=5, band=self.code(codes.Complexity, blank=False))
        day = day_of(opened)
        for _ in range(rng.choice([0, 0, 1, 3])):
            day += dt.timedelta(days=rng.choice([0, 5, 60, 200]))
            if day <= day_of(PRESENT):
                self.add(
                    JusticeUpdate, opened + dt.timedelta(days=rng.uniform(0, 400)), since=day, stage=rng.choice([*codes.JusticeStage.values, "nfa_police", "charged"])
                )  # fmt: skip
