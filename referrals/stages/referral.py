"""Referral: what comes in at the front door, and what may happen to it before triage (report, Annex A 1)."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from casework.access import end_grants_of_closed
from casework.models import Case, Document, Note, StageEntry
from casework.moving import move
from casework.opening import open_case
from casework.querysets import denied
from casework.references import new_reference
from casework.stages.closure import retain_until
from isva.access.acting import act_by_link, acting_person
from isva.access.system import SystemUser, act_as_system, system_user, with_sight_of
from isva.clock.due import information_due
from isva.clock.moment import now, today
from isva.clock.terms import terms_of
from isva.pathway import OPEN_STAGES, Stage, WrongStage
from referrals.attachment import put_on_record
from referrals.conflicts import check_conflicts
from referrals.duplicates import look_for_duplicates, visible_duplicates
from referrals.models import InformationRequest, Referral
from referrals.secrets import LONGEST_TOKEN, hash_of, token_of
from referrals.status import make_status_link
from referrals.tasks import acknowledge_referral
from referrals.told import Told

_OPEN = [stage.value for stage in OPEN_STAGES]


@dataclass(frozen=True)
class Received:
    """A referral that came in: its case, and the token of its status link where one was made."""

    case: Case
    referral: Referral
    token: str


def receive_referral(told: Told, *, by) -> Received:
    """Take a referral in: client, safe contacts, case and referral in one breath, then what follows at once.

    The conflict check runs before anybody can see it; likely duplicates are looked for; the receipt is queued for
    when the transaction has ended. The caller holds the transaction and acts as ``by``.
    """
    referral = told.referral
    case = open_case(
        client=told.client, contacts=told.contacts, by=by, received_at=referral.received_at,
        reason=str(_("Referral received")), **told.case_fields,
    )  # fmt: skip
    referral.case, referral.recorded_by = case, by
    referral.save(force_insert=True)
    if told.attached:
        put_on_record(case, told.attached, by=by)
    check_conflicts(case, by=by)
    look_for_duplicates(case, by=by)
    token = token_of(make_status_link(case, by=by)) if told.wants_link else ""
    if referral.referrer_email:
        transaction.on_commit(lambda: _queue_receipt(str(referral.pk), str(referral.service_id)), robust=True)
    return Received(case=case, referral=referral, token=token)


def receive_from_public(told: Told, *, service) -> Received:
    """The same for a public form, which acts as the service's *intake* and sees nothing else."""
    with act_as_system(SystemUser.INTAKE, service) as intake:
        return receive_referral(told, by=intake.user)


def as_if_received(told: Told) -> dict[str, str]:
    """What a machine is shown in place of a reference and a link: alike, and leading nowhere. Nothing is made."""
    return {
        "reference": new_reference(),
        "token": secrets.token_urlsafe(32) if told.wants_link else "",
    }


def _queue_receipt(referral_id: str, service_id: str) -> None:
    acknowledge_referral.apply_async((referral_id, service_id), retry=False)


def ask_referrer(case: Case, *, gaps, question: str, by) -> InformationRequest:
    """Return a referral to its sender for what is missing. The answer falls due by the service's own days.

    Raises WrongStage where the case is past triage, or a question is open already.
    """
    _before_support(case, _("Only a referral that is still being looked at can be returned."))
    if open_request(case):
        raise WrongStage(_("The referrer was asked already and has not answered yet."))
    request = InformationRequest(
        case=case, gaps=list(gaps), question=question, recorded_by=by,
        due_at=information_due(now(), terms_of(case.service).now()),
    )  # fmt: skip
    request.token_hash = hash_of(token_of(request))
    request.save(force_insert=True)
    return request


def open_request(case: Case) -> InformationRequest | None:
    """The question to the referrer that is not answered yet."""
    return InformationRequest.objects.filter(case=case, answered_at__isnull=True).first()


@contextmanager
def asked_by_link(token: str, *, lock: bool = False) -> Iterator[InformationRequest | None]:
    """The question behind a secret answer link, which may be answered until the block ends; None where there is none.

    Whoever holds the link acts as the service's intake, for this one case.
    """
    with act_by_link("answer", hash_of(token[:LONGEST_TOKEN]), as_user=system_user(SystemUser.INTAKE)):
        yield request_behind(token, lock=lock)


def request_behind(token: str, *, lock: bool = False) -> InformationRequest | None:
    """The question behind a secret answer link; None where there is none, or the case is closed."""
    if len(token) > LONGEST_TOKEN:
        return None
    requests = InformationRequest.objects.filter(token_hash=hash_of(token)).exclude(
        case__stage=Stage.CLOSED.value
    )
    if lock:
        requests = requests.select_for_update(of=("self",))
    return requests.select_related("case__service").first()


