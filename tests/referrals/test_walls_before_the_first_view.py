"""What intake may learn of somebody who is known already: each wall keeps a walled client away by itself."""

import pytest
from django.db.models import Q

from casework import access
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
