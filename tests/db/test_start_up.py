"""A process that serves pages or works tasks starts under a plain role, or not at all."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from isva.bootstrap import places
from isva.db import checks
from tests.database import address_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PLAIN, OWNER = "default", "owner"


def start(role, code):
    """Run ``code`` in a process of its own that signs in to the tests' database by the role of this connection."""
    env = os.environ | {
        "DATABASE_URL": address_of(role),
        "ISVA_BOOTSTRAP": "off",
        "DJANGO_SETTINGS_MODULE": "isva.settings",
    }
    return subprocess.run(
        [sys.executable, "-c", code], cwd=places.ROOT, env=env, capture_output=True, text=True, timeout=120
    )


WEB = "import isva.wsgi; print('serving')"
WORKER = """
import django
django.setup()
from isva.celery import app
from celery.signals import worker_init
worker_init.send(sender=app)
print('serving')
"""


@pytest.mark.parametrize("code", [WEB, WORKER])
def test_pages_and_worker_start_as_the_plain_role(code):
    done = start(PLAIN, code)
    assert (done.returncode, done.stdout.strip()) == (0, "serving"), done.stderr


@pytest.mark.parametrize("code", [WEB, WORKER])
def test_neither_pages_nor_worker_start_as_the_role_that_owns_the_tables(code):
    done = start(OWNER, code)
    assert done.returncode != 0
    assert "serving" not in done.stdout
    assert "The application's database role owns tables." in done.stderr


def test_the_refusal_says_what_to_do(monkeypatch):
    monkeypatch.setattr(checks, "why_privileged", lambda: "The role is too powerful.")
    monkeypatch.setattr(connections["default"], "close", lambda: None)
    with pytest.raises(
        ImproperlyConfigured, match=r"Not started\. The role is too powerful\. .*DATABASE_URL"
    ):
        checks.refuse_privileges()
