"""Pages for what went wrong: on public addresses one can leave at once, and nothing leads to the staff's door."""

import pytest
from django.test import Client as Browser

from isva import errors

EXIT, START = "Exit this page", "Go to the start"


def _text(answer) -> str:
    return answer.content.decode()


@pytest.mark.django_db
def test_a_page_that_is_not_there_can_be_left_at_once_and_shows_no_way_to_the_staff(people, client):
    for address in ("/status/" + "x" * 43 + "/", "/answer/nonsense/", "/refer/nowhere/", "/no-such-page/"):
        page = _text(client.get(address))
        assert "Page not found" in page
        assert EXIT in page, address
        assert START not in page, address
        assert 'href="/leave/"' in page, address


@pytest.mark.django_db
def test_staff_are_led_back_to_their_work(signed_in):
    browser = signed_in("manager")
    for address in ("/no-such-page/", "/figures/of/no-such-measure/"):
        page = _text(browser.get(address))
        assert START in page
        assert EXIT not in page


@pytest.mark.django_db
def test_a_form_that_ran_out_leads_to_that_form_and_leaving_removes_what_was_written(people):
    browser = Browser(enforce_csrf_checks=True)
    answer = browser.post("/refer/rowan/self/", {"step": "who", "who": "me"})
    page = _text(answer)
    assert answer.status_code == 403
    assert "This form has run out" in page
    assert 'href="/refer/rowan/self/"' in page
    assert 'href="/refer/rowan/self/leave/"' in page
    assert "signed out" not in page
    assert START not in page


@pytest.mark.django_db
def test_a_form_of_the_staff_that_ran_out_says_what_it_said(people):
    page = _text(Browser(enforce_csrf_checks=True).post("/inbox/phone/", {}))
    assert "you signed out in another window" in page
    assert EXIT not in page


@pytest.mark.django_db
@pytest.mark.parametrize("view", [errors.bad_request, errors.refused, errors.not_found, errors.sent_wrongly])
def test_every_error_of_a_public_address_can_be_left(view, people, rf):
    for address, public in (("/refer/rowan/self/", True), ("/inbox/", False)):
        page = _text(view(rf.get(address)))
        assert (EXIT in page) is public, address
        assert (START in page) is not public, address
        assert ("/refer/rowan/self/leave/" in page) is public, address


def test_a_failure_of_a_public_address_can_be_left_and_asks_no_database(rf):
    """This test has no database: whatever asked one would fail."""
    public, of_staff = (_text(errors.failed(rf.get(one))) for one in ("/refer/rowan/self/", "/inbox/"))
    assert EXIT in public
    assert START not in public
    assert EXIT not in of_staff
    assert START in of_staff
