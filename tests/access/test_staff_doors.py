"""Pages that are not about one case, at their doors: every address × every person, as the table says."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from isva.access.acting import act
from tests.access.records import records_of
from tests.access.scene import VISITORS, service_of
from tests.access.table import TABLE, Staff
from tests.access.test_every_url import at_the_door, expected_on_page, parameters_of, the_room_locked
from tests.guards.test_records import routes

pytestmark = pytest.mark.django_db

VIEWS = {pattern.name: pattern.callback for _route, pattern in routes()}
STAFF = sorted(name for name, rule in TABLE.items() if isinstance(rule, Staff))


def wrong_at_staff_door(name, people, services) -> list[str]:
    """Who is let in at a page that is not about one case, or refused there, against the table."""
    view, wrong = VIEWS[name], []
    with the_room_locked(view):
        for visitor in VISITORS[1:]:
            service = services[service_of(visitor)]
            keys = records_of(service, parameters_of(name), route=name, by=people["second_manager"])
            with act(people[visitor], service) as person:
                request = RequestFactory().get(reverse(name, kwargs=keys))
                request.user, request.acting, request.session = people[visitor], person, {}
                if at_the_door(view, request, keys) != expected_on_page(TABLE[name], visitor):
                    wrong.append(visitor)
    return wrong


def test_every_door_of_a_role_lets_in_whoever_the_table_names_and_nobody_else(people, services):
    wrong = {name: found for name in STAFF if (found := wrong_at_staff_door(name, people, services))}
    assert wrong == {}
