"""Outcomes and feedback: asked of everybody, also of those who declined (quality standards: feedback, outcome measures)."""

from django.utils.translation import gettext_lazy as _

from reporting.measures.kinds import Measure, MoreIs, Section, Source
from reporting.tables import Kind

MEASURES = (
    Measure(
        key="feedback", section=Section.OUTCOMES, name=_("Feedback given"), kind=Kind.COUNT, source=Source.STANDARDS,
        more_is=MoreIs.BETTER, definition=_("How often feedback was given in the period, and what it says of the service."),
        not_recorded=_("Feedback is not kept yet."),
    ),
    Measure(
        key="outcomes", section=Section.OUTCOMES, name=_("What clients say has changed"), kind=Kind.SHARE, source=Source.STANDARDS,
        more_is=MoreIs.BETTER, definition=_("Of people who were asked: who feels safer, better informed, better able to cope."),
        not_recorded=_("Outcomes are not asked in a form that can be counted yet."),
    ),
    Measure(
        key="complaints", section=Section.OUTCOMES, name=_("Complaints answered in time"), kind=Kind.SHARE, source=Source.STANDARDS,
        more_is=MoreIs.BETTER, definition=_("Complaints that were answered within 20 working days."),
        not_recorded=_("Complaints are not kept yet."),
    ),
)  # fmt: skip
