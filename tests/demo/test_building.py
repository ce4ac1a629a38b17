"""The fictional service is built where there is none, the same each time, and never into a real one."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from casework.models import Case
from casework.sas.instruments import load_instrument
from isva.accounts.models import User
from isva.demo.build import build

pytestmark = pytest.mark.django_db


def test_the_same_seed_tells_the_same_story(nobody):
    load_instrument()

    def story():
        with transaction.atomic():
            build(cases=20, quarters=0)
            told = sorted(Case.objects.values_list("reference", "stage", "client__name", "lead_isva__name"))
            transaction.set_rollback(True)
        return told

    first = story()
    assert len(first) == len({row[0] for row in first}) >= 18
    assert story() == first


def test_building_where_there_is_a_service_changes_nothing(people, capsys):
    call_command("build_demo", cases=10)
    assert "there already" in capsys.readouterr().out
    assert Case.objects.count() == 0


def test_the_demo_is_never_built_into_a_real_service(settings, people):
    settings.DEMO = settings.TESTING = False
    with pytest.raises(CommandError, match="demo alone"):
        call_command("build_demo", reset=True)
    assert User.objects.filter(email="meera.maple@rowan.example").exists()


def test_the_personas_are_shown_with_how_they_sign_in(capsys):
    call_command("show_personas")
    shown = capsys.readouterr().out
    assert "iris.ivy@rowan.example" in shown
    assert "Everybody's password:" in shown
    assert "fictional" in shown
