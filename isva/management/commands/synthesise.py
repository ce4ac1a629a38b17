"""Fills a database of its own with made-up services, for figures; the real one is never touched."""

import time

from django.core.management.base import BaseCommand

from isva.synthesis.load import make_up
from isva.synthesis.profiles import PROFILES


class Command(BaseCommand):
    help = "Make up services in a database of their own (isva_bench_…), made anew each time."

    def add_arguments(self, parser):
        parser.add_argument(
            "--profile", choices=sorted(PROFILES), default="S",
            help="S: one service, 9,000 cases (the default); M: twenty services, 200,000 cases",
        )  # fmt: skip
        parser.add_argument("--seed", type=int, help="twice the same seed makes twice the same services")
        parser.add_argument("--cases", type=int, help="how many cases in all, instead of the profile's")

    def handle(self, *, profile, seed, cases, **options):
        wanted = PROFILES[profile].with_changes(seed=seed, cases=cases)
        began = time.monotonic()
        rows = make_up(wanted)
        told = ", ".join(f"{count:,} {what}" for what, count in rows.items())
        self.stdout.write(f"{wanted.database}: {told}; {time.monotonic() - began:.0f} s")
