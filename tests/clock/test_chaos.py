"""Days of the service with the queue flushed, workers killed and tasks delivered twice: what is kept ends the same.

Runs of the same days on the same cases: one undisturbed, others with everything going wrong at random. What is due at the
end is the same to the last row; every letter of the undisturbed run was made; one went twice only where a worker died
between sending and noting. What a disturbed run never saw became due and was done while no round ran at all.
"""

import contextlib
import datetime as dt
import random
from collections import Counter

import pytest
from django.core import mail
from django.db import transaction

from casework.contacts import answer_contact, record_contact
from casework.models import Case, Contact
from casework.moving import move
from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import Service
from isva.clock import letters
from isva.clock.models import CaseReminder, Letter
from isva.clock.moment import LONDON, at
from isva.clock.tick import tick
from isva.pathway import Stage
from tests.clock.making import Making
from tests.factories import seeing_all
from triage.stages.urgent import acknowledge_urgent, raise_urgent_allocation

pytestmark = pytest.mark.django_db

#: A Monday; days and hours between two rounds, in the suite and in full.
BEGINS = dt.datetime(2027, 3, 1, 8, tzinfo=LONDON)
SHORT, FULL = (5, 5), (30, 1)


class WorkerDied(Exception):
    """The worker was killed at this point."""


class Days:
    """The days of a service: what people do, the rounds of the clock, and what becomes of its letters."""

    def __init__(self, service, people, cases, *, days: int, step: int, chaos: random.Random | None):
        self.service, self.people, self.cases, self.chaos = service, people, cases, chaos
        self.hours = range(0, days * 24, step)
        self.twice = self.down_until = 0
        self.queue: list = []
        self.hour = self.last_round = self.longest_gap = 0
        self.first_seen: dict[str, int] = {}
        self.last_seen: dict[str, int] = {}

    def live(self) -> None:
        for hour in self.hours:
            self.hour = hour
            with at(BEGINS + dt.timedelta(hours=hour)):
                self.people_do(hour)
                if self.chaos:
                    self.go_wrong(hour)
                else:
                    self.round()
                    self.deliver()
        with at(BEGINS + dt.timedelta(hours=self.hours[-1], minutes=30)):
            self.round()
            self.deliver()

    def people_do(self, hour: int) -> None:
        """The same in both runs: what is done on which hour is drawn from the hour itself."""
        drawn = random.Random(hour)
        if (BEGINS + dt.timedelta(hours=hour)).hour not in range(8, 18):
            return
        with act_as_system(SystemUser.CLOCK, self.service) as clock:
            case = Case.objects.select_related("service", "client").get(pk=drawn.choice(self.cases))
            if case.stage != Stage.ACTIVE.value:
                return
            what = drawn.random()
            if what < 0.5:
                record_contact(
                    case, by=clock.user, at=BEGINS + dt.timedelta(hours=hour), mode="letter", with_whom="client",
                    attendance="attended", purpose=drawn.choice(["support", "first_session"]), against_rule="x",
                    plan_answer=drawn.choice(["", "unchanged"]), risk_answer="unchanged",
                )  # fmt: skip
            elif what < 0.85:
                for contact in Contact.objects.filter(case=case, plan_answer=""):
                    answer_contact(contact, by=clock.user, plan_answer="unchanged", risk_answer="unchanged")
            elif what > 0.96:
                move(case, to=Stage.CLOSED, by=clock.user, reason="moved away")

    def round(self) -> None:
        tick(Service.objects.get(pk=self.service.pk))
        self.queue = list(Letter.objects.filter(sent_at__isnull=True).values_list("pk", flat=True))
        self.longest_gap = max(self.longest_gap, self.hour - self.last_round)
        self.last_round = self.hour
        for name in self.kept(state="open"):
            self.first_seen.setdefault(name, self.hour)
            self.last_seen[name] = self.hour

    def kept(self, **only) -> Counter:
        """The reminders as they stand: which rule, which case, due when, and how it ended."""
        with seeing_all(self.service):
            rows = CaseReminder.objects.filter(service=self.service, **only)
            columns = (
                ("rule", "case", "due_at", "state")
                if only
                else ("rule", "case", "due_at", "state", "satisfied_why")
            )
            return Counter(" ".join(map(str, row)) for row in rows.values_list(*columns))

    def deliver(self) -> None:
        for key in self.queue:
            letters.send(key)
        self.queue = []

    def go_wrong(self, hour: int) -> None:
        """A round lost, dying in its middle, or twice; the queue flushed; a letter delivered twice, or its worker dead."""
        chance = self.chaos.random()
        if hour < self.down_until or chance < 0.15:
            return
        if chance < 0.25:  # everything stands still for hours
            self.down_until = hour + self.chaos.randint(1, 5)
            return
        if chance < 0.4:
            with contextlib.suppress(WorkerDied), transaction.atomic():
                self.round()
                raise WorkerDied
        self.round()
        if self.chaos.random() < 0.3:
            self.round()
        if self.chaos.random() < 0.3:
            self.queue = []  # flushed before anybody took it
        for key in self.queue:
            if self.chaos.random() < 0.2:
                self.die_after_sending(key)
            else:
                letters.send(key)
                letters.send(key)
        self.queue = []

    def die_after_sending(self, key) -> None:
        before = len(mail.outbox)
        letter = letters._claim(key)
        if letter is not None:
            mail.outbox.append(letter)
        self.twice += len(mail.outbox) - before

    def outcome(self) -> Counter:
        """The letters that were made: digests and weeks one by one, alerts by whom they reached."""
        made = Letter.objects.filter(service=self.service, kind__in=["digest", "week"])
        told = Counter(made.values_list("kind", "to", "about"))
        alerts = Letter.objects.filter(service=self.service, kind="at_once").values_list("to").distinct()
        told.update(("at_once", to) for (to,) in alerts)
        return told


