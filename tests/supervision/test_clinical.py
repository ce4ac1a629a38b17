"""Clinical supervision: dates and attendance, and no way for a word of it to reach anybody."""

import datetime as dt

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from isva.access.acting import act, acting_person
from isva.access.roles import Role
from isva.accounts.membership import begin_membership
from isva.clock.moment import at
from supervision.arranging import arrange
from supervision.clinical import (
    CannotRecord,
    dates_of_everybody,
    dates_of_supervised,
    record_clinical_session,
    sessions_of,
    supervised_by,
)
from supervision.forms.clinical import ClinicalSessionForm
from supervision.models import Arrangement, ClinicalSession
from tests.supervision.conftest import BEGAN, member_of

pytestmark = pytest.mark.django_db

LATE = dt.datetime(2027, 4, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def a_day_in_april(time_machine):
    time_machine.move_to(LATE)


def told(arrangement, **answers) -> dict:
    return {
        "held_on_day": "19", "held_on_month": "4", "held_on_year": "2027", "format": "individual",
        "who": [str(arrangement.pk)], "outcome": "attended",
    } | answers  # fmt: skip


def html_of(browser, name, *args) -> str:
    return browser.get(reverse(name, args=args)).content.decode()


def test_no_field_of_a_session_can_hold_a_word_of_what_was_said():
    for model in (ClinicalSession, ClinicalSession.history.model):
        texts = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField, models.JSONField, models.BinaryField))
            and not field.choices
        ]
        assert texts in ([], ["history_change_reason"])
    assert {
        name for name, field in ClinicalSessionForm(supervised=[]).fields.items()
        if not getattr(field, "choices", None)
    } == {"once", "held_on", "who"}  # fmt: skip


def test_who_supervises_in_two_services_sees_the_people_of_the_one_they_act_in(
    arranged, people, rowan, services
):
    harbour, sunita = services["harbour"], people["supervisor"]
    of_rowan = arranged("isva")
    with act(people["harbour_manager"], harbour):
        begin_membership(
            user=sunita, service=harbour, roles=[Role.CLINICAL_SUPERVISOR], starts_on=BEGAN.date(), by=None
        )
        of_harbour = arrange(
            member_of(people["harbour_isva"], harbour), "clinical", supervisor=sunita, provider="Thistle",
            every_days=None, by=people["harbour_manager"],
        )  # fmt: skip
    for service, expected in ((rowan, of_rowan), (harbour, of_harbour)):
        with act(sunita, service) as person:
            assert list(supervised_by(person)) == [expected]
            assert [one.membership for one in dates_of_supervised(person)] == [expected.membership]
            record_clinical_session(
                expected, held_on=LATE.date(), by=sunita, format="individual", outcome="attended"
            )
    for service, expected in ((rowan, of_rowan), (harbour, of_harbour)):
        with act(sunita, service) as person:
            assert [one.arrangement for one in sessions_of(person)] == [expected]


def test_what_is_written_beside_the_form_is_kept_nowhere(arranged, signed_in):
    browser = signed_in("supervisor")
    arrangement = arranged("isva")
    browser.post(
        reverse("record_clinical_session"), told(arrangement, note="a secret thing", content="a secret thing")
    )
    row = ClinicalSession.objects.get()
    values = {**row.__dict__, **row.history.get().__dict__}
    assert "a secret thing" not in str(values)
    assert row.history.get().history_change_reason in (None, "")


def test_the_supervisor_records_a_session_and_the_person_sees_it(arranged, signed_in):
    arrangement = arranged("isva")
    browser = signed_in("supervisor")
    assert browser.post(reverse("record_clinical_session"), told(arrangement)).status_code == 302
    assert "19 April 2027" in html_of(browser, "list_supervised")
    assert "19 April 2027" in html_of(signed_in("isva"), "my_supervision")
    assert "19 April 2027" not in html_of(signed_in("second_isva"), "my_supervision")


