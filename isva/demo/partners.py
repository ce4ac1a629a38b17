"""The partners of the fictional service: contacts at agencies with a gap, protocols, groups that meet, issues that were raised."""

import datetime as dt

from casework import directory, onward
from casework.models import AgencyContact
from isva.access.acting import act
from isva.access.roles import Role
from isva.clock.moment import at as at_moment
from isva.demo.stage import Ground, day_of
from supervision import groups, issues, protocols
from supervision.management import Decision

Part = AgencyContact.Part
#: Agency → its contacts: part, name, role there, days since they came, days since they left (None: in post).
CONTACTS: dict[str, tuple[tuple, ...]] = {
    "Serious Crime Team, fictional police": (
        (Part.CONTACT, "Della Detective", "Detective inspector, rape and serious sexual offences", 700, 200),
        (
            Part.CONTACT,
            "Ingram Inspector",
            "Detective inspector, rape and serious sexual offences",
            200,
            None,
        ),
        (Part.DEPUTY, "Sabine Sergeant", "Detective sergeant", 420, None),
    ),
    "Fernbank SARC": ((Part.CONTACT, "Corisande Clinic", "Lead nurse", 510, None),),
    "Hearthstone Housing": ((Part.CONTACT, "Hollis Housing", "Housing options, team leader", 640, 25),),
    "Northfold Mental Health Team": (
        (Part.CONTACT, "Tobit Therapist", "Team manager", 800, 40),
        (Part.DEPUTY, "Perpetua Practitioner", "Senior practitioner", 300, None),
    ),
    "Sanctuary Domestic Abuse Service": (
        (Part.CONTACT, "Ottilie Outreach", "Outreach manager", 900, None),
        (Part.DEPUTY, "Bevis Besideher", "Outreach worker", 350, None),
    ),
}
REACHED = {
    "Serious Crime Team, fictional police": (
        "Every day, 8:00 to 22:00", "Ask for the officer in the case first. What is urgent goes to the duty sergeant, by phone."
    ),
    "Fernbank SARC": ("Every hour of every day", "Ring before a referral: they say within the hour whether they can see somebody today."),
    "Hearthstone Housing": ("Monday to Friday, 9:00 to 16:00", "Homeless today: ring before 14:00."),
}  # fmt: skip


#: Protocols: title, the agencies' names, days since the signing, days until the review (negative: overdue).
PROTOCOLS = (
    ("Sharing information in rape and serious sexual offence cases", ("Serious Crime Team, fictional police",), 380, -15),
    ("Referrals to and from the SARC", ("Fernbank SARC", "Mereside Sexual Health"), 340, 25),
    ("High-risk meetings: what is said and what is kept",
     ("Serious Crime Team, fictional police", "Sanctuary Domestic Abuse Service", "Countywide Children and Families"), 120, 245),
)  # fmt: skip
#: Groups: name, kind, agencies, days since each meeting, days until the planned one.
GROUPS = (
    ("Eastmere Rape Strategic Group", "strategic", ("Serious Crime Team, fictional police", "Fernbank SARC"), (310, 130), 40),
    ("Eastmere Rape Scrutiny Group", "scrutiny",
     ("Serious Crime Team, fictional police", "Fernbank SARC", "Lantern Legal Advice"), (280, 190, 101), None),
    ("Violence against women and girls forum", "other", ("Sanctuary Domestic Abuse Service", "Hearthstone Housing"), (60,), 30),
)  # fmt: skip
CONCLUDED = (
    "The time from report to charge has grown again; each agency brings its own figures next time.",
    "How a decision to take no further action is told was agreed: by the officer, in the way the person chose, with us told first.",
    "Phones are returned within a month where nothing is taken from them. The police report on it each quarter.",
)
TAKEN_ON = (
    (("Bring our figures on waiting times", 9), ("Ask our ISVAs how such decisions were told", -4)),
    (),
    (),
)
#: Issues: title, what, agency, level, status, what changed, days since it was raised.
ISSUES = (
    ("Phones are kept for longer than a year", "People are without their phone for a year and more, and take back what they reported.",
     "Serious Crime Team, fictional police", "scrutiny", "changed", "Phones are returned within a month since the spring.", 420),
    ("Housing asks for the account again", "Each new officer asks people to tell what happened from the beginning.",
     "Hearthstone Housing", "management", "worked_on", "", 70),
    ("No interpreter at the first appointment", "First appointments are cancelled where no interpreter was booked.",
     "Northfold Mental Health Team", "practice", "raised", "", 20),
    ("Special measures are decided on the day", "People do not know until the morning of the trial whether there is a screen.",
     None, "strategic", "unchanged", "", 300),
)  # fmt: skip