def answer_request(request: InformationRequest, *, answer: str) -> InformationRequest:
    """Put the referrer's answer on the record. A question is answered once; a later answer changes nothing."""
    if request.answered_at is None:
        request.answer, request.answered_at = answer, now()
        request.save(update_fields=["answer", "answered_at"])
    return request


def take_into_triage(case: Case, *, by) -> StageEntry:
    """Move a referral on to triage. Raises WrongStage where it is not a referral any more."""
    return move(case, to=Stage.TRIAGE, by=by, reason=str(_("Taken into triage")))


def other_open_case(case: Case, *, user) -> Case | None:
    """Another open case of the same client, unless a wall keeps ``user`` away from that person.

    It may be out of the coordinator's sight (somebody's active case): closing a second referral as already open
    tells them no more than that, and its reference.
    """
    with with_sight_of(SystemUser.MATCHING, case.service):
        return _others_of(case, user=user).filter(stage__in=_OPEN).first()


@dataclass(frozen=True)
class Elsewhere:
    """What other records say of the person of a case: whom intake may take them for, another open case of theirs, and
    the referrals that came while this case was open and were closed as linked to it, the newest first."""

    suggestions: list
    open_case: Case | None
    later: list[Referral]


def known_elsewhere(case: Case, *, user, handles_intake: bool) -> Elsewhere:
    """What stands elsewhere and may be told on this case, asked together; who else it may be, to intake alone.

    A later referral stands on a closed case that whoever carries this one does not see; what it says is for them.
    """
    with with_sight_of(SystemUser.MATCHING, case.service):
        linked = Q(referral__already_open_as=case)
        others = _others_of(case, user=user).filter(linked | Q(stage__in=_OPEN)).select_related("referral")
        others = list(others.annotate(brought_a_file=_brought_a_file("pk")))
        later = [_with_its_case(one) for one in reversed(others) if one.stage not in _OPEN]
        if not handles_intake:
            return Elsewhere([], None, later)
        open_case = next((one for one in others if one.stage in _OPEN), None)
        return Elsewhere(visible_duplicates(case, user), open_case, later)


def _others_of(case: Case, *, user):
    person = acting_person()
    if person is None or person.user.pk != user.pk:
        return Case.objects.none()
    others = Case.objects.filter(client=case.client_id).exclude(pk=case.pk)
    return others.exclude(denied(person)).order_by("opened_at")


def _with_its_case(case) -> Referral:
    referral = case.referral
    referral.case, referral.brought_a_file = case, case.brought_a_file
    return referral


def close_as_already_open(case: Case, *, by) -> StageEntry:
    """Close a referral of somebody whose case is open: it is linked to that case, and noted there.

    Raises WrongStage where no such case is in sight, or this one is past triage.
    """
    _before_support(case, _("Only a referral that is still being looked at can be closed as already open."))
    open_one = other_open_case(case, user=by)
    if open_one is None:
        raise WrongStage(
            _("No other open case of this person is in sight. Link the referral to their record first.")
        )
    referral = case.referral
    referral.already_open_as = open_one
    referral.save(update_fields=["already_open_as"])
    with with_sight_of(SystemUser.MATCHING, case.service):
        Note(
            case=open_one, recorded_by=by,
            text=_("A new referral came in for this person (%(reference)s) and was linked to this case.")
            % {"reference": case.reference},
        ).save(force_insert=True)  # fmt: skip
    end_grants_of_closed(case, by=by)
    return move(
        case,
        to=Stage.CLOSED,
        by=by,
        reason=_("Already open as %(reference)s") % {"reference": open_one.reference},
        retain_until=retain_until(case, closed_on=today()),
    )


def _before_support(case: Case, otherwise: str) -> None:
    here = Case.objects.select_for_update().values_list("stage", flat=True).get(pk=case.pk)
    if here not in (Stage.REFERRAL.value, Stage.TRIAGE.value):
        raise WrongStage(otherwise)


def in_sight(case: Case, *, user) -> bool:
    """Whether ``user`` may see a case that just came in: the conflict check may have walled them off."""
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


def referral_of(case: Case) -> Referral | None:
    """The referral of a case, and whether it ``brought_a_file``; None on a case that was opened without one."""
    found = Referral.objects.filter(case=case).annotate(brought_a_file=_brought_a_file("case")).first()
    if found:
        found.case = case  # both know each other from here on, without asking again
    return found


def _brought_a_file(case: str) -> Exists:
    files = Document.objects.filter(case=OuterRef(case), recorded_by__is_system=True)
    return Exists(files.order_by())


def requests_of(case: Case) -> list[InformationRequest]:
    """The questions to the referrer, the newest first."""
    return list(
        InformationRequest.objects.filter(case=case).select_related("recorded_by").order_by("-recorded_at")
    )
