"""What the front door puts on the timeline of a case: the referral, the questions to its sender, likely duplicates."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.timeline import tell
from isva.codes import ReferralSource
from referrals.completeness import names
from referrals.models import InformationRequest, PossibleDuplicate, Referral


def _received(facts: dict) -> str:
    route = dict(Referral.Route.choices).get(facts["route"], "")
    source = dict(ReferralSource.choices).get(facts["source"], "")
    return _("Referral received from: %(source)s (%(route)s)") % {
        "source": source,
        "route": str(route).lower(),
    }


def _safety(facts: dict) -> str:
    if facts["safety_answer"] == "yes" or facts["safety_concerns"]:
        return _("With answers that could not wait.")
    return ""


def _asked(facts: dict) -> str:
    gaps = names(facts["gaps"] or [])
    if gaps:
        return _("Referrer asked for: %(gaps)s") % {"gaps": ", ".join(gaps)}
    return _("Referrer asked for more")


def _decided(facts: dict) -> str:
    if facts["standing"] == PossibleDuplicate.Standing.LINKED:
        return _("Linked as the same person as somebody already known")
    return _("Not the same person as somebody already known")


tell(
    Referral, kind="stage", kind_word=gettext_lazy("Referral"), at="received_at",
    columns={"route": "route", "source": "source", "safety_answer": "safety_answer", "safety_concerns": "safety_concerns"},
    headline=_received, body=_safety,
)  # fmt: skip
tell(
    InformationRequest, kind="note", kind_word=gettext_lazy("Referral"), at="recorded_at",
    columns={"gaps": "gaps", "question": "question"}, headline=_asked, body=lambda facts: facts["question"],
)  # fmt: skip
tell(
    InformationRequest, kind="note", kind_word=gettext_lazy("Referral"), at="answered_at",
    columns={"answer": "answer"}, headline=lambda facts: _("Referrer answered"),
    body=lambda facts: facts["answer"], where={"answered_at__isnull": False},
    by_lookup="",
)  # fmt: skip
tell(
    PossibleDuplicate, kind="decision", kind_word=gettext_lazy("Referral"), at="decided_at",
    columns={"standing": "standing"}, headline=_decided, where={"decided_at__isnull": False},
    by_lookup="decided_by__name",
)  # fmt: skip
