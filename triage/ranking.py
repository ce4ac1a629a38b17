"""The suggestion on the allocation board: which ISVAs could take a case, in which order, and why, in words.

Pure reckoning: it reads nothing and decides nothing. The report asks for an allocation that weighs risk, need,
complexity, capacity, specialism, area and the client's preference, and not the size of a caseload alone
(report, Allocation; recommendation 2.3; statutory guidance 38 and 44). What counts, and how much:

* **room**: up to 30 points for the share of weighted capacity that stays free once the case is taken;
* **a children's ISVA for a child**: +40, anybody else −40 (guidance 36); for an adult −8, to keep those places free;
* **specialism**: +12 for each that is needed and held, −8 for each that is not held; at high risk or higher complexity
  +18 and −14, because matching comes first there;
* **the client's preference**: a worker of the sex asked for +20, otherwise −30; their language +20, otherwise −12;
* **language**: +15 where the worker speaks the client's own, so that no interpreter comes between them;
* **area**: +10 for working there, −6 for working elsewhere; an ISVA of no named area works everywhere;
* **knows the person**: +15 for having supported them before, +10 for keeping in touch while they wait;
* **court**: −2 for each court day ahead (at most −8), −3 for each case near trial (at most −12);
* **leave that begins soon**: −6; **in training, at medium risk**: −6, **at high risk**: −15 (guidance 38).

Left out, with the reason: whoever a conflict keeps away from the client (nobody can override that) or carries the
case already; who is on leave, would go past their cap, or is in training and the case is above their limit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from isva.codes import COMPLEXITY_ORDER, Complexity, Language, Risk, Sex, Specialism, WorkerSex
from isva.interface.words import listed, long_date

ROOM_MOST = 30
CHILD_MATCH, CHILD_MISS, CHILD_PLACE_KEPT = 40, -40, -8
SPECIALISM, SPECIALISM_WHEN_HIGH = (12, -8), (18, -14)
SEX_MATCH, SEX_MISS = 20, -30
PREFERRED_LANGUAGE_MATCH, PREFERRED_LANGUAGE_MISS, LANGUAGE_MATCH = 20, -12, 15
AREA_MATCH, AREA_MISS = 10, -6
SUPPORTED_BEFORE, KEEPS_IN_TOUCH = 15, 10
COURT_DAY, COURT_MOST, NEAR_TRIAL, NEAR_TRIAL_MOST = -2, -8, -3, -12
LEAVE_SOON = -6
TRAINEE_AT_RISK = {Risk.MEDIUM: -6, Risk.HIGH: -15}


@dataclass(frozen=True, kw_only=True)
class Worker:
    """What is weighed about one ISVA. Loads are in cases and in weighted points."""

    key: str
    name: str
    open_count: int = 0
    weighted: Decimal = Decimal(0)
    cap: int = 35
    capacity: Decimal = Decimal("52.5")
    specialisms: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    sex: str = ""
    trainee: bool = False
    leave_until: date | None = None
    leave_from: date | None = None
    court_days: int = 0
    near_trial: int = 0
    conflicted: bool = False
    unnamed: bool = False  # the client is restricted, and they are not named

    def share(self, *, more: Decimal = Decimal(0)) -> Decimal:
        """The part of the weighted capacity that is taken, with ``more`` points on top; 1 is full."""
        return (
            (self.weighted + more) / self.capacity if self.capacity > 0 else Decimal(1) + self.weighted + more
        )

    def has_room(self, *, more: Decimal) -> bool:
        """Whether one more case of ``more`` points stays within the cap and the weighted capacity."""
        return self.open_count + 1 <= self.cap and self.weighted + more <= self.capacity


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What is weighed about one case. ``weight`` is what it adds to a weighted caseload."""

    risk: str = Risk.STANDARD
    complexity: str = Complexity.LOWER
    weight: Decimal = Decimal(1)
    specialisms: frozenset[str] = frozenset()
    is_child: bool = False
    language: str = Language.ENGLISH
    preferred_language: str = ""
    preferred_sex: str = ""
    area: str = ""
    trainee_limit: str = Complexity.LOWER
    interim_worker: str = ""
    carried_by: str = ""
    supported_before_by: frozenset[str] = frozenset()

    @property
    def wants_children_isva(self) -> bool:
        """Whether this is work for a children's ISVA."""
        return self.is_child or Specialism.CHILDREN in self.specialisms


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for an ISVA (points above 0) or against them, in words."""

    points: int
    text: str


@dataclass(frozen=True)
class Suggestion:
    """An ISVA who could take the case: points, what makes them up, and what the client asked for in vain."""

    worker: Worker
    reasons: tuple[Reason, ...]
    unmet: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """The sum of all reasons."""
        return sum(reason.points for reason in self.reasons)

    @property
    def reasons_for(self) -> tuple[Reason, ...]:
        """What speaks for them, the weightiest first."""
        return tuple(sorted((r for r in self.reasons if r.points >= 0), key=lambda r: -r.points))

    @property
    def reasons_against(self) -> tuple[Reason, ...]:
        """What speaks against them, the weightiest first."""
        return tuple(sorted((r for r in self.reasons if r.points < 0), key=lambda r: r.points))


@dataclass(frozen=True)
class Exclusion:
    """An ISVA who is left out, and why. ``final`` where no reason of the manager's can change it."""

    worker: Worker
    why: tuple[str, ...]
    final: bool
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """Everybody who was weighed: suggestions in order, and those left out."""

    suggestions: tuple[Suggestion, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    weight: Decimal = field(default=Decimal(1))

    def find(self, key: str) -> Suggestion | Exclusion | None:
        """What was said about one ISVA; None where they were not weighed at all."""
        everybody: tuple[Suggestion | Exclusion, ...] = (*self.suggestions, *self.excluded)
        return next((one for one in everybody if one.worker.key == key), None)

    def is_first_choice(self, key: str) -> bool:
        """Whether nobody who could take the case has more points."""
        found = self.find(key)
        return isinstance(found, Suggestion) and found.points == self.suggestions[0].points

    def to_answer_for(self, key: str) -> tuple[str, ...]:
        """What the manager has to give a reason for when choosing this ISVA; nothing where the advice is followed.

        Being left out, not being the first choice, and a preference of the client that is not honoured.
        """
        found = self.find(key)
        if found is None:
            return ()
        if isinstance(found, Exclusion):
            return (*found.why, *found.unmet)
        if self.is_first_choice(key):
            return found.unmet
        first = self.suggestions[0].worker.name
        return (_("the first suggestion is %(name)s") % {"name": first}, *found.unmet)

    def kept(self) -> dict:
        """The ranking as it is kept with the decision: names, points and reasons as they were on the table."""
        return {
            "suggestions": [
                {
                    "isva": one.worker.key,
                    "name": one.worker.name,
                    "points": one.points,
                    "open": one.worker.open_count,
                    "weighted": str(one.worker.weighted),
                    "reasons": [{"points": reason.points, "text": reason.text} for reason in one.reasons],
                }
                for one in self.suggestions
            ],
            "excluded": [
                {"isva": one.worker.key, "name": one.worker.name, "why": list(one.why)}
                for one in self.excluded
            ],
        }


def rank(case: CaseFacts, workers: Iterable[Worker]) -> Ranking:
    """Order the ISVAs who could take a case, best match first, and say why; the others are left out, with the reason.

    The answer depends on the facts alone, not on the order in which the workers come. Of two with the same points
    the one with the lighter load comes first, then the name decides.
    """
    suggestions, excluded = [], []
    for worker in workers:
        why, final = _left_out(case, worker)
        if why:
            excluded.append(Exclusion(worker, why, final, _unmet(case, worker)))
        else:
            suggestions.append(Suggestion(worker, tuple(_reasons(case, worker)), _unmet(case, worker)))
    return Ranking(
        tuple(sorted(suggestions, key=lambda one: _place(case, one))),
        tuple(sorted(excluded, key=lambda one: (one.final, one.worker.name.casefold(), one.worker.key))),
        case.weight,
    )


def points_words(points) -> str:
    """Weighted points as people write them, to one place: 12, 12.5, 14.4."""
    return exact_points_words(Decimal(points).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def exact_points_words(points) -> str:
    """Weighted points in full, where a sum is shown: 0.375."""
    return f"{Decimal(points).normalize():f}"


def _place(case: CaseFacts, one: Suggestion) -> tuple:
    worker = one.worker
    return (
        -one.points, worker.share(more=case.weight), worker.open_count, worker.court_days + worker.near_trial,
        worker.name.casefold(), worker.key,
    )  # fmt: skip


def _left_out(case: CaseFacts, worker: Worker) -> tuple[tuple[str, ...], bool]:
    if worker.conflicted:
        return (_("a conflict is declared with this client"),), True
    if worker.unnamed:
        return (_("the client is restricted, and they are not named"),), True
    if worker.key == case.carried_by:
        return (_("carries the case already"),), True
    why = []
    if worker.leave_until:
        why.append(_("on leave until %(day)s") % {"day": long_date(worker.leave_until)})
    if worker.open_count + 1 > worker.cap:
        why.append(
            _("at their cap: %(open)d open cases of %(cap)d") % {"open": worker.open_count, "cap": worker.cap}
        )
    elif worker.weighted + case.weight > worker.capacity:
        why.append(
            _("weighted load full: %(load)s with this case, of %(capacity)s")
            % {"load": points_words(worker.weighted + case.weight), "capacity": points_words(worker.capacity)}
        )
    if worker.trainee and _order(case.complexity) > _order(case.trainee_limit):
        why.append(
            _("in training, and the case is above their limit (%(complexity)s complexity)")
            % {"complexity": str(Complexity(case.complexity).label).lower()}
        )
    return tuple(why), False


def _order(complexity: str) -> int:
    known = {key.value: order for key, order in COMPLEXITY_ORDER.items()}
    return known.get(complexity, max(known.values()))


def _unmet(case: CaseFacts, worker: Worker) -> tuple[str, ...]:
    """What the client asked for and this ISVA is not (report, Allocation: survivor preference)."""
    unmet = []
    if _wants_a_sex(case) and worker.sex != case.preferred_sex:
        unmet.append(
            _("the client asked for a woman")
            if case.preferred_sex == Sex.FEMALE
            else _("the client asked for a man")
        )
    if case.preferred_language and case.preferred_language not in worker.languages:
        unmet.append(
            _("the client asked for somebody who speaks %(language)s")
            % {"language": _language(case.preferred_language)}
        )
    return tuple(unmet)


def _wants_a_sex(case: CaseFacts) -> bool:
    return case.preferred_sex in (WorkerSex.FEMALE, WorkerSex.MALE)


def _reasons(case: CaseFacts, worker: Worker):
    yield _room(case, worker)
    yield from _match(case, worker)
    yield from _preference(case, worker)
    yield from _place_and_people(case, worker)
    yield from _strain(case, worker)


def _room(case: CaseFacts, worker: Worker) -> Reason:
    free = max(Decimal(0), 1 - worker.share(more=case.weight))
    points = int((ROOM_MOST * free).to_integral_value(rounding=ROUND_HALF_UP))
    return Reason(
        points,
        _("Room: weighted load %(load)s of %(capacity)s with this case")
        % {"load": points_words(worker.weighted + case.weight), "capacity": points_words(worker.capacity)},
    )


def _match(case: CaseFacts, worker: Worker):
    supports_children = Specialism.CHILDREN in worker.specialisms
    if case.wants_children_isva:
        if supports_children:
            yield Reason(CHILD_MATCH, _("Children’s ISVA (CHISVA)"))
        else:
            yield Reason(CHILD_MISS, _("Not a children’s ISVA"))
    elif supports_children:
        yield Reason(CHILD_PLACE_KEPT, _("Children’s ISVA: this place is then not free for a child"))
    high = case.risk == Risk.HIGH or case.complexity == Complexity.HIGHER
    match, miss = SPECIALISM_WHEN_HIGH if high else SPECIALISM
    needed = sorted(case.specialisms - {Specialism.CHILDREN})
    held = [one for one in needed if one in worker.specialisms]
    missing = [one for one in needed if one not in worker.specialisms]
    if held:
        yield Reason(match * len(held), _("Specialism: %(which)s") % {"which": _specialisms(held)})
    if missing:
        yield Reason(miss * len(missing), _("No specialism in: %(which)s") % {"which": _specialisms(missing)})


def _specialisms(keys) -> str:
    return "; ".join([str(dict(Specialism.choices).get(key, key)) for key in keys])


def _language(key: str) -> str:
    return str(dict(Language.choices).get(key, key))


def _preference(case: CaseFacts, worker: Worker):
    if _wants_a_sex(case):
        if worker.sex == case.preferred_sex:
            yield Reason(
                SEX_MATCH,
                _("A woman, as asked for") if worker.sex == Sex.FEMALE else _("A man, as asked for"),
            )
        elif worker.sex:
            yield Reason(
                SEX_MISS,
                _("A man; the client asked for a woman") if worker.sex == Sex.MALE
                else _("A woman; the client asked for a man"),
            )  # fmt: skip
        else:
            yield Reason(
                SEX_MISS, _("Whether this is a woman or a man is not in the staff profile; the client asked")
            )
    if case.preferred_language:
        spoken = _language(case.preferred_language)
        if case.preferred_language in worker.languages:
            yield Reason(
                PREFERRED_LANGUAGE_MATCH, _("Speaks %(language)s, as asked for") % {"language": spoken}
            )
        else:
            yield Reason(
                PREFERRED_LANGUAGE_MISS,
                _("Does not speak %(language)s, which the client asked for") % {"language": spoken},
            )
    elif case.language not in (Language.ENGLISH, Language.OTHER, "") and case.language in worker.languages:
        yield Reason(
            LANGUAGE_MATCH,
            _("Speaks %(language)s: no interpreter needed") % {"language": _language(case.language)},
        )


def _place_and_people(case: CaseFacts, worker: Worker):
    if case.area and worker.areas:
        if case.area in worker.areas:
            yield Reason(AREA_MATCH, _("Works in %(area)s") % {"area": case.area})
        else:
            yield Reason(
                AREA_MISS,
                _("Works in %(areas)s, not in %(area)s")
                % {"areas": listed(sorted(worker.areas)), "area": case.area},
            )
    if worker.key in case.supported_before_by:
        yield Reason(SUPPORTED_BEFORE, _("Has supported this person before"))
    if case.interim_worker and worker.key == case.interim_worker:
        yield Reason(KEEPS_IN_TOUCH, _("Has kept in touch while they waited"))


def _strain(case: CaseFacts, worker: Worker):
    if worker.court_days:
        yield Reason(
            max(COURT_MOST, COURT_DAY * worker.court_days),
            ngettext(
                "%(n)d court day in the next two weeks",
                "%(n)d court days in the next two weeks",
                worker.court_days,
            )
            % {"n": worker.court_days},
        )
    if worker.near_trial:
        yield Reason(
            max(NEAR_TRIAL_MOST, NEAR_TRIAL * worker.near_trial),
            ngettext(
                "%(n)d case with a trial within 8 weeks",
                "%(n)d cases with a trial within 8 weeks",
                worker.near_trial,
            )
            % {"n": worker.near_trial},
        )
    if worker.leave_from:
        yield Reason(LEAVE_SOON, _("Leave begins on %(day)s") % {"day": long_date(worker.leave_from)})
    if worker.trainee and case.risk in TRAINEE_AT_RISK:
        yield Reason(
            TRAINEE_AT_RISK[Risk(case.risk)],
            _("In training; the risk is %(risk)s") % {"risk": str(Risk(case.risk).label).lower()},
        )
