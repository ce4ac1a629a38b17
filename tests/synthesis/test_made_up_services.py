"""Made-up services: whole, sound, and the same for the same seed; and never written over real ones."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.management import call_command

from casework.models import Case, Client, Contact, Grant, SasReview, SearchToken, StageEntry
from casework.sas.instruments import load_instrument
from casework.search import search
from isva.access.acting import act
from isva.access.roles import Role
from isva.accounts.models import Service, User
from isva.clock.moment import LONDON
from isva.demo.soundness import what_is_wrong
from isva.pathway import Stage
from isva.synthesis import databases
from isva.synthesis.load import fill
from isva.synthesis.people import address_of
from isva.synthesis.profiles import PROFILES, Profile

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

#: Two services of three hundred cases each, in few years, so that many are open.
SMALL = Profile(name="test", services=2, referrals_per_year=100, years=2, contacts_per_case=6)
UNTIL = dt.datetime(2026, 6, 3, tzinfo=LONDON)


@pytest.fixture
def made_up(services):
    """Made-up services beside those of the cast."""
    return fill(SMALL, until=UNTIL)


def ours():
    return Service.objects.filter(slug__startswith="made-up")


def test_made_up_services_are_as_sound_as_any_and_have_a_history(made_up):
    assert made_up.rows["cases"] == 400
    assert [sentence for service in ours() for sentence in what_is_wrong(service)] == []
    stages = set(Case._base_manager.values_list("stage", flat=True))
    assert stages >= {stage.value for stage in Stage} - {Stage.REFERRAL.value, Stage.ALLOCATION.value}
    for model in (Contact, Grant, SasReview, SearchToken):
        assert model._base_manager.exists(), model
    assert Case.history.count() == Client.history.count() == 400
    assert 0 < Contact.history.count() < Contact._base_manager.count()


def test_the_same_seed_makes_the_same_and_another_seed_another(made_up):
    def told():
        cases = Case._base_manager.order_by("reference")
        return [
            list(
                cases.values_list("pk", "client__name", "stage", "opened_at", "lead_isva", "last_contact_at")
            ),
            list(StageEntry._base_manager.order_by("pk").values_list("pk", "entered_at", "left_at")),
        ]

    first = told()
    for again, profile in ((True, SMALL), (False, replace(SMALL, seed=2))):
        call_command("flush", database="owner", interactive=False, verbosity=0)
        load_instrument()
        fill(profile, until=UNTIL)
        assert (told() == first) is again


def test_everybody_sees_what_their_part_lets_them_see(made_up):
    service = ours().order_by("slug").first()
    seen = {}
    for part in (Role.MANAGER, Role.COORDINATOR, Role.ISVA):
        user = User.objects.get(email=address_of(service, part))
        with act(user, service):
            seen[part] = Case.objects.visible_to(user).count()
            if part is Role.MANAGER:
                name = Client.objects.filter(cases__in=Case.objects.visible_to(user)).first().name
                assert search(user, name).cases
    assert 200 >= seen[Role.MANAGER] > seen[Role.ISVA] > 0
    assert seen[Role.MANAGER] > seen[Role.COORDINATOR] > 0


def test_no_database_but_one_for_made_up_services_is_ever_touched():
    for act_on in (databases.make_empty, databases.turn_to, lambda name: databases.mark(name, "x")):
        for name in ("isva", "test_isva", "postgres", ""):
            with pytest.raises(databases.NotOurs):
                act_on(name)
    assert all(profile.database.startswith(databases.BEGINS) for profile in PROFILES.values())


def test_the_profiles_are_as_large_as_they_say():
    assert PROFILES["S"].cases == 9_000
    assert PROFILES["M"].cases == 200_000
    assert PROFILES["L"].cases == 1_000_000
    assert PROFILES["M"].with_changes(seed=3, cases=10).cases == 10
