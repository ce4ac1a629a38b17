"""Opens a service where there is none yet: its row, and the link by which its first records lead comes in."""

from django.core.management.base import BaseCommand, CommandError

from isva.accounts.opening import open_service
from isva.interface.words import long_date
from isva.refusal import Refusal


class Command(BaseCommand):
    help = "Open a service and invite its first records lead; the link of the invitation is shown once, and not sent."

    def add_arguments(self, parser):
        parser.add_argument("--name", required=True, help="the service as the public knows it")
        parser.add_argument(
            "--slug", required=True, help="its part in the address of the public forms: /refer/SLUG/"
        )
        parser.add_argument("--phone", required=True, help="the number that the public forms show")
        parser.add_argument("--records-lead", required=True, help="e-mail address of its first records lead")
        parser.add_argument("--lead-name", required=True, help="the name of that person")

    def handle(self, *, name, slug, phone, records_lead, lead_name, **options):
        try:
            opened = open_service(
                name=name, slug=slug, phone=phone, lead_email=records_lead, lead_name=lead_name
            )
        except Refusal as why:
            raise CommandError(str(why)) from None
        until = long_date(opened.invitation.expires_at)
        self.stdout.write(f"Opened: {opened.service.name}. Its public forms: {opened.forms}")
        self.stdout.write(f"The link for its records lead, shown this once and good until {until}:")
        self.stdout.write(opened.link)
