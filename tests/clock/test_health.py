"""Whether the product is well: what is looked at, and the alarm where the clock stands still."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse

from isva.clock import health
from isva.clock.models import Letter, Tick
from isva.clock.moment import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(monkeypatch):
    monkeypatch.setattr(health.redis.Redis, "llen", lambda self, name: 0)


def went_round(service, *, ago: dt.timedelta, failed: int = 0) -> None:
    moment = now() - ago
    Tick(service=service, began_at=moment, ended_at=moment, took_ms=40, failed_rules=failed).save()


def state() -> dict[str, bool]:
    return {check.name: check.is_well for check in health.checks()}


def test_all_is_well_with_a_round_a_minute_ago_and_no_letter_waiting(services, queue, capsys):
    for service in services.values():
        went_round(service, ago=dt.timedelta(minutes=1))
    assert all(state().values())
    call_command("health")
    assert health.clock_stands_still() is None


def test_missed_rounds_raise_an_alarm_on_the_managers_first_page(services, queue, signed_in):
    went_round(services["rowan"], ago=dt.timedelta(minutes=1))
    assert (
        "The clock has not gone round"
        not in signed_in("manager").get(reverse("service_today")).content.decode()
    )
    went_round(services["harbour"], ago=health.MISSED)
    assert state()["Clock"] is False
    page = signed_in("manager").get(reverse("service_today")).content.decode()
    assert "The clock has not gone round for 5 minutes" in page
    with pytest.raises(SystemExit):
        call_command("health")


def test_a_rule_that_fails_and_a_letter_left_behind_are_told(rowan, people, queue):
    went_round(rowan, ago=dt.timedelta(minutes=1), failed=1)
    Letter(
        service=rowan, kind="digest", to=people["isva"], about="x", made_at=now() - dt.timedelta(minutes=30)
    ).save()
    assert state() == {"Database": True, "Queue": True, "Clock": False, "Letters": False}


def test_a_queue_that_does_not_answer_is_told_by_the_kind_of_error(db, monkeypatch):
    def down(self, name):
        raise health.redis.ConnectionError("secret address")

    monkeypatch.setattr(health.redis.Redis, "llen", down)
    found = {check.name: check for check in health.checks()}
    assert not found["Queue"].is_well
    assert "secret" not in found["Queue"].found


def test_the_page_says_it_without_a_word_about_anybody(rowan, people, queue, signed_in):
    went_round(rowan, ago=dt.timedelta(minutes=1))
    page = signed_in("manager").get(reverse("show_health")).content.decode()
    assert "Everything answers." in page
