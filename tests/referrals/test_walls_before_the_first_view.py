"""What intake may learn of somebody who is known already: each wall keeps a walled client away by itself."""

import pytest
from django.db.models import Q

from casework import access, restricting
from casework.models import Conflict
from isva.access.acting import act
from isva.pathway import Stage
from referrals import duplicates, letters, waiting
from referrals.models import PossibleDuplicate, Referral
from referrals.stages.referral import in_sight, other_open_case
from tests.access.test_each_wall_alone import no_second_wall  # noqa: F401 (a fixture)
from tests.factories import long_ago, make_case, seeing_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(people, rowan):
    return make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])


@pytest.fixture
def fresh(people, rowan, known):
    """A new referral that may be of the known person."""
    case = make_case(rowan, by=people["manager"], stage=Stage.TRIAGE)
    with act(people["manager"], rowan), seeing_all(rowan):
        PossibleDuplicate(
            case=case, own=case.client, other=known.client, score=80, recorded_by=people["manager"]
        ).save(force_insert=True)
    return case


def wall(client, user, people, rowan):
    with act(people["manager"], rowan):
        access.declare_conflict(client, user=user, reason="a cousin", by=people["manager"])


def learnt(case, user, service):
    with act(user, service):
        return len(duplicates.visible_duplicates(case, user)), duplicates.counts([case], user).get(case.pk, 0)


def test_a_suggestion_about_somebody_walled_off_is_neither_shown_nor_counted(fresh, known, people, rowan):
    cora = people["coordinator"]
    assert learnt(fresh, cora, rowan) == (1, 1)
    wall(known.client, cora, people, rowan)
    assert learnt(fresh, cora, rowan) == (0, 0)


def test_nor_counted_by_what_the_database_was_told_alone(fresh, known, people, rowan, monkeypatch):
    monkeypatch.setattr(duplicates, "denied", lambda person, of: Q(pk__in=[]))
    wall(known.client, people["coordinator"], people, rowan)
    with act(people["coordinator"], rowan):
        assert duplicates.counts([fresh], people["coordinator"]) == {}


def test_nobody_of_another_service_is_suggested_by_the_filter_alone(
    people,
    services,
    no_second_wall,  # noqa: F811
):
    make_case(services["harbour"], by=people["harbour_manager"], name="Ada Aspen")
    of_rowan = make_case(services["rowan"], by=people["manager"], name="Ada Aspen")
    case = make_case(services["rowan"], by=people["manager"], name="Ada Aspen")
    with act(people["manager"], services["rowan"]):
        found = duplicates.look_for_duplicates(case, by=people["manager"])
    assert [one.other_id for one in found] == [of_rowan.client_id]


def test_the_receipts_of_another_service_are_left_to_it_by_the_filter_alone(
    people,
    services,
    no_second_wall,  # noqa: F811
):
    own, theirs = (
        make_case(services[name], by=people[by], name="Ada Aspen")
        for name, by in (("rowan", "manager"), ("harbour", "harbour_manager"))
    )
    Referral.objects.filter(case__in=[own, theirs]).update(referrer_email="petra@police.example")
    left = letters.receipts_left_behind(service=services["rowan"], since=long_ago(days=1))
    assert left == [own.referral.pk]


def test_triage_lists_nobody_from_whom_a_wall_keeps_the_reader_by_the_filter_alone(
    people,
    rowan,
    no_second_wall,  # noqa: F811
):
    case = make_case(rowan, by=people["manager"], stage=Stage.TRIAGE)
    cora = people["coordinator"]
    for walled, there in ((False, [case]), (True, [])):
        if walled:
            wall(case.client, cora, people, rowan)
        with act(cora, rowan):
            assert list(waiting.cases_in_triage(cora)) == there


@pytest.fixture
def standing(people, rowan):
    """``standing(client)`` – who is walled off from them, keys of the cast; and the reason of their restriction."""

    def ask(client):
        with act(people["manager"], rowan), seeing_all(rowan):
            found = Conflict.objects.filter(client=client, lifted_at__isnull=True)
            users = set(found.values_list("user", flat=True))
            restriction = restricting.restriction_of(client)
        return {name for name, user in people.items() if user.pk in users}, restriction and restriction.reason

    return ask


