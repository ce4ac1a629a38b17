"""Sessions end by themselves: when nobody is at work in them, and after a long day; nothing typed is lost."""

import datetime as dt
import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.leaving import end_membership
from isva.access.acting import act
from isva.accounts.models import Leave, Membership, Visit
from isva.accounts.tasks import forget_ended_sessions
from isva.accounts.visits import device_words, forget_ended
from isva.clock.moment import today
from isva.drafts.models import Draft
from isva.drafts.submissions import claim
from isva.headers import CLEAR_PAGES
from tests.entering import code_of, give_app
from tests.personas import PASSWORD

pytestmark = pytest.mark.django_db

MINUTE = 60


@pytest.fixture(autouse=True)
def no_tries_yet():
    cache.clear()
    yield
    cache.clear()


def confirm(browser):
    """Confirm on the page for it, by password, that it is still the same person."""
    browser.post(reverse("confirm_it_is_me"), {"password": PASSWORD})


@pytest.fixture
def lead(come_in, services):
    """The records lead, who belongs to two services and works in this one."""
    browser = come_in("records_lead")
    browser.post(reverse("choose_service"), {"service": str(services["rowan"].pk)})
    confirm(browser)
    return browser


@pytest.fixture
def come_in(people):
    """``come_in("isva")`` – somebody who has signed in through the front door, with the limits of everybody."""

    seeds = {}

    def as_persona(key, browser=None, *, wanted="", later=0):
        seeds.setdefault(key, None)
        if seeds[key] is None:
            seeds[key] = give_app(people[key])
        browser = browser or Browser()
        browser.post(reverse("sign_in"), {"email": people[key].email, "password": PASSWORD, "next": wanted})
        answer = browser.post(reverse("second_step"), {"code": code_of(seeds[key], later=later)})
        assert answer.status_code == 302, answer.content.decode()
        browser.led_to = answer.headers["Location"]
        return browser

    return as_persona


def test_a_session_in_which_nobody_works_ends_after_a_quarter_of_an_hour(come_in, clock):
    browser = come_in("isva")
    clock.shift((settings.IDLE_MINUTES - 1) * MINUTE)
    assert browser.get(reverse("my_day")).status_code == 200
    clock.shift((settings.IDLE_MINUTES - 1) * MINUTE)
    assert browser.get(reverse("my_day")).status_code == 200
    clock.shift(settings.IDLE_MINUTES * MINUTE)
    answer = browser.get(reverse("my_day"))
    assert answer.headers["Location"] == f"{reverse('sign_in')}?next=%2Fmy-day%2F"
    for _window in ("one", "and the other that stood open"):
        assert "nothing happened for 15 minutes" in browser.get(reverse("sign_in")).content.decode()
    assert browser.get(reverse("my_day")).status_code == 302
    assert not Visit.objects.exists()


def test_a_session_ends_after_a_long_day_however_busy_it_was(come_in, clock):
    browser = come_in("isva")
    for _ten_minutes in range(6 * settings.LONGEST_HOURS - 1):
        clock.shift(10 * MINUTE)
        assert browser.get(reverse("time_left")).status_code == 200
        browser.post(reverse("stay_signed_in"))
    assert browser.get(reverse("my_day")).status_code == 200
    clock.shift(10 * MINUTE)
    assert browser.get(reverse("my_day")).status_code == 302
    assert "Your working day here was long" in browser.get(reverse("sign_in")).content.decode()


def test_what_scripts_ask_by_themselves_keeps_no_session_alive(come_in, clock):
    browser = come_in("isva")
    for _minute in range(settings.IDLE_MINUTES):
        clock.shift(MINUTE)
        left = browser.get(reverse("time_left"))
    assert left.status_code == 401
    assert browser.post(reverse("keep_typed"), {"path": "/x/", "note": "y"}).status_code == 401
    assert browser.get(reverse("my_day")).status_code == 302


def test_the_seconds_left_are_told(come_in, clock):
    browser = come_in("isva")
    clock.shift(5 * MINUTE)
    assert 590 <= browser.get(reverse("time_left")).json()["left"] <= 600
    assert browser.post(reverse("stay_signed_in")).json()["left"] == settings.IDLE_MINUTES * MINUTE


def test_what_is_sent_after_the_end_is_kept_encrypted_and_offered_on_the_same_page(come_in, people, clock):
    member = people["isva"].memberships.get()
    page = reverse("add_leave", args=[member.pk])
    browser = come_in("manager")
    clock.shift(20 * MINUTE)
    answers = {"kind": "annual", "first_day_day": "3", "first_day_month": "5", "first_day_year": "2031"}
    answer = browser.post(page, answers)
    assert answer.headers["Location"].startswith(reverse("sign_in"))
    assert not Leave.objects.filter(membership=member).exists()
    assert b"annual" not in bytes(Draft.objects.get().sealed)

    again = come_in("manager", browser, wanted=page, later=1)
    assert again.led_to == page
    shown = again.get(page).content.decode()
    assert "It is not saved yet" in shown
    assert 'value="2031"' in shown
    assert not Leave.objects.filter(membership=member).exists()
    assert not Draft.objects.exists()
    assert "2031" not in again.get(page).content.decode()  # it is offered once


