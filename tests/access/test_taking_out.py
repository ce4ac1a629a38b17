"""What leaves the screen – a print, an export, a download – is known by its door, and an emergency opening takes none of it."""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from casework import documents, emergency, sharing
from casework.doors import case_page
from isva.access.acting import act, acting_person
from isva.access.roles import Permission
from isva.audit.reading import What
from isva.clock.moment import today
from isva.pathway import Stage
from tests.access.records import records_on
from tests.access.test_every_url import TAKES_OUT
from tests.casework.cases import active_case
from tests.factories import make_case
from tests.guards.test_records import routes

pytestmark = pytest.mark.django_db

#: Every address of the project whose door says that something leaves the screen there, with what it names beside the case.
TAKING_OUT = {
    pattern.name: set(pattern.pattern.converters) - {"case_id"}
    for _route, pattern in routes()
    if pattern.callback.door.takes_out
}


@pytest.fixture
def case(people, rowan):
    return active_case(rowan, people)


@pytest.fixture
def opened(case, people, rowan):
    """The case, with a document and an agreement, opened by Imran in an emergency."""
    with act(people["isva"], rowan):
        sharing.agree_with_client(case, by=people["isva"], agreed_on=today(), how="in_person")
        documents.add_document(case, kind="letter", title="A letter", content=b"Dear Ada", by=people["isva"])
    with act(people["second_isva"], rowan):
        return emergency.open_in_emergency(
            acting_person(),
            reference=case.reference,
            category="court",
            reason="The court rang and asks today.",
        )


def test_what_prints_exports_or_hands_out_says_so_at_its_door():
    spoken = {
        pattern.name
        for _route, pattern in routes()
        if pattern.name.split("_")[0] in ("print", "export", "download")
        and "case_id" in pattern.pattern.converters
    }
    assert set(TAKING_OUT) == spoken == TAKES_OUT


@pytest.mark.parametrize("name", sorted(TAKING_OUT))
def test_nothing_is_taken_out_by_an_emergency_opening(name, opened, people, signed_in):
    address = reverse(
        name, kwargs={"case_id": opened.pk, **records_on(opened, TAKING_OUT[name], by=people["manager"])}
    )
    imran, iris = signed_in("second_isva"), signed_in("isva")
    for method in ("get", "head", "post"):
        refused = getattr(imran, method)(address)
        assert refused.status_code == 403, method
        assert getattr(iris, method)(address).status_code != 403, method
    assert "cannot be printed, exported or downloaded" in imran.get(address).content.decode()


@pytest.mark.parametrize("tab", ["show_plan", "show_sharing", "list_documents"])
def test_no_tab_offers_what_would_be_refused(tab, opened, signed_in):
    page = reverse(tab, args=[opened.pk])
    offered, shown = (signed_in(key).get(page).content.decode() for key in ("isva", "second_isva"))
    assert tab == "show_plan" or "/print/" in offered or "(download)" in offered  # there is no plan yet
    assert "/print/" not in shown
    assert "(download)" not in shown


def test_who_opened_a_paused_case_in_an_emergency_is_not_offered_to_resume_support(people, rowan, signed_in):
    case = make_case(rowan, by=people["manager"], stage=Stage.STEPPED_DOWN, isva=people["isva"])
    with act(people["second_isva"], rowan):
        emergency.open_in_emergency(
            acting_person(), reference=case.reference, category="court", reason="The court asks."
        )
    page, resume = (reverse(name, args=[case.pk]) for name in ("show_case", "step_up"))
    assert resume in signed_in("isva").get(page).content.decode()
    assert resume not in signed_in("second_isva").get(page).content.decode()


def test_every_export_asks_once_more_whether_it_is_them_and_a_single_download_does_not(
    case, people, rowan, rf
):
    asked = {
        what: case_page(Permission.VIEW_CASE, what=what)(lambda request, case: HttpResponse())
        for what in (What.EXPORTED, What.DOWNLOADED, What.PRINTED)
    }
    answers = {}
    with act(people["isva"], rowan) as person:
        for what, view in asked.items():
            request = rf.get("/")
            request.user, request.acting, request.session = people["isva"], person, {}
            request.resolver_match = None
            answers[what] = view(request, case_id=case.pk)
    assert answers[What.EXPORTED].url.startswith(reverse("confirm_it_is_me"))
    assert [answers[what].status_code for what in (What.DOWNLOADED, What.PRINTED)] == [200, 200]
