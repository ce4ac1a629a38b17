"""Makes the list of known passwords anew from a file with one password a line."""

from pathlib import Path

from django.core.management.base import BaseCommand

from isva.accounts.known_passwords import write_list


class Command(BaseCommand):
    help = "Make the offline list of breached passwords anew from a file, one password a line."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        with file.open(encoding="utf-8", errors="ignore") as lines:
            count = write_list(line.rstrip("\n") for line in lines)
        self.stdout.write(f"{count} passwords of 12 characters or more")
