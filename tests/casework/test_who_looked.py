"""Who looked: on the case for whoever works on it; in the access log for the records lead, who sees no case."""

import pytest
from django.urls import reverse

from casework.access import grant
from casework.models import Grant
from isva.audit.looks import case_label
from isva.audit.models import AccessEntry
from isva.clock.moment import now
from isva.pathway import Stage
from tests.factories import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(rowan, people):
    return make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])


def url(name, case):
    return reverse(name, kwargs={"case_id": case.pk})


def looks(case, user, count, **told):
    for _number in range(count):
        AccessEntry(
            at=now(), service=case.service, user=user, case=case.pk, client=case.client_id,
            **{"what": "opened", "page": "show_plan", "why": "role"} | told,
        ).save(force_insert=True)  # fmt: skip


def test_the_worker_and_the_manager_see_who_looked_when_at_what_and_why(case, people, signed_in):
    looks(case, people["second_manager"], 1)
    looks(case, people["second_isva"], 1, why="break_glass", in_hours=False)
    for who in ("isva", "manager"):
        shown = signed_in(who).get(url("who_looked", case)).content.decode()
        for words in (
            "Morgan Mallow",
            "By their role",
            "plan",
            "Imran Ilex",
            "Emergency access",
            "outside working hours",
        ):
            assert words in shown, words
        assert people[who].name in shown  # this look too


def test_somebody_who_may_only_read_does_not_see_who_looked(case, people, acting, signed_in):
    with acting("manager"):
        grant(case, to=people["second_isva"], why=Grant.Why.COVER, by=people["manager"], read_only=True)
    assert signed_in("second_isva").get(url("who_looked", case)).status_code == 403
    assert (
        url("who_looked", case) not in signed_in("second_isva").get(url("show_case", case)).content.decode()
    )
    assert url("who_looked", case) in signed_in("isva").get(url("show_case", case)).content.decode()


def test_a_coordinator_who_covers_an_active_case_sees_it_by_the_cover_and_not_by_their_role(
    case, people, acting, signed_in
):
    with acting("manager"):
        grant(case, to=people["coordinator"], why=Grant.Why.COVER, by=people["manager"])
    signed_in("coordinator").get(url("show_case", case))
    assert AccessEntry.objects.get(user=people["coordinator"]).why == "cover"


def test_looks_at_another_case_are_not_among_them(case, rowan, people, signed_in):
    other = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["chisva"])
    looks(other, people["chisva"], 1)
    assert "Isla Indigo" not in signed_in("manager").get(url("who_looked", case)).content.decode()


def test_a_hundred_looks_are_paged_and_cost_no_more(case, people, signed_in, queries):
    looks(case, people["manager"], 70)
    browser = signed_in("isva")
    assert queries(browser, url("who_looked", case)) <= 8
    first = browser.get(url("who_looked", case))
    following = first.context["page"].next
    second = browser.get(url("who_looked", case), {"after": following})
    assert len(first.context["page"]) == 50
    assert len(second.context["page"]) >= 20


def test_the_records_lead_sees_every_look_and_no_case(case, rowan, people, signed_in, queries):
    looks(case, people["second_isva"], 1, why="break_glass", in_hours=False, address="192.0.2.44")
    looks(case, people["isva"], 1, why="own")
    lead = signed_in("records_lead", rowan)
    shown = lead.get(reverse("access_log")).content.decode()
    for words in ("Imran Ilex", "Iris Ivy", "Emergency access", "192.0.2.44", case_label(case.pk)):
        assert words in shown, words
    for hidden in ("Ada", "Testperson", case.reference, str(case.pk)):
        assert hidden not in shown
    assert queries(lead, reverse("access_log")) <= 8


@pytest.mark.parametrize(
    "asked", [{"why": "break_glass"}, {"hours": "outside"}, {"what": "printed"}, {"who": "second_isva"}]
)
def test_the_access_log_is_filtered(asked, case, rowan, people, signed_in):
    looks(case, people["second_isva"], 1, why="break_glass", in_hours=False, what="printed")
    looks(case, people["isva"], 1)
    if "who" in asked:
        asked = {"who": str(people["second_isva"].pk)}
    rows = signed_in("records_lead", rowan).get(reverse("access_log"), asked).context["table"].body
    assert "Imran Ilex" in rows
    assert "Iris Ivy" not in rows


def test_a_filter_that_is_rubbish_is_no_filter(case, rowan, signed_in):
    answer = signed_in("records_lead", rowan).get(
        reverse("access_log"), {"who": "x' OR 1=1", "why": "y", "after": "z"}
    )
    assert answer.status_code == 200


def test_looks_in_the_other_service_stay_there(services, people, signed_in):
    there = make_case(
        services["harbour"], by=people["harbour_manager"], stage=Stage.ACTIVE, isva=people["harbour_isva"]
    )
    looks(there, people["harbour_isva"], 1)
    assert "Ingrid" not in str(
        signed_in("records_lead", services["rowan"]).get(reverse("access_log")).context["table"].body
    )


def test_the_number_of_a_case_is_stable_and_its_own(case):
    assert case_label(case.pk) == case_label(str(case.pk))
    assert case_label(case.pk) != case_label(case.client_id)
