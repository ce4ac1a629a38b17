"""Measures what the product costs, on made-up services in a database of their own."""

import os

from django.core.management.base import BaseCommand

from isva.benchmark import figures, report, ticks, walls
from isva.synthesis import databases
from isva.synthesis.load import make_up
from isva.synthesis.profiles import PROFILES, Profile


class Command(BaseCommand):
    help = (
        "Measure the cost of the wall in the database, with it and without it, on the same made-up services (walls), "
        "of a round of the clock over many open cases (ticks), of a quarterly report, counted and printed (report), or of "
        "figures in national sets of so many cases (figures)."
    )

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["walls", "ticks", "report", "figures"])
        parser.add_argument(
            "--profile", choices=sorted(PROFILES), nargs="+", default=sorted(PROFILES, reverse=True),
            help="S: one service, 9,000 cases; M: twenty services, 200,000 cases (both, unless told)",
        )  # fmt: skip
        parser.add_argument("--cases", type=int, help="how many cases in all, instead of the profile's")
        parser.add_argument(
            "--sizes",
            type=int,
            nargs="+",
            default=[50_000, 200_000, 1_000_000],
            help="for figures: cases of each set",
        )
        parser.add_argument(
            "--rounds", type=int, default=12, help="turns with the wall, and as many without it"
        )
        parser.add_argument(
            "--plans",
            type=int,
            default=0,
            help="for ticks, report and figures: show the plans of so many of the slowest statements",
        )
        parser.add_argument("--times", type=int, default=10, help="how often in each turn")

    def handle(self, *, what, profile, cases, rounds, times, plans, sizes, **options):
        if what == "ticks":
            self._ticks(cases=cases or 12_000, rounds=rounds, plans=plans)
            return
        if what == "report":
            self._report(PROFILES["S"].with_changes(cases=cases), plans=plans)
            return
        if what == "figures":
            self._figures(sizes, plans=plans)
            return
        held = []
        for name in profile:
            wanted = PROFILES[name].with_changes(seed=None, cases=cases)
            self._have(wanted)
            lines = walls.measure(rounds=rounds, times=times)
            self._show(wanted, lines, rounds=rounds, times=times)
            held += [line.holds for line in lines]
        if not all(held):
            self.stderr.write("A goal is missed.")
            raise SystemExit(1)

    def _ticks(self, *, cases: int, rounds: int, plans: int) -> None:
        """Rounds of the clock over 10,000 open cases, or as many of ``cases`` as can be opened."""
        self._have(PROFILES["S"].with_changes(seed=None, cases=cases))
        found = ticks.measure(cases=min(cases, 10_000), rounds=rounds)
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        self.stdout.write(
            f"{found.open_cases:,} open cases, {found.reminders:,} reminders; load {load} on {os.cpu_count()} cores\n"
            f"first round {found.first:.2f} s, {found.questions_first} statements\n"
            f"steady round {found.steady:.2f} s (median of {rounds}, slowest {found.slowest:.2f} s; "
            f"of it {found.processor:.2f} s at work or waiting for the database), {found.questions} statements; goal below {ticks.GOAL:.0f} s{'' if found.holds else '  MISSED'}"
        )
        for seconds, statement, plan in ticks.slowest(plans) if plans else ():
            self.stdout.write("\n".join(["", f"{seconds:.3f} s: {statement[:400]}", *plan]))
        if not found.holds:
            raise SystemExit(1)

    def _report(self, profile: Profile, *, plans: int) -> None:
        """The report of the last quarter of one service, the first that this process builds."""
        self._have(profile)
        found = report.measure(captured=bool(plans))
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        self.stdout.write(
            f"{profile.database} ({profile.marked})\n{found.tables} tables, a PDF of {found.size / 1024:.0f} KiB; load {load} on "
            f"{os.cpu_count()} cores\nseconds\n{'':14}{'by the clock':>14}{'processors':>12}{'application':>14}{'database':>10}"
        )
        for name, part in [*found.parts.items(), ("together", found.whole)]:
            self.stdout.write(
                f"{name:14}{part.elapsed:>14.2f}{part.processor:>12.2f}{part.own:>14.2f}{part.database:>10.2f}"
            )
        self.stdout.write(f"goal below {report.GOAL:.0f} s of processors{'' if found.holds else '  MISSED'}")
        if plans:
            told = sum(seconds for seconds, _statement in found.slowest)
            self.stdout.write(f"{found.statements} statements, {told:.2f} s")
        for seconds, statement in found.slowest[:plans]:
            self.stdout.write("\n".join(["", f"{seconds:.3f} s: {statement}", *report.plan_of(statement)]))
        if not found.holds:
            raise SystemExit(1)

    def _figures(self, sizes: list[int], *, plans: int) -> None:
        """The same figures in sets of several sizes, side by side; of the last, the plans of its slowest."""
        found: dict[tuple[str, str], list[float]] = {}
        lines: list[figures.Line] = []
        for cases in sizes:
            self._have(figures.profile_of(cases))
            lines = figures.measure()
            for line in lines:
                found.setdefault((line.group, line.name), []).append(line.seconds)
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        self.stdout.write(
            f"seconds by the clock, medians of {figures.TIMES}; load {load} on {os.cpu_count()} cores\n"
            f"{'':48}" + "".join(f"{cases:>12,}" for cases in sizes)
        )
        for (group, name), took in found.items():
            self.stdout.write(f"{f'{group}: {name}':48}" + "".join(f"{seconds:>12.3f}" for seconds in took))
        for line in sorted(lines, key=lambda line: -line.seconds)[:plans]:
            self.stdout.write(
                "\n".join(["", f"{line.seconds:.3f} s: {line.group}: {line.name}", *line.plan()])
            )

    def _have(self, profile: Profile) -> None:
        """Turn to the database of a profile, made now where it is not there as it should be."""
        if databases.says_of_itself(profile.database) == profile.marked:
            databases.turn_to(profile.database)
            databases.bring_up_to_date()
            return
        self.stdout.write(f"{profile.database} is made up …")
        make_up(profile)

    def _show(self, profile: Profile, lines: list[walls.Line], *, rounds: int, times: int) -> None:
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        self.stdout.write(
            f"\n{profile.database} ({profile.marked})\n"
            f"medians of {rounds} turns each way, {times} times a turn, the same rows both ways; load {load} on "
            f"{os.cpu_count()} cores\n"
            "processor time of application and database in ms; in brackets the time that passed\n\n"
            f"{'':26}{'with the wall':>20}{'without':>20}{'ratio':>16}   goal"
        )
        for line in lines:
            up, down = (f"{one.cpu:.2f} ({one.median:.2f})" for one in (line.up, line.down))
            ratio = f"{line.ratio:.2f} ({line.elapsed:.2f})"
            verdict = "" if line.holds else "  MISSED"
            self.stdout.write(
                f"{line.name:26}{up:>20}{down:>20}{ratio:>16}   ≤ {walls.GOALS[line.kind]}{verdict}"
            )
