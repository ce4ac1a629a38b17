"""The records that addresses name beside the case: one of each, made where a route asks for it."""

import datetime as dt
import uuid

from django.db import transaction

from casework.access import declare_conflict, grant
from casework.documents import keep_document
from casework.models import (
    Agency,
    AgencyConsent,
    AgencyContact,
    Appointment,
    Contact,
    EmergencyReview,
    Grant,
    Note,
    OnwardReferral,
    PlanAction,
    SafeContact,
    SafeguardingConcern,
    SasReview,
)  # fmt: skip
from casework.sas.instruments import instrument_in_use
from isva.access.acting import act
from isva.accounts.joining import invite_member
from isva.accounts.models import Leave, Membership, ReturnTalk, User
from isva.accounts.passwords import token_of as link_of_a_new_password
from isva.accounts.returning import note_return
from isva.audit.models import AccessAlert, AccessEntry
from isva.clock.diary import make_feed
from isva.clock.moment import now, today
from isva.files.checking import check_file
from isva.files.scanning import Scan
from referrals.models import InformationRequest, PossibleDuplicate
from referrals.secrets import hash_of, token_of
from referrals.status import make_status_link
from supervision import arranging, management
from supervision.models import (
    GroupAction,
    GroupMeeting,
    LeftItem,
    ManagementSession,
    PartnerGroup,
    Policy,
    PolicyVersion,
    Protocol,
    ProtocolAgency,
    SystemicIssue,
    Training,
)
from tests.access.contract_records import (
    a_contract,
    a_draft,
    a_local_measure,
    a_local_question,
    a_manager,
    a_report,
    a_target,
)
from tests.factories import make_case, seeing_all
from triage.models import TriageAssessment


def saved(record):
    record.save(force_insert=True)
    return record


def an_agency(service):
    return Agency.objects.filter(service=service).first() or saved(
        Agency(service=service, name="Larkfield Housing", kind="housing")
    )


def a_sas(case, by):
    return saved(
        SasReview(
            case=case,
            instrument=instrument_in_use(),
            kind="screening",
            reviewed_at=now(),
            risk="standard",
            recorded_by=by,
        )
    )


#: How one record of each kind is made on a case, by the parameter that names it in an address.
ON_CASE = {
    "appointment_id": lambda case, by: Appointment(case=case, at=now(), mode="phone", worker=by, recorded_by=by),
    "consent_id": lambda case, by: AgencyConsent(
        case=case, agency=an_agency(case.service), answer="given", dated_on=today(), recorded_by=by
    ),
    "contact_id": lambda case, by: Contact(
        case=case, at=now(), mode="phone", attendance="attended", purpose="support", recorded_by=by
    ),
    "note_id": lambda case, by: Note(case=case, text="A note.", recorded_by=by),
    "referral_id": lambda case, by: OnwardReferral(
        case=case, agency=an_agency(case.service), need="A safe home", recorded_by=by
    ),
    "action_id": lambda case, by: PlanAction(case=case, what="Call the clinic", doer="isva", due_on=today(), recorded_by=by),
    "record_id": lambda case, by: PlanAction(case=case, what="Call the school", doer="isva", due_on=today(), recorded_by=by),
    "document_id": lambda case, by: keep_document(
        case, kind="letter", title="A letter", checked=check_file(b"Dear all"), scanned=Scan.NOT_SCANNED, by=by
    ),
    "concern_id": lambda case, by: SafeguardingConcern(
        case=case, who="other_child", what="A worry", raised_at=now(), recorded_by=by
    ),
    "assessment_id": lambda case, by: TriageAssessment(
        case=case, screening=a_sas(case, by), outcome="unable", outcome_reason="Nobody answered", completed_at=now(),
        recorded_by=by,
    ),
    "duplicate_id": lambda case, by: PossibleDuplicate(
        case=case, own=case.client, other=make_case(case.service, by=by).client, score=80, recorded_by=by
    ),
    "safe_contact_id": lambda case, by: SafeContact(
        client=case.client, kind="phone", value="07700 900321", recorded_by=by
    ),
}  # fmt: skip


def records_on(case, parameters, *, by) -> dict:
    """What to put into an address on a case for each of ``parameters``; keys that lead nowhere where there is no case."""
    return {name: _on_case(name, case, by) for name in parameters}


