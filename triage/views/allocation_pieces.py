"""What the allocation screens are made of: how full a caseload is, what speaks for and against an ISVA, in words."""

from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.standing import waits_since
from isva.clock.moment import now, today
from isva.codes import Complexity, Language, Sex, Specialism, WorkerSex
from isva.interface.marks import complexity_mark, risk_mark, tag, urgency_mark
from isva.interface.tables import lines
from isva.interface.words import days_words, listed, long_date
from isva.pathway import Stage
from triage.board import is_near_trial
from triage.load import share_of
from triage.ranking import Exclusion, Suggestion, exact_points_words, points_words


def load_bar(taken, limit, *, after=None):
    """A bar for how much of a limit is taken, and how much would be; the words stand beside it, never in it alone."""
    taken, limit = Decimal(taken), Decimal(limit)
    then = Decimal(after) if after is not None else taken
    whole = max(limit, then, Decimal(1))
    over = then > limit
    cap = (
        format_html(
            '<path class="isva-load__cap" d="M{0} 0V8" vector-effect="non-scaling-stroke"/>',
            _part(limit, whole),
        )
        if over
        else ""
    )
    return format_html(
        '<svg class="isva-load{}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="isva-load__all" width="100" height="8"/><rect class="isva-load__after" width="{}" height="8"/>'
        '<rect class="isva-load__now" width="{}" height="8"/>{}</svg>',
        mark_safe(" isva-load--over") if over else "",
        _part(then, whole),
        _part(taken, whole),
        cap,
    )


def _part(some: Decimal, whole: Decimal) -> str:
    return f"{100 * some / whole:.1f}"


def open_of_cap(load) -> str:
    """How many cases somebody carries, of how many they may."""
    return _("%(open)d of %(cap)d") % {"open": load.open_count, "cap": load.cap}


def weighted_of_capacity(load) -> str:
    """The weighted load, of what it may be."""
    return _("%(load)s of %(capacity)s") % {
        "load": points_words(load.weighted), "capacity": points_words(load.capacity),
    }  # fmt: skip


def worker_card(load) -> dict:
    """One ISVA on the board: room first, then what they bring and what takes their time."""
    marks = []
    if load.trainee:
        marks.append(tag(_("In training"), "outline"))
    if Specialism.CHILDREN in load.specialisms:
        marks.append(tag(_("CHISVA"), "outline"))
    if load.leave_until:
        marks.append(tag(_("On leave"), "amber"))
    if load.open_count >= load.cap or load.weighted >= load.capacity:
        marks.append(tag(_("At cap"), "amber"))
    facts = [
        (_("Open cases"), format_html("{} {}", open_of_cap(load), load_bar(load.open_count, load.cap))),
        (_("Weighted load"), weighted_of_capacity(load)),
    ]
    if load.stepped_down:
        facts.append((_("Of these stepped down"), load.stepped_down))
    if load.court_days:
        facts.append((_("Court days, next 2 weeks"), load.court_days))
    if load.near_trial:
        facts.append((_("Trials within 8 weeks"), load.near_trial))
    if load.leave_from:
        facts.append((_("Leave begins"), long_date(load.leave_from)))
    facts.append((_("Hours a week"), points_words(load.hours)))
    return {
        "title": load.name,
        "marks": marks,
        "facts": facts,
        "reasons": what_they_bring(load),
        "warning": _("On leave until %(day)s") % {"day": long_date(load.leave_until)}
        if load.leave_until
        else "",
    }


def what_they_bring(load) -> list[str]:
    """Specialisms, languages beside English, areas and sex of an ISVA, a line each."""
    found = []
    others = [key for key in Specialism.values if key in load.specialisms]
    if others:
        found.append("; ".join(str(Specialism(key).label) for key in others))
    spoken = [key for key in Language.values if key in load.languages and key != Language.ENGLISH]
    if spoken:
        found.append(
            _("Speaks %(languages)s") % {"languages": listed([str(Language(key).label) for key in spoken])}
        )
    found.append(
        _("Works in %(areas)s") % {"areas": listed(sorted(load.areas))}
        if load.areas
        else _("Works in all areas")
    )
    if load.sex in Sex.values:
        found.append(_("A woman") if load.sex == Sex.FEMALE else _("A man"))
    return found


def choice_hint(advice, found: Suggestion | Exclusion):
    """What stands under an ISVA's name where one is chosen: the effect on their load, then for and against, in words."""
    load = advice.load(found.worker.key)
    count, weighted = advice.after(load)
    effect = format_html(
        '<span class="isva-weighed isva-weighed__figure">{}{}</span>',
        effect_words(load, count, weighted),
        load_bar(load.weighted, load.capacity, after=weighted),
    )
    if isinstance(found, Exclusion):
        said = [(_("Left out"), point) for point in found.why]
        said += [(_("Against"), point) for point in found.unmet]
    else:
        said = [(_("For"), with_points(reason)) for reason in found.reasons_for]
        said += [(_("Against"), with_points(reason)) for reason in found.reasons_against]
        together = ngettext("%(n)s point", "%(n)s points", found.points) % {
            "n": _signed(found.points).lstrip("+")
        }
        said.append((_("Together"), together))
    return format_html(
        '{}<ul class="isva-weighed__lines">{}</ul>',
        effect,
        format_html_join("", "<li>{}: {}</li>", said),
    )


def effect_words(load, count: int, weighted: Decimal) -> str:
    """What taking the case does to a load: now, and then."""
    return _("Now %(open)d of %(cap)d cases, weighted %(load)s of %(capacity)s. With this case %(count)d and %(then)s.") % {
        "open": load.open_count, "cap": load.cap, "load": points_words(load.weighted),
        "capacity": points_words(load.capacity), "count": count, "then": points_words(weighted),
    }  # fmt: skip