def test_a_group_session_is_recorded_for_each_who_was_there(arranged, signed_in):
    both = [str(arranged("isva").pk), str(arranged("second_isva").pk)]
    browser = signed_in("supervisor")
    page = browser.post(reverse("record_clinical_session"), told(arranged("chisva"), who=both))
    assert "An individual session is with one person" in page.content.decode()
    assert ClinicalSession.objects.count() == 0
    browser.post(reverse("record_clinical_session"), told(arranged("trainee"), who=both, format="group"))
    assert ClinicalSession.objects.count() == 2


def test_a_cancelled_session_says_why_from_the_list_and_nothing_else_does(arranged, signed_in):
    arrangement, browser = arranged("isva"), signed_in("supervisor")
    page = browser.post(reverse("record_clinical_session"), told(arrangement, outcome="cancelled"))
    assert "Select why it was cancelled" in page.content.decode()
    page = browser.post(
        reverse("record_clinical_session"),
        told(arrangement, outcome="cancelled", cancelled_why="She told me that"),
    )
    assert ClinicalSession.objects.count() == 0
    browser.post(
        reverse("record_clinical_session"), told(arrangement, outcome="cancelled", cancelled_why="court")
    )
    browser.post(
        reverse("record_clinical_session"), told(arrangement, format="group", cancelled_why="urgent")
    )
    assert set(ClinicalSession.objects.values_list("outcome", "cancelled_why")) == {
        ("cancelled", "court"),
        ("attended", ""),
    }


def test_a_session_is_recorded_once_and_taken_back_by_its_recorder_only(arranged, held, signed_in, people):
    arrangement = arranged("isva")
    session = held(arrangement, "2027-04-19")
    browser = signed_in("supervisor")
    page = browser.post(reverse("record_clinical_session"), told(arrangement))
    assert "is recorded on this day already" in page.content.decode()
    assert (
        signed_in("manager")
        .post(reverse("remove_clinical_session"), {"session": str(session.pk)})
        .status_code
        == 403
    )
    assert browser.post(reverse("remove_clinical_session"), {"session": str(session.pk)}).status_code == 302
    assert not ClinicalSession.objects.exists()
    assert ClinicalSession.history.filter(history_type="-").count() == 1


def test_nobody_records_a_session_but_the_supervisor(arranged, people, rowan):
    arrangement = arranged("isva")
    for key in ("manager", "isva"):
        with act(people[key], rowan), pytest.raises(CannotRecord):
            record_clinical_session(
                arrangement,
                held_on=dt.date(2027, 4, 19),
                format="group",
                outcome="attended",
                by=people[key],
            )


def test_a_manager_reads_dates_and_no_row_of_a_session(arranged, held, people, rowan, signed_in):
    arrangement = arranged("isva")
    held(arrangement, "2027-02-01")
    held(arrangement, "2027-03-01", outcome="missed")
    held(arrangement, "2027-03-08", outcome="cancelled", cancelled_why="court")
    with act(people["manager"], rowan):
        assert not sessions_of(acting_person()).exists()
        iris = next(one for one in dates_of_everybody(acting_person()) if one.arrangement)
        assert (iris.last_held, iris.due_on, dict(iris.lost)) == (
            dt.date(2027, 2, 1),
            dt.date(2027, 3, 15),
            {"court": 1},
        )
    html = html_of(signed_in("manager"), "list_supervision")
    assert "1 February 2027" in html
    assert "A court date: 1" in html
    assert "1 March 2027" not in html
    assert "Did not attend" not in html


def test_a_supervisor_sees_whom_they_supervise_and_nobody_else(arranged, people, rowan, signed_in):
    arranged("isva")
    html = html_of(signed_in("supervisor"), "list_supervised").split("<main")[-1]
    assert "Iris Ivy" in html
    assert "Imran Ilex" not in html
    with act(people["supervisor"], rowan):
        assert Arrangement.objects.visible_to(people["supervisor"]).count() == 1
    with act(people["second_isva"], rowan):
        assert Arrangement.objects.visible_to(people["second_isva"]).count() == 0