def records_of(service, parameters, *, route, by) -> dict:
    """What to put into an address that is not about a case."""
    return {
        name: secret_link(route, service, by) if name == "token" else _of_service(name, service)
        for name in parameters
    }


def _on_case(name, case, by):
    if name == "form":
        return "write_note"
    if name == "rule":
        return "action"
    if case is None:
        return uuid.uuid4()
    with act(by, case.service), seeing_all(case.service):
        if name == "cover_id":
            isvas = Membership.objects.filter(service=case.service, roles__contains=["isva"]).order_by(
                "-user__name"
            )
            return grant(
                case, to=isvas.first().user, why=Grant.Why.COVER, by=by, until=now() + dt.timedelta(days=1)
            ).pk
        if name == "conflict_id":
            other = User.objects.create_user(email=f"{uuid.uuid4()}@example.org", name="Somebody Known")
            return declare_conflict(case.client, user=other, reason="a neighbour", by=by).pk
        if name == "review_id":
            begins = now()
            opening = Grant.objects.filter(case=case, why=Grant.Why.BREAK_GLASS).first() or grant(
                case, to=by, why=Grant.Why.BREAK_GLASS, category="danger", reason="a call", read_only=True, by=by,
                starts_at=begins, until=begins + dt.timedelta(minutes=60),
            )  # fmt: skip
            review = EmergencyReview.objects.filter(opening=opening).first()
            return (
                review or saved(EmergencyReview(case=case, opening=opening, due_on=today(), recorded_by=by))
            ).pk
        with transaction.atomic():
            record = ON_CASE[name](case, by)
        return (saved(record) if record._state.adding else record).pk


def _of_service(name, service):
    member = a_member(service)
    with act(member.user, service):
        return {
            "service": lambda: service.slug,
            "form": lambda: "professional",
            "membership_id": lambda: member.pk,
            "session_id": lambda: a_supervision(service).pk,
            "leave_id": lambda: a_talk(service).pk,
            "training_id": lambda: a_training(service).pk,
            "person_id": lambda: somebody_carrying(service).pk,
            "agency_id": lambda: an_agency(service).pk,
            "agency_contact_id": lambda: an_agency_contact(service).pk,
            "protocol_id": lambda: a_protocol(service, member.user).pk,
            "group_id": lambda: a_group(service).pk,
            "issue_id": lambda: an_issue(service, member.user).pk,
            "left_item_id": lambda: something_left(service).pk,
            "policy_id": lambda: a_policy(service, member.user).pk,
            "alert_id": lambda: an_alert(service, member.user),
            "measure": lambda: "referrals",
            "characteristic": lambda: "sex",
            "contract_id": lambda: a_contract(service).pk,
            "target_id": lambda: a_target(service).pk,
            "local_measure_id": lambda: a_local_measure(service).pk,
            "question_id": lambda: a_local_question(service).pk,
            "draft_id": lambda: a_draft(service).pk,
            "report_id": lambda: a_report(service).pk,
            "section": lambda: "demand",
            "kind": lambda: "csv",
        }[name]()


def an_agency_contact(service):
    """Somebody to turn to at an agency of the service."""
    return saved(
        AgencyContact(
            service=service, agency=an_agency(service), part="contact", name="Pat Pointofcontact", phone="01632 960555",
            from_on=today(),
        )
    )  # fmt: skip


def a_protocol(service, user):
    """A protocol that an agency of the service has signed."""
    protocol = saved(
        Protocol(
            service=service, title="Sharing", reference="On the shared drive", signed_on=today() - dt.timedelta(days=9),
            review_due_on=today() + dt.timedelta(days=90),
        )
    )  # fmt: skip
    saved(ProtocolAgency(service=service, protocol=protocol, agency=an_agency(service)))
    return protocol


def a_group(service):
    """A group in which the service sits, made once."""
    found = PartnerGroup.objects.filter(service=service).first()
    return found or saved(PartnerGroup(service=service, name="Group", kind="scrutiny", counts_from=today()))


def an_issue(service, user):
    """An issue that was raised."""
    return saved(
        SystemicIssue(
            service=service, title="Slow answers", level="management", raised_on=today(), recorded_by=user, recorded_at=now()
        )
    )  # fmt: skip


