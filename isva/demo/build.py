"""Builds the fictional services: their people, and three years of cases that end in the work of today."""

import datetime as dt
import random

from django.db import transaction

from casework.models import Agency, Case
from casework.sas.complexity import reckon_complexity
from casework.sas.instruments import instrument_in_use
from casework.search_tokens import rebuild_tokens
from isva.access.acting import act
from isva.access.roles import Role
from isva.access.system import SystemUser, act_as_system, system_user
from isva.clock.moment import now
from isva.demo import (
    case_reviews,
    contracts,
    left,
    names,
    papers,
    partners,
    policies,
    reports,
    sight,
    supervision,
    support,
    today,
    workforce,
)
from isva.demo.cast import DEMO_PASSWORD
from isva.demo.clearing import number_of_cases
from isva.demo.intake import allocate, receive, send_to_allocation, take_into_triage, triage, wait
from isva.demo.ledger import Ledger
from isva.demo.people import make_people, make_services
from isva.demo.soundness import what_is_wrong
from isva.demo.stage import Ground, Life
from isva.pathway import Stage
from triage.load_history import keep_loads
from triage.models import TriageAssessment

Outcome = TriageAssessment.Outcome

CASES = 400
#: Of a hundred cases, where they are today. The two services differ: the smaller one is younger and calmer.
MIX = {
    "rowan": {"inbox": 12, "triage": 6, "waiting": 35, "allocation": 6, "active": 132, "stepped_down": 14,
              "closed_at_triage": 60, "closed_waiting": 5, "closed": 70},
    "harbour": {"inbox": 3, "triage": 2, "waiting": 6, "allocation": 1, "active": 22, "stepped_down": 3,
                "closed_at_triage": 10, "closed_waiting": 1, "closed": 12},
}  # fmt: skip
#: How the caseloads are spread: shares of the active and stepped-down cases.
SHARES = {
    "isva": 36, "second_isva": 32, "chisva": 28, "isva_on_leave": 27, "trainee": 8, "fourth_isva": 15,
    "harbour_isva": 13, "second_harbour_isva": 12,
}  # fmt: skip
RESOLVED = {Outcome.ADVICE: 45, Outcome.DECLINED: 20, Outcome.UNABLE: 20, Outcome.NOT_THIS_SERVICE: 15}


class NotSound(Exception):
    """The fictional services broke a promise of the product; nothing of them is kept. Its text says which."""


@transaction.atomic
def build(*, cases: int = CASES, seed: int = 7, password: str = DEMO_PASSWORD, quarters: int = 2) -> int:
    """Build both services with so many cases; returns how many there are. Twice the same seed, twice the same story.

    ``quarters`` is how many of them have a published report; it is what takes longest.
    """
    services = make_services()
    people = make_people(services, password=password)
    rng, moment = random.Random(seed), now()  # noqa: S311 - stories, not secrets
    people_names, phones = names.clients(rng), names.phones(rng)
    whole = sum(sum(mix.values()) for mix in MIX.values())
    grounds = []
    for key, service in services.items():
        ground = Ground(
            key=key, service=service, people=people, ledger=Ledger(rng), rng=rng, now=moment, names=people_names,
            phones=phones, instrument=instrument_in_use(), intake=system_user(SystemUser.INTAKE),
        )  # fmt: skip
        grounds.append(ground)
        _agencies(ground)
        ground.lives = _lives(
            ground, {kind: max(1, round(n * cases / whole)) for kind, n in MIX[key].items()}
        )
        today.appointments(ground)
        for lives in ground.lives.values():
            for life in lives:
                life.carry()
    for ground in grounds:
        with act_as_system(SystemUser.CLOCK, ground.service):
            ground.ledger.write()
        with act(ground.cast(Role.MANAGER)[0], ground.service):
            rebuild_tokens(service=ground.service)
            sight.give(ground)
            papers.put(ground)
            today.after_writing(ground)
            _reckon(ground)
            case_reviews.give(ground)
            supervision.give(ground)
            workforce.give(ground)
            partners.give(ground)
            policies.give(ground)
            left.give(ground)
            contracts.give(ground)
            reports.give(ground, quarters=quarters)
        with act_as_system(SystemUser.CLOCK, ground.service):
            keep_loads(ground.service)
    if wrong := [sentence for ground in grounds for sentence in _looked_at(ground.service)]:
        raise NotSound("\n".join(wrong))
    return number_of_cases()


def _looked_at(service) -> list[str]:
    with act_as_system(SystemUser.CLOCK, service):
        return what_is_wrong(service)


def _agencies(ground: Ground) -> None:
    began = ground.now - dt.timedelta(days=3 * 365 + 60)
    manager = ground.cast(Role.MANAGER)[0]
    for number, (name, kind) in enumerate(names.AGENCIES):
        if ground.key == "rowan" or number % 2:
            agency = Agency(
                service=ground.service, name=name, kind=kind, phone=next(ground.phones), note="Refer by phone or e-mail.",
                email="referrals@" + name.lower().replace(" ", "-").replace(",", "") + ".example",
            )  # fmt: skip
            ground.agencies.append(ground.ledger.add(agency, at=began, by=manager))


def _lives(ground: Ground, counts: dict[str, int]) -> dict[str, list[Life]]:
    """Every case of a service, by where it is today."""
    made = {
        "closed_at_triage": [_resolved_at_triage(ground) for _ in range(counts["closed_at_triage"])],
        "closed_waiting": [_left_while_waiting(ground) for _ in range(counts["closed_waiting"])],
        "closed": [_supported(ground, isva, "closed") for isva in _carriers(ground, counts["closed"])],
        "active": [_supported(ground, isva, "active") for isva in _carriers(ground, counts["active"])],
        "stepped_down": [_supported(ground, isva, "stepped_down") for isva in _carriers(ground, counts["stepped_down"])],
        "waiting": [_waiting(ground) for _ in range(counts["waiting"])],
        "allocation": [_waiting(ground, sent=True) for _ in range(counts["allocation"])],
    }  # fmt: skip
    made["triage"] = today.in_triage(ground, counts["triage"])
    made["inbox"] = today.inbox(ground, counts["inbox"], known=made["closed"])
    today.what_is_open(ground, made)
    return made


