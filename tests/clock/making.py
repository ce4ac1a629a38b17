"""For every rule of the clock one thing that is due by it, and when: written out by hand, not reckoned."""

import datetime as dt

from casework.access import declare_conflict, grant
from casework.models import (
    Appointment,
    Case,
    Client,
    ClientAgreement,
    Contact,
    EmergencyReview,
    Grant,
    JusticeUpdate,
    OnwardReferral,
    PlanAction,
    ReviewPoint,
    SafeguardingConcern,
    SasReview,
)  # fmt: skip
from casework.sas.instruments import instrument_in_use
from casework.standing import carry, set_review_point
from isva.accounts.models import Leave, Membership
from isva.clock.moment import LONDON
from isva.pathway import Stage
from referrals.models import InformationRequest, Referral
from tests.factories import make_case
from triage.models import ContactAttempt, InterimReview, UrgentAllocation

#: A Wednesday at noon; everything below begins then.
WEDNESDAY = dt.datetime(2027, 3, 3, 12, tzinfo=LONDON)
ONE = dt.timedelta(seconds=1)


def moment(text: str) -> dt.datetime:
    """A moment in London; a day alone is its last moment."""
    if len(text) > 10:
        return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)
    day = dt.date.fromisoformat(text)
    return dt.datetime.combine(day, dt.time(23, 59, 59, 999999), tzinfo=LONDON)


class Making:
    """Makes what a rule looks at, as somebody who may do anything in the service."""

    def __init__(self, people, service):
        self.people, self.service = people, service
        self.by, self.isva = people["manager"], people["isva"]

    def case(self, stage: Stage = Stage.ACTIVE, **fields) -> Case:
        return make_case(self.service, by=self.by, stage=stage, isva=self.isva, **fields)

    def saved(self, record):
        record.recorded_by = self.by
        record.save(force_insert=True)
        return record

    def contact(self, case, **fields):
        told = {"at": WEDNESDAY, "mode": "phone", "attendance": "attended", "purpose": "support",
                "plan_answer": "unchanged", "risk_answer": "unchanged"}  # fmt: skip
        return self.saved(Contact(case=case, **told | fields))

    def supported(self, **fields) -> Case:
        """A case whose first session was held."""
        case = self.case(**fields)
        self.contact(case, purpose="first_session")
        carry(case, last_contact_at=WEDNESDAY)
        return case

    def full_sas(self, case):
        return self.saved(
            SasReview(
                case=case, instrument=instrument_in_use(), kind="full", reviewed_at=WEDNESDAY, risk="standard"
            )
        )

    def review(self, case, kind, day: str):
        set_review_point(case, kind=kind, due_on=dt.date.fromisoformat(day), why="", by=self.by)
        return case

    def concern(self, **fields):
        told = {"who": "other_child", "what": "A worry.", "raised_at": WEDNESDAY}
        case = self.case()
        self.saved(SafeguardingConcern(case=case, **told | fields))
        return case

    def changed(self, case, **fields):
        for name, value in fields.items():
            setattr(case, name, value)
        case.save(update_fields=list(fields))
        return case


def _reviewed(make):
    case = make.supported()
    make.full_sas(case)
    return make.review(case, ReviewPoint.Kind.SAS, "2027-03-10")


def _on(make, record) -> Case:
    return make.saved(record).case


def _emergency(make):
    case = make.case()
    opening = grant(
        case, to=make.people["trainee"], why=Grant.Why.BREAK_GLASS, category="danger", reason="a call", read_only=True,
        by=make.people["trainee"], starts_at=WEDNESDAY, until=WEDNESDAY + dt.timedelta(minutes=60),
    )  # fmt: skip
    return _on(make, EmergencyReview(case=case, opening=opening, due_on=dt.date(2027, 3, 4)))


def _acknowledged_never(make):
    case = make.case(Stage.REFERRAL)
    referral = Referral.objects.get(case=case)
    referral.referrer_email = "clinic@example.org"
    referral.save()
    return case


def _young(make):
    case = make.case()
    client = Client.objects.get(pk=case.client_id)
    client.date_of_birth = dt.date(2009, 12, 15)
    client.save()
    return case


def _reached(make):
    case = make.case(Stage.TRIAGE)
    carry(case, first_contact_at=WEDNESDAY)
    return case


def _agreed(make):
    case = make.supported()
    return _on(make, ClientAgreement(case=case, agreed_on=dt.date(2027, 3, 3), how="verbal"))


def _of_somebody_gone(make):
    case = make.case()
    Membership.objects.filter(user=make.isva).update(ends_on=dt.date(2027, 3, 2))
    return case


def _in_touch_with_somebody_gone(make):
    case = make.changed(make.case(Stage.INTERIM), interim_worker=make.people["coordinator"])
    Membership.objects.filter(user=make.people["coordinator"]).update(ends_on=dt.date(2027, 3, 2))
    return case


def _with_somebody_gone(make):
    worker = make.people["trainee"]
    Membership.objects.filter(user=worker).update(ends_on=dt.date(2027, 3, 2))
    return _on(
        make, Appointment(case=make.case(), at=moment("2029-03-10 10:00"), mode="phone", worker=worker)
    )


def _of_somebody_away(make):
    case = make.case()
    Leave.objects.get_or_create(
        service=make.service, membership=Membership.objects.get(user=make.isva), kind="sick",
        first_day=dt.date(2027, 3, 3), last_day=dt.date(2027, 3, 12),
    )  # fmt: skip
    return case


