"""Unusual looks: what raises an alert and what does not, who is told, and who looks into it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casework import alerts, contacts
from casework.access import declare_conflict
from casework.alerts import CannotLookInto, look_into, raise_alerts
from casework.models import SafeContact
from casework.tasks import raise_alerts as the_task
from isva.access.acting import act
from isva.accounts.models import DeclaredConnection, StaffProfile
from isva.accounts.staffing import keep_home_postcode
from isva.audit.models import AccessAlert, AccessEntry
from isva.clock.moment import LONDON, at, now
from isva.pathway import Stage
from tests.factories import make_case

pytestmark = pytest.mark.django_db

Kind = AccessAlert.Kind
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def case(rowan, people):
    return make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])


def looked(case, user, *, what="opened", why="own", page="show_case", times=1, **told):
    for _time in range(times):
        entry = AccessEntry(
            at=told.pop("at", now()), service=case.service, user=user, what=what, why=why, page=page, case=case.pk,
            client=case.client_id, case_was_closed=not case.is_open, **told,
        )  # fmt: skip
        entry.save(force_insert=True)
    return entry


def raised(case):
    raise_alerts(case.service, since=LONG_AGO)
    return sorted(AccessAlert.objects.values_list("kind", flat=True))


def test_ordinary_work_raises_nothing(case, people):
    looked(case, people["isva"], times=3)
    looked(case, people["manager"], why="role")
    looked(case, people["second_isva"], why="cover")
    assert raised(case) == []


def test_emergency_access_and_sight_that_nothing_explains_are_told(case, people):
    looked(case, people["second_isva"], why="break_glass")
    looked(case, people["trainee"], why="")
    assert raised(case) == [Kind.NOT_THEIRS, Kind.NOT_THEIRS]


def test_a_refusal_raises_nothing(case, people):
    AccessEntry(at=now(), service=case.service, user=people["isva"], what="refused", case=case.pk).save()
    assert raised(case) == []


def test_the_family_name_of_whoever_looks_is_told_once_for_all_days(rowan, people):
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"], name="Ivan IVY")
    looked(case, people["isva"])
    looked(case, people["isva"], at=now() + dt.timedelta(days=2))
    looked(case, people["manager"], why="role")
    assert raised(case) == [Kind.SAME_NAME]
    assert AccessAlert.objects.get().user == people["isva"]


def test_the_family_name_of_a_declared_connection_is_told(case, rowan, people):
    DeclaredConnection(
        service=rowan, membership=people["manager"].memberships.get(service=rowan), name="Tom Testperson"
    ).save(force_insert=True)
    looked(case, people["isva"])
    looked(case, people["manager"], why="role")
    assert raised(case) == [Kind.SAME_NAME]
    assert AccessAlert.objects.get().user == people["manager"]


def test_a_single_name_is_nobodys_family_name(rowan, people):
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"], name="Ivy")
    looked(case, people["isva"])
    assert raised(case) == []


def test_the_postcode_that_whoever_looks_gave_as_their_own_is_told_once(case, rowan, people):
    lives_at(case, "12 Low Lane\nEastmere\nzz1  4ab")
    for key, postcode in (("isva", "ZZ1 4AB"), ("manager", "ZZ1 4AC")):
        profile = StaffProfile.objects.get(membership__user=people[key], service=rowan)
        with act(people[key], rowan):
            keep_home_postcode(profile, postcode=postcode, by=people[key])
    looked(case, people["isva"])
    looked(case, people["isva"], at=now() + dt.timedelta(days=2))
    looked(case, people["manager"], why="role")
    assert raised(case) == [Kind.SAME_POSTCODE]
    assert AccessAlert.objects.get().user == people["isva"]


def lives_at(case, address):
    with act(case.lead_isva, case.service):
        SafeContact(
            client=case.client, kind=SafeContact.Kind.ADDRESS, value=address, recorded_by=case.lead_isva
        ).save(force_insert=True)  # fmt: skip


def test_five_openings_a_day_are_work_and_six_without_a_word_written_are_told(case, people):
    looked(case, people["isva"], times=5)
    assert raised(case) == []
    looked(case, people["isva"])
    assert raised(case) == [Kind.OFTEN]
    looked(case, people["isva"], times=3)
    assert raised(case) == [Kind.OFTEN]


def test_reading_every_tab_once_is_not_often(case, people):
    for page in (
        "show_case",
        "show_plan",
        "show_sas",
        "show_people",
        "show_sharing",
        "show_justice",
        "show_note",
    ):
        looked(case, people["isva"], page=page)
    assert raised(case) == []


def test_whoever_writes_may_open_as_often_as_they_like(case, people, acting):
    with acting("isva"):
        contacts.write_note(case, text="Called back.", by=people["isva"])
    looked(case, people["isva"], times=8)
    assert raised(case) == []
    looked(case, people["second_manager"], why="role", times=8)
    assert raised(case) == [Kind.OFTEN]


def test_a_closed_case_and_an_odd_hour_are_told(rowan, people):
    case = make_case(rowan, by=people["manager"], stage=Stage.CLOSED)
    looked(case, people["manager"], why="role", in_hours=False)
    assert raised(case) == [Kind.CLOSED, Kind.OUT_OF_HOURS]


def test_each_alert_is_raised_once_whoever_runs_the_clock_twice(case, people):
    looked(case, people["second_isva"], why="break_glass")
    the_task()
    the_task(minutes=60)
    assert AccessAlert.objects.count() == 1
    with at(now() + dt.timedelta(days=1)):
        looked(case, people["second_isva"], why="break_glass")
    assert raised(case) == [Kind.NOT_THEIRS, Kind.NOT_THEIRS]


@pytest.fixture
def alert(case, people):
    looked(case, people["second_isva"], why="break_glass")
    raised(case)
    return AccessAlert.objects.get()


def shown(browser, name="access_alerts", **keys):
    response = browser.get(reverse(name, kwargs=keys))
    assert response.status_code == 200
    return response.content.decode()


def test_a_manager_sees_whose_case_it_is_and_the_records_lead_only_a_number(alert, case, rowan, signed_in):
    for words in (
        shown(signed_in("manager")),
        shown(signed_in("manager"), "look_into_alert", alert_id=alert.pk),
    ):
        assert "Imran Ilex" in words
        assert "Ada Testperson" in words
    lead = signed_in("records_lead", rowan)
    for words in (shown(lead), shown(lead, "look_into_alert", alert_id=alert.pk)):
        assert "Imran Ilex" in words
        assert "A case that is not allocated to them" in words
        for hidden in ("Ada", "Testperson", case.reference, str(case.pk)):
            assert hidden not in words


def test_an_alert_about_a_walled_case_does_not_reach_who_is_walled_off(
    alert, case, people, acting, signed_in
):
    with acting("second_manager"):
        declare_conflict(
            case.client, user=people["manager"], reason="a relative", by=people["second_manager"]
        )
    assert "Imran Ilex" not in shown(signed_in("manager"))
    address = reverse("look_into_alert", args=[alert.pk])
    assert signed_in("manager").get(address).status_code == 404
    assert "Imran Ilex" in shown(signed_in("second_manager"))


def test_looking_into_it_takes_a_note_and_is_done_once(alert, people, signed_in):
    address = reverse("look_into_alert", args=[alert.pk])
    assert "Enter what you found" in signed_in("manager").post(address, {"note": ""}).content.decode()
    assert (
        signed_in("manager").post(address, {"note": "Asked: the client rang in distress."}).status_code == 302
    )
    alert.refresh_from_db()
    assert (alert.looked_by, alert.note) == (people["manager"], "Asked: the client rang in distress.")
    assert "Imran Ilex" not in shown(signed_in("manager"))
    assert "the client rang" in shown(signed_in("second_manager"), "look_into_alert", alert_id=alert.pk)
    with act(people["second_manager"], alert.service), pytest.raises(CannotLookInto):
        look_into(alert, note="again", by=people["second_manager"])
    assert signed_in("second_manager").post(address, {"note": "again"}).status_code == 302
    alert.refresh_from_db()
    assert alert.note == "Asked: the client rang in distress."


def test_nobody_looks_into_their_own_looks(case, people, signed_in):
    looked(case, people["manager"], why="role", in_hours=False)
    raised(case)
    own = AccessAlert.objects.get()
    assert "Yours: somebody else looks into it" in shown(signed_in("manager"))
    signed_in("manager").post(reverse("look_into_alert", args=[own.pk]), {"note": "Nothing to see."})
    own.refresh_from_db()
    assert own.looked_at is None
    with act(people["manager"], own.service) as manager:
        assert alerts.open_alerts(manager) == 0
        with pytest.raises(CannotLookInto):
            look_into(own, note="Nothing", by=people["manager"])
        own.looked_at, own.looked_by = now(), people["manager"]
        with pytest.raises(IntegrityError), transaction.atomic():
            own.save()


def test_service_today_counts_what_waits_without_saying_who(alert, signed_in):
    page = shown(signed_in("second_manager"), "service_today")
    assert "look to look into" in page
    assert "Imran Ilex opened" not in page


def test_the_list_costs_the_same_however_long_it_is(alert, rowan, people, signed_in, queries):
    browser = signed_in("manager")
    assert queries(browser, reverse("access_alerts")) <= 8
    for _number in range(3):
        other = make_case(rowan, by=people["manager"], stage=Stage.CLOSED)
        looked(other, people["second_manager"], why="role")
    raise_alerts(rowan, since=LONG_AGO)
    assert queries(browser, reverse("access_alerts")) <= 8


def test_hours_are_judged_when_somebody_looks(case, people, signed_in):
    with at(dt.datetime(2027, 3, 2, 23, 30, tzinfo=LONDON)):
        signed_in("isva").get(reverse("show_case", kwargs={"case_id": case.pk}))
    assert raised(case) == [Kind.OUT_OF_HOURS]