def give(ground: Ground) -> None:
    """Say how to reach the agencies and whom to turn to; what was agreed and raised with them in the first service."""
    _directory(ground)
    if ground.key == "rowan":
        named = {one.name: one for one in ground.agencies}
        _protocols(ground, named)
        _issues(ground, named, _groups(ground, named))


def _protocols(ground: Ground, named: dict) -> None:
    manager = ground.cast(Role.MANAGER)[0]
    for title, agencies, since, until in PROTOCOLS:
        signed = ground.now - dt.timedelta(days=since)
        with at_moment(signed), act(manager, ground.service) as person:
            protocols.add_protocol(
                person, by=manager, agencies=[named[name] for name in agencies], title=title, signed_on=day_of(signed),
                reference="Shared drive, folder Protocols", review_due_on=day_of(ground.now + dt.timedelta(days=until)),
            )  # fmt: skip


def _groups(ground: Ground, named: dict) -> list:
    manager, isva, made = ground.cast(Role.MANAGER)[0], ground.people["isva"], []
    for name, kind, agencies, held, planned in GROUPS:
        first = ground.now - dt.timedelta(days=max(held) + 60)
        with at_moment(first), act(manager, ground.service) as person:
            group = groups.add_group(
                person, by=manager, agencies=[named[one] for one in agencies], name=name, kind=kind
            )
        for number, days in enumerate(held):
            last = days == min(held)
            ahead = day_of(ground.now + dt.timedelta(days=planned)) if last and planned else None
            tasks = (
                TAKEN_ON[number]
                if last and kind == "strategic"
                else TAKEN_ON[0]
                if last and kind == "scrutiny"
                else ()
            )
            moment = ground.now - dt.timedelta(days=days)
            with at_moment(moment), act(manager, ground.service):
                groups.record_meeting(
                    group, by=manager, held_on=day_of(moment), attended=[manager, isva] if kind == "scrutiny" else [manager],
                    concluded=CONCLUDED[number], next_on=ahead,
                    decisions=[
                        Decision(what, isva if until > 0 else manager, day_of(ground.now + dt.timedelta(days=until)))
                        for what, until in tasks
                    ],
                )  # fmt: skip
        made.append(group)
    return made


def _issues(ground: Ground, named: dict, sits_in: list) -> None:
    by = ground.people["isva"]
    for title, what, agency, level, status, changed, days in ISSUES:
        moment = ground.now - dt.timedelta(days=days)
        group = next((one for one in sits_in if one.kind == level), None)
        with at_moment(moment), act(by, ground.service) as person:
            one = issues.raise_issue(
                person, by=by, title=title, what=what, agency=named[agency] if agency else None, level=level, group=group,
                raised_on=day_of(moment),
            )  # fmt: skip
        if status != "raised":
            with at_moment(moment + dt.timedelta(days=days // 2)), act(by, ground.service):
                issues.change_issue(one, by=by, status=status, what_changed=changed)


def _directory(ground: Ground) -> None:
    by = ground.cast(Role.COORDINATOR)[0]
    for number, agency in enumerate(ground.agencies):
        hours, how = REACHED.get(agency.name, ("", ""))
        areas = [] if number % 3 else ground.service.areas[: 1 + number % 2]
        with at_moment(ground.now - dt.timedelta(days=30)), act(by, ground.service):
            onward.change_agency(agency, by=by, areas=areas, hours=hours, how_to_reach=how)
        for part, name, job, since, left in CONTACTS.get(agency.name, ()):
            began = ground.now - dt.timedelta(days=since)
            with at_moment(began), act(by, ground.service):
                contact = directory.name_agency_contact(
                    agency, by=by, part=part, name=name, job=job, phone=next(ground.phones), from_on=day_of(began),
                    email=name.lower().replace(" ", ".") + "@example.org",
                )  # fmt: skip
            if left is not None:
                gone = ground.now - dt.timedelta(days=left)
                with at_moment(gone), act(by, ground.service):
                    directory.change_agency_contact(contact, by=by, until_on=day_of(gone))
