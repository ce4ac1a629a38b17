"""Takes a lost second step away where no records lead can: run by whoever runs the machine, in somebody's name."""

from django.core.management.base import BaseCommand, CommandError

from isva.access.acting import act
from isva.accounts import directory, losing
from isva.accounts.membership import live_memberships
from isva.accounts.models import FactorReset
from isva.refusal import Refusal


class Command(BaseCommand):
    help = "Reset the second step of somebody who has lost it, where no other records lead can."

    def add_arguments(self, parser):
        parser.add_argument("email", help="whose second step is reset")
        parser.add_argument(
            "--by", required=True, help="e-mail address of the member of staff who checked who asks"
        )
        parser.add_argument("--checked", required=True, choices=FactorReset.Checked.values)

    def handle(self, *, email, by, checked, **options):
        person, checker = directory.user_with(email), directory.user_with(by)
        membership = live_memberships(person).first() if person else None
        if membership is None or checker is None or not directory.is_member(membership.service, by):
            raise CommandError("Both must be members of the same service now.")
        try:
            with act(checker, membership.service):
                losing.reset_factor(membership, checked=checked, by=checker)
        except Refusal as why:
            raise CommandError(str(why)) from None
        self.stdout.write("Reset. They set up a new second step when they sign in next.")
