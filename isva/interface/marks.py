"""Risk, urgency, stage, complexity and due dates as short marks: always a word and a shape as well as a colour.

They are plain functions that give ready markup, so that rows of a list can be prepared in Python.
"""

from datetime import datetime
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from isva.clock.moment import now as clock_now
from isva.interface.words import how_long, local, long_date, short_when, time_24

#: Outlines in a 12 × 12 box. They are drawn, not typed: a letter's shape depends on the reader's fonts.
SHAPES = {
    "triangle": mark_safe('<path d="M6 .5 12 11.5H0z"/>'),
    "diamond": mark_safe('<path d="M6 0 12 6 6 12 0 6z"/>'),
    "dot": mark_safe('<circle cx="6" cy="6" r="4.5"/>'),
    "ring": mark_safe('<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2"/>'),
    "bars1": mark_safe('<path d="M0 8h3v4H0z"/><path d="M4.5 4.5h3V12h-3zM9 1h3v11H9z" opacity=".3"/>'),
    "bars2": mark_safe('<path d="M0 8h3v4H0zM4.5 4.5h3V12h-3z"/><path d="M9 1h3v11H9z" opacity=".3"/>'),
    "bars3": mark_safe('<path d="M0 8h3v4H0zM4.5 4.5h3V12h-3zM9 1h3v11H9z"/>'),
    "bolt": mark_safe('<path d="M7.5 0 1.5 7h4L4 12l6.5-7.5h-4z"/>'),
}

RISKS = {
    "high": ("triangle", "now", gettext_lazy("High risk")),
    "medium": ("diamond", "soon", gettext_lazy("Medium risk")),
    "standard": ("dot", "calm", gettext_lazy("Standard risk")),
    "": ("ring", "none", gettext_lazy("Risk not assessed")),
}
URGENCIES = {
    "now": ("bolt", "now", gettext_lazy("Act now")),
    "urgent": ("bolt", "now", gettext_lazy("Urgent")),
    "soon": ("diamond", "soon", gettext_lazy("Soon")),
    "routine": ("dot", "calm", gettext_lazy("Routine")),
}
COMPLEXITIES = {
    "lower": ("bars1", "plain", gettext_lazy("Lower complexity")),
    "medium": ("bars2", "plain", gettext_lazy("Medium complexity")),
    "higher": ("bars3", "plain", gettext_lazy("Higher complexity")),
    "": ("ring", "none", gettext_lazy("Complexity not known")),
}
STAGES = {
    "referral": ("grey", pgettext_lazy("stage", "Referral")),
    "triage": ("grey", pgettext_lazy("stage", "Triage")),
    "interim": ("amber", pgettext_lazy("stage", "Interim support")),
    "allocation": ("amber", pgettext_lazy("stage", "Waiting for allocation")),
    "active": ("teal", pgettext_lazy("stage", "Active support")),
    "stepped_down": ("outline", pgettext_lazy("stage", "Stepped down")),
    "closed": ("dark", pgettext_lazy("stage", "Closed")),
}


def reference_mark(reference: str):
    """The reference of a case, which is never broken at its hyphen."""
    return format_html('<span class="isva-reference">{}</span>', reference)


def in_sentence(sentence: str, **words):
    """A sentence with marks put in for its ``%(name)s``; what is no mark is escaped."""
    marked = {
        name: word if isinstance(word, int) else conditional_escape(word) for name, word in words.items()
    }
    return mark_safe(conditional_escape(sentence) % marked)  # noqa: S308 - escaped part by part


def mark(text, *, shape, tone):
    """A word with its shape. `tone` is `now` (red), `soon` (amber), `calm` (teal), `plain` or `none`."""
    return written_mark(str(text), shape, tone)


@lru_cache(maxsize=512, typed=True)  # typed: escaped text must not stand in for ready markup
def written_mark(text, shape, tone):
    """The markup of a mark; remembered, because a list shows the same few in every row. The text is in the reader's language."""
    return format_html(
        '<span class="mark mark--{}"><svg class="mark__shape" viewBox="0 0 12 12" width="12" height="12"'
        ' fill="currentColor" aria-hidden="true" focusable="false">{}</svg>{}</span>',
        tone,
        SHAPES[shape],
        text,
    )


def tag(text, tone="grey"):
    """A short label: `grey`, `teal`, `amber`, `red` (act now only), `dark` or `outline`."""
    return written_tag(str(text), tone)


@lru_cache(maxsize=256, typed=True)
def written_tag(text, tone):
    """The markup of a tag, remembered like a mark's."""
    return format_html('<strong class="govuk-tag tag--{}">{}</strong>', tone, text)


def risk_mark(risk, text=None):
    """▲ High risk, ◆ Medium risk, ● Standard risk; an unknown or empty value reads “Risk not assessed”."""
    shape, tone, words = RISKS.get(str(risk or ""), RISKS[""])
    return mark(text or words, shape=shape, tone=tone)


def urgency_mark(urgency, text=None):
    """Act now, urgent, soon or routine. `text` replaces the word, not the meaning."""
    shape, tone, words = URGENCIES.get(str(urgency or ""), URGENCIES["routine"])
    return mark(text or words, shape=shape, tone=tone)


def complexity_mark(complexity, text=None):
    """Lower, medium or higher complexity, as one to three bars."""
    shape, tone, words = COMPLEXITIES.get(str(complexity or ""), COMPLEXITIES[""])
    return mark(text or words, shape=shape, tone=tone)


def stage_words(stage):
    """The stage as it is called on screens."""
    return STAGES[str(stage)][1]


def stage_tag(stage):
    """The stage of a case as a tag."""
    tone, words = STAGES[str(stage)]
    return tag(words, tone)


def clock_words(due, *, now=None):
    """`Due in 5 hours`, `Due today by 14:00`, `Overdue by 3 days`; `due` is a moment, or a date that ends at midnight."""
    if due is None:
        return _("No date set")
    now, due = local(now or clock_now()), local(due)
    if not isinstance(due, datetime):
        days = (due - now.date()).days
        if days < 0:
            return _("Overdue since %(date)s") % {"date": long_date(due)}
        return _("Due %(day)s") % {"day": short_when(due, now=now)}
    if due < now:
        return _("Overdue by %(span)s") % {"span": how_long(now - due)}
    if due.date() == now.date():
        return _("Due today by %(time)s") % {"time": time_24(due)}
    return _("Due in %(span)s") % {"span": how_long(due - now)}


def clock_tone(due, *, now=None):
    """`now` where it is overdue, `soon` where it is due today or within 24 hours, else `calm`; `none` without a date."""
    if due is None:
        return "none"
    now, due = local(now or clock_now()), local(due)
    if not isinstance(due, datetime):
        days = (due - now.date()).days
        return "now" if days < 0 else "soon" if days == 0 else "calm"
    seconds = (due - now).total_seconds()
    return "now" if seconds < 0 else "soon" if seconds <= 24 * 3600 else "calm"


def clock_mark(due, *, text=None, now=None):
    """A due date as a mark. `text` replaces the words (“6 of 48 hours left”), the tone still follows the date."""
    tone = clock_tone(due, now=now)
    shape = {"now": "triangle", "soon": "diamond", "calm": "dot", "none": "ring"}[tone]
    return mark(text or clock_words(due, now=now), shape=shape, tone=tone)
