"""The policies of the service: adopting a version, confirming it, and reading it.

Whoever belongs to the service reads what is in force; who is from outside (a commissioner, a clinical supervisor) is not
asked. Source: quality standards (policies on confidentiality, safeguarding, whistleblowing, complaints).
"""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Prefetch
from django.utils.translation import gettext as _

from isva.access.acting import ActingPerson
from isva.access.roles import Permission, Role
from isva.accounts.models import User
from isva.clock.moment import now, today
from isva.refusal import Refusal
from supervision.colleagues import members_with
from supervision.models import Policy, PolicyReading, PolicyVersion

RULE, UNREAD = "policy_review", "policy_unread"
#: The roles that read the policies, and what lets a page of theirs open.
READERS = (Role.ISVA, Role.TRAINEE, Role.COORDINATOR, Role.MANAGER, Role.RECORDS_LEAD)
READS = (
    Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES, Permission.KEEP_RECORDS,
)  # fmt: skip
KEEPS = Permission.SEE_ALL_CASES


class CannotAdopt(Refusal):
    """A policy cannot be kept like this. Its text says why."""


@dataclass(frozen=True)
class Read:
    """Somebody who is asked to read a policy, and when they did; None where they have not."""

    name: str
    read_at: dt.datetime | None


def readers(service):
    """The memberships, live today, of everybody who reads the policies."""
    return members_with(service, READERS)


def in_force(service):
    """The versions in force of a service."""
    return PolicyVersion.objects.filter(
        service=service, replaced_on__isnull=True, policy__ended_on__isnull=True
    )


def policies_of(user: User):
    """The policies of the service of ``user``, each with its versions and who recorded them, the latest first."""
    versions = PolicyVersion.objects.select_related("recorded_by", "reviewed_by").order_by(
        "-adopted_on", "-recorded_at"
    )
    rows = Policy.objects.visible_to(user).prefetch_related(Prefetch("versions", queryset=versions))
    return rows.order_by("-ended_on", "title", "pk")


def read_by_how_many(person: ActingPerson) -> tuple[dict, int]:
    """For each version in force how many of those who are asked have read it, and how many are asked. Two queries."""
    asked = readers(person.service)
    rows = in_force(person.service).filter(readings__user__in=asked.values("user"))
    return dict(rows.values_list("pk").annotate(Count("readings"))), asked.count()


def who_has_read(person: ActingPerson, version: PolicyVersion) -> list[Read]:
    """Everybody who is asked to read a version, who has not first."""
    when = dict(PolicyReading.objects.filter(version=version).values_list("user", "read_at"))
    found = [Read(one.user.name, when.get(one.user_id)) for one in readers(person.service)]
    return sorted(found, key=lambda one: (one.read_at is not None, one.name))


def to_read(person: ActingPerson):
    """The versions in force, with whether ``person`` has read each (``is_read``); what is not read first."""
    mine = PolicyReading.objects.filter(version=OuterRef("pk"), user=person.user)
    rows = in_force(person.service).select_related("policy").annotate(is_read=Exists(mine))
    return rows.order_by("is_read", "policy__title", "pk")


@transaction.atomic
def add_policy(person: ActingPerson, *, by: User, title: str, kind: str, **first) -> Policy:
    """Write down a policy with its first version. Raises CannotAdopt, in words."""
    policy = Policy(service=person.service, title=title, kind=kind)
    try:
        with transaction.atomic():
            policy.save(force_insert=True)
    except IntegrityError:
        raise CannotAdopt(_("A policy of this title stands here already.")) from None
    _adopt(policy, by=by, **first)
    return policy


@transaction.atomic
def adopt_policy(policy: Policy, *, by: User, **version) -> PolicyVersion:
    """Adopt a new version: it replaces the one in force, and everybody reads it anew. Raises CannotAdopt, in words."""
    locked = Policy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
    if locked.ended_on is not None:
        raise CannotAdopt(_("This policy has ended."))
    before = PolicyVersion.objects.filter(policy=locked, replaced_on__isnull=True).first()
    if before is not None:
        if version["adopted_on"] < before.adopted_on:
            raise CannotAdopt(_("The version in force was adopted later."))
        before.replaced_on = version["adopted_on"]
        before.save(update_fields=["replaced_on"])
    return _adopt(locked, by=by, **version)


def _adopt(policy: Policy, *, by: User, **told) -> PolicyVersion:
    version = PolicyVersion(
        service_id=policy.service_id, policy=policy, recorded_by=by, recorded_at=now(), **told
    )
    if version.adopted_on > today():
        raise CannotAdopt(_("A version is written down once it is adopted."))
    if version.review_due_on <= version.adopted_on:
        raise CannotAdopt(_("The review comes after the day of adoption."))
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError:
        raise CannotAdopt(_("A version of this name stands here already.")) from None
    return version


@transaction.atomic
def review_policy(
    version: PolicyVersion, *, by: User, reviewed_on: dt.date, review_due_on: dt.date
) -> PolicyVersion:
    """Note that a version was reviewed and stands unchanged, and when next. Nobody has to read it anew.

    Raises CannotAdopt, in words.
    """
    locked = PolicyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if locked.replaced_on is not None:
        raise CannotAdopt(_("This version was replaced."))
    if reviewed_on > today() or reviewed_on < locked.adopted_on or review_due_on <= reviewed_on:
        raise CannotAdopt(
            _("A review lies after the adoption and not ahead, and the next one comes after it.")
        )
    locked.reviewed_on, locked.reviewed_by, locked.review_due_on = reviewed_on, by, review_due_on
    locked.save(update_fields=["reviewed_on", "reviewed_by", "review_due_on"])
    return locked


@transaction.atomic
def end_policy(policy: Policy, *, by: User) -> Policy:
    """Say that a policy holds no more: nobody is asked to read or review it."""
    locked = Policy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
    if locked.ended_on is None:
        locked.ended_on = today()
        locked.save(update_fields=["ended_on"])
    return locked


@transaction.atomic
def read_policy(version: PolicyVersion, *, by: User) -> PolicyReading:
    """Note that ``by`` has read a version. Said twice, it stands once, with the first moment."""
    Policy.objects.select_for_update(of=("self",)).get(pk=version.policy_id)
    found = PolicyReading.objects.filter(version=version, user=by).first()
    if found is None:
        found = PolicyReading(service_id=version.service_id, version=version, user=by, read_at=now())
        found.save(force_insert=True)
    return found
