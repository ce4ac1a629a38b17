"""Fills a database of its own with made-up services, for figures; the real one is never touched."""

import json
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from isva.synthesis.load import make_up
from isva.synthesis.profiles import PROFILES, REFERRALS
from isva.synthesis.rates import PUBLISHED
from isva.synthesis.truth import Truth

#: Of so many services at most each is told by itself.
TOLD = 12


class Command(BaseCommand):
    help = (
        "Make up services in a database of their own (isva_bench_…), made anew each time: drawn inside the ranges that "
        "services publish, with what is true of them told."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--profile", choices=sorted(PROFILES), default="S",
            help="S: one service, 9,000 cases (the default); M: twenty services, 200,000 cases; L: two hundred services of every "
            "size, a million cases",
        )  # fmt: skip
        parser.add_argument("--seed", type=int, help="twice the same seed makes twice the same services")
        parser.add_argument("--cases", type=int, help="how many cases in all, instead of the profile's")
        parser.add_argument("--services", type=int, help="how many services, of every published size")
        parser.add_argument("--referrals-per-year", type=int, help="the size of each service")
        parser.add_argument("--years", type=int, help="how many years of them")
        parser.add_argument("--truth", type=Path, help="a file for what is true of each service (JSON)")

    def handle(self, *, profile, seed, cases, services, referrals_per_year, years, truth, **options):
        least, most = REFERRALS
        if referrals_per_year is not None and not least <= referrals_per_year <= most:
            raise CommandError(f"Services publish {least:,} to {most:,} referrals a year.")
        wanted = PROFILES[profile].with_changes(
            seed=seed, cases=cases, services=services, referrals_per_year=referrals_per_year, years=years
        )
        began = time.monotonic()
        made = make_up(wanted)
        told = ", ".join(f"{count:,} {what}" for what, count in made.rows.items())
        self.stdout.write(f"{wanted.database}: {told}; {time.monotonic() - began:.0f} s")
        if truth:
            truth.write_text(json.dumps([one.as_data for one in made.truths], indent=1), encoding="utf-8")
        self._tell(made.truths)

    def _tell(self, truths: list[Truth]) -> None:
        """The rates of the first services, and of how many each rate lies inside the published range."""
        shown = truths[:TOLD]
        self.stdout.write(
            f"\n{'':22}{'published':>16}{'inside':>10}  " + "".join(f"{n + 1:>9}" for n in range(len(shown)))
        )
        outside = [set(one.outside) for one in truths]
        for key, (least, most) in PUBLISHED.items():
            inside = sum(key not in one for one in outside)
            values = "".join(f"{_words(one.realised[key]):>9}" for one in shown)
            self.stdout.write(
                f"{key:22}{f'{_words(least)} to {_words(most)}':>16}{f'{inside} of {len(truths)}':>10}  {values}"
            )


def _words(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if value < 1 else f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
