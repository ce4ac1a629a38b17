"""Several rounds of the clock, and several couriers, at the very same moment."""

import pytest
from django.core import mail
from django.db import connections

from isva.accounts.models import Service
from isva.clock import letters
from isva.clock.models import CaseReminder, Letter
from isva.clock.moment import now
from isva.clock.tick import tick
from isva.pathway import Stage
from tests.factories import make_case, seeing_all
from tests.racing import at_once
from triage.stages.urgent import raise_urgent_allocation


def kept(service) -> list[tuple]:
    with seeing_all(service):
        rows = CaseReminder.objects.order_by("rule", "record", "due_at")
        return list(rows.values_list("rule", "record", "due_at", "state", "red_at"))


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_rounds_at_once_make_every_reminder_and_every_letter_once(people, rowan, acting):
    case = make_case(rowan, by=people["manager"], stage=Stage.ALLOCATION)
    make_case(rowan, by=people["manager"])
    with acting("manager"):
        raise_urgent_allocation(case, reason="A threat.", by=people["manager"])

    def round_of_its_own():
        tick(Service.objects.get(pk=rowan.pk))

    for _times in range(3):
        assert at_once(*[round_of_its_own] * 4, together=False) == []
    steady = kept(rowan)
    assert len({row[:3] for row in steady}) == len(steady) >= 3
    assert at_once(*[round_of_its_own] * 4, together=False) == []
    assert kept(rowan) == steady
    told = list(
        Letter.objects.filter(kind="at_once").values_list("to", flat=True)
    )  # at a weekend, every manager
    assert len(told) == len(set(told)) >= 1
    waiting = Letter(
        service=rowan,
        kind="digest",
        to=people["isva"],
        about="x",
        counts={"due": 1, "late": 0},
        made_at=now(),
    )
    waiting.save()
    mail.outbox.clear()
    assert at_once(*[lambda: letters.send(waiting.pk)] * 4, together=False) == []
    assert len(mail.outbox) == 1
    connections["default"].close()