def test_nobody_else_is_offered_what_somebody_typed(come_in, people, clock):
    page = reverse("add_leave", args=[people["isva"].memberships.get().pk])
    browser = come_in("manager")
    clock.shift(20 * MINUTE)
    browser.post(page, {"kind": "annual", "first_day_year": "2031"})
    other = come_in("second_manager", browser, later=1)
    assert "2031" not in other.get(page).content.decode()
    assert Draft.objects.count() == 1


def test_secrets_are_never_kept_as_typed(come_in, clock):
    browser = come_in("isva")
    clock.shift(20 * MINUTE)
    browser.post(reverse("change_password"), {"old_password": "a", "new_password": "b", "again": "c"})
    assert not Draft.objects.exists()


def test_a_page_can_keep_what_is_typed_just_before_the_end(come_in, people):
    page = reverse("add_leave", args=[people["isva"].memberships.get().pk])
    browser = come_in("manager")
    assert browser.post(reverse("keep_typed"), {"path": page, "first_day_year": "2031"}).status_code == 204
    assert "2031" in browser.get(page).content.decode()


def test_what_was_kept_is_forgotten_once_the_form_is_saved(come_in, people):
    member = people["isva"].memberships.get()
    page, browser = reverse("add_leave", args=[member.pk]), come_in("manager")
    typed = {"path": page, "kind": "annual", "first_day_year": "2031"}
    for _twice in range(2):
        assert browser.post(reverse("keep_typed"), typed).status_code == 204
    assert len(browser.session["typed"]) == 1
    assert browser.post(page, {"kind": "annual"}).status_code == 200  # a mistake: nothing is saved
    assert Draft.objects.exists()
    days = {f"{name}_{part}": value for name in ("first_day", "last_day")
            for part, value in (("day", "3"), ("month", "5"), ("year", "2031"))}  # fmt: skip
    answer = browser.post(page, {"kind": "annual", "once": str(uuid.uuid4()), **days})
    assert (answer.status_code, Leave.objects.filter(membership=member).count()) == (302, 1)
    assert not Draft.objects.exists()
    assert "It is not saved yet" not in browser.get(page).content.decode()


def test_what_was_saved_already_is_not_kept_when_it_arrives_late(come_in, people):
    page, once = reverse("add_leave", args=[people["isva"].memberships.get().pk]), uuid.uuid4()
    browser = come_in("manager")
    claim(once)
    answer = browser.post(reverse("keep_typed"), {"path": page, "first_day_year": "2031", "once": str(once)})
    assert answer.status_code == 204
    assert not Draft.objects.exists()


def test_a_script_that_asks_after_the_end_takes_nothing_from_what_is_sent_then(come_in, people, clock):
    page = reverse("add_leave", args=[people["isva"].memberships.get().pk])
    browser = come_in("manager")
    clock.shift(20 * MINUTE)
    for asked in ("stay_signed_in", "keep_typed"):
        assert browser.post(reverse(asked), {"path": page, "kind": "annual"}).status_code == 401
    assert browser.get(reverse("time_left")).status_code == 401
    browser.post(page, {"kind": "annual", "first_day_year": "2031"})
    assert "2031" in come_in("manager", browser, later=1).get(page).content.decode()


