"""Puts the cast in its place: services, people, memberships, profiles, leave."""

import datetime as dt

from isva.accounts.membership import begin_membership
from isva.accounts.models import Leave, Membership, Service, StaffProfile, User
from isva.clock.moment import today
from isva.demo.cast import PERSONAS, SERVICES


def make_services() -> dict[str, Service]:
    """The fictional services, by key."""
    made = {}
    for one in SERVICES:
        made[one.key] = Service.objects.create(
            name=one.name, slug=one.key, phone=one.phone, hours=one.hours, areas=list(one.areas),
            elsewhere=one.elsewhere, age_from=one.age_from,
        )  # fmt: skip
    return made


def make_people(
    services: dict[str, Service], *, password: str, since: dt.date | None = None
) -> dict[str, User]:
    """The cast as users with memberships, profiles and leave, by key."""
    since = since or today() - dt.timedelta(days=4 * 365)
    people = {}
    for persona in PERSONAS:
        user = User.objects.create_user(email=persona.email, name=persona.name, password=password)
        people[persona.key] = user
        for key, roles in persona.parts.items():
            membership = begin_membership(
                user=user, service=services[key], roles=roles, starts_on=since, by=None
            )
            _give_profile(membership, persona)
    return people


def _give_profile(membership: Membership, persona) -> None:
    StaffProfile.objects.create(
        service=membership.service, membership=membership, weekly_hours=persona.hours, caseload_cap=persona.cap,
        specialisms=list(persona.specialisms), languages=list(persona.languages), areas=list(persona.areas),
        sex=persona.sex,
    )  # fmt: skip
    if persona.on_leave:
        Leave.objects.create(
            service=membership.service, membership=membership, kind=Leave.Kind.ANNUAL,
            first_day=today() - dt.timedelta(days=4), last_day=today() + dt.timedelta(days=10),
        )  # fmt: skip
