"""The staff of the fictional service: what they are trained in, what runs out, and the hours that court took from it."""

import datetime as dt
from decimal import Decimal

from isva.access.acting import act
from isva.access.roles import Role
from isva.accounts import returning, staffing
from isva.accounts.models import Membership, StaffProfile
from isva.clock.moment import at as at_moment
from isva.demo.stage import Ground, day_of
from supervision import training

#: For each person: kind, title, days since it was taken, days from today until it runs out (None: never), hours.
HELD: dict[str, tuple[tuple, ...]] = {
    "manager": (
        ("management", "Supervising in specialist services", 800, None, 18), ("safeguarding", "", 400, 330, 6),
        ("vetting", "", 700, 395, None), ("data", "", 200, 165, 1.5),
    ),
    "second_manager": (
        ("management", "", 1000, None, 18), ("safeguarding", "", 700, 30, 6), ("vetting", "", 900, 190, None),
        ("data", "", 380, -15, 1.5),
    ),
    "coordinator": (("triage", "Triage and first contact", 300, None, 12), ("safeguarding", "", 350, 380, 6),
                    ("vetting", "", 420, 675, None), ("data", "", 90, 275, 1.5)),
    "isva": (
        ("qualification", "Fictional Award in Independent Advocacy", 1300, None, 120), ("safeguarding", "", 690, 40, 6),
        ("vetting", "", 1050, 45, None), ("data", "", 100, 265, 1.5), ("trauma", "Working with shame", 150, None, 7.5),
        ("trauma", "Vicarious trauma: a day together", 60, None, 6),
    ),
    "second_isva": (
        ("qualification", "Fictional Award in Independent Advocacy", 900, None, 120), ("safeguarding", "", 760, -30, 6),
        ("vetting", "", 500, 595, None), ("data", "", 120, 245, 1.5),
    ),
    "chisva": (
        ("qualification", "Fictional Award in Independent Advocacy", 1100, None, 120), ("safeguarding", "Children", 200, 530, 12),
        ("vetting", "", 300, 795, None), ("data", "", 140, 225, 1.5), ("trauma", "Play and the law", 200, None, 6),
    ),
    "isva_on_leave": (("qualification", "", 1200, None, 120), ("safeguarding", "", 420, 310, 6), ("data", "", 200, 165, 1.5)),
    "trainee": (("safeguarding", "", 90, 640, 6), ("vetting", "", 110, 985, None), ("data", "", 95, 270, 1.5)),
    "harbour_isva": (("qualification", "", 700, None, 120), ("safeguarding", "", 300, 430, 6), ("vetting", "", 600, 495, None)),
}  # fmt: skip
#: Cancelled and planned: kind, title, days from today (planned ahead), why it was cancelled, hours.
OTHERWISE: dict[str, tuple[tuple, ...]] = {
    "isva": (("trauma", "Grounding techniques", -45, "court", 6),),
    "second_isva": (
        ("trauma", "Vicarious trauma: a day together", -60, "court", 6), ("safeguarding", "", -20, "court", 6),
        ("safeguarding", "", 18, "", 6),
    ),
    "chisva": (("trauma", "Vicarious trauma: a day together", -60, "caseload", 6),),
    "trainee": (("qualification", "Fictional Award in Independent Advocacy", 120, "", 120),),
}  # fmt: skip


#: Absences that have been: who, kind, days since the first and the last day, days since the talk after it, what was agreed.
AWAY: tuple[tuple, ...] = (
    (
        "chisva",
        "sick",
        62,
        55,
        53,
        "Two weeks without new cases; court days are covered by a colleague until the end of the month.",
    ),
    ("fourth_isva", "sick", 16, 12, None, ""),
    ("second_isva", "court", 30, 29, None, ""),
    ("isva", "annual", 80, 71, None, ""),
)


#: Whose cap was set lower than what they carry: a sustained overload.
CAPS = {"fourth_isva": 13}


def give(ground: Ground) -> None:
    """Record the training of everybody of the cast who works here, and who was away."""
    manager = ground.cast(Role.MANAGER)[0]
    for told in AWAY:
        _away(ground, told, by=manager)
    for key, cap in CAPS.items():
        profile = StaffProfile.objects.filter(
            membership__user=ground.people[key], service=ground.service
        ).first()
        if profile is not None:
            staffing.edit_profile(profile, by=manager, caseload_cap=cap)
    for key in dict.fromkeys([*HELD, *OTHERWISE]):
        member = Membership.objects.filter(user=ground.people[key], service=ground.service).first()
        if member is not None:
            for one in HELD.get(key, ()):
                _held(ground, member, one, by=manager)
            for one in OTHERWISE.get(key, ()):
                _otherwise(ground, member, one, by=manager)


def _away(ground: Ground, told: tuple, *, by) -> None:
    key, kind, first, last, talked, agreed = told
    member = Membership.objects.filter(user=ground.people[key], service=ground.service).first()
    if member is None:
        return
    day = day_of(ground.now)
    with at_moment(ground.now - dt.timedelta(days=first)), act(by, ground.service):
        leave = staffing.add_leave(
            member, kind=kind, first_day=day - dt.timedelta(days=first), last_day=day - dt.timedelta(days=last), by=by
        )  # fmt: skip
    if talked is not None:
        with at_moment(ground.now - dt.timedelta(days=talked)), act(by, ground.service):
            returning.note_return(leave, held_on=day - dt.timedelta(days=talked), agreed=agreed, by=by)


def _held(ground: Ground, member: Membership, told: tuple, *, by) -> None:
    kind, title, days_ago, until, hours = told
    today, moment = day_of(ground.now), ground.now - dt.timedelta(days=min(days_ago - 1, 730))
    with at_moment(moment), act(by, ground.service) as person:
        training.record_training(
            person, member, kind=kind, title=title, provider="" if kind == "vetting" else "Fictional Training Partnership",
            status="held", taken_on=today - dt.timedelta(days=days_ago),
            expires_on=None if until is None else today + dt.timedelta(days=until),
            hours=None if hours is None else Decimal(str(hours)), evidence="The certificate" if kind != "data" else "",
        )  # fmt: skip


def _otherwise(ground: Ground, member: Membership, told: tuple, *, by) -> None:
    kind, title, days, why, hours = told
    with at_moment(ground.now - dt.timedelta(days=max(1, -days - 1))), act(by, ground.service) as person:
        training.record_training(
            person, member, kind=kind, title=title, provider="Fictional Training Partnership",
            status="cancelled" if why else "planned", taken_on=day_of(ground.now) + dt.timedelta(days=days),
            hours=Decimal(str(hours)), cancelled_why=why,
        )  # fmt: skip
