"""The fictional service of the demo keeps every promise that the product makes of a real one."""

import pytest

from casework.models import Case, Client, Contact, Grant, SafeContact, SafeguardingConcern, StepDown
from casework.models import Closure as ClosureModel
from casework.sas.instruments import load_instrument
from isva.accounts.models import Membership
from isva.clock.moment import today
from isva.demo.build import build
from isva.demo.cast import PERSONAS
from isva.demo.soundness import what_is_wrong
from isva.pathway import Stage
from referrals.models import Referral
from tests.factories import seeing_all
from tests.once import clear_the_stage, once_a_module, stage
from triage.load import caseloads
from triage.models import Allocation, ContactAttempt, UrgentAllocation

pytestmark = pytest.mark.django_db


def _build(_people, _services):
    """A small demo: every kind of case at least once."""
    clear_the_stage()
    load_instrument()
    build(cases=40, quarters=1)


there = once_a_module(_build)


@pytest.fixture
def built(there, db):
    """The services of the demo, by their short name."""
    return stage()


def test_the_demo_keeps_what_the_product_promises(built):
    """Stages tile time along the map, nobody waits without a review, grants agree with guardian, columns with rows."""
    assert [what_is_wrong(service, sample=60) for service in built.values()] == [[], []]

    # every stage has somebody in it, in the larger service at least
    assert set(Case.objects.filter(service=built["rowan"]).values_list("stage", flat=True)) == {
        str(s) for s in Stage
    }

    # a promise broken is told
    case = Case.objects.filter(stage=Stage.ACTIVE.value).first()
    Case.objects.filter(pk=case.pk).update(stage_since=case.opened_at)
    assert what_is_wrong(case.service)


def test_work_waits_for_everybody_today(built):
    rowan = built["rowan"]
    assert (
        UrgentAllocation.objects.filter(
            service=rowan, done_at__isnull=True, acknowledged_at__isnull=True
        ).count()
        == 1
    )
    assert ClosureModel.objects.filter(service=rowan, decision="proposed").exists()
    assert StepDown.objects.filter(service=rowan, decision="proposed").exists()
    assert SafeguardingConcern.objects.filter(service=rowan, closed_on__isnull=True).exists()
    assert Referral.objects.filter(service=rowan, case__stage=Stage.REFERRAL.value).exists()
    assert Case.objects.filter(service=rowan, stage=Stage.INTERIM.value, next_review_on__lt=today()).exists()
    with seeing_all(rowan):
        assert all(load.open_count for load in caseloads(rowan))
    assert Grant.objects.filter(service=rowan, why=Grant.Why.COVER, ended_at__isnull=True).exists()


def test_everybody_in_the_demo_is_fictional(built):
    there = Membership.objects.filter(ends_on__isnull=True).select_related("user")
    assert {member.user.email for member in there} == {one.email for one in PERSONAS}
    gone = Membership.objects.filter(ends_on__isnull=False).values_list("user__email", flat=True)
    assert all(email.endswith(".example") for email in gone)
    numbers = SafeContact.objects.filter(kind="phone").values_list("value", flat=True)
    assert all(number.startswith("07700 900") for number in numbers)
    addresses = SafeContact.objects.filter(kind="email").values_list("value", flat=True)
    assert all(address.endswith("@example.org") for address in addresses)


def test_each_record_of_the_demo_has_a_history_that_names_somebody(built):
    for model in (Case, Client, Contact, Allocation, ContactAttempt, Referral):
        assert model.history.count() >= model.objects.count() > 0
        assert not model.history.filter(history_user__isnull=True).exists()
    case = Case.objects.filter(stage=Stage.CLOSED.value).first()
    told = list(case.history.order_by("history_date", "history_id").values_list("stage", flat=True))
    assert (told[0], told[-1]) == (Stage.REFERRAL.value, Stage.CLOSED.value)
