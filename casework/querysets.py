"""Sight as a queryset: which cases, and which clients, a person may see. It fails shut."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from isva.access.acting import ActingPerson, acting_person
from isva.access.roles import Permission
from isva.clock.moment import now
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
        where a conflict stands between them and the client, or where the client is restricted and they are
        not named. Denial wins over every grant.
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
        return cases.exclude(denied(person))

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
    """Clients, seen where a case of theirs is seen (which is nowhere for whoever is denied them)."""

    def visible_to(self, user):
        """The clients of whom ``user`` may see a case."""
        from casework.models import Case

        person = _sight_of(user)
        if person is None:
            return self.none()
        return self.filter(service=person.service, cases__in=Case.objects.visible_to(user)).distinct()


def denied(person: ActingPerson, *, of: str = "client") -> Q:
    """The rows whose client is denied to the acting person; ``of`` names the key of the client on the row.

    Denied is who stands in a live conflict with the client, and who is not named on a live restriction of theirs.
    """
    from casework.models import Conflict, NamedPerson, Restriction

    conflicts = Conflict.objects.filter(service=person.service, user=person.user, lifted_at__isnull=True)
    named = NamedPerson.objects.filter(restriction=OuterRef("pk"), user=person.user, ended_at__isnull=True)
    restricted = Restriction.objects.filter(~Exists(named), service=person.service, lifted_at__isnull=True)
    return Q(**{f"{of}__in": conflicts.values("client")}) | Q(**{f"{of}__in": restricted.values("client")})


def person_kept_away(person: str) -> Q:
    """The cases from whose client the person in a column (``lead_isva``) is kept away, by conflict or restriction.

    The same as ``denied`` says of the acting person, of somebody who stands on the case.
    """
    from casework.models import Conflict, NamedPerson, Restriction

    conflict = Conflict.objects.filter(
        client=OuterRef("client"), user=OuterRef(person), lifted_at__isnull=True
    )
    named = NamedPerson.objects.filter(
        restriction=OuterRef("pk"), user=OuterRef(OuterRef(person)), ended_at__isnull=True
    )
    restriction = Restriction.objects.filter(
        ~Exists(named), client=OuterRef("client"), lifted_at__isnull=True
    )
    return Q(Exists(conflict)) | Q(Exists(restriction))


def live(grants, moment):
    """Those of ``grants`` that have begun, have not been ended and have not run out at ``moment``."""
    return grants.filter(ended_at__isnull=True, starts_at__lte=moment).exclude(until__lte=moment)


def _granted(user, codename: str):
    """Keys of the cases on which guardian holds ``codename`` for ``user`` and a grant says so at this moment.

    guardian's rows follow the clock a minute late: the grants are asked as well, so that nobody sees longer
    than they were given. guardian's own table is asked, and not its shortcut, which knows exceptions (superusers,
    holders of a model-wide permission) and asks several times as much.
    """
    from casework.models import CaseUserObjectPermission, Grant

    grants = live(Grant.objects.filter(user=user), now())
    if codename == "change_case":
        grants = grants.filter(read_only=False)
    held = CaseUserObjectPermission.objects.filter(user=user, permission__codename=codename)
    return held.filter(content_object__in=grants.values("case")).values("content_object")
