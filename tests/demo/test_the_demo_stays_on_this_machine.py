"""One press signs in as anybody: so the demo exists on the loopback address alone, and its door nowhere else."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from isva.demo.cast import DEMO_PASSWORD

ON_THIS_MACHINE = {"SITE_URL": "http://127.0.0.1:8000", "ALLOWED_HOSTS": "127.0.0.1,localhost"}


def start(**told) -> str:
    """Read the settings in a process of its own, with these in the environment; why it refuses, or nothing."""
    env = {
        **os.environ,
        **ON_THIS_MACHINE,
        "ISVA_TESTING": "0",
        "ISVA_DEMO": "1",
        "INSECURE_COOKIES": "1",
        **told,
    }
    done = subprocess.run(
        [sys.executable, "-c", "import isva.settings"],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
    )
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


def test_the_demo_starts_on_the_loopback_address():
    assert start() == ""


@pytest.mark.parametrize(
    "told",
    [
        {"SITE_URL": "https://isva.example", "INSECURE_COOKIES": "0"},
        {"SITE_URL": "https://127.0.0.1.isva.example", "INSECURE_COOKIES": "0"},
        {"ALLOWED_HOSTS": "127.0.0.1,isva.example"},
        {"ALLOWED_HOSTS": "*"},
        {"ALLOWED_HOSTS": ".localhost"},
    ],
)
def test_the_demo_refuses_any_other_address(told):
    assert "ISVA_DEMO lets anybody sign in as anybody" in start(**told)


@pytest.mark.django_db
def test_outside_the_demo_its_door_is_not_there(people, client):
    assert settings.DEMO is False
    persona = {"persona": people["isva"].email}
    assert [
        client.get(reverse("demo_sign_in")).status_code,
        client.post(reverse("demo_sign_in"), persona).status_code,
    ] == [405, 404]
    page = client.get(reverse("sign_in")).content.decode()
    assert "demonstration" not in page
    assert DEMO_PASSWORD not in page


@pytest.mark.django_db
def test_one_press_needs_no_second_step_and_the_password_does(people, client, settings):
    settings.DEMO = True
    client.post(reverse("demo_sign_in"), {"persona": people["isva"].email})
    assert client.get(reverse("my_day")).status_code == 200
    page = client.get(reverse("how_i_sign_in")).content.decode()
    assert "set one up to try the real way" in page
    real = Browser()
    real.post(reverse("sign_in"), {"email": people["isva"].email, "password": "eleven-quiet-rivers"})
    assert real.get(reverse("my_day")).headers["Location"] == reverse("set_up_app")


def test_the_demo_prints_the_password_and_says_how_the_real_way_goes(capsys):
    call_command("show_personas")
    told = capsys.readouterr().out
    assert DEMO_PASSWORD in told
    assert "second step" in told