def test_undoing_a_link_takes_down_the_walls_that_it_made_and_no_other(fresh, known, standing, people, rowan):
    manager = people["manager"]
    wall(known.client, people["coordinator"], people, rowan)
    wall(fresh.client, people["coordinator"], people, rowan)
    wall(fresh.client, people["second_isva"], people, rowan)
    with act(manager, rowan), seeing_all(rowan):
        fresh.referral.suspect_name = people["trainee"].name
        fresh.referral.save()
        restricting.restrict_client(fresh.client, reason="a public figure", named=[], by=manager)
        duplicates.decide_duplicate(PossibleDuplicate.objects.get(), same=True, by=manager)
    made = {"second_isva", "trainee"}
    assert standing(known.client) == ({"coordinator"} | made, "a public figure")
    wall(known.client, people["fourth_isva"], people, rowan)
    with act(manager, rowan), seeing_all(rowan):
        duplicates.undo_duplicate(PossibleDuplicate.objects.get(), by=manager)
        assert set(Conflict.objects.filter(lifted_by=manager).values_list("client", flat=True)) == {
            known.client_id
        }
        assert PossibleDuplicate.objects.get().walls == []
    assert standing(known.client) == ({"coordinator", "fourth_isva"}, None)
    assert standing(fresh.client) == ({"coordinator", "second_isva"}, "a public figure")


def test_a_restriction_that_stood_before_the_link_stands_after_it_was_undone(
    fresh, known, standing, people, rowan
):
    manager = people["manager"]
    with act(manager, rowan), seeing_all(rowan):
        for case, reason in ((known, "a colleague"), (fresh, "a public figure")):
            restricting.restrict_client(case.client, reason=reason, named=[], by=manager)
        for _time in range(2):
            duplicates.decide_duplicate(PossibleDuplicate.objects.get(), same=True, by=manager)
            duplicates.undo_duplicate(PossibleDuplicate.objects.get(), by=manager)
    assert standing(known.client) == (set(), "a colleague")


def test_a_wall_that_was_lifted_and_put_up_anew_since_the_link_stays(fresh, known, standing, people, rowan):
    manager = people["manager"]
    wall(fresh.client, people["second_isva"], people, rowan)
    with act(manager, rowan), seeing_all(rowan):
        duplicates.decide_duplicate(PossibleDuplicate.objects.get(), same=True, by=manager)
        access.lift_conflict(Conflict.objects.get(client=known.client), by=manager)
    wall(known.client, people["second_isva"], people, rowan)
    with act(manager, rowan), seeing_all(rowan):
        duplicates.undo_duplicate(PossibleDuplicate.objects.get(), by=manager)
    assert standing(known.client) == ({"second_isva"}, None)


def test_whether_the_known_record_is_in_sight_is_said_of_the_reader(fresh, known, people, rowan):
    with act(people["coordinator"], rowan):
        (suggestion,) = duplicates.visible_duplicates(fresh, people["coordinator"])
        assert not suggestion.in_sight
    with act(people["manager"], rowan):
        (suggestion,) = duplicates.visible_duplicates(fresh, people["manager"])
        assert suggestion.in_sight


def test_another_open_case_of_a_walled_client_is_not_told_of(known, people, rowan):
    second = make_case(rowan, by=people["manager"], stage=Stage.TRIAGE)
    with act(people["manager"], rowan), seeing_all(rowan):
        second.client = known.client
        second.save()
    with act(people["manager"], rowan):
        assert other_open_case(second, user=people["manager"]) == known
    wall(known.client, people["coordinator"], people, rowan)
    with act(people["coordinator"], rowan):
        assert other_open_case(second, user=people["coordinator"]) is None


def test_a_case_that_just_came_in_is_in_sight_of_whoever_is_not_walled_off_by_the_filter_alone(
    known,
    people,
    rowan,
    no_second_wall,  # noqa: F811
):
    fresh = make_case(rowan, by=people["manager"], stage=Stage.REFERRAL)
    wall(fresh.client, people["coordinator"], people, rowan)
    for key, sees in (("manager", True), ("coordinator", False), ("isva", False)):
        with act(people[key], rowan):
            assert in_sight(fresh, user=people[key]) == sees
