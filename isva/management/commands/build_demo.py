"""Fills an empty database with the two fictional services; with --reset, starts them afresh."""

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError

from isva.demo.build import CASES, build
from isva.demo.clearing import empty_everything, forget_the_anchor, is_empty, number_of_cases


class Command(BaseCommand):
    help = "Build the fictional services of the demo (nothing is done where there are any)."

    def add_arguments(self, parser):
        parser.add_argument("--reset", action="store_true", help="empty every table first")
        parser.add_argument("--cases", type=int, default=CASES, help=f"how many cases, about ({CASES})")

    def handle(self, *, reset, cases, **options):
        if not (settings.DEMO or settings.TESTING):
            raise CommandError(
                "This is for the demo alone: set ISVA_DEMO=1. It never touches a real service."
            )
        if reset:
            empty_everything()
            cache.clear()
        elif not is_empty():
            self.stdout.write(f"there already: {number_of_cases()} cases")
            return
        forget_the_anchor()
        made = build(cases=cases)
        self.stdout.write(f"{made} fictional cases in two services")
