"""Sight of a case: given for a reason, ended for a reason, and guardian always says what the grants say."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import access
from casework.models import Case, CaseUserObjectPermission, Client, Grant, NamedPerson, Restriction
from isva.access.acting import act
from isva.clock.moment import at, now
from isva.pathway import Stage
from tests.factories import make_case, seeing_all
from tests.racing import at_once

DAY = dt.timedelta(days=1)
#: Reasons of any length: an emergency opening is short, and given another way.
LASTING = [why for why in Grant.Why if why != Grant.Why.BREAK_GLASS]


@pytest.fixture
def case(people, rowan):
    return make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])


@pytest.fixture
def managing(people, rowan):
    with act(people["manager"], rowan):
        yield people["manager"]


def may(user, case):
    """What guardian lets somebody do with a case."""
    with seeing_all(case.service):
        held = list(
            CaseUserObjectPermission.objects.filter(content_object=case, user=user).values_list(
                "permission__codename", flat=True
            )
        )
    return {name.removesuffix("_case") for name in held}


@pytest.mark.django_db
class TestGiving:
    def test_a_grant_gives_sight_and_change_at_once(self, case, people, managing):
        access.grant(case, to=people["second_isva"], why=Grant.Why.COVER, by=managing)
        assert may(people["second_isva"], case) == {"view", "change"}

    def test_a_read_only_grant_gives_sight_alone(self, case, people, managing):
        access.grant(case, to=people["second_isva"], why=Grant.Why.COVER, by=managing, read_only=True)
        assert may(people["second_isva"], case) == {"view"}

    def test_renewing_a_grant_leaves_one_of_its_kind(self, case, people, managing):
        for read_only in (False, True):
            access.grant(
                case, to=people["second_isva"], why=Grant.Why.COVER, by=managing, read_only=read_only
            )
        grants = Grant.objects.filter(case=case, user=people["second_isva"])
        assert (grants.count(), grants.filter(ended_at__isnull=True).count()) == (2, 1)
        assert may(people["second_isva"], case) == {"view"}

    def test_of_several_grants_the_widest_counts_and_ending_one_leaves_the_other(
        self, case, people, managing
    ):
        imran = people["second_isva"]
        access.grant(case, to=imran, why=Grant.Why.COVER, by=managing)
        access.grant(case, to=imran, why=Grant.Why.INTERIM, by=managing, read_only=True)
        assert may(imran, case) == {"view", "change"}
        access.end_grants(case, user=imran, why=Grant.Why.COVER, by=managing, reason="back from leave")
        assert may(imran, case) == {"view"}
        access.end_grants(case, user=imran, by=managing, reason="allocated")
        assert may(imran, case) == set()

    def test_a_grant_that_would_end_before_it_begins_is_refused(self, case, people, managing):
        with pytest.raises(ValueError):
            access.grant(
                case,
                to=people["second_isva"],
                why=Grant.Why.COVER,
                by=managing,
                starts_at=now() + DAY,
                until=now(),
            )

    def test_ending_names_who_and_why_and_counts_once(self, case, people, managing):
        assert access.end_grants(case, by=managing, reason="the case was closed") == 1
        assert access.end_grants(case, by=managing, reason="again") == 0
        ended = Grant.objects.get(case=case)
        assert ended.end_reason == "the case was closed"
        assert may(people["isva"], case) == set()

    def test_every_change_of_sight_is_in_the_history_with_a_name(self, case, people, managing):
        access.end_grants(case, by=managing, reason="the case was closed")
        assert [row.history_user for row in Grant.objects.get(case=case).history.all()] == [
            managing,
            managing,
        ]


@pytest.mark.django_db
class TestTheClock:
    def test_a_cover_planned_ahead_begins_and_ends_by_the_clock(self, case, people, rowan, managing):
        imran, start = people["second_isva"], now() + DAY
        access.grant(case, to=imran, why=Grant.Why.COVER, by=managing, starts_at=start, until=start + 7 * DAY)
        assert may(imran, case) == set()
        for moment, sight in (
            (start - DAY / 2, set()),
            (start, {"view", "change"}),
            (start + 7 * DAY, set()),
        ):
            with at(moment):
                access.keep_grants_in_time(rowan)
                assert may(imran, case) == sight
                assert access.grants_and_guardian_disagree(rowan) == []

    def test_a_cover_begins_although_somebody_else_sees_the_case_already(self, case, people, rowan, managing):
        """The ISVA's own sight of the case must not hide that the cover's has not begun."""
        access.grant(case, to=people["chisva"], why=Grant.Why.COVER, by=managing, starts_at=now() + DAY)
        with at(now() + 2 * DAY):
            assert access.keep_grants_in_time(rowan) == 1
            assert may(people["chisva"], case) == {"view", "change"}

    def test_a_cover_that_may_write_begins_over_one_that_may_only_read(self, case, people, rowan, managing):
        imran = people["second_isva"]
        access.grant(case, to=imran, why=Grant.Why.INTERIM, by=managing, read_only=True)
        access.grant(
            case, to=imran, why=Grant.Why.COVER, by=managing, starts_at=now() + DAY, until=now() + 3 * DAY
        )
        with at(now() + 2 * DAY):
            access.keep_grants_in_time(rowan)
            assert may(imran, case) == {"view", "change"}
        with at(now() + 4 * DAY):
            access.keep_grants_in_time(rowan)
            assert may(imran, case) == {"view"}

    def test_what_runs_out_is_ended_by_the_clock_in_its_own_name(self, case, people, rowan, managing):
        access.grant(case, to=people["chisva"], why=Grant.Why.COVER, by=managing, until=now() + DAY)
        with at(now() + 2 * DAY):
            assert access.keep_grants_in_time(rowan) == 1
            assert access.keep_grants_in_time(rowan) == 0
        ended = Grant.objects.get(user=people["chisva"])
        assert ended.end_reason == "its time ended"
        assert ended.history.latest().history_user.is_system

    def test_a_cover_that_was_missed_whole_is_ended_and_never_begins(self, case, people, rowan, managing):
        access.grant(
            case,
            to=people["chisva"],
            why=Grant.Why.COVER,
            by=managing,
            starts_at=now() + DAY,
            until=now() + 2 * DAY,
        )
        with at(now() + 9 * DAY):
            assert access.keep_grants_in_time(rowan) == 1
            assert may(people["chisva"], case) == set()

    def test_a_minute_in_which_nothing_is_due_costs_five_queries(self, case, people, rowan, managing):
        access.keep_grants_in_time(rowan)
        for key in ("chisva", "second_isva"):
            access.grant(case, to=people[key], why=Grant.Why.COVER, by=managing, until=now() + 9 * DAY)
        with CaptureQueriesContext(connection) as queries:
            assert access.keep_grants_in_time(rowan) == 0
        assert len(queries) == 5

    def test_the_other_service_is_not_touched(self, case, people, services, managing):
        access.grant(case, to=people["chisva"], why=Grant.Why.COVER, by=managing, until=now() + DAY)
        with at(now() + 2 * DAY):
            assert access.keep_grants_in_time(services["harbour"]) == 0


@pytest.mark.django_db
def test_who_leaves_the_service_loses_every_grant_of_it_planned_ones_too(people, services, managing):
    rowan, harbour, iris = services["rowan"], services["harbour"], people["isva"]
    cases = [make_case(rowan, by=managing, stage=Stage.ACTIVE, isva=iris) for _each in range(2)]
    other = make_case(rowan, by=managing, stage=Stage.ACTIVE, isva=people["chisva"])
    abroad = make_case(harbour, by=people["harbour_manager"], stage=Stage.ACTIVE, isva=iris)
    access.grant(other, to=iris, why=Grant.Why.COVER, by=managing, starts_at=now() + DAY)
    access.grant(cases[0], to=iris, why=Grant.Why.COVER, by=managing)
    assert access.end_all_grants_of(iris, service=rowan, by=managing, reason="left the service") == 4
    assert [may(iris, case) for case in (*cases, other)] == [set()] * 3
    assert may(people["chisva"], other) == may(iris, abroad) == {"view", "change"}
    with at(now() + 2 * DAY):
        access.keep_grants_in_time(rowan)
        assert may(iris, other) == set()
        assert access.grants_and_guardian_disagree(rowan) == []


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("grant"), st.sampled_from(["isva", "second_isva", "chisva"]), st.sampled_from(LASTING),
            st.booleans(), st.integers(0, 5), st.none() | st.integers(1, 6),
        ),
        st.tuples(st.just("end"), st.none() | st.sampled_from(["isva", "second_isva", "chisva"]),
                  st.none() | st.sampled_from(Grant.Why.values)),
        st.tuples(st.just("leave"), st.sampled_from(["isva", "chisva"])),
        st.tuples(st.just("days pass"), st.integers(1, 4)),
    ),
    max_size=12,
)  # fmt: skip


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=STEPS)
def test_grants_and_guardian_agree_after_whatever_was_given_ended_or_ran_out(
    case, people, rowan, managing, steps
):
    access.end_grants(case, by=managing, reason="a clean start")
    moment = now()
    for step, *how in steps:
        with at(moment):
            if step == "grant":
                key, why, read_only, after, lasting = how
                starts = moment + after * DAY
                access.grant(
                    case, to=people[key], why=why, by=managing, read_only=read_only, starts_at=starts,
                    until=starts + lasting * DAY if lasting else None,
                )  # fmt: skip
            elif step == "end":
                key, why = how
                access.end_grants(
                    case, by=managing, reason="ended", user=people[key] if key else None, why=why
                )
            elif step == "leave":
                access.end_all_grants_of(people[how[0]], service=rowan, by=managing, reason="left")
            else:
                moment += how[0] * DAY
        with at(moment):
            access.keep_grants_in_time(rowan)
            assert access.grants_and_guardian_disagree(rowan) == []
            for key in ("isva", "second_isva", "chisva"):
                live = list(
                    access.live_grants(case).filter(user=people[key]).values_list("read_only", flat=True)
                )
                expected = ({"view"} if live else set()) | ({"change"} if False in live else set())
                assert may(people[key], case) == expected


@pytest.mark.django_db
class TestWalls:
    def test_a_conflict_hides_every_case_of_the_client_whatever_is_granted(
        self, case, people, rowan, managing
    ):
        iris = people["isva"]
        access.declare_conflict(case.client, user=iris, reason="a cousin", by=managing)
        with act(iris, rowan):
            assert not Case.objects.visible_to(iris).exists()
            assert not Case.objects.changeable_by(iris).exists()
        assert access.is_walled_off(iris, client=case.client)
        assert not access.is_walled_off(people["second_isva"], client=case.client)

    def test_a_grant_given_to_somebody_walled_off_shows_them_nothing(self, case, people, rowan, managing):
        imran = people["second_isva"]
        access.declare_conflict(case.client, user=imran, reason="a neighbour", by=managing)
        access.grant(case, to=imran, why=Grant.Why.COVER, by=managing)
        with act(imran, rowan):
            assert not Case.objects.visible_to(imran).exists()

    def test_a_conflict_is_declared_once_and_lifted_once(self, case, people, managing):
        iris = people["isva"]
        first = access.declare_conflict(case.client, user=iris, reason="a cousin", by=managing)
        assert access.declare_conflict(case.client, user=iris, reason="again", by=managing) == first
        lifted = access.lift_conflict(first, by=managing)
        assert (
            access.lift_conflict(first, by=people["second_manager"]).lifted_by == managing == lifted.lifted_by
        )
        assert not access.is_walled_off(iris, client=case.client)

    def test_a_lifted_conflict_gives_back_what_was_granted(self, case, people, rowan, managing):
        iris = people["isva"]
        access.lift_conflict(
            access.declare_conflict(case.client, user=iris, reason="a cousin", by=managing), by=managing
        )
        with act(iris, rowan):
            assert Case.objects.changeable_by(iris).get() == case


def restrict(client, by, *named):
    """A restriction as the database sees it."""
    restriction = Restriction(client=client, reason="a colleague’s sister", recorded_by=by)
    restriction.save(force_insert=True)
    for user in named:
        NamedPerson(client=client, restriction=restriction, user=user, recorded_by=by).save(force_insert=True)
    return restriction


def sees(user, service):
    with act(user, service):
        return set(Case.objects.visible_to(user)), set(Client.objects.visible_to(user))


@pytest.mark.django_db
class TestRestrictions:
    def test_a_restricted_client_is_seen_by_named_people_only_managers_included(
        self, case, people, rowan, managing
    ):
        restrict(case.client, managing, people["second_manager"])
        for key in ("isva", "manager", "coordinator"):
            assert sees(people[key], rowan) == (set(), set()), key
        assert sees(people["second_manager"], rowan) == ({case}, {case.client})

    def test_being_named_shows_nothing_to_whoever_has_no_sight(self, case, people, rowan, managing):
        restrict(case.client, managing, people["second_isva"], people["coordinator"])
        assert sees(people["second_isva"], rowan) == (set(), set())
        assert sees(people["coordinator"], rowan) == (set(), set())

    def test_a_conflict_walls_off_whoever_is_named(self, case, people, rowan, managing):
        restrict(case.client, managing, people["isva"])
        access.declare_conflict(case.client, user=people["isva"], reason="a cousin", by=managing)
        assert sees(people["isva"], rowan) == (set(), set())

    def test_whoever_is_named_no_longer_sees_nothing_from_the_next_request_on(
        self, case, people, rowan, managing
    ):
        restriction = restrict(case.client, managing, people["isva"])
        assert sees(people["isva"], rowan) == ({case}, {case.client})
        named = restriction.named.get()
        named.ended_at, named.ended_by = now(), managing
        named.save()
        assert sees(people["isva"], rowan) == (set(), set())

    def test_a_lifted_restriction_hides_nothing(self, case, people, rowan, managing):
        restriction = restrict(case.client, managing)
        restriction.lifted_at, restriction.lifted_by = now(), managing
        restriction.save()
        assert sees(people["isva"], rowan) == ({case}, {case.client})

    def test_a_client_is_restricted_once(self, case, managing):
        restrict(case.client, managing)
        with pytest.raises(IntegrityError):
            restrict(case.client, managing)


@pytest.mark.django_db
def test_sight_ends_with_its_time_although_the_clock_has_not_run(case, people, rowan, managing):
    imran = people["second_isva"]
    access.grant(case, to=imran, why=Grant.Why.COVER, by=managing, until=now() + DAY)
    assert sees(imran, rowan)[0] == {case}
    with at(now() + DAY), act(imran, rowan):
        assert may(imran, case) == {"view", "change"}
        assert not Case.objects.visible_to(imran).exists()
        assert not Case.objects.changeable_by(imran).exists()


@pytest.mark.usefixtures("transactional_db")
def test_two_people_who_give_and_take_sight_at_once_leave_one_grant_and_agreement(people, rowan):
    manager, imran = people["manager"], people["second_isva"]
    case = make_case(rowan, by=manager, stage=Stage.ACTIVE, isva=people["isva"])

    def give(by):
        def one():
            with act(by, rowan):
                access.grant(case, to=imran, why=Grant.Why.COVER, by=by)

        return one

    def conflict(by):
        def one():
            with act(by, rowan):
                access.declare_conflict(case.client, user=people["chisva"], reason="a cousin", by=by)

        return one

    both = (manager, people["second_manager"])
    assert at_once(*(give(by) for by in both), *(conflict(by) for by in both), together=False) == []
    assert Grant.objects.filter(case=case, user=imran, ended_at__isnull=True).count() == 1
    assert access.grants_and_guardian_disagree(rowan) == []
    assert case.client.conflict_set.count() == 1
