"""Restricted clients: seen by named people only, and always by somebody who can manage it."""

import pytest
from django.urls import reverse

from casework import access, restricting
from casework.models import Grant, Restriction
from isva.access.acting import act
from isva.pathway import Stage
from isva.refusal import Refusal
from tests.factories import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people, rowan):
    return make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])


@pytest.fixture
def managing(people, rowan):
    with act(people["manager"], rowan):
        yield people["manager"]


def page(name, case):
    return reverse(name, kwargs={"case_id": case.pk})


def restrict(case, by, *named):
    return restricting.restrict_client(case.client, reason="a colleague’s sister", named=named, by=by)


def test_a_manager_restricts_a_client_on_a_page_and_is_named(case, people, signed_in):
    browser, isva = signed_in("manager"), signed_in("isva")
    form = browser.get(page("restrict_client", case)).context["form"]
    assert form["named"].value() == [str(people["isva"].pk)]
    assert isva.get(page("show_case", case)).status_code == 200
    answer = browser.post(
        page("restrict_client", case),
        {"once": form["once"].value(), "reason": "a colleague’s sister", "named": []},
        follow=True,
    )
    html = answer.content.decode()
    assert "Restricted: seen by Meera Maple." in html
    assert "Iris Ivy carries this case and is not named" in html
    assert isva.get(page("show_case", case)).status_code == 404
    assert signed_in("second_manager").get(page("show_case", case)).status_code == 404


def test_whoever_is_named_and_sees_nothing_yet_may_read(case, people, managing, signed_in):
    restrict(case, managing, people["second_isva"], people["isva"])
    browser = signed_in("second_isva")
    assert browser.get(page("show_case", case)).status_code == 200
    assert browser.get(page("write_note", case)).status_code == 403
    assert not Grant.objects.filter(why=Grant.Why.NAMED, user=people["isva"]).exists()


def test_whoever_is_no_longer_named_loses_what_they_were_granted_for_it(case, people, managing, signed_in):
    restriction = restrict(case, managing, people["second_isva"])
    restricting.change_named(restriction, named=[people["isva"]], by=managing)
    assert restricting.named_on(restriction) == [people["isva"], people["manager"]]
    assert not access.live_grants(case).filter(why=Grant.Why.NAMED).exists()
    assert signed_in("second_isva").get(page("show_case", case)).status_code == 404
    assert signed_in("isva").get(page("show_case", case)).status_code == 200


def test_the_page_changes_who_is_named_and_lifts(case, people, managing, signed_in):
    restrict(case, managing)
    browser = signed_in("manager")
    form = browser.get(page("change_named", case)).context["form"]
    browser.post(
        page("change_named", case), {"once": form["once"].value(), "named": [str(people["isva"].pk)]}
    )
    assert signed_in("isva").get(page("show_case", case)).status_code == 200
    form = browser.get(page("lift_restriction", case)).context["form"]
    browser.post(page("lift_restriction", case), {"once": form["once"].value()})
    assert signed_in("second_manager").get(page("show_case", case)).status_code == 200
    assert Restriction.objects.get().lifted_by == people["manager"]


def test_no_restriction_is_left_without_somebody_who_manages_it(case, people, managing, rowan):
    restriction = restrict(case, managing, people["second_manager"])
    with act(people["second_manager"], rowan):
        restricting.change_named(restriction, named=[], by=people["second_manager"])
    assert restricting.named_on(restriction) == [people["second_manager"]]


def test_nobody_is_named_who_has_a_conflict_or_does_no_casework(case, people, managing):
    access.declare_conflict(case.client, user=people["isva"], reason="a cousin", by=managing)
    may = restricting.who_may_be_named(case.client)
    assert people["isva"] not in may
    assert people["supervisor"] not in may
    with pytest.raises(Refusal, match="cannot be named"):
        restrict(case, managing, people["isva"])


def test_a_client_is_restricted_once(case, people, managing):
    restrict(case, managing)
    with pytest.raises(Refusal, match="already"):
        restrict(case, managing)


def test_nobody_who_is_not_named_is_offered_the_case(case, people, managing, rowan):
    from triage.cover import who_may_cover
    from triage.load import caseloads

    restrict(case, managing, people["second_isva"])
    assert who_may_cover(case) == [people["second_isva"]]
    unnamed = {one.user for one in caseloads(rowan, client=case.client) if one.unnamed}
    assert people["isva"] in unnamed
    assert people["second_isva"] not in unnamed


def test_an_isva_or_a_coordinator_restricts_nobody(case, signed_in):
    assert signed_in("isva").get(page("restrict_client", case)).status_code == 403
