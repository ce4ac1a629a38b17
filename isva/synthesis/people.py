"""The staff of made-up services: managers, coordinators, a records lead, and as many ISVAs as the cases ask for."""

import datetime as dt
import math
import random
import uuid
from dataclasses import astuple, fields

from isva.access.roles import Role
from isva.access.system import SystemUser, system_user
from isva.accounts.membership import begin_membership
from isva.accounts.models import Service, StaffProfile, User
from isva.synthesis.names import AREAS, BEGINNINGS, ENDINGS, FIRST
from isva.synthesis.profiles import Profile
from isva.synthesis.rates import PUBLISHED, Rates, draw_rates
from isva.synthesis.writing import Pen

MANAGERS = COORDINATORS = 2


def make_services(pen: Pen, profile: Profile) -> list[Service]:
    """Make the services, and the temporary table ``place`` with the rates that their cases are drawn by."""
    rng = random.Random(f"{profile.seed}:services")  # noqa: S311 - stories, not secrets
    columns = ", ".join(f"{one.name} {'int' if one.name == 'cases' else 'float8'}" for one in fields(Rates))
    pen.cursor.execute(
        f"CREATE TEMP TABLE place (s int PRIMARY KEY, service_id uuid, intake uuid, first bigint, {columns}) ON COMMIT DROP"
    )
    intake, made, first = system_user(SystemUser.INTAKE), [], 0
    for number, rates in enumerate(draw_rates(profile)):
        service = Service.objects.create(
            id=_key(rng), name=f"Made-up ISVA Service {number + 1}", slug=f"made-up-{number + 1}", phone="01632 960000",
            hours="Weekdays 9 to 5", areas=list(AREAS), elsewhere="",
        )  # fmt: skip
        made.append(service)
        told = [number, service.pk, intake.pk, first, *astuple(rates)]
        pen.cursor.execute(f"INSERT INTO place VALUES ({', '.join(['%s'] * len(told))})", told)
        first += rates.cases
    return made


def make_staff(pen: Pen, profile: Profile, services: list[Service], *, until: dt.datetime) -> None:
    """Make the staff of the services: so many ISVAs that each carries as many cases as the service says.

    Fills the temporary tables ``team`` (how many ISVAs) and ``staff``; ``course`` has been filled.
    """
    rng = random.Random(f"{profile.seed}:staff")  # noqa: S311 - stories, not secrets
    since = until.date() - dt.timedelta(days=365 * (profile.years + 1))
    pen.cursor.execute("CREATE TEMP TABLE team (s int PRIMARY KEY, isvas int) ON COMMIT DROP")
    pen.cursor.execute(
        "CREATE TEMP TABLE staff (s int, service_id uuid, part text, k int, user_id uuid, membership_id uuid) ON COMMIT DROP"
    )
    pen.cursor.execute(
        "SELECT count(*) FILTER (WHERE stage IN ('active', 'stepped_down')), place.caseload FROM place "
        "LEFT JOIN course USING (s) GROUP BY place.s, place.caseload ORDER BY place.s"
    )
    for number, (service, (carried, caseload)) in enumerate(
        zip(services, pen.cursor.fetchall(), strict=True)
    ):
        isvas = isvas_for(carried, caseload)
        pen.cursor.execute("INSERT INTO team VALUES (%s, %s)", [number, isvas])
        for part, count in _parts(isvas):
            for k in range(count):
                user, membership = _member(service, part, k, rng, since)
                pen.cursor.execute(
                    "INSERT INTO staff VALUES (%s, %s, %s, %s, %s, %s)",
                    [number, service.pk, part.value, k, user.pk, membership.pk],
                )


def isvas_for(carried: int, caseload: float) -> int:
    """How many ISVAs carry so many cases, about ``caseload`` each, and none more or fewer than services publish."""
    least, most = PUBLISHED["caseload"]
    wanted = max(math.ceil(carried / most), round(carried / caseload))
    return max(1, min(wanted, math.floor(carried / least)))


def address_of(service: Service, part: Role, k: int = 0) -> str:
    """The e-mail address of one member of staff, by which a figure is measured as them."""
    return f"{part.value}-{k + 1}@{service.slug}.example"


def _parts(isvas: int):
    yield Role.MANAGER, MANAGERS
    yield Role.COORDINATOR, COORDINATORS
    yield Role.ISVA, isvas
    yield Role.RECORDS_LEAD, 1


def _member(service: Service, part: Role, k: int, rng: random.Random, since: dt.date):
    name = f"{rng.choice(FIRST)} {rng.choice(BEGINNINGS)}{rng.choice(ENDINGS)}"
    user = User(id=_key(rng), email=address_of(service, part, k), name=name)
    user.set_unusable_password()
    user.save(force_insert=True)
    membership = begin_membership(user=user, service=service, roles=[part], starts_on=since, by=None)
    StaffProfile.objects.create(service=service, membership=membership, areas=list(service.areas))
    return user, membership


def _key(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)
