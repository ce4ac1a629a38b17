"""Restricted clients: seen by named people only, and always by somebody who can manage it."""

import datetime as dt

import pytest
from django.urls import reverse

from casework import access, restricting
from casework.models import Grant, Restriction
from isva.access.acting import act
from isva.accounts.models import Membership
from isva.clock.moment import today
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


def test_nobody_is_named_again_whom_a_colleague_has_just_left_out(case, people, managing, signed_in):
    restriction = restrict(case, managing, people["isva"], people["second_manager"])
    browser, address = signed_in("manager"), page("change_named", case)
    form = browser.get(address).context["form"]
    both = [str(people[key].pk) for key in ("isva", "second_manager")]
    sent = {"once": form["once"].value(), "seen": form["seen"].value(), "named": both}
    restricting.change_named(restriction, named=[people["second_manager"]], by=managing)
    answer = browser.post(address, sent)
    assert "while you were writing" in answer.content.decode()
    assert people["isva"] not in restricting.named_on(restriction)
    renewed = sent | {"seen": answer.context["form"]["seen"].value()}
    assert browser.post(address, renewed).status_code == 302
    assert people["isva"] in restricting.named_on(restriction)


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


def test_nobody_is_named_who_has_left(case, people, managing):
    Membership.objects.filter(user=people["isva"]).update(ends_on=today() - dt.timedelta(days=1))
    assert people["isva"] not in restricting.who_may_be_named(case.client)
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


class TestPartByPart:
    """Each condition by itself: what would be different if it were not there."""

    @pytest.fixture
    def another(self, people, rowan):
        return make_case(
            rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"], name="Bea Birch"
        )

    def test_a_restriction_that_was_lifted_is_not_changed_though_another_stands(
        self, case, another, managing
    ):
        restriction = restrict(case, managing)
        restricting.lift_restriction(restriction, by=managing)
        restrict(another, managing)
        with pytest.raises(Refusal, match="lifted"):
            restricting.change_named(restriction, named=[], by=managing)

    def test_somebody_can_be_named_again(self, case, people, managing):
        restriction = restrict(case, managing, people["second_isva"])
        restricting.change_named(restriction, named=[], by=managing)
        restricting.change_named(restriction, named=[people["second_isva"]], by=managing)
        assert people["second_isva"] in restricting.named_on(restriction)

    def test_whoever_stays_named_keeps_the_row_that_says_since_when(self, case, people, managing):
        restriction = restrict(case, managing, people["second_isva"])
        restricting.change_named(restriction, named=[people["second_isva"]], by=managing)
        assert restriction.named.filter(user=people["second_isva"]).count() == 1

    def test_lifting_ends_what_stands_once_and_leaves_what_ended_before(self, case, people, managing):
        restriction = restrict(case, managing, people["second_isva"])
        restricting.change_named(restriction, named=[], by=managing)
        ended = restriction.named.get(user=people["second_isva"]).ended_at
        lifted = restricting.lift_restriction(restriction, by=managing)
        assert restriction.named.get(user=people["second_isva"]).ended_at == ended
        again = restricting.lift_restriction(restriction, by=people["second_manager"])
        assert (again.lifted_by, again.lifted_at) == (managing, lifted.lifted_at)

    def test_only_sight_for_being_named_on_this_client_ends_with_it(self, case, another, people, managing):
        imran = people["second_isva"]
        first, second = restrict(case, managing, imran), restrict(another, managing, imran)
        restricting.change_named(first, named=[], by=managing)
        assert restricting.named_on(second) == [imran, managing]
        assert list(Grant.objects.filter(user=imran, ended_at__isnull=True).values_list("case", flat=True)) == [
            another.pk
        ]  # fmt: skip

    def test_a_coordinator_who_is_named_on_an_active_case_may_read_it(self, case, people, managing):
        restrict(case, managing, people["coordinator"])
        assert access.live_grants(case).get(user=people["coordinator"]).read_only

    def test_a_coordinator_who_is_named_on_a_case_that_waits_needs_no_grant(self, people, rowan, managing):
        waiting = make_case(rowan, by=managing, stage=Stage.INTERIM, name="Cat Cedar")
        restrict(waiting, managing, people["coordinator"])
        assert not access.live_grants(waiting).exists()

    def test_what_has_to_be_arranged_is_told_for_this_client_and_for_whoever_is_not_named(
        self, case, another, people, managing
    ):
        restrict(case, managing)
        assert [told.split(" and ")[0] for told in restricting.left_without(case.client)] == [
            "Iris Ivy carries this case"
        ]
        restrict(another, managing, people["isva"])
        assert restricting.left_without(another.client) == []

    def test_who_keeps_in_touch_is_told_of_while_the_person_waits(self, people, rowan, managing):
        waiting = make_case(rowan, by=managing, stage=Stage.INTERIM, name="Cat Cedar")
        waiting.interim_worker = people["second_isva"]
        waiting.lead_isva = people["isva"]  # carried it before, and no longer
        waiting.save()
        restriction = restrict(waiting, managing)
        assert [told.split(" and ")[0] for told in restricting.left_without(waiting.client)] == [
            "Imran Ilex keeps in touch while they wait"
        ]
        restricting.change_named(restriction, named=[people["second_isva"]], by=managing)
        assert restricting.left_without(waiting.client) == []


def test_walls_that_are_carried_to_somebody_restricted_already_leave_that_restriction(
    case, people, rowan, managing
):
    other = make_case(rowan, by=managing, name="Ada Aspenleaf")
    standing = restrict(case, managing, people["isva"])
    restrict(other, managing)
    restricting.carry_walls(of=other.client, to=case.client, by=managing)
    assert [one.pk for one in Restriction.objects.filter(client=case.client)] == [standing.pk]
    assert people["isva"] in restricting.named_on(standing)


def test_the_walls_of_a_client_are_those_that_stand_and_only_the_named_ones_of_it_are_taken_down(
    case, people, rowan, managing
):
    another = make_case(rowan, by=managing, stage=Stage.ACTIVE, isva=people["isva"], name="Bea Birch")
    conflict = access.declare_conflict(case.client, user=people["trainee"], reason="a cousin", by=managing)
    second = access.declare_conflict(case.client, user=people["chisva"], reason="a cousin", by=managing)
    lifted = access.declare_conflict(case.client, user=people["second_isva"], reason="a slip", by=managing)
    access.lift_conflict(lifted, by=managing)
    elsewhere = access.declare_conflict(
        another.client, user=people["trainee"], reason="a cousin", by=managing
    )
    restriction, of_another = restrict(case, managing), restrict(another, managing)
    assert restricting.walls_of(case.client) == {conflict.pk, second.pk, restriction.pk}
    restricting.take_down(case.client, [conflict.pk, elsewhere.pk, of_another.pk], by=managing)
    assert restricting.walls_of(case.client) == {second.pk, restriction.pk}
    assert restricting.walls_of(another.client) == {elsewhere.pk, of_another.pk}
    restricting.take_down(case.client, [restriction.pk], by=managing)
    assert restricting.walls_of(case.client) == {second.pk}
