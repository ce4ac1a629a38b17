"""Safeguarding concerns: referred the same day, told to a manager, chased until the outcome is known."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from casework import safeguarding
from casework.models import ReviewPoint, SafeguardingConcern
from isva.accounts.models import Membership
from isva.clock.moment import now, today
from isva.pathway import Stage, WrongStage
from tests.casework.test_contacts import moment
from tests.factories import make_case

pytestmark = pytest.mark.django_db


def url(name, case, **keys):
    return reverse(name, kwargs={"case_id": case.pk, **keys})


def typed(people, **changed) -> dict:
    answers = moment("raised_at", now()) | moment("referred_at", now()) | moment("manager_told_at", now())
    answers |= {
        "who": "other_child", "what": "A younger brother at home", "referred": "yes",
        "referred_to": "Children’s services", "manager_told": str(people["manager"].pk), "client_informed": "yes",
        "once": str(uuid.uuid4()),
    }  # fmt: skip
    return answers | changed


@pytest.fixture
def iris(signed_in):
    return signed_in("isva")


@pytest.fixture
def concern(iris, iris_case, people):
    iris.post(url("raise_safeguarding", iris_case), typed(people))
    return SafeguardingConcern.objects.get()


def test_a_concern_is_recorded_once_with_all_that_was_done(iris, iris_case, people):
    answers = typed(people)
    for _press in range(2):
        assert iris.post(url("raise_safeguarding", iris_case), answers).status_code == 302
    concern = SafeguardingConcern.objects.get()
    assert concern.manager_told == people["manager"]
    assert concern.referred_to == "Children’s services"
    assert not safeguarding.was_late(concern.raised_at, concern.referred_at)


def test_a_concern_brings_the_next_review_forward(concern, iris_case):
    point = ReviewPoint.objects.get(case=iris_case, kind="sas", done_on__isnull=True)
    assert point.why == "a safeguarding concern was raised"


def test_a_concern_stands_on_top_of_the_case_until_it_is_closed(iris, iris_case, people, concern):
    assert (
        "Open safeguarding concern: Another child." in iris.get(url("show_case", iris_case)).content.decode()
    )
    address = url("update_safeguarding", iris_case, concern_id=concern.pk)
    steps = typed(people)
    assert (
        "Enter the outcome before you close the concern"
        in iris.post(address, steps | {"close": "on"}).content.decode()
    )
    iris.post(address, steps | {"outcome": "A plan is in place."})
    assert SafeguardingConcern.objects.get().closed_on is None
    iris.post(address, typed(people, outcome="A plan is in place.", close="on"))
    assert SafeguardingConcern.objects.get().closed_on == today()
    assert "Open safeguarding concern" not in iris.get(url("show_case", iris_case)).content.decode()
    assert "This concern is closed." in iris.get(address).content.decode()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"referred": ""}, "Select whether it has been referred"),
        ({"referred": "no"}, "Enter why it is not referred"),
        ({"client_informed": "no"}, "Enter why the client is not informed"),
        ({"manager_told": ""}, "Select which manager was told"),
        ({"manager_told_at_day": "", "manager_told_at_month": "", "manager_told_at_year": "", "manager_told_at_time": ""},
         "Enter when the manager was told"),
        ({"what": ""}, "Enter what the concern is"),
    ],
)  # fmt: skip
def test_what_a_concern_needs_is_told_at_the_question(iris, iris_case, people, changed, message):
    response = iris.post(url("raise_safeguarding", iris_case), typed(people, **changed))
    assert message in response.content.decode()
    assert not SafeguardingConcern.objects.exists()


def test_a_referral_on_a_later_day_says_why(iris, iris_case, people):
    late = moment("raised_at", now() - dt.timedelta(days=2))
    response = iris.post(url("raise_safeguarding", iris_case), typed(people, **late))
    assert "A concern is referred the same day. Say why this one was not." in response.content.decode()
    iris.post(
        url("raise_safeguarding", iris_case), typed(people, late_why="Learned of it on a Sunday.", **late)
    )
    assert SafeguardingConcern.objects.get().not_referred_why == "Learned of it on a Sunday."


def test_only_managers_of_the_service_can_be_the_one_who_was_told(iris, iris_case, people):
    for who in ("isva", "harbour_manager", "coordinator"):
        response = iris.post(
            url("raise_safeguarding", iris_case), typed(people, manager_told=str(people[who].pk))
        )
        assert response.status_code == 200
    assert not SafeguardingConcern.objects.exists()


def test_a_manager_who_has_left_was_not_told(iris, iris_case, people):
    Membership.objects.filter(user=people["second_manager"]).update(ends_on=today() - dt.timedelta(days=1))
    assert people["second_manager"] not in safeguarding.managers_of(iris_case.service)
    iris.post(
        url("raise_safeguarding", iris_case), typed(people, manager_told=str(people["second_manager"].pk))
    )
    assert not SafeguardingConcern.objects.exists()


def test_a_closed_case_is_reopened_before_a_concern_is_written_to_it(people, rowan, acting):
    case = make_case(rowan, by=people["manager"], stage=Stage.CLOSED)
    with acting("manager"), pytest.raises(WrongStage, match="Reopen it"):
        safeguarding.raise_safeguarding(
            case,
            by=people["manager"],
            who="client_adult",
            what="A worry",
            raised_at=now(),
            not_referred_why="none",
        )


def test_the_domain_refuses_a_late_referral_without_a_reason(iris_case, people, acting):
    with acting("isva"), pytest.raises(ValueError, match="same day"):
        safeguarding.raise_safeguarding(
            iris_case, by=people["isva"], who="client_adult", what="A worry", raised_at=now()
        )


def test_a_closed_concern_stays_as_it_was_closed(concern, people, acting):
    with acting("isva"):
        safeguarding.update_safeguarding(concern, by=people["isva"], outcome="Safe now", close=True)
        with pytest.raises(WrongStage, match="closed already"):
            safeguarding.update_safeguarding(concern, by=people["isva"], outcome="Another")


def test_a_concern_counts_in_the_complexity_until_it_is_closed(iris, iris_case, people, concern, acting):
    iris_case.refresh_from_db()
    with_it = iris_case.complexity_score
    with acting("isva"):
        safeguarding.update_safeguarding(concern, by=people["isva"], outcome="Safe now", close=True)
    iris_case.refresh_from_db()
    assert iris_case.complexity_score < with_it
