"""What several pages of supervision show alike: when it is due, and what became of a session."""

import datetime as dt

from django.utils.translation import gettext as _

from isva.clock.moment import today
from isva.interface.marks import clock_mark, tag
from isva.interface.tables import lines
from isva.interface.words import days_words, long_date
from supervision.clinical import Supervised
from supervision.models import ClinicalSession


def due_words(one: Supervised):
    """When supervision is due, as a mark: a quarter without is a breach; nothing where nobody supervises."""
    if one.opted_out is not None:
        until = _("until %(day)s") % {"day": long_date(one.opted_out.until)}
        return lines(tag(_("Opted out"), "grey"), until, _("Reason: %s") % one.opted_out.get_why_display())
    if one.due_on is None:
        return _("Not arranged")
    if one.is_breach:
        since = one.last_held or (one.arrangement.counts_from if one.arrangement else one.due_on)
        return lines(tag(_("A quarter without"), "red"), _("for %s") % days_words((today() - since).days))
    return clock_mark(one.due_on)


def outcome_words(session: ClinicalSession):
    """What became of a session, and why where it was cancelled."""
    return lines(session.get_outcome_display(), session.get_cancelled_why_display())


def sooner_first(people: list[Supervised]) -> list[Supervised]:
    """Breaches first, then who has nobody, then by the day on which it is due."""
    return sorted(people, key=_order)


def _order(one: Supervised) -> tuple:
    return (not one.is_breach, one.due_on is not None, one.due_on or dt.date.min, one.membership.user.name)
