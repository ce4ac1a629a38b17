"""Makes cases for tests the way the service makes them: through the functions that open and move them."""

import datetime as dt

from casework.access import grant
from casework.models import Case, Client, Grant, ReviewPoint, SafeContact
from casework.moving import move
from casework.opening import open_case
from casework.standing import finish_review, set_review_point
from isva.access.acting import act, acting_person
from isva.access.system import SystemUser, is_lent, with_sight_of
from isva.clock.moment import now, today
from isva.db.wall.context import tell
from isva.pathway import WAITING_STAGES, Stage
from tests.copies import copied

_WAY = {
    Stage.REFERRAL: (),
    Stage.TRIAGE: (Stage.TRIAGE,),
    Stage.INTERIM: (Stage.TRIAGE, Stage.INTERIM),
    Stage.ALLOCATION: (Stage.TRIAGE, Stage.ALLOCATION),
    Stage.ACTIVE: (Stage.TRIAGE, Stage.ALLOCATION, Stage.ACTIVE),
    Stage.STEPPED_DOWN: (Stage.TRIAGE, Stage.ALLOCATION, Stage.ACTIVE, Stage.STEPPED_DOWN),
    Stage.CLOSED: (Stage.TRIAGE, Stage.CLOSED),
}


def make_case(
    service, *, by, stage: Stage = Stage.REFERRAL, isva=None, name: str = "Ada Testperson", **fields
) -> Case:
    """A case at ``stage``, with a client, a safe number, a referral and, from *active* on, the ISVA's grant.

    ``by`` does all of it; ``fields`` are fields of the client.
    """
    kind = (service.pk, by.pk, stage, isva and isva.pk, repr(sorted(fields.items())))
    with act(by, service), with_sight_of(SystemUser.CLOCK, service):
        case = copied(
            kind, name=name, make=lambda: _make(service, by=by, stage=stage, isva=isva, name=name, **fields)
        )
    see_anew()
    return case


def see_anew() -> None:
    """Tell the database anew who acts, where a test prepares things for somebody who acts already.

    What a person sees is fixed when they begin to act; in a test they begin before there is anything to see.
    """
    person = acting_person()
    if person is not None and not is_lent():
        tell(user_id=person.user.pk, service_id=person.service.pk)


def _make(service, *, by, stage, isva, name, **fields) -> Case:
    from referrals.models import Referral

    client = Client(service=service, name=name, **fields)
    phone = SafeContact(
        kind=SafeContact.Kind.PHONE,
        value="07700 900123",
        safe_to_call=True,
        safe_times="weekday mornings",
    )
    case = open_case(client=client, contacts=[phone], by=by, reason="Referral received")
    Referral(
        case=case, route=Referral.Route.SELF, source="self", received_at=case.opened_at, recorded_by=by
    ).save(force_insert=True)
    for to in _WAY[stage]:
        with_it = {}
        if to in WAITING_STAGES:
            set_review_point(
                case,
                kind=ReviewPoint.Kind.INTERIM,
                due_on=today() + dt.timedelta(days=28),
                why="standard risk",
                by=by,
            )
        if to is Stage.ACTIVE:
            with_it = {"lead_isva": isva or by}
            grant(case, to=isva or by, why=Grant.Why.ALLOCATION, by=by)
        if to is Stage.STEPPED_DOWN:
            set_review_point(
                case,
                kind=ReviewPoint.Kind.STEP_DOWN,
                due_on=today() + dt.timedelta(days=56),
                why="stepped down",
                by=by,
            )
        move(case, to=to, by=by, reason="made for a test", **with_it)
        if to is Stage.ACTIVE:
            finish_review(case, kind=ReviewPoint.Kind.INTERIM, by=by)
    return case


def long_ago(**delta) -> dt.datetime:
    """A moment in the past: ``long_ago(days=3)``."""
    return now() - dt.timedelta(**delta)


def seeing_all(service):
    """Until the block ends, the wall hides nothing of the service: for what is asked past the doors that would refuse it."""
    return with_sight_of(SystemUser.CLOCK, service)
