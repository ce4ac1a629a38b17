"""The door of a case: what it asks of a permission on the service, and that one answer is not given for another case."""

import pytest
from django.http import HttpResponse

from casework.access import grant
from casework.doors import case_page, find_case, writes_to
from casework.models import Grant
from isva.access.acting import act
from isva.access.roles import Permission
from isva.pathway import Stage
from tests.factories import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people, rowan):
    return make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])


@pytest.fixture
def asking(people, rowan, rf):
    """A request of Iris, as the middleware hands it on."""
    with act(people["isva"], rowan) as person:
        request = rf.get("/")
        request.user, request.acting, request.session, request.resolver_match = (
            people["isva"],
            person,
            {},
            None,
        )
        yield request


def test_where_one_of_several_permissions_is_enough_the_right_to_change_the_case_is_enough(case, asking):
    view = case_page(Permission.CHANGE_CASE, Permission.ALLOCATE)(lambda request, case: HttpResponse("in"))
    assert view(asking, case_id=case.pk).content == b"in"


def test_whether_one_case_may_be_changed_says_nothing_of_the_next(case, people, rowan, asking):
    covered = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["chisva"])
    with act(people["manager"], rowan):
        grant(covered, to=people["isva"], why=Grant.Why.COVER, by=people["manager"], read_only=True)
    with act(people["isva"], rowan):
        assert writes_to(asking, find_case(people["isva"], case.pk))
        assert not writes_to(asking, find_case(people["isva"], covered.pk))
