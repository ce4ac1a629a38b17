"""The first wall by itself: what the filters of sight let through, with the database wide open behind them."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from casework.models import Agency, Case, Client, Grant, Note, SafeContact
from isva.access.acting import act, acting_person
from isva.access.matrix import Relation
from isva.clock.moment import now
from isva.pathway import Stage
from tests.access.records import an_agency, saved
from tests.access.scene import STANDINGS, set_scene
from tests.access.test_database_wall import BY_ROLE, PEOPLE, in_sight, service_of
from tests.access.test_each_wall_alone import no_second_wall  # noqa: F401 (a fixture)
from tests.factories import make_case, seeing_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_second_wall")]

#: Ways of standing to a case that let somebody read and nothing else, unless their role lets them write.
TO_READ = {Relation.READ_ONLY, Relation.EMERGENCY}


def may_write(person):
    """The names of the cases that somebody may change: by hand."""
    return {
        name
        for name in in_sight(person)
        if STANDINGS[name].of(person) not in TO_READ or Relation.OTHER in BY_ROLE.get(person, ())
    }


@pytest.fixture
def full(people, services):
    """The scene of the walk, with a note on every case and an agency of every service."""
    stage = set_scene(people, services)
    for name, case in stage.items():
        by = people["harbour_manager" if STANDINGS[name].service == "harbour" else "second_manager"]
        with act(by, case.service), seeing_all(case.service):
            saved(Note(case=case, text="A note.", recorded_by=by))
            an_agency(case.service)
    return stage


def test_a_filter_of_sight_lets_through_the_cases_clients_and_records_in_sight_and_no_others(
    full, people, services
):
    by_case = {case.pk: name for name, case in full.items()}
    by_client = {case.client_id: name for name, case in full.items()}
    wrong = []
    for person in PEOPLE:
        user = people[person]
        with act(user, service_of(person, services)):
            found = {
                "cases": {by_case[key] for key in Case.objects.visible_to(user).values_list("pk", flat=True)},
                "clients": {by_client[key] for key in Client.objects.visible_to(user).values_list("pk", flat=True)},
                "notes": {by_case[key] for key in Note.objects.visible_to(user).values_list("case", flat=True)},
                "safe contacts": {
                    by_client[key] for key in SafeContact.objects.visible_to(user).values_list("client", flat=True)
                },
            }  # fmt: skip
            writes = {by_case[key] for key in Case.objects.changeable_by(user).values_list("pk", flat=True)}
            agencies = {one.service for one in Agency.objects.visible_to(user)}
        wrong += [f"{person}: {kind}" for kind, names in found.items() if names != in_sight(person)]
        if writes != may_write(person):
            wrong.append(f"{person}: writes {writes ^ may_write(person)}")
        if agencies != {service_of(person, services)}:
            wrong.append(f"{person}: agencies")
    assert wrong == []


SEEN_ELSEWHERE = (Case.objects.visible_to, Case.objects.changeable_by, Client.objects.visible_to,
                  Note.objects.visible_to, Agency.objects.visible_to)  # fmt: skip


def test_somebody_else_nobody_and_who_was_switched_off_see_nothing_of_anything(full, people, acting):
    manager = people["manager"]
    for sight in SEEN_ELSEWHERE:
        assert not sight(manager).exists()  # nobody acts
    with acting("manager"):
        for sight in SEEN_ELSEWHERE:
            assert sight(manager).exists()
            assert not sight(None).exists()
            assert not sight(AnonymousUser()).exists()
            assert not sight(people["second_manager"]).exists()
        acting_person().user.is_active = False
        try:
            for sight in SEEN_ELSEWHERE[:4]:
                assert not sight(manager).exists()
        finally:
            acting_person().user.is_active = True


def test_a_grant_shows_nothing_before_it_begins_after_it_ended_or_where_guardian_says_no(
    people, rowan, acting
):
    case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])
    with acting("isva"):
        assert Case.objects.visible_to(people["isva"]).get() == case
    given = Grant.objects.get(case=case)
    hour = dt.timedelta(hours=1)
    for change in ({"starts_at": now() + hour}, {"ended_at": now() - hour}, {"until": now() - hour}):
        Grant.objects.filter(pk=given.pk).update(starts_at=now() - 2 * hour, ended_at=None, until=None)
        with acting("isva"):
            assert Case.objects.visible_to(people["isva"]).exists()
        Grant.objects.filter(pk=given.pk).update(**change)
        with acting("isva"):
            assert not Case.objects.visible_to(people["isva"]).exists(), change
