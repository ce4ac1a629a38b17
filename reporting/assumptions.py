"""What a forecast takes for granted, in words, with the numbers and how much history each of them rests on."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from isva.codes import Complexity, Risk
from isva.interface.words import listed, long_date
from reporting.history import Basis
from reporting.simulation import PACE
from reporting.situation import Situation


def assumptions(basis: Basis, situation: Situation, *, runs: int) -> list[dict]:
    """The assumptions as rows of a summary, the weightiest first."""
    return [
        {"key": _("History"), "value": _history(basis)},
        {"key": _("Referrals"), "lines": _referrals(basis, situation)},
        {"key": _("After triage"), "lines": _triage(basis, situation)},
        {"key": _("Who waits"), "lines": _kinds(basis, situation)},
        {"key": _("Leaving the list"), "value": _leaving(basis, situation)},
        {"key": _("How long support lasts"), "lines": _lengths(situation)},
        {"key": _("The team"), "lines": _team(basis, situation)},
        {"key": _("Who is taken"), "lines": _taken(situation)},
        {"key": _("If the team changes"), "lines": _changes()},
        {"key": _("Chance"), "lines": _chance(runs)},
    ]


def left_out() -> list[str]:
    """What a forecast knows nothing of."""
    return [
        _("Who suits whom: specialisms, areas, languages, what the client asks for, conflicts."),
        _("Seasons: every week is like every other."),
        _("Cases that become more or less complex, and cases given to another ISVA."),
        _("Anybody who is due to start and has not yet: count them as joining."),
        _("People that you may not see. The loads of the team count them."),
    ]


def per_cent(part: float) -> str:
    """A part as a percentage: whole, with one figure after the point where it is small."""
    shown = 100 * part
    return f"{shown:.1f}%" if 0 < shown < 5 else f"{shown:.0f}%"


def _history(basis: Basis) -> str:
    return _("The service’s own records since %(day)s: %(n)d weeks.") % {
        "day": long_date(basis.since),
        "n": basis.weeks,
    }


def _referrals(basis: Basis, situation: Situation) -> list[str]:
    return [
        _("%(rate).1f a week: %(n)d in the last %(weeks)d weeks, people who came back among them.")
        % {"rate": situation.arrivals / situation.arrivals_weeks, "n": basis.arrivals, "weeks": basis.arrivals_weeks},
        _("How far a rate from so few weeks may be off is part of the spread."),
    ]  # fmt: skip


def _triage(basis: Basis, situation: Situation) -> list[str]:
    return [
        _("%(part)s come to wait for an ISVA: %(joined)d of %(decided)d in the last %(weeks)d weeks. The others end there.")
        % {"part": per_cent(situation.joining), "joined": basis.joined, "decided": basis.decided, "weeks": basis.joined_weeks},
        _("It takes %(weeks).1f weeks from the referral, the middle of these weeks.") % {"weeks": situation.triage_weeks},
    ]  # fmt: skip


def _kinds(basis: Basis, situation: Situation) -> list[str]:
    whole = sum(many for _kind, many in situation.kinds)

    def part(fits) -> str:
        return per_cent(sum(many for kind, many in situation.kinds if fits(kind)) / whole)

    risks = [(3, Risk.HIGH), (2, Risk.MEDIUM), (1, Risk.STANDARD)]
    bands = [(2, Complexity.HIGHER), (1, Complexity.MEDIUM), (0, Complexity.LOWER)]
    told = {"n": basis.joined, "weeks": basis.joined_weeks}
    return [
        _("As the %(n)d who came to wait in the last %(weeks)d weeks:") % told,
        _("urgent %(part)s") % {"part": part(lambda kind: kind.urgent)},
        _("risk: %s")
        % listed([f"{risk.label.lower()} {part(lambda kind, n=n: kind.risk == n)}" for n, risk in risks]),
        _("complexity: %s")
        % listed([f"{one.label.lower()} {part(lambda kind, n=n: kind.band == n)}" for n, one in bands]),
    ]


def _leaving(basis: Basis, situation: Situation) -> str:
    if not situation.leaving:
        return _("Nobody leaves it but to an ISVA: nobody did in the last %(weeks)d weeks.") % {
            "weeks": basis.joined_weeks
        }
    return _(
        "%(part)s of those who wait leave it each week without an ISVA, as %(n)d did of the %(joined)d who came to wait in the "
        "last %(weeks)d weeks."
    ) % {
        "part": per_cent(situation.leaving), "n": basis.left_list, "joined": basis.joined, "weeks": basis.joined_weeks,
    }  # fmt: skip


def _lengths(situation: Situation) -> list[str]:
    lengths = situation.lengths
    half = (
        _("Half of all supports last longer than %(weeks)d weeks.") % {"weeks": lengths.median}
        if lengths.median is not None
        else _("More than half of all supports last longer than has been seen yet.")
    )
    return [
        half,
        _("From %(ended)d that ended and %(open)d that go on. These count as longer than they have lasted so far, not as ended.")
        % {"ended": lengths.ended, "open": lengths.still_open},
        _("Past the longest that is known, %(part)s end each week. Length does not depend on complexity here.")
        % {"part": per_cent(lengths.rate)},
    ]  # fmt: skip


def _team(basis: Basis, situation: Situation) -> list[str]:
    lower, medium, higher = (f"{weight:g}" for weight in map(float, situation.weights))
    told = [
        ngettext("%(n)d ISVA with a cap of %(cap)d", "%(n)d ISVAs with caps of %(cap)d together", len(situation.workers))
        % {"n": len(situation.workers), "cap": sum(one.cap for one in situation.workers)}
        + ngettext(", who carry %(n)d case.", ", who carry %(n)d cases.", len(situation.carried))
        % {"n": len(situation.carried)},
        _("A case counts %(lower)s, %(medium)s or %(higher)s by its complexity, as on the allocation board. What is stepped down "
          "today goes on to count a quarter; what is taken later counts whole until it ends.")
        % {"lower": lower, "medium": medium, "higher": higher},
    ]  # fmt: skip
    if basis.without_isva:
        told.append(
            ngettext("%(n)d case of somebody who is no longer here counts with whoever has the most room.",
                     "%(n)d cases of people who are no longer here count with whoever has the most room.", basis.without_isva)
            % {"n": basis.without_isva}
        )  # fmt: skip
    if basis.on_leave:
        told.append(ngettext("%(n)d on leave comes back as planned.", "%(n)d on leave come back as planned.", basis.on_leave)
                    % {"n": basis.on_leave})  # fmt: skip
    if basis.trainees:
        told.append(ngettext("%(n)d in training takes cases up to their limit alone.",
                             "%(n)d in training take cases up to their limit alone.", basis.trainees) % {"n": basis.trainees})  # fmt: skip
    if basis.leavers:
        told.append(ngettext("%(n)d whose last day is known leaves then.", "%(n)d whose last day is known leave then.",
                             basis.leavers) % {"n": basis.leavers})  # fmt: skip
    return told


def _taken(situation: Situation) -> list[str]:
    return [
        _("Urgent first, then by risk, then whoever was referred first: by the ISVA with the most room."),
        _("An ISVA has room while one more case stays within their cap, in number and by weight."),
        _("Nobody begins with more than %(n)d people in a week.") % {"n": PACE},
        _("Somebody should have an ISVA within %(weeks)d weeks of the referral: the service’s own number.")
        % {"weeks": situation.target},
    ]


def _changes() -> list[str]:
    return [
        _(
            "Who leaves or is away is the one in the middle of the team by their cap; who joins has that cap and no cases yet."
        ),
        _("The cases of who leaves go to those with the most room, past their cap where it must be."),
        _("Who is away keeps their cases, covered by others, and takes nobody on."),
    ]


def _chance(runs: int) -> list[str]:
    return [
        _("The year is played %(runs)d times. The middle is told, and between what eight of ten lie.")
        % {"runs": runs},
        _(
            "Each year is played with the same chances as it is and with the change. The same answers give the same figures."
        ),
    ]
