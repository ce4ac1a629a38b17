"""The conflict check: whom it walls off, at a referral and when somebody is declared later; and whom it advises to restrict."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import access
from casework.models import Case, Client, Conflict, SafeContact
from isva.access.acting import act
from isva.accounts import joining
from isva.accounts.models import Membership, User
from isva.accounts.staffing import declare_connection
from isva.clock.moment import today
from isva.pathway import Stage
from referrals.conflicts import advises_restriction, check_conflicts
from tests.access.test_each_wall_alone import no_second_wall  # noqa: F401 (a fixture)
from tests.factories import make_case, seeing_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people, rowan):
    return make_case(rowan, by=people["manager"], stage=Stage.TRIAGE, name="Ada Aspen")


@pytest.fixture
def declare(people, rowan):
    """``declare("isva", "Rex Rotten")`` – somebody declares, now, that they know somebody."""

    def now_(key, name):
        user = people[key]
        membership = Membership.objects.get(user=user, service=rowan)
        with act(user, rowan):
            return declare_connection(membership, name=name, relationship="a cousin", by=user)

    return now_


@pytest.fixture
def walled(people, rowan):
    """``walled(case)`` – who is walled off from the client of a case now: keys of the cast, in order."""

    def ask(case):
        with act(people["manager"], rowan), seeing_all(rowan):
            found = Conflict.objects.filter(client=case.client_id, lifted_at__isnull=True)
            keys = list(found.values_list("user", flat=True))
        return sorted(name for name, user in people.items() for key in keys if user.pk == key)

    return ask


@pytest.fixture
def about(people, rowan):
    """``about("suspect", "Rex Rotten")`` – a case in which the client, the suspect or somebody close has this name."""

    def make(whose, name):
        fields = {"name": name} if whose == "client" else {}
        case = make_case(rowan, by=people["second_manager"], stage=Stage.TRIAGE, **fields)
        with act(people["second_manager"], rowan), seeing_all(rowan):
            if whose == "suspect":
                case.referral.suspect_name = name
                case.referral.save()
            elif whose == "close":
                SafeContact.objects.filter(client=case.client_id).update(person_name=name)
        return case

    return make


@pytest.fixture
def checked(people, rowan):
    """``checked(case)`` – the conflict check is made."""

    def check(case, by="manager"):
        with act(people[by], rowan), seeing_all(rowan):
            return check_conflicts(case, by=people[by])

    return check


def wall(case, user, people, rowan, reason="a cousin"):
    with act(people["manager"], rowan):
        return access.declare_conflict(case.client, user=user, reason=reason, by=people["manager"])


class TestAtAReferral:
    def test_only_those_who_declared_an_alike_name_are_walled_off(self, declare, walled, people, rowan):
        for key, name in (("isva", "Aspin Ada"), ("second_isva", "Bea Birch")):
            declare(key, name)
        case = make_case(rowan, by=people["manager"], stage=Stage.TRIAGE, name="Ada Aspen")
        assert walled(case) == []
        with act(people["manager"], rowan), seeing_all(rowan):
            check_conflicts(case, by=people["manager"])
        assert walled(case) == ["isva"]

    @pytest.mark.parametrize(
        ("whose", "said"),
        [
            ("client", "the client has"),
            ("suspect", "the suspect has"),
            ("close", "somebody close to the client has"),
        ],
    )
    def test_a_colleague_who_is_the_client_the_suspect_or_close_to_them_is_walled_off_from_the_case(
        self, whose, said, about, checked, walled, people, rowan
    ):
        case = about(whose, "Ivey, Iris")
        checked(case)
        assert walled(case) == ["isva"]
        with act(people["manager"], rowan), seeing_all(rowan):
            reason = Conflict.objects.get(client=case.client_id).reason
        assert reason == f"Conflict check at referral: {said} this colleague’s own name"

    def test_a_manager_who_is_the_suspect_does_not_see_the_case(
        self, about, checked, people, rowan, signed_in
    ):
        case = about("suspect", people["manager"].name)
        checked(case, by="second_manager")
        address = reverse("show_case", kwargs={"case_id": case.pk})
        assert signed_in("manager").get(address).status_code == 404
        assert signed_in("second_manager").get(address).status_code == 200

    def test_half_a_name_that_is_a_colleagues_walls_nobody_off(self, about, checked, walled, people):
        User.objects.filter(pk=people["isva"].pk).update(name="Iris")
        case = about("suspect", "Iris")
        checked(case)
        assert walled(case) == []

    def test_who_works_elsewhere_or_has_left_is_no_colleague_and_who_begins_next_week_is(
        self, about, checked, walled, people
    ):
        elsewhere = about("suspect", people["harbour_isva"].name)
        checked(elsewhere)
        assert walled(elsewhere) == []
        case = about("suspect", people["isva"].name)
        theirs = Membership.objects.filter(user=people["isva"])
        theirs.update(ends_on=today() - dt.timedelta(days=1))
        checked(case)
        assert walled(case) == []
        theirs.update(ends_on=None, starts_on=today() + dt.timedelta(days=7))
        checked(case)
        assert walled(case) == ["isva"]

    def test_what_they_declared_is_the_reason_where_they_are_named_as_well(
        self, declare, about, checked, people, rowan
    ):
        case = about("suspect", people["isva"].name)
        declare("isva", "Bea Birch")
        with act(people["manager"], rowan), seeing_all(rowan):
            Client.objects.filter(pk=case.client_id).update(name="Bea Birch")
            case.client.refresh_from_db()
        checked(case)
        with act(people["manager"], rowan), seeing_all(rowan):
            reason = Conflict.objects.get(client=case.client_id).reason
        assert reason == "Conflict check at referral: a declared connection has the client’s name"

    def test_more_names_cost_no_more_questions(self, about, people, rowan):
        def asked(case):
            with act(people["manager"], rowan), seeing_all(rowan):
                found = Case.objects.select_related("client", "referral", "service").get(pk=case.pk)
                with CaptureQueriesContext(connection) as queries:
                    check_conflicts(found, by=people["manager"])
                return len(queries)

        one = asked(make_case(rowan, by=people["manager"], name="Ada Aspen"))
        assert asked(about("close", "Rex Rotten")) == asked(about("suspect", "Rex Rotten")) == one


class TestSomebodyJoins:
    @pytest.fixture
    def joins(self, people, rowan):
        def now_(name):
            with act(people["records_lead"], rowan):
                _invitation, token = joining.invite_member(
                    service=rowan,
                    email="new@rowan.example",
                    name=name,
                    roles=["isva"],
                    by=people["records_lead"],
                )
            joining.accept_invitation(token, name=name, password="quiet harbour lantern", by=None)
            return User.objects.get(email="new@rowan.example")

        return now_

    def test_whoever_joins_is_walled_off_from_the_open_case_they_are_the_suspect_of(
        self, about, joins, people, rowan
    ):
        about("close", "Carl Cedar")
        case = about("suspect", "Rex Rotten")
        joined = joins("Rex Rotten")
        with act(people["manager"], rowan), seeing_all(rowan):
            found = Conflict.objects.get()
        assert (found.client_id, found.user) == (case.client_id, joined)
        assert found.reason == "Conflict check at referral: the suspect has this colleague’s own name"

    def test_whoever_joins_under_another_name_is_not(self, about, joins, people, rowan):
        about("suspect", "Rex Rotten")
        joins("Nell Newcomer")
        with act(people["manager"], rowan), seeing_all(rowan):
            assert not Conflict.objects.exists()


class TestDeclaredLater:
    def test_whoever_declares_is_walled_off_from_the_open_case_and_nobody_else(self, declare, case, walled):
        declare("isva", "Ada Aspen")
        assert walled(case) == ["isva"]

    def test_that_a_colleague_is_walled_off_already_changes_nothing(
        self, declare, case, walled, people, rowan
    ):
        wall(case, people["second_isva"], people, rowan)
        declare("isva", "Ada Aspen")
        assert walled(case) == ["isva", "second_isva"]

    def test_a_wall_that_was_lifted_stands_again_when_they_declare_again(
        self, declare, case, walled, people, rowan
    ):
        declare("isva", "Ada Aspen")
        with act(people["manager"], rowan), seeing_all(rowan):
            access.lift_conflict(Conflict.objects.get(client=case.client_id), by=people["manager"])
        assert walled(case) == []
        declare("isva", "Ada Aspen")
        assert walled(case) == ["isva"]

    def test_a_wall_that_stands_keeps_its_reason(self, declare, case, people, rowan):
        wall(case, people["isva"], people, rowan, reason="they said so")
        declare("isva", "Ada Aspen")
        with act(people["manager"], rowan), seeing_all(rowan):
            assert [one.reason for one in Conflict.objects.filter(client=case.client_id)] == ["they said so"]

    def test_a_household_of_another_client_walls_nobody_off(self, declare, case, walled, people, rowan):
        other = make_case(rowan, by=people["manager"], stage=Stage.TRIAGE, name="Bea Birch")
        with act(people["manager"], rowan), seeing_all(rowan):
            SafeContact.objects.filter(client=other.client_id).update(person_name="Carl Cedar")
        declare("isva", "Carl Cedar")
        assert (walled(case), walled(other)) == ([], ["isva"])

    def test_clients_of_another_service_are_left_alone_by_the_filter_alone(
        self, declare, people, services, no_second_wall # noqa: F811
    ):  # fmt: skip
        harbour = services["harbour"]
        theirs = make_case(harbour, by=people["harbour_manager"], stage=Stage.TRIAGE, name="Ada Aspen")
        declare("isva", "Ada Aspen")
        assert not Conflict.objects.filter(client=theirs.client_id).exists()


class TestAdvice:
    @pytest.fixture
    def advised(self, people, rowan):
        def ask(case):
            with act(people["manager"], rowan), seeing_all(rowan):
                return advises_restriction(case)

        return ask

    def test_nobody_is_restricted_without_a_reason(self, case, advised):
        assert not advised(case)

    def test_a_client_with_the_name_of_a_colleague_may_be_one(self, people, rowan, advised):
        assert advised(make_case(rowan, by=people["manager"], name=people["isva"].name))
        assert advised(make_case(rowan, by=people["manager"], name="Ada Aspen", known_as=people["isva"].name))

    def test_a_first_name_alone_says_nothing(self, people, rowan, advised):
        User.objects.filter(pk=people["isva"].pk).update(name="Iris")
        assert not advised(make_case(rowan, by=people["manager"], name="Iris"))

    def test_who_works_elsewhere_or_has_left_is_no_colleague(self, people, rowan, advised):
        assert not advised(make_case(rowan, by=people["manager"], name=people["harbour_isva"].name))
        of_iris = make_case(rowan, by=people["manager"], name=people["isva"].name)
        Membership.objects.filter(user=people["isva"]).update(ends_on=today())
        assert advised(of_iris), "today is their last day"
        Membership.objects.filter(user=people["isva"]).update(ends_on=today() - dt.timedelta(days=1))
        assert not advised(of_iris)

    def test_whom_a_colleague_declared_to_know_may_be_close_to_them(
        self, declare, case, advised, people, rowan
    ):
        other = make_case(rowan, by=people["manager"], stage=Stage.TRIAGE, name="Bea Birch")
        declare("isva", "Ada Aspen")
        assert advised(case)
        assert not advised(other), "the wall stands around another client"
        with act(people["manager"], rowan), seeing_all(rowan):
            access.lift_conflict(Conflict.objects.get(client=case.client_id), by=people["manager"])
        assert not advised(case)

    def test_a_colleague_close_to_the_client_may_be_a_reason_and_one_who_is_the_suspect_is_none(
        self, about, checked, advised, people
    ):
        for whose, advises in (("close", True), ("suspect", False)):
            case = about(whose, people["isva"].name)
            assert not advised(case)
            checked(case)
            assert advised(case) == advises

    def test_that_a_colleague_knows_the_suspect_is_no_reason(self, declare, case, advised, people, rowan):
        with act(people["manager"], rowan), seeing_all(rowan):
            case.referral.suspect_name = "Rex Rotten"
            case.referral.save()
        declare("isva", "Rex Rotten")
        with act(people["manager"], rowan), seeing_all(rowan):
            assert Conflict.objects.filter(client=case.client_id, lifted_at__isnull=True).exists()
        assert not advised(case)

    @pytest.mark.parametrize(("key", "leads_there"), [("coordinator", False), ("manager", True)])
    def test_a_manager_is_led_to_the_page_and_a_coordinator_told_whom_to_ask(
        self, key, leads_there, people, rowan, signed_in
    ):
        case = make_case(rowan, by=people["manager"], name=people["isva"].name)
        page = signed_in(key).get(reverse("show_referral", kwargs={"case_id": case.pk})).content.decode()
        assert "may be a colleague" in page
        assert (reverse("restrict_client", kwargs={"case_id": case.pk}) in page) == leads_there
        assert ("Tell a manager" in page) != leads_there
