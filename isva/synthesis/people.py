"""The staff of made-up services: managers, coordinators, a records lead, and as many ISVAs as the referrals ask for."""

import datetime as dt
import random
import uuid

from isva.access.roles import Role
from isva.access.system import SystemUser, system_user
from isva.accounts.membership import begin_membership
from isva.accounts.models import Service, StaffProfile, User
from isva.synthesis.names import BEGINNINGS, ENDINGS, FIRST
from isva.synthesis.profiles import Profile
from isva.synthesis.writing import Pen

MANAGERS = COORDINATORS = 2


def make_staff(pen: Pen, profile: Profile, *, until: dt.datetime) -> list[Service]:
    """Make the services and their staff, and the temporary tables ``place`` and ``staff`` that cases are drawn with."""
    rng = random.Random(f"{profile.seed}:staff")  # noqa: S311 - stories, not secrets
    since = until.date() - dt.timedelta(days=365 * (profile.years + 1))
    pen.cursor.execute(
        "CREATE TEMP TABLE place (s int PRIMARY KEY, service_id uuid, intake uuid) ON COMMIT DROP"
    )
    pen.cursor.execute("CREATE TEMP TABLE staff (s int, part text, k int, user_id uuid) ON COMMIT DROP")
    intake, made = system_user(SystemUser.INTAKE), []
    for number in range(profile.services):
        service = Service.objects.create(
            id=_key(rng), name=f"Made-up ISVA Service {number + 1}", slug=f"made-up-{number + 1}", phone="01632 960000",
            hours="Weekdays 9 to 5", areas=["Eastmere", "Kelpton"], elsewhere="",
        )  # fmt: skip
        made.append(service)
        pen.cursor.execute("INSERT INTO place VALUES (%s, %s, %s)", [number, service.pk, intake.pk])
        for part, count in _parts(profile):
            for k in range(count):
                user = _member(service, part, k, rng, since)
                pen.cursor.execute(
                    "INSERT INTO staff VALUES (%s, %s, %s, %s)", [number, part.value, k, user.pk]
                )
    return made


def address_of(service: Service, part: Role, k: int = 0) -> str:
    """The e-mail address of one member of staff, by which a figure is measured as them."""
    return f"{part.value}-{k + 1}@{service.slug}.example"


def _parts(profile: Profile):
    yield Role.MANAGER, MANAGERS
    yield Role.COORDINATOR, COORDINATORS
    yield Role.ISVA, profile.isvas
    yield Role.RECORDS_LEAD, 1


def _member(service: Service, part: Role, k: int, rng: random.Random, since: dt.date) -> User:
    name = f"{rng.choice(FIRST)} {rng.choice(BEGINNINGS)}{rng.choice(ENDINGS)}"
    user = User(id=_key(rng), email=address_of(service, part, k), name=name)
    user.set_unusable_password()
    user.save(force_insert=True)
    membership = begin_membership(user=user, service=service, roles=[part], starts_on=since, by=None)
    StaffProfile.objects.create(service=service, membership=membership, areas=list(service.areas))
    return user


def _key(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)
