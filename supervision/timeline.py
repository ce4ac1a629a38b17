"""What supervision puts on the timeline of a case: that it was reviewed as a whole, and what was decided."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.timeline import tell
from isva.interface.words import long_date
from supervision.models import CaseReview


def _headline(facts: dict) -> str:
    return _("Case review: %(why)s") % {"why": str(CaseReview.Why(facts["why"]).label).lower()}


def _body(facts: dict) -> str:
    if facts["next_on"]:
        ahead = _("Next review: %s") % long_date(dt.date.fromisoformat(facts["next_on"]))
    else:
        ahead = _("No other review is needed: %s") % facts["no_next_why"]
    with_whom = _("Took part: %s") % facts["took_part"] if facts["took_part"] else ""
    return "\n\n".join(filter(None, (facts["decided"], with_whom, ahead)))


tell(
    CaseReview, kind="decision", kind_word=gettext_lazy("Decision"), at="reviewed_on", headline=_headline, body=_body,
    columns={name: name for name in ("why", "decided", "took_part", "next_on", "no_next_why")},
)  # fmt: skip
