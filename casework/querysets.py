"""Sight as a queryset: which cases, and which clients, a person may see. It fails shut."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from isva.access.acting import ActingPerson, acting_person
from isva.access.roles import Permission
from isva.pathway import INTAKE_STAGES, Stage

_INTAKE = sorted(stage.value for stage in INTAKE_STAGES)


def _sight_of(user) -> ActingPerson | None:
    """The acting person, where it is really ``user`` who acts; nobody otherwise."""
    person = acting_person()
    if person is None or user is None or person.user.pk != user.pk or not person.user.is_active:
        return None
    return person


class CaseQuerySet(models.QuerySet):
    """Cases, seen through the door or not at all."""

    def visible_to(self, user):
        """The cases that ``user`` may see in the service they act in.

        By a permission on the service (every case; or the intake stages), or by a grant on the case; never
        where a conflict stands between them and the client. Denial wins over every grant.
        """
        person = _sight_of(user)
        if person is None:
            return self.none()
        cases = self.filter(service=person.service)
        if not person.can(Permission.SEE_ALL_CASES):
            sight = Q(pk__in=_granted(user, "view_case"))
            if person.can(Permission.HANDLE_INTAKE):
                sight |= Q(stage__in=_INTAKE)
            cases = cases.filter(sight)
        return cases.exclude(client__in=_walled_off(user))

    def changeable_by(self, user):
        """The visible cases that ``user`` may also change: not those they see by a read-only grant."""
        person = _sight_of(user)
        if person is None:
            return self.none()
        cases = self.visible_to(user)
        if person.can(Permission.SEE_ALL_CASES):
            return cases
        change = Q(pk__in=_granted(user, "change_case"))
        if person.can(Permission.HANDLE_INTAKE):
            change |= Q(stage__in=_INTAKE)
        return cases.filter(change)

    def with_wait(self):
        """Each case with ``waits_since``: when the referral was received, or when the case was last reopened."""
        from casework.models import StageEntry

        ended = StageEntry.objects.filter(
            case=OuterRef("pk"), stage=Stage.CLOSED.value, left_at__isnull=False
        )
        reopened = Subquery(ended.order_by("-left_at").values("left_at")[:1])
        return self.annotate(waits_since=Coalesce(reopened, F("opened_at")))

    def open(self):
        """Cases that are not closed."""
        return self.exclude(stage="closed")


class ClientQuerySet(models.QuerySet):
    """Clients, seen where a case of theirs is seen."""

    def visible_to(self, user):
        """The clients of whom ``user`` may see a case."""
        from casework.models import Case

        person = _sight_of(user)
        if person is None:
            return self.none()
        return self.filter(service=person.service, cases__in=Case.objects.visible_to(user)).distinct()


def _granted(user, codename: str):
    """Keys of the cases on which guardian holds ``codename`` for ``user``: direct rows only, no exception for anyone."""
    from guardian.shortcuts import get_objects_for_user

    from casework.models import Case

    return get_objects_for_user(
        user, f"casework.{codename}", Case.objects.order_by(), use_groups=False, with_superuser=False,
        accept_global_perms=False,
    ).values("pk")  # fmt: skip


def _walled_off(user):
    """Keys of the clients from whom a conflict keeps ``user`` away."""
    from casework.models import Conflict

    return Conflict.objects.filter(user=user, lifted_at__isnull=True).values("client")
