"""How figures read: numbers, shares, days; and what a measure is counted in."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.measures import Measure
from reporting.tables import Figure, Kind

#: What stands where there is nothing to share or to measure.
NONE = "–"


def number_words(value: float) -> str:
    """A number as it is read: thousands apart, one decimal where there is a part."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def figure_words(kind: Kind, figure: Figure) -> str:
    """A figure in one cell: a count, a percentage with what it is of, a median with its 90th percentile, an amount."""
    if kind is Kind.COUNT:
        return NONE if figure.numerator is None else number_words(figure.numerator)
    if kind is Kind.SHARE:
        if figure.share is None:
            return NONE
        return _("%(percent)s%% (%(hits)s of %(all)s)") % {
            "percent": number_words(round(100 * figure.share, 1)), "hits": number_words(figure.numerator or 0),
            "all": number_words(figure.denominator or 0),
        }  # fmt: skip
    if kind is Kind.SPREAD:
        if figure.median is None:
            return NONE
        return _("%(median)s (9 of 10 within %(ninetieth)s; %(n)s people)") % {
            "median": number_words(round(figure.median, 1)), "ninetieth": number_words(round(figure.ninetieth or 0, 1)),
            "n": number_words(figure.denominator or 0),
        }  # fmt: skip
    if figure.amount is None:
        return NONE
    people = ngettext("%(n)s person", "%(n)s people", figure.denominator or 0) % {
        "n": number_words(figure.denominator or 0)
    }
    return _("%(amount)s (%(people)s)") % {"amount": number_words(round(figure.amount, 1)), "people": people}


def drawn(kind: Kind, figure: Figure) -> float | None:
    """The one value of a figure that a chart draws: the count, the percentage, the median, the amount."""
    return {
        Kind.COUNT: figure.numerator,
        Kind.SHARE: None if figure.share is None else round(100 * figure.share, 1),
        Kind.SPREAD: None if figure.median is None else round(figure.median, 1),
        Kind.AMOUNT: None if figure.amount is None else round(figure.amount, 1),
    }[kind]


def unit_words(measure: Measure) -> str:
    """What the figures of a measure are in: people, percent of people, median days, contacts."""
    units = {
        "people": _("people"), "days": _("days"), "weeks": _("weeks"), "hours": _("hours"), "workers": _("ISVAs"),
        "contacts": _("contacts"), "attempts": _("attempts"), "check-ins": _("check-ins"), "referrals": _("referrals"),
        "appointments": _("appointments"), "weighted cases": _("weighted cases"), "days at court": _("days at court"),
    }  # fmt: skip
    unit = units.get(measure.unit, measure.unit)
    if measure.kind is Kind.SHARE:
        return _("percent of %(unit)s") % {"unit": unit}
    if measure.kind is Kind.SPREAD:
        return _("%(unit)s, the middle value (median)") % {"unit": unit}
    return unit


def kind_words(kind: Kind) -> str:
    """What kind of figure it is."""
    return {
        Kind.COUNT: _("A count"),
        Kind.SHARE: _("A share"),
        Kind.SPREAD: _("The middle value, and the value that 9 of 10 stay within"),
        Kind.AMOUNT: _("An amount"),
    }[kind]
