"""What is due on one case: told on its page, put off with a reason, taken in hand by a manager."""

import datetime as dt

import pytest
from django.urls import reverse

from casework.models import SafeguardingConcern
from casework.putting_off import CannotPutOff, due_on_case, put_off
from isva.clock.models import Snooze
from isva.clock.moment import at, now, today
from tests.clock.making import WEDNESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def isva(acting, people):
    with acting("isva"):
        yield people["isva"]


def day_parts(name: str, day: dt.date) -> dict:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_the_page_of_a_case_says_what_is_due_on_it(iris_case, signed_in):
    page = signed_in("isva").get(reverse("show_case", args=[iris_case.pk])).content.decode()
    assert "First session" in page
    page = signed_in("isva").get(reverse("show_due", args=[iris_case.pk])).content.decode()
    assert "First session" in page
    assert "Iris Ivy" in page


def test_something_is_put_off_with_a_reason_and_leaves_my_day_until_its_day(iris_case, signed_in, people):
    browser = signed_in("isva")
    url = reverse("put_off", args=[iris_case.pk, "first_session", iris_case.pk])
    until = today() + dt.timedelta(days=6)
    assert "First session" in browser.get(reverse("my_day")).content.decode()
    page = browser.post(url, day_parts("until", until) | {"reason": "She is with her aunt."}, follow=True)
    told = page.content.decode()
    assert "Put off until" in told
    assert "She is with her aunt." in told
    day = browser.get(reverse("my_day")).content.decode()
    assert "First session" not in day
    assert "1 thing is put off to a later day." in day
    with at(now() + dt.timedelta(days=6)):
        assert "First session" in browser.get(reverse("my_day")).content.decode()
    assert Snooze.history.get().history_user == people["isva"]


@pytest.mark.parametrize(("days", "why"), [(0, "a day after today"), (29, "at most")])
def test_it_is_put_off_to_a_day_that_comes_and_is_not_far(iris_case, isva, days, why):
    due = due_on_case(iris_case)[0]
    with pytest.raises(CannotPutOff, match=why):
        put_off(iris_case, due, until=today() + dt.timedelta(days=days), reason="x", by=isva)


def test_what_concerns_safety_is_never_put_off(iris_case, isva, signed_in):
    concern = SafeguardingConcern(
        case=iris_case, who="other_child", what="x", raised_at=now(), recorded_by=isva
    )
    concern.save()
    url = reverse("put_off", args=[iris_case.pk, "safeguarding_refer", concern.pk])
    browser = signed_in("isva")
    assert "It is not put off" in browser.get(url).content.decode()
    sent = day_parts("until", today() + dt.timedelta(days=3)) | {"reason": "later"}
    assert "It is not put off" in browser.post(url, sent).content.decode()
    assert not Snooze.objects.exists()


def test_what_is_not_due_cannot_be_put_off(iris_case, signed_in):
    for rule in ("triage", "no_such_rule"):
        url = reverse("put_off", args=[iris_case.pk, rule, iris_case.pk])
        assert signed_in("isva").get(url).status_code == 404


def test_a_manager_takes_a_concern_in_hand_and_the_first_to_say_so_stands(iris_case, isva, signed_in, people):
    concern = SafeguardingConcern(
        case=iris_case, who="other_child", what="x", raised_at=now(), recorded_by=isva
    )
    concern.save()
    page = reverse("update_safeguarding", args=[iris_case.pk, concern.pk])
    take = reverse("take_safeguarding", args=[iris_case.pk, concern.pk])
    assert "I take this" not in signed_in("isva").get(page).content.decode()
    manager = signed_in("manager")
    assert "I take this" in manager.get(page).content.decode()
    assert "You have taken this in hand" in manager.post(take, follow=True).content.decode()
    told = signed_in("second_manager").post(take, follow=True).content.decode()
    assert "Meera Maple has taken this in hand already" in told
    concern.refresh_from_db()
    assert concern.taken_by == people["manager"]
    assert "Safeguarding concern: refer it today, taken in hand" in manager.get(
        reverse("service_today")
    ).content.decode().replace("&#x27;", "'")


def test_the_rules_of_a_moment_are_those_of_the_service_at_that_moment(iris_case, isva):
    with at(WEDNESDAY):
        assert all(one.due_at for one in due_on_case(iris_case))
