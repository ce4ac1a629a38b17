"""Closures: how support ends (report, Closure; quality standard: exit strategy).

*Planned* is a closure because the work is done, the justice process has ended, or needs are met elsewhere. Every other
is *unplanned*; disengaged counts as unplanned. A contract can move a reason, and the report then says so.
"""

from django.utils.translation import gettext_lazy as _

from casework.models import Closure
from reporting.measures.dimensions import ACCESS, EQUALITY
from reporting.measures.kinds import Measure, MoreIs, Section, Source, own
from reporting.tables import Kind

#: Reasons of closure that count as planned, unless a contract moves one.
PLANNED = tuple(sorted(reason.value for reason in Closure.PLANNED))

#: Each case once: support that ended in the period, with the signed-off closure that belongs to it, where there is one.
_ENDED = """
    SELECT DISTINCT ON (c.case_id) c.case_id, coalesce(x.reason, '') AS reason, coalesce(x.return_explained, false) AS return_explained,
        coalesce(x.feedback_invited, false) AS feedback_invited, coalesce(x.onward_support, '') <> '' AS onward
    FROM courses c
    LEFT JOIN LATERAL (SELECT k.* FROM casework_closure k WHERE k.case_id = c.case_id AND k.decision = 'approved'
        AND k.decided_at >= c.supported_at AND k.decided_at <= c.closed_at + interval '1 hour'
        ORDER BY k.decided_at DESC, k.recorded_at DESC, k.id LIMIT 1) x ON true
    WHERE c.supported_at IS NOT NULL AND c.closed_at >= %(begins)s AND c.closed_at < %(ends)s
    ORDER BY c.case_id, c.closed_at DESC"""


def _share(key: str, hit: str, **fields) -> Measure:
    return Measure(
        key=key, section=Section.CLOSURE, kind=Kind.SHARE, counted=key, out_of="support_ended", by=(*ACCESS, *EQUALITY),
        denominator=_("people whose support ended in the period"), sql=f"SELECT case_id, {hit} AS hit FROM ({_ENDED}) e", **fields,
    )  # fmt: skip


MEASURES = (
    Measure(
        key="closures", section=Section.CLOSURE, name=_("Support that ended"), kind=Kind.COUNT, source=Source.REPORT,
        counted="support_ended", definition=_("People whose case was closed in the period after active support had begun."),
        numerator=_("people whose support ended"), own=(own("reason", _("Reason"), Closure.Reason.choices),), sql=_ENDED,
        by=(*ACCESS, *EQUALITY),
    ),
    _share("planned_closures", "reason = ANY (%(planned)s::text[])", name=_("Planned closures"), source=Source.REPORT, more_is=MoreIs.BETTER,
           definition=_(
               "Planned: the work is done, the justice process has ended, or needs are met elsewhere. Unplanned: "
               "disengaged, lost contact, moved, custody, ill health, declined. A contract can move a reason."
           ),
           numerator=_("people whose support ended as planned"),
           parts=lambda scope: ("support_ended", "reason", scope.planned or PLANNED)),
    _share("return_explained", "return_explained", name=_("Told how to come back"), source=Source.STANDARDS, more_is=MoreIs.BETTER,
           definition=_("People whose support ended in the period, and who know how they can come back."),
           numerator=_("people who know how to come back")),
    _share("onward_support", "onward", name=_("Support in place after the ending"), source=Source.STANDARDS,
           more_is=MoreIs.BETTER, definition=_("People whose support ended in the period, with other support in place from then on."),
           numerator=_("people with other support in place")),
    _share("feedback_invited", "feedback_invited", name=_("Invited to give feedback"), source=Source.STANDARDS,
           more_is=MoreIs.BETTER, definition=_("People whose support ended in the period, and who were invited to give feedback."),
           numerator=_("people who were invited")),
)  # fmt: skip
