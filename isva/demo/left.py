"""What is left behind in the fictional service: an action of somebody who has left, and one of somebody who is away."""

import datetime as dt

from isva.access.acting import act
from isva.access.roles import Role
from isva.accounts.membership import begin_membership, end_membership
from isva.accounts.models import User
from isva.clock.moment import at as at_moment
from isva.demo.stage import Ground, day_of
from supervision import groups, left
from supervision.management import Decision

#: Somebody who worked for the service until nine days ago.
LEFT_DAYS = 9
NAME = "Igor Iberis"


def give(ground: Ground) -> None:
    """Have two things taken on in a meeting that nobody will do, and sweep as the night does."""
    if ground.key != "rowan":
        return
    manager, records_lead = ground.cast(Role.MANAGER)[0], ground.people["records_lead"]
    user = User.objects.create_user(email="igor.iberis@rowan.example", name=NAME)
    began = day_of(ground.now - dt.timedelta(days=500))
    membership = begin_membership(
        user=user, service=ground.service, roles=[Role.ISVA], starts_on=began, by=None
    )
    moment, last = ground.now - dt.timedelta(days=40), ground.now - dt.timedelta(days=LEFT_DAYS)
    with at_moment(moment), act(manager, ground.service):
        group = groups.groups_that_meet(manager).filter(kind="other").get()
        groups.record_meeting(
            group, by=manager, held_on=day_of(moment), attended=[user], next_on=group.next_on,
            concluded="Outreach in the two sixth-form colleges is shared between the services of the forum.",
            decisions=[
                Decision("Send the forum our outreach dates", user, day_of(ground.now + dt.timedelta(days=4))),
                Decision("Bring leaflets in Polish and Urdu", ground.people["isva_on_leave"], day_of(ground.now + dt.timedelta(days=6))),
            ],
        )  # fmt: skip
    with at_moment(last), act(records_lead, ground.service):
        end_membership(membership, last_day=day_of(last), by=records_lead)
    left.sweep(ground.service)