def test_days_with_everything_going_wrong_end_like_undisturbed_ones(people, rowan, request):
    days, step = FULL if request.config.getoption("--full-attack") else SHORT
    with at(BEGINS - dt.timedelta(days=1)), act_as_system(SystemUser.CLOCK, rowan):
        make = Making(people, rowan)
        cases = [make.case().pk for _number in range(6)]
        make.case(Stage.INTERIM)
        raise_urgent_allocation(make.case(Stage.ALLOCATION), reason="A threat.", by=make.by)
        make.case(Stage.REFERRAL)

    def run(chaos) -> tuple:
        mail.outbox.clear()
        lived = Days(rowan, people, cases, days=days, step=step, chaos=chaos)
        with transaction.atomic():
            lived.live()
            kept, told, mails = lived.kept(), lived.outcome(), len(mail.outbox)
            sent = Letter.objects.filter(service=rowan, tries__gt=0, sent_at__isnull=False).count()
            waiting = Letter.objects.filter(service=rowan, sent_at__isnull=True).count()
            transaction.set_rollback(True)
        return lived, kept, told, mails, sent, waiting

    steady, kept, told, mails, sent, waiting = run(None)
    assert waiting == 0
    assert mails == sent > 0
    for seed in range(2 if request.config.getoption("--full-attack") else 1):
        lived, other_kept, other_told, other_mails, other_sent, other_waiting = run(random.Random(seed))
        assert still_open(other_kept) == still_open(kept)
        assert not other_kept - kept
        for name in kept - other_kept:
            told_as_open = name.rsplit(" satisfied", 1)[0] + " open"
            seen_for = steady.last_seen[told_as_open] - steady.first_seen[told_as_open]
            assert seen_for <= lived.longest_gap, name
        assert set(other_told) == set(told)
        # What was sent and not noted waits until its claim is stale, and goes again: those, and no others, go twice.
        assert other_mails <= other_sent + other_waiting + lived.twice


def still_open(kept: Counter) -> Counter:
    return Counter({name: count for name, count in kept.items() if " satisfied" not in name})


def test_a_manager_who_takes_it_ends_the_alerts(people, rowan):
    with at(BEGINS), act_as_system(SystemUser.CLOCK, rowan):
        make = Making(people, rowan)
        task = raise_urgent_allocation(make.case(Stage.ALLOCATION), reason="A threat.", by=make.by)
        acknowledge_urgent(task, by=people["manager"])
    with at(BEGINS + dt.timedelta(hours=2)):
        tick(Service.objects.get(pk=rowan.pk))
        assert not Letter.objects.filter(kind="at_once").exists()