def _carriers(ground: Ground, count: int) -> list:
    """So many ISVAs, each as often as their share of the caseload."""
    here = {ground.people[key]: share for key, share in SHARES.items() if _works_here(ground, key)}
    whole, given = sum(here.values()), []
    for user, share in here.items():
        given += [user] * round(count * share / whole)
    users = list(here)
    while len(given) < count:
        given.append(users[len(given) % len(users)])
    ground.rng.shuffle(given)
    return given[:count]


def _works_here(ground: Ground, key: str) -> bool:
    return ground.people[key] in [*ground.cast(Role.ISVA), *ground.cast(Role.TRAINEE)]


def _resolved_at_triage(ground: Ground) -> Life:
    at = ground.at_work(ground.now - dt.timedelta(days=ground.rng.randint(12, 3 * 365)))
    life = receive(ground, at=at)
    take_into_triage(life)
    triage(life, outcome=ground.pick(RESOLVED))
    return life


def _left_while_waiting(ground: Ground) -> Life:
    life = _to_interim(ground, days_ago=ground.rng.randint(150, 900))
    at = ground.at_work(life.at + dt.timedelta(days=ground.rng.randint(30, 120)))
    wait(life, until=at)
    today.leave_the_list(life, at=at)
    return life


def _to_interim(ground: Ground, *, days_ago: int, **told) -> Life:
    life = receive(ground, at=ground.at_work(ground.now - dt.timedelta(days=days_ago)), **told)
    take_into_triage(life)
    triage(life, outcome=Outcome.INTERIM)
    return life


def _waiting(ground: Ground, *, sent: bool = False) -> Life:
    """Somebody who waits: three weeks to eight months, most of them about ten weeks."""
    days = int(min(240, max(21, ground.rng.lognormvariate(4.2, 0.55))))
    life = _to_interim(ground, days_ago=days, child=ground.maybe(0.08))
    until = ground.now - dt.timedelta(days=ground.rng.randint(1, 6) if sent else 0, hours=2)
    wait(life, until=until)
    if sent:
        send_to_allocation(life, at=max(until, life.at + dt.timedelta(hours=1)))
    return life


def _supported(ground: Ground, isva, ending: str) -> Life:
    """A case that an ISVA carries, or carried until it was closed."""
    child = isva == ground.people.get("chisva") and ground.maybe(0.8)
    closed = ending == "closed"
    course = ground.pick(
        {"none": 38, "nfa": 30, "withdrew": 14, "trial": 10, "acquitted": 8} if closed
        else {"none": 36, "investigation": 34, "cps": 9, "awaiting_trial": 15, "nfa": 6}
    )  # fmt: skip
    least, most = support.MONTHS[course]
    supported = ground.rng.randint(least * 30, most * 30)
    if not closed:
        supported = ground.rng.randint(8, most * 30) if course != "awaiting_trial" else supported
    urgent = ground.maybe(0.12)
    waited = (
        ground.rng.randint(3, 9) if urgent else int(min(240, max(21, ground.rng.lognormvariate(4.1, 0.5))))
    )
    ended = ground.rng.randint(2, max(3, 3 * 365 - supported - waited)) if closed else 0
    life = receive(
        ground, at=ground.at_work(ground.now - dt.timedelta(days=supported + waited + ended + 8)), child=child,
        reported=course != "none",
    )  # fmt: skip
    take_into_triage(life)
    _wait_for_isva(life, urgent=urgent, waited=waited)
    allocate(
        life, isva=isva, at=ground.at_work(life.at + dt.timedelta(hours=ground.rng.choice((3, 22, 30, 50))))
    )
    end = ground.now - dt.timedelta(days=ended)
    if closed:
        reason = support.why_it_ends(ground, course)
        support.support(
            life,
            until=end - dt.timedelta(days=36 if reason == support.Reason.LOST_CONTACT else 12),
            course=course,
        )
        support.close(life, at=end, reason=reason)
    elif ending == "stepped_down":
        paused = ground.now - dt.timedelta(days=min(ground.rng.randint(3, 45), max(1, supported // 2)))
        support.support(life, until=paused - dt.timedelta(days=4), course=course)
        support.step_down(life, at=paused)
    else:
        support.support(life, until=end, course=course)
    return life


def _wait_for_isva(life: Life, *, urgent: bool, waited: int) -> None:
    ground = life.ground
    if urgent:
        life.severity = max(life.severity, 0.7)
        triage(life, outcome=Outcome.ALLOCATE_NOW)
        return
    triage(life, outcome=Outcome.INTERIM)
    sent = ground.at_work(life.case.opened_at + dt.timedelta(days=waited))
    sent = max(sent, life.at + dt.timedelta(hours=5))
    wait(life, until=sent)
    send_to_allocation(life, at=sent)


def _reckon(ground: Ground) -> None:
    """The complexity of every open case as the product itself reckons it now."""
    coordinator = ground.cast(Role.COORDINATOR)[0]
    open_cases = Case._base_manager.filter(service=ground.service).exclude(stage=Stage.CLOSED.value)
    for case in open_cases.select_related("client", "service", "lead_isva"):
        if case.sasreview_set.exists():
            reckon_complexity(case, by=case.lead_isva or coordinator)
