"""Letters about accounts: a mail server or a broker that is down loses none, and nobody waits for somebody else's address."""

import contextlib
import datetime as dt
from smtplib import SMTPRecipientsRefused

import pytest
from django.conf import settings
from django.core import mail

from isva.access.acting import act
from isva.accounts import letters, tasks
from isva.accounts.losing import reset_factor
from isva.accounts.models import FactorReset, Membership, RoleChange
from isva.accounts.role_changes import change_roles
from isva.celery import app as celery
from isva.clock.moment import at, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def failing(monkeypatch):
    """Addresses that take no letter."""
    refused, send = set(), letters.send_mail

    def send_mail(subject, text, sender, to):
        if refused & set(to):
            raise SMTPRecipientsRefused({to[0]: (550, b"no such mailbox")})
        send(subject, text, sender, to)

    monkeypatch.setattr(letters, "send_mail", send_mail)
    return refused


@pytest.fixture
def reset(people, rowan) -> FactorReset:
    """Iris's second step was reset, and nobody was told: the letter never left the queue."""
    return _reset(people, rowan, "isva")


def _reset(people, rowan, key) -> FactorReset:
    with act(people["records_lead"], rowan):
        return reset_factor(
            Membership.objects.get(user=people[key], service=rowan),
            checked="phone",
            by=people["records_lead"],
        )


@pytest.fixture
def change(people, rowan) -> RoleChange:
    """Iris became a trainee, and nobody was told."""
    with act(people["records_lead"], rowan):
        member = Membership.objects.get(user=people["isva"], service=rowan)
        change_roles(member, roles=["trainee"], by=people["records_lead"])
    return RoleChange.objects.get()


def told() -> list[str]:
    return sorted(one for letter in mail.outbox for one in letter.to)


def sweep() -> None:
    with contextlib.suppress(RuntimeError):
        tasks.tell_what_was_left()


def test_the_sweep_is_on_the_beat():
    on_the_beat = {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.tell_what_was_left.name in on_the_beat


def test_what_was_lost_is_told_once_by_the_sweep(reset, change, people):
    for _twice in range(2):
        tasks.tell_what_was_left()
    wanted = [people[key].email for key in ("isva", "records_lead", "isva", "manager", "second_manager")]
    assert told() == sorted(wanted)
    assert not letters.send_reset(reset)
    assert not letters.send_role_change(change)


@pytest.mark.parametrize("key", ["isva", "records_lead"])
def test_an_address_that_fails_keeps_nobody_else_from_knowing_of_a_reset(key, reset, people, failing):
    (other,) = {"isva", "records_lead"} - {key}
    failing.add(people[key].email)
    with pytest.raises(letters.NotAllTold):
        tasks.tell_factor_reset(str(reset.pk))
    sweep()
    assert told() == [people[other].email]
    failing.clear()
    sweep()
    sweep()
    assert told() == sorted([people["isva"].email, people["records_lead"].email])


@pytest.mark.parametrize("key", ["isva", "manager", "second_manager"])
def test_an_address_that_fails_keeps_nobody_else_from_knowing_of_a_change_of_roles(
    key, change, people, failing
):
    everybody = sorted(people[one].email for one in ("isva", "manager", "second_manager"))
    failing.add(people[key].email)
    with pytest.raises(letters.NotAllTold):
        tasks.tell_role_change(str(change.pk))
    sweep()
    assert told() == [one for one in everybody if one != people[key].email]
    failing.clear()
    sweep()
    sweep()
    assert told() == everybody


def test_a_letter_that_fails_does_not_stop_the_letters_about_others(people, rowan, failing, caplog):
    _reset(people, rowan, "isva")
    _reset(people, rowan, "trainee")
    failing.add(people["isva"].email)
    with pytest.raises(RuntimeError, match="1 letters"):
        tasks.tell_what_was_left()
    assert told() == sorted([people["trainee"].email, *[people["records_lead"].email] * 2])
    assert "SMTPRecipientsRefused" in caplog.text
    assert people["isva"].email not in caplog.text


def test_a_week_of_downtime_loses_nothing_and_what_is_old_is_not_told(reset, change):
    for moment, number in (
        (now() + tasks.LOOK_BACK + dt.timedelta(seconds=1), 0),
        (now() + dt.timedelta(days=8), 5),
    ):
        with at(moment):
            tasks.tell_what_was_left()
        assert len(mail.outbox) == number


@pytest.mark.parametrize(
    ("task", "before"), [(tasks.send_new_password_link, ()), (tasks.send_word, ("password_changed",))]
)
def test_a_letter_without_a_row_is_tried_again_until_it_is_sent(task, before, people, monkeypatch):
    tries, send = [], letters.send_mail

    def send_mail(*told):
        tries.append(told)
        if len(tries) < 3:
            raise ConnectionRefusedError
        send(*told)

    monkeypatch.setattr(letters, "send_mail", send_mail)
    monkeypatch.setitem(celery.conf, "task_eager_propagates", False)
    task.delay(*before, str(people["isva"].pk))
    assert len(tries) == 3
    assert told() == [people["isva"].email]
