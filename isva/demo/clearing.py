"""Empties the tables of the demo, as the owner, and puts back what migrations had seeded."""

import shutil

from django.conf import settings
from django.core.management import call_command

from casework.models import Case
from casework.sas.instruments import load_instrument
from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import Service
from isva.audit.seals import anchor


def is_empty() -> bool:
    """Whether no service has been made here yet."""
    return not Service.objects.exists()


def number_of_cases() -> int:
    """How many cases there are, in all services."""
    count = 0
    for service in Service.objects.all():
        with act_as_system(SystemUser.CLOCK, service):
            count += Case._base_manager.filter(service=service).count()
    return count


def empty_everything() -> None:
    """Empty every table, and let go of the files. The application's own role cannot do this: the owner of the tables does."""
    call_command("flush", database="owner", interactive=False, verbosity=0)
    shutil.rmtree(settings.DOCUMENTS_ROOT, ignore_errors=True)
    load_instrument()


def forget_the_anchor() -> None:
    """Remove what was noted outside about the chains of a fictional service that is no more."""
    if path := anchor.path_of_anchor():
        path.unlink(missing_ok=True)
