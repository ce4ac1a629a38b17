"""All that a start of the demo asks of Django, in one process: tables up to date, a fictional service, who is in it."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

SILENT = {"verbosity": 0, "interactive": False}


class Command(BaseCommand):
    help = "Migrate, build the fictional service where there is none, and show the people; the first line ends each step."

    def add_arguments(self, parser):
        parser.add_argument("--reset", action="store_true", help="empty every table first")

    def handle(self, *, reset, **options):
        call_command("migrate", database="owner", **SILENT)
        self._say("up to date")
        call_command("build_demo", reset=reset, stdout=self.stdout)
        self._say("")
        call_command("show_personas", stdout=self.stdout)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
