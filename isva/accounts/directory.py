"""The people of a service, as its screens find them: members, their profiles and leave, open invitations."""

from django.db.models import Prefetch, Q

from isva.access.acting import ActingPerson
from isva.access.roles import Role
from isva.accounts.membership import live_memberships
from isva.accounts.models import (
    DeclaredConnection,
    FactorReset,
    Invitation,
    Leave,
    Membership,
    RoleChange,
    Service,
    StaffProfile,
    User,
)
from isva.clock.moment import now, today

CURRENT, LEFT, EVERYBODY = "current", "left", "all"
#: Roles that carry cases, and so have hours, a cap and leave that allocation needs to know.
CARRYING = (Role.ISVA, Role.TRAINEE)


def members(person: ActingPerson, *, standing: str = CURRENT, role: str = ""):
    """The members of the service that ``person`` acts in, with their user; filtered as the list shows them."""
    found = Membership.objects.filter(service=person.service).select_related("user")
    if standing == CURRENT:
        found = found.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today()))
    elif standing == LEFT:
        found = found.filter(ends_on__lt=today())
    return found.filter(roles__contains=[role]) if role else found


def all_members(person: ActingPerson):
    """Every member of the service that ``person`` acts in, past and present, ready to be found by key."""
    return Membership.objects.filter(service=person.service).select_related("user", "service", "profile")


def memberships_of(people, *, service: Service) -> dict:
    """The keys of the memberships of some people in a service, by the person's key. One query, none for nobody."""
    if not people:
        return {}
    found = Membership.objects.filter(service=service, user__in=people)
    return dict(found.values_list("user", "pk"))


def workforce(person: ActingPerson):
    """The current members who carry cases or work with them, with profile and the leave that lies ahead.

    Two queries, however many people.
    """
    ahead = Leave.objects.filter(last_day__gte=today()).order_by("first_day")
    return (
        members(person)
        .exclude(roles__contained_by=[Role.COMMISSIONER, Role.CLINICAL_SUPERVISOR])
        .select_related("user", "profile")
        .prefetch_related(Prefetch("leave", queryset=ahead, to_attr="leave_ahead"))
        .order_by("user__name", "id")
    )


def carries_cases(membership: Membership) -> bool:
    """Whether somebody carries cases in one of their roles, so that their working profile matters."""
    return any(role in CARRYING for role in membership.roles)


def profile_of(membership: Membership) -> StaffProfile:
    """The working profile of a member; an unsaved one with the usual hours where none was filled in."""
    found = StaffProfile.objects.filter(membership=membership).first()
    return found or StaffProfile(membership=membership, service=membership.service)


def leave_of(membership: Membership):
    """The absences of a member, the latest first."""
    return Leave.objects.filter(membership=membership).order_by("-first_day")


def leave_in(person: ActingPerson):
    """Every absence in the service that ``person`` acts in, ready to be found by key."""
    return Leave.objects.filter(service=person.service).select_related(
        "membership__user", "membership__service"
    )


def connections_of(membership: Membership):
    """Whom a member has declared to know: for the member and the records lead only."""
    return DeclaredConnection.objects.filter(membership=membership).order_by("name", "id")


def open_invitations(person: ActingPerson):
    """Invitations to the service of ``person`` that were neither taken up nor withdrawn, lapsed ones among them."""
    return (
        Invitation.objects.filter(service=person.service, accepted_at__isnull=True, withdrawn_at__isnull=True)
        .select_related("invited_by", "service")
        .order_by("-invited_at", "id")
    )


def is_invited(service: Service, email: str) -> bool:
    """Whether an invitation that still works was sent to this address."""
    return Invitation.objects.filter(
        service=service, email__iexact=email, accepted_at__isnull=True, withdrawn_at__isnull=True,
        expires_at__gt=now(),
    ).exists()  # fmt: skip


def is_member(service: Service, email: str) -> bool:
    """Whether somebody with this address belongs to the service today."""
    user = user_with(email)
    return user is not None and live_memberships(user).filter(service=service).exists()


def user_with(email: str) -> User | None:
    """The person who signs in with this address, in any case of its letters."""
    return User.objects.filter(email__iexact=email, is_system=False).first()


def records_leads_of(user: User) -> list[User]:
    """The records leads of every service that somebody belongs to now."""
    services = [membership.service_id for membership in live_memberships(user)]
    leads = Membership.objects.filter(service__in=services, roles__contains=[Role.RECORDS_LEAD]).live()
    return list(User.objects.filter(pk__in=leads.values("user")).order_by("email"))


def who_lets_in(service: Service) -> list[User]:
    """The managers and records leads of a service today, by address: who should know who is let in as what."""
    there = Membership.objects.filter(
        service=service, roles__overlap=[Role.MANAGER, Role.RECORDS_LEAD]
    ).live()
    return list(User.objects.filter(pk__in=there.values("user")).order_by("email"))


def resets_of(membership: Membership):
    """When a member's second factor was reset, and by whom; the latest first."""
    return (
        FactorReset.objects.filter(service=membership.service, user=membership.user)
        .select_related("reset_by")
        .order_by("-reset_at")
    )


def user_by_key(key: str) -> User | None:
    """An account by its key, for the couriers."""
    return User.objects.filter(pk=key, is_active=True).first() if key else None


def reset_by_key(key: str) -> FactorReset | None:
    """A reset by its key, for the couriers."""
    return FactorReset.objects.filter(pk=key).select_related("user", "reset_by").first()


def role_change_by_key(key: str) -> RoleChange | None:
    """A change of roles by its key, for the couriers."""
    return RoleChange.objects.filter(pk=key).select_related("user", "service").first()
