"""What many tests of a module start from, made once: it lies in a transaction around them, and each undoes its own."""

import pytest
from django.db import connection, transaction

from isva.accounts.models import Service, User
from isva.demo.cast import PERSONAS


def cast() -> dict[str, User]:
    """Everybody of the stage, by key."""
    users = {user.email: user for user in User.objects.filter(is_system=False)}
    return {persona.key: users[persona.email] for persona in PERSONAS}


def stage() -> dict[str, Service]:
    """The services of the stage, by their short name."""
    return {service.slug: service for service in Service.objects.all()}


def clear_the_stage() -> None:
    """Take everybody off the stage, where nothing was recorded yet."""
    with connection.cursor() as cursor:
        for table in (
            "serviceuserobjectpermission",
            "leave",
            "staffprofile",
            "membership",
            "user",
            "service",
        ):
            cursor.execute(f'DELETE FROM "accounts_{table}"')


def once_a_module(make):
    """A fixture of what ``make(people, services)`` puts into the database; not for modules with tests that commit.

    The tests of the module stand on it, each in a savepoint of its own. What ``make`` returns is shared: give keys,
    or let a fixture of each test read anew what a test might change.
    """

    @pytest.fixture(scope="module")
    def made(django_db_setup, django_db_blocker, set_again):
        with django_db_blocker.unblock(), transaction.atomic():
            set_again()
            having = make(cast(), stage())
            connection.check_constraints()  # now, and not again at the end of each test
            yield having
            transaction.set_rollback(True)

    return made
