"""What is recorded about the staff of made-up services: supervision, training, leave."""

import datetime as dt

from isva.accounts.models import Leave
from isva.synthesis.profiles import Profile
from isva.synthesis.writing import Pen
from supervision.models import Arrangement, ClinicalSession, ManagementSession, Training


def write_workforce(pen: Pen, profile: Profile, until: dt.datetime) -> None:
    """Clinical and management supervision of every ISVA in its usual rhythm, a qualification, and leave twice a year."""
    first = f"date '{(until - dt.timedelta(days=365 * profile.years)).date().isoformat()}'"
    days, latest = 365 * profile.years, f"timestamptz '{until.isoformat()}'"
    isvas = (
        "(SELECT isva.service_id, isva.membership_id, isva.s * 256 + isva.k AS number, manager.user_id AS manager FROM staff isva "
        "JOIN staff manager ON manager.s = isva.s AND manager.part = 'manager' AND manager.k = 0 WHERE isva.part = 'isva') isva"
    )
    for kind, model, every, own in (
        ("clinical", ClinicalSession, 42, {"format": "'individual'", "outcome": "'attended'"}),
        ("management", ManagementSession, 28, {}),
    ):
        pen.insert(
            Arrangement, isvas, id=pen.key(kind, "isva.number"), service_id="service_id", membership_id="membership_id",
            kind=f"'{kind}'", supervisor_id="manager", counts_from=first, began_on=first,
        )  # fmt: skip
        number = "(isva.number * 128 + k)"
        held = f"({first} + (k * {every} - floor(10 * {pen.chance(kind, number)})::int))"
        pen.insert(
            model, f"{isvas}, generate_series(1, {days // every}) AS k WHERE {pen.chance(f'{kind} missed', number)} < 0.92",
            id=pen.key(f"{kind} session", number), service_id="service_id", arrangement_id=pen.key(kind, "isva.number"),
            held_on=held, recorded_by_id="manager", recorded_at=f"least({held} + interval '17 hours', {latest})", **own,
        )  # fmt: skip
    pen.insert(
        Training, f"{isvas} WHERE {pen.chance('qualified', 'isva.number')} < 0.85", id=pen.key("training", "isva.number"),
        service_id="service_id", membership_id="membership_id", kind="'qualification'", status="'held'", taken_on=first,
        recorded_by_id="manager", recorded_at=latest,
    )  # fmt: skip
    number = "(isva.number * 128 + k)"
    begins = f"({first} + k * 182 - 60 + floor(40 * {pen.chance('leave', number)})::int)"
    pen.insert(
        Leave, f"{isvas}, generate_series(1, {days // 182 - 1}) AS k", id=pen.key("leave", number), service_id="service_id",
        membership_id="membership_id", kind="'annual'", first_day=begins,
        last_day=f"{begins} + 4 + floor(8 * {pen.chance('leave days', number)})::int",
    )  # fmt: skip