def _in_danger(make):
    case = make.case(Stage.REFERRAL)
    referral = Referral.objects.get(case=case)
    referral.safety_answer = "yes"
    referral.save()
    return case


def _walled_off(make):
    case = make.case()
    declare_conflict(case.client, user=make.isva, reason="a cousin", by=make.by)
    return case


#: rule → (what makes it due, when it falls due)
CASES = {
    "review_interim": (lambda make: make.case(Stage.INTERIM), "2027-03-31"),
    "review_sas": (_reviewed, "2027-03-10"),
    "full_sas": (lambda make: make.review(make.supported(), ReviewPoint.Kind.SAS, "2027-03-17"), "2027-03-17"),
    "review_step_down": (lambda make: make.case(Stage.STEPPED_DOWN), "2027-04-28"),
    "first_session": (lambda make: make.case(), "2027-03-10"),
    "first_agreement": (lambda make: make.supported(), "2027-03-17"),
    "first_plan": (lambda make: make.supported(), "2027-03-17"),
    "next_contact": (lambda make: make.supported(), "2027-03-31"),
    "contact_open": (lambda make: make.contact(make.supported(), risk_answer="").case, "2027-03-05"),
    "plan_changed": (lambda make: make.contact(make.supported(), plan_answer="changed").case, "2027-03-05"),
    "action": (
        lambda make: _on(make, PlanAction(case=make.case(), what="x", doer="isva", due_on=dt.date(2027, 3, 10))),
        "2027-03-10",
    ),
    "appointment_open": (
        lambda make: _on(make, Appointment(case=make.case(), at=WEDNESDAY - ONE, mode="phone", worker=make.isva)),
        "2027-03-03",
    ),
    "court_ahead": (
        lambda make: _on(
            make, Appointment(case=make.case(), at=moment("2027-03-10 10:00"), mode="court", worker=make.isva)
        ),
        "2027-03-10 10:00",
    ),
    "trial_ahead": (lambda make: make.changed(make.case(), trial_on=dt.date(2027, 6, 30)), "2027-05-05"),
    "safeguarding_refer": (lambda make: make.concern(), "2027-03-03"),
    "safeguarding_outcome": (lambda make: make.concern(referred_to="x", referred_at=WEDNESDAY), "2027-03-10"),
    "safeguarding_after_closing": (
        lambda make: _on(
            make, SafeguardingConcern(case=make.case(Stage.CLOSED), who="other_child", what="A worry.", raised_at=WEDNESDAY)
        ),
        "2027-03-03 12:00",
    ),
    "safety_now": (_in_danger, "2027-03-03 12:00"),
    "walled_off": (_walled_off, "2027-03-04"),
    "unheld_risk": (
        lambda make: _on(make, OnwardReferral(case=make.case(), need="x", answer="no_service", unheld_risk=True)),
        "2027-03-03 12:00",
    ),
    "rule_broken": (lambda make: make.contact(make.case(), against_rule="She rang first.").case, "2027-03-10"),
    "left_behind": (_of_somebody_gone, "2027-03-03"),
    "left_waiting": (_in_touch_with_somebody_gone, "2027-03-03"),
    "left_appointment": (_with_somebody_gone, "2027-03-03"),
    "uncovered": (_of_somebody_away, "2027-03-03"),
    "emergency_review": (_emergency, "2027-03-04"),
    "transition": (_young, "2027-06-15"),
    "closure_considered": (
        lambda make: _on(make, JusticeUpdate(case=make.case(), stage="acquitted", since=dt.date(2027, 3, 3))),
        "2027-04-28",
    ),
    "retention": (
        lambda make: make.changed(make.case(Stage.CLOSED), retain_until=dt.date(2027, 6, 1)),
        "2027-06-01",
    ),
    "agreement_renewal": (_agreed, "2028-03-03"),
    "long_case_review": (lambda make: make.case(), "2027-09-01"),
    "first_contact": (lambda make: make.case(Stage.REFERRAL), "2027-03-10"),
    "first_contact_target": (lambda make: make.case(Stage.REFERRAL), "2027-03-05 12:00"),
    "acknowledgement": (_acknowledged_never, "2027-03-04"),
    "information": (
        lambda make: _on(
            make,
            InformationRequest(
                case=make.case(Stage.REFERRAL), question="x", due_at=moment("2027-03-08"), token_hash="x" * 64
            ),
        ),
        "2027-03-08",
    ),
    "triage": (_reached, "2027-03-08"),
    "urgent": (
        lambda make: _on(
            make,
            UrgentAllocation(
                case=make.case(Stage.ALLOCATION), manager=make.by, reason="x", raised_at=WEDNESDAY
            ),
        ),
        "2027-03-04",
    ),
    "attempt_against_rule": (
        lambda make: _on(
            make,
            ContactAttempt(
                case=make.case(Stage.TRIAGE), at=WEDNESDAY, method="text", outcome="message", against_rule="x"
            ),
        ),
        "2027-03-10",
    ),
    "check_in_against_rule": (
        lambda make: _on(
            make,
            InterimReview(
                case=make.case(Stage.INTERIM), at=WEDNESDAY, method="letter", reached=False, risk_before="standard",
                risk="standard", next_review_on=dt.date(2027, 3, 31), against_rule="x",
            ),
        ),
        "2027-03-10",
    ),
}  # fmt: skip