def test_a_supervisor_sees_nobody_any_more_whom_somebody_else_supervises(arranged, people, rowan, signed_in):
    before = arranged("isva")
    arranged("second_isva")
    arranged("isva", supervisor=people["second_manager"], seen=str(before.pk))
    html = html_of(signed_in("supervisor"), "list_supervised").split("<main")[-1]
    assert "Imran Ilex" in html
    assert "Iris Ivy" not in html
    with act(people["supervisor"], rowan) as person:
        told = [one.membership.user for one in supervised_by(person)]
        assert told == [one.membership.user for one in dates_of_supervised(person)]
        assert told == [people["second_isva"]]


def test_a_quarter_without_is_a_breach_on_the_managers_pages(arranged, held, signed_in):
    held(arranged("isva"), "2027-04-19")
    arranged("second_isva")
    html = html_of(signed_in("manager"), "list_supervision")
    assert html.count("A quarter without") == 1
    assert "1 without a session for a quarter" in html
    today = html_of(signed_in("manager"), "service_today")
    assert today.count("A quarter without clinical supervision") == 1
    assert "Late for the staff" in today


def test_a_manager_arranges_supervision_and_a_change_meanwhile_is_told(signed_in, people, rowan):
    membership, browser = member_of(people["isva"], rowan), signed_in("manager")
    page = html_of(browser, "arrange_clinical", membership.pk)
    assert "Sunita Sorrel" in page
    answers = {
        "supervisor": str(people["supervisor"].pk),
        "provider": "Thistle",
        "every_days": "28",
        "seen": "",
    }
    assert browser.post(reverse("arrange_clinical", args=[membership.pk]), answers).status_code == 302
    assert "Thistle" in html_of(browser, "list_supervision")
    page = browser.post(reverse("arrange_clinical", args=[membership.pk]), answers)
    assert "Somebody arranged it while you were on this page" in page.content.decode()
    now = Arrangement.objects.get()
    browser.post(
        reverse("arrange_clinical", args=[membership.pk]),
        answers | {"seen": str(now.pk), "provider": "Bramble"},
    )
    assert Arrangement.objects.get(ended_on__isnull=True).provider == "Bramble"
    assert Arrangement.objects.count() == 2


def test_supervision_of_another_service_is_not_there(signed_in, people, services):
    stranger = member_of(people["harbour_isva"], services["harbour"])
    assert signed_in("manager").get(reverse("arrange_clinical", args=[stranger.pk])).status_code == 404


@pytest.mark.parametrize(
    ("who", "name"),
    [("manager", "list_supervision"), ("supervisor", "list_supervised"), ("isva", "my_supervision")],
)
def test_a_page_of_supervision_costs_no_more_with_more_people_and_sessions(
    arranged, held, signed_in, who, name
):
    browser = signed_in(who)
    held(arranged("isva"), "2027-02-01")
    browser.get(reverse(name))
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse(name))
    for key in ("second_isva", "chisva", "trainee", "fourth_isva"):
        arrangement = arranged(key)
        for day in ("2027-02-02", "2027-03-02", "2027-04-02"):
            held(arrangement, day)
    held(Arrangement.objects.get(membership__user__name="Iris Ivy"), "2027-03-01")
    with CaptureQueriesContext(connection) as many:
        browser.get(reverse(name))
    assert len(few) == len(many)
    assert len(many) <= 20


def test_a_page_that_nobody_is_on_yet_says_what_to_do(signed_in):
    assert "A manager of the service says whom you supervise" in html_of(
        signed_in("supervisor"), "list_supervised"
    )
    assert html_of(signed_in("manager"), "list_supervision").count("Nobody yet") >= 5
    with at(BEGAN):
        assert "Nobody yet" in html_of(signed_in("isva"), "my_supervision")
