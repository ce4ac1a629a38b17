"""Training in words: what it is, until when it holds, what was seen of it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from isva.clock.moment import today
from isva.interface.marks import tag
from isva.interface.tables import lines, link
from isva.interface.words import long_date
from supervision.models import Training


def name_of(one: Training) -> str:
    """What it is: its own words where it has some, else its kind."""
    return one.title or str(one.get_kind_display())


def kinds_words(kinds) -> list[str]:
    """Kinds of training as lines."""
    return [str(Training.Kind(kind).label) for kind in kinds]


def hours_words(hours) -> str:
    """Hours without a needless nought: 7.5, 6."""
    return f"{float(hours):g}"


def ending_words(one: Training) -> str:
    """What runs out, and on which day."""
    return _("%(what)s: %(day)s") % {"what": name_of(one), "day": long_date(one.expires_on)}


def record_row(one: Training, *, change: bool) -> list:
    """One record as the cells of a table; its name leads to changing it, for whoever may."""
    name = name_of(one)
    if change:
        name = link(
            name, reverse("change_training", args=[one.pk]), hidden=_("of %s") % long_date(one.taken_on)
        )
    kind = one.get_kind_display() if one.title else ""
    return [
        lines(name, kind, one.provider), _when(one), _until(one), hours_words(one.hours) if one.hours is not None else "–",
        _evidence(one),
    ]  # fmt: skip


def _when(one: Training):
    day = long_date(one.taken_on)
    if one.status == Training.Status.CANCELLED:
        return lines(day, tag(_("Cancelled"), "grey"), one.get_cancelled_why_display())
    if one.status == Training.Status.PLANNED:
        return lines(day, tag(_("Planned"), "outline"))
    return day


def _until(one: Training):
    if one.status != Training.Status.HELD:
        return "–"
    if one.expires_on is None:
        return _("Does not run out")
    if one.expires_on < today():
        return lines(long_date(one.expires_on), tag(_("Ran out"), "grey"))
    return long_date(one.expires_on)


def _evidence(one: Training):
    if one.status != Training.Status.HELD:
        return "–"
    if one.seen_by is None:
        return _("Not seen yet")
    by = _("seen by %(who)s on %(day)s") % {"who": one.seen_by.name, "day": long_date(one.seen_on)}
    return lines(one.evidence, by)
