"""The policies of the fictional service: one new and half read, one late for its review."""

import datetime as dt

from isva.access.acting import act
from isva.access.roles import Role
from isva.clock.moment import at as at_moment
from isva.demo.stage import Ground, day_of
from supervision import policies

#: Title, kind, and for each version: its name, days since it was adopted, days until its review, what is new.
POLICIES = (
    ("Confidentiality and its limits", "confidentiality", (("3.0", 400, 160, ""),)),
    ("Safeguarding children and adults", "safeguarding",
     (("2.0", 720, 10, ""), ("2.1", 8, 357, "Whom to ring at the council out of hours."))),
    ("Speaking up", "whistleblowing", (("1.2", 745, -15, ""),)),
    ("Complaints and compliments", "complaints", (("2.0", 260, 105, ""),)),
    ("Working alone and visits", "lone_working", (("1.1", 190, 20, ""),)),
)  # fmt: skip
#: Who has not read the newest version yet.
NOT_YET = ("isva", "trainee", "coordinator", "isva_on_leave", "records_lead", "harbour_isva")
#: Days after adoption on which the others have read a version, in turn.
AFTER = (1, 3, 5, 6)


def give(ground: Ground) -> None:
    """Adopt the policies, version by version, and have them read."""
    manager = ground.cast(Role.MANAGER)[0]
    for title, kind, versions in POLICIES:
        policy = None
        for name, since, until, new in versions:
            moment = ground.now - dt.timedelta(days=since)
            told = {
                "version": name, "reference": "Shared drive, folder Policies", "adopted_on": day_of(moment),
                "review_due_on": day_of(ground.now + dt.timedelta(days=until)),
            }  # fmt: skip
            with at_moment(moment), act(manager, ground.service) as person:
                if policy is None:
                    policy = policies.add_policy(person, by=manager, title=title, kind=kind, **told)
                    version = policy.versions.get()
                else:
                    version = policies.adopt_policy(policy, by=manager, what_is_new=new, **told)
            _read(ground, version, moment, newest=since < 30)


def _read(ground: Ground, version, moment: dt.datetime, *, newest: bool) -> None:
    late = {ground.people[key].pk for key in NOT_YET} if newest else set()
    for number, member in enumerate(policies.readers(ground.service)):
        if member.user_id not in late:
            day = moment + dt.timedelta(days=AFTER[number % len(AFTER)])
            with at_moment(min(day, ground.now)), act(member.user, ground.service):
                policies.read_policy(version, by=member.user)