def something_left(service):
    """An action from a group, left behind by somebody who carries cases."""
    owner = somebody_carrying(service).user
    meeting = saved(
        GroupMeeting(
            service=service, group=a_group(service), concluded="x", recorded_by=owner, recorded_at=now(),
            held_on=today() - dt.timedelta(days=GroupMeeting.objects.filter(service=service).count() + 1),
        )
    )  # fmt: skip
    action = saved(GroupAction(service=service, meeting=meeting, what="x", owner=owner, due_on=today()))
    return saved(
        LeftItem(service=service, kind="group", record=action.pk, owner=owner, why="gone", found_on=today())
    )


def a_policy(service, user):
    """A policy with the version in force."""
    policy = saved(Policy(service=service, title=str(uuid.uuid4()), kind="complaints"))
    saved(
        PolicyVersion(
            service=service, policy=policy, version="1", reference="On the shared drive", adopted_on=today(),
            review_due_on=today() + dt.timedelta(days=365), recorded_by=user, recorded_at=now(),
        )
    )  # fmt: skip
    return policy


def an_alert(service, user):
    """An alert on a look at a case of the service that every manager of it may see."""
    case = make_case(service, by=user)
    entry = AccessEntry(
        at=now(), service=service, user=user, what="opened", page="show_case", case=case.pk, client=case.client_id
    )  # fmt: skip
    entry.save(force_insert=True)
    return saved(
        AccessAlert(
            service=service,
            kind="closed",
            entry=entry,
            user=user,
            case=case.pk,
            mark=uuid.uuid4().hex,
            raised_at=now(),
        )
    ).pk


def a_member(service):
    members = Membership.objects.filter(service=service, ends_on__isnull=True)
    members = members.select_related("user").order_by("user__name")
    return members.exclude(roles__contains=["records_lead"]).first()


def a_supervision(service):
    """A session of management supervision of somebody who carries cases, made once."""
    found = ManagementSession.objects.filter(service=service).first()
    if found is not None:
        return found
    member = somebody_carrying(service)
    manager = a_manager(service)
    with act(manager, service) as person:
        if arranging.arrangement_of(member, "management") is None:
            arranging.arrange(member, "management", supervisor=manager, every_days=None, by=manager)
        return management.hold_supervision(person, member, held_on=today(), decisions=[])


def a_talk(service):
    """An absence of sickness of somebody who carries cases, after which a manager talked with them."""
    member = somebody_carrying(service)
    leave = Leave.objects.filter(membership=member, kind="sick").first() or saved(
        Leave(service=service, membership=member, kind="sick", first_day=today() - dt.timedelta(days=40),
              last_day=today() - dt.timedelta(days=38))
    )  # fmt: skip
    manager = a_manager(service)
    if not ReturnTalk.objects.filter(leave=leave).exists():
        note_return(leave, held_on=today(), agreed="Mornings only.", by=manager)
    return leave


def a_training(service):
    """A record of training of somebody who carries cases, whose evidence nobody has seen."""
    member = somebody_carrying(service)
    return Training.objects.filter(membership=member).first() or saved(
        Training(
            service=service, membership=member, kind="safeguarding", status="held", taken_on=today(), recorded_by=member.user,
            recorded_at=now(),
        )
    )  # fmt: skip


def somebody_carrying(service):
    there = Membership.objects.filter(service=service, roles__contains=["isva"], ends_on__isnull=True)
    return there.order_by("user__name").first()


def secret_link(name, service, by) -> str:
    """A live secret link for the public route ``name``."""
    case = make_case(service, by=by)
    with act(by, service), seeing_all(service):
        if name == "referral_status":
            return token_of(make_status_link(case, by=by))
        if name == "answer_request":
            request = InformationRequest(
                case=case, question="Which number is safe?", due_at=now(), recorded_by=by
            )
            request.token_hash = hash_of(token_of(request))
            return token_of(saved(request))
        if name == "calendar_feed":
            return make_feed(a_member(service).user, service, says="nothing")
        if name == "choose_new_password":
            return link_of_a_new_password(by)
        return invite_member(
            service=service, email="new.colleague@example.org", name="New Colleague", roles=["isva"], by=by
        )[1]