def test_the_limits_cost_no_query(come_in):
    browser = come_in("isva")
    browser.get(reverse("my_sessions"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        browser.get(reverse("time_left"))
    tables = [query["sql"].split(" FROM ")[-1].split(" ")[0] for query in asked if "SELECT" in query["sql"]]
    assert "django_session" not in "".join(tables)
    assert len([table for table in tables if "accounts_user" in table]) == 1


def test_somebody_sees_where_they_are_signed_in_and_ends_it(come_in, people):
    here = come_in("isva", Browser(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Gecko Firefox/140.0"))
    there = come_in(
        "isva",
        Browser(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Version/18 Safari/604", REMOTE_ADDR="203.0.113.9"),
        later=1,
    )
    manager = come_in("manager", Browser(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/140 Edg/140"))
    page = here.get(reverse("my_sessions")).content.decode()
    assert "Firefox on Windows" in page
    assert "Edge" not in page
    assert "This one" in page
    assert "Safari on iPhone" in page
    assert "another network (203.0.113.9)" in page
    visit = Visit.objects.get(session_key=there.session.session_key)
    confirm(manager)
    assert manager.post(reverse("end_session"), {"session": str(visit.pk)}).status_code == 404
    here.post(reverse("end_session"), {"session": str(visit.pk)})  # without confirming: it asks first
    assert there.get(reverse("my_day")).status_code == 200
    confirm(here)
    here.post(reverse("end_session"), {"session": str(visit.pk)})
    assert there.get(reverse("my_day")).status_code == 302
    assert here.get(reverse("my_day")).status_code == 200


def test_all_other_sessions_end_with_one_press(come_in):
    here, there, manager = come_in("isva"), come_in("isva", later=1), come_in("manager")
    confirm(here)
    assert "1 session ended" in here.post(reverse("end_other_sessions"), follow=True).content.decode()
    assert there.get(reverse("my_day")).status_code == 302
    assert manager.get(reverse("service_today")).status_code == 200


def test_signing_out_takes_the_session_off_the_list(come_in):
    browser = come_in("isva")
    browser.post(reverse("sign_out"))
    assert not Visit.objects.exists()


def test_a_records_lead_signs_a_colleague_out_wherever_they_are_after_confirming(
    come_in, lead, people, services, clock
):
    theirs, manager = come_in("isva"), come_in("manager")
    member = Membership.objects.get(user=people["isva"], service=services["rowan"])
    page, press = (reverse(name, args=[member.pk]) for name in ("change_member", "end_sessions"))
    assert "Sign them out everywhere" in lead.get(page).content.decode()
    assert manager.post(press).status_code == 403
    assert theirs.get(reverse("my_day")).status_code == 200
    assert "1 session ended" in lead.post(press, follow=True).content.decode()
    assert theirs.get(reverse("my_day")).status_code == 302
    assert manager.get(reverse("service_today")).status_code == 200
    assert "not signed in anywhere" in lead.post(press, follow=True).content.decode()
    clock.shift((settings.CONFIRMED_FOR_MINUTES + 1) * MINUTE)
    assert lead.post(press).headers["Location"].startswith(reverse("confirm_it_is_me"))


def test_nobody_signs_out_a_member_of_another_service_or_themselves_that_way(lead, people, services):
    elsewhere = Membership.objects.get(user=people["harbour_isva"])
    assert lead.post(reverse("end_sessions", args=[elsewhere.pk])).status_code == 404
    own = Membership.objects.get(user=people["records_lead"], service=services["rowan"])
    assert lead.post(reverse("end_sessions", args=[own.pk])).headers["Location"] == reverse("my_sessions")
    assert lead.get(reverse("list_members")).status_code == 200


def test_who_leaves_their_only_service_is_signed_out_there_and_then(come_in, lead, people, services):
    theirs = come_in("isva")
    member = Membership.objects.get(user=people["isva"], service=services["rowan"])
    with act(people["records_lead"], services["rowan"]):
        end_membership(member, last_day=today(), by=people["records_lead"])
    assert theirs.get(reverse("my_day")).status_code == 200
    with act(people["records_lead"], services["rowan"]):
        end_membership(member, last_day=today() - dt.timedelta(days=1), by=people["records_lead"])
    assert theirs.get(reverse("my_day")).headers["Location"].startswith(reverse("sign_in"))
    assert [visit.user for visit in Visit.objects.all()] == [people["records_lead"]]
    assert lead.get(reverse("list_members")).status_code == 200


def test_who_leaves_one_of_two_services_stays_signed_in_for_the_other(come_in, people, services):
    browser = come_in("records_lead")
    member = Membership.objects.get(user=people["records_lead"], service=services["harbour"])
    member.ends_on = today() - dt.timedelta(days=1)
    member.save()
    forget_ended_sessions()
    assert Visit.objects.filter(user=people["records_lead"]).exists()
    assert browser.get(reverse("my_account")).status_code == 200


def test_the_clock_signs_out_whose_last_day_is_over(come_in, people, services):
    browser = come_in("isva")
    member = Membership.objects.get(user=people["isva"], service=services["rowan"])
    member.ends_on = today()
    member.save()
    forget_ended_sessions()
    assert Visit.objects.filter(user=people["isva"]).exists()
    member.ends_on = today() - dt.timedelta(days=1)
    member.save()
    forget_ended_sessions()
    assert not Visit.objects.filter(user=people["isva"]).exists()
    assert browser.get(reverse("my_day")).headers["Location"].startswith(reverse("sign_in"))


def test_a_session_that_ends_takes_its_pages_out_of_the_browser(come_in, clock):
    browser = come_in("isva")
    assert browser.post(reverse("sign_out")).headers["Clear-Site-Data"] == CLEAR_PAGES
    browser = come_in("manager")
    clock.shift(settings.IDLE_MINUTES * MINUTE)
    assert browser.get(reverse("service_today")).headers["Clear-Site-Data"] == CLEAR_PAGES


def test_what_is_left_of_ended_sessions_is_removed(come_in, clock):
    come_in("isva")
    assert forget_ended() == 0
    clock.shift(settings.LONGEST_HOURS * 60 * MINUTE + 1)
    assert forget_ended() == 1


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("", "A browser"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8", "A browser"),
    ],
)
def test_a_device_is_told_in_words(told, words):
    assert device_words(told) == words


def test_nothing_is_kept_in_the_browser():
    forbidden = re.compile(
        r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.open|serviceWorker"
    )
    scripts = list((Path(settings.BASE_DIR) / "static" / "js").glob("*.js"))
    assert scripts
    assert [path.name for path in scripts if forbidden.search(path.read_text())] == []


def test_drafts_save_themselves_at_least_every_half_minute():
    text = (Path(settings.BASE_DIR) / "static" / "js" / "isva.js").read_text()
    assert int(re.search(r"EVERY_MS = (\d+)", text)[1]) <= 30_000