def with_points(reason) -> str:
    """A reason with what it counts: “Room: … (+18)”."""
    return _("%(text)s (%(points)s)") % {"text": reason.text, "points": _signed(reason.points)}


def _signed(points: int) -> str:
    return f"{points:+d}".replace("-", "−")


def carried_by_words(advice) -> str:
    """Who carries a case now, and what giving it away leaves them; empty where nobody does who is still here."""
    load = advice.load(advice.facts.carried_by)
    if load is None:
        return ""
    return _("%(name)s: %(open)d of %(cap)d cases, %(count)d without this one") % {
        "name": load.name, "open": load.open_count, "cap": load.cap, "count": load.open_count - 1,
    }  # fmt: skip


def left_out_lines(ranking) -> list[str]:
    """Those who cannot have the case at all, each with the reason."""
    return [
        _("%(name)s: %(why)s") % {"name": one.worker.name, "why": listed(one.why)}
        for one in ranking.excluded
        if one.final
    ]


def waiting_words(case) -> str:
    """How long somebody has waited since the referral, or since their case was reopened."""
    days = (now() - waits_since(case)).days
    return days_words(days) if days else _("since today")


def needs_words(case) -> list[str]:
    """What a case asks of whoever takes it."""
    child = case.client.is_child_on(today())
    found = [_("A child")] if child else []
    found += [
        str(Specialism(key).label)
        for key in case.specialisms_needed
        if key in Specialism.values and not (child and key == Specialism.CHILDREN)
    ]
    if is_near_trial(case):
        found.append(_("Trial on %(day)s") % {"day": long_date(case.trial_on)})
    return found


def preference_words(client) -> list[str]:
    """What the client asked for: who, in which language."""
    found = []
    if client.preferred_worker_sex in (WorkerSex.FEMALE, WorkerSex.MALE):
        found.append(
            _("Asked for a woman")
            if client.preferred_worker_sex == WorkerSex.FEMALE
            else _("Asked for a man")
        )
    if client.preferred_worker_language:
        found.append(
            _("Asked for somebody who speaks %(language)s")
            % {"language": client.get_preferred_worker_language_display()}
        )
    elif client.language != Language.ENGLISH:
        found.append(
            _("Speaks %(language)s%(interpreter)s")
            % {
                "language": client.get_language_display(),
                "interpreter": _(", interpreter needed") if client.interpreter_needed else "",
            }
        )
    return found


def standing_marks(case):
    """Urgency, risk and complexity of a case as lines of one cell."""
    return lines(
        urgency_mark("urgent") if case.urgent else None,
        risk_mark(case.risk),
        complexity_mark(case.complexity),
    )


def figures_of(load) -> tuple[list[list], str]:
    """How a weighted load is made, row by row, and in a sentence (an ISVA sees their own figures and how they came)."""
    rows = []
    for stage, words in ((Stage.ACTIVE, _("Active")), (Stage.STEPPED_DOWN, _("Stepped down"))):
        for complexity in Complexity.values:
            count = load.counts.get((stage.value, complexity), 0)
            if count:
                weight = load.weights[complexity] * share_of(stage)
                rows.append(
                    [
                        _("%(stage)s, %(complexity)s complexity")
                        % {"stage": words, "complexity": str(Complexity(complexity).label).lower()},
                        count, exact_points_words(weight), exact_points_words(weight * count),
                    ]
                )  # fmt: skip
    sentence = ngettext(
        "You carry %(n)d open case of at most %(cap)d.",
        "You carry %(n)d open cases of at most %(cap)d.",
        load.open_count,
    ) % {"n": load.open_count, "cap": load.cap}
    return rows, sentence


def rules_of(load) -> list[str]:
    """The rules behind the figures, in words, with the service's own weights."""
    weights = {key: points_words(value) for key, value in load.weights.items()}
    return [
        _(
            "An active case counts %(lower)s at lower, %(medium)s at medium and %(higher)s at higher complexity."
        )
        % weights,
        _("A stepped-down case counts a quarter of that."),
        _("Your cap is a number of people: every open case counts as one towards it."),
        _("Your weighted load may be %(capacity)s: your cap of %(cap)d cases at medium complexity.")
        % {"capacity": points_words(load.capacity), "cap": load.cap},
        _("No case is given to you past either without a reason that your manager writes down."),
    ]


def time_rows(load) -> list[dict]:
    """What takes an ISVA's time beside the number of cases."""
    leave = _("None in the next 2 weeks")
    if load.leave_until:
        leave = _("Until %(day)s") % {"day": long_date(load.leave_until)}
    elif load.leave_from:
        leave = _("From %(day)s") % {"day": long_date(load.leave_from)}
    return [
        {"key": _("Court days in the next 2 weeks"), "value": load.court_days},
        {"key": _("Cases with a trial within 8 weeks"), "value": load.near_trial},
        {"key": _("Leave"), "value": leave},
        {"key": _("Hours a week"), "value": points_words(load.hours)},
    ]


def profile_rows(load) -> list[dict]:
    """What an ISVA brings to a match, as the board has it."""
    specialisms = "; ".join(
        str(Specialism(key).label) for key in Specialism.values if key in load.specialisms
    )
    languages = [str(Language(key).label) for key in Language.values if key in load.languages]
    return [
        {"key": _("Specialisms"), "value": specialisms or _("None named")},
        {"key": _("Languages"), "value": listed(languages) or _("None named")},
        {"key": _("Areas"), "value": listed(sorted(load.areas)) or _("All areas")},
        {"key": _("In training"), "value": _("Yes") if load.trainee else _("No")},
    ]
