"""How complete a referral is: a score, and the gaps by name.

The essential ones are those that services say they have to ask for again and again: safe contact, risk, consent and
justice status (report, Referral: quality and consistency of referral information).
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from casework.models import Case, SafeContact
from isva.codes import JusticeStage, Reported, YesNo, YesNoUnknown

#: Gaps by key: what is missing in words, and whether it is essential.
GAPS = {
    "safe_contact": (_("safe contact"), True),
    "risk": (_("risk"), True),
    "consent": (_("consent"), True),
    "justice": (_("justice stage"), True),
    "age": (_("age"), False),
    "area": (_("area"), False),
    "violence": (_("type of violence"), False),
    "unreachable": (_("what to do if they cannot be reached"), False),
    "access": (_("language and access"), False),
}
ESSENTIAL_POINTS, OTHER_POINTS = 20, 4


@dataclass(frozen=True)
class Completeness:
    """``score`` of 100, and the keys of the gaps, essential ones first."""

    score: int
    gaps: tuple[str, ...]

    @property
    def essential(self) -> tuple[str, ...]:
        """The essential gaps."""
        return tuple(gap for gap in self.gaps if GAPS[gap][1])

    @property
    def others(self) -> tuple[str, ...]:
        """The gaps that can wait."""
        return tuple(gap for gap in self.gaps if not GAPS[gap][1])


def completeness(case: Case, contacts) -> Completeness:
    """How complete the referral of a case is. ``contacts`` are the safe contacts of its client."""
    client, referral = case.client, case.referral
    missing = {
        "safe_contact": not any(_is_safe(contact) for contact in contacts),
        "risk": referral.safety_answer not in (YesNoUnknown.YES, YesNoUnknown.NO) and not referral.safety_concerns,
        "consent": referral.consents not in (YesNo.YES, YesNo.NO),
        "justice": _justice_missing(case, referral),
        "age": client.date_of_birth is None and client.age_given is None,
        "area": not client.area,
        "violence": not referral.violence_type,
        "unreachable": not client.unreachable_plan and not client.welfare_check,
        "access": not client.access_needs and not client.formats and not client.interpreter_needed
        and client.language == "english" and not client.preferred_worker_sex and not client.preferred_times,
    }  # fmt: skip
    gaps = tuple(key for key in GAPS if missing[key])
    lost = sum(ESSENTIAL_POINTS if GAPS[gap][1] else OTHER_POINTS for gap in gaps)
    return Completeness(score=100 - lost, gaps=gaps)


def names(gaps) -> list[str]:
    """Gaps in words; a key that is no gap is left out."""
    return [str(GAPS[gap][0]) for gap in gaps if gap in GAPS]


def _is_safe(contact) -> bool:
    return contact.standing == SafeContact.Standing.IN_USE and (
        contact.safe_to_call or contact.safe_to_text or contact.safe_to_write
    )


def _justice_missing(case, referral) -> bool:
    return referral.reported in ("", Reported.UNKNOWN) or (
        referral.reported == Reported.YES and case.justice_stage == JusticeStage.UNKNOWN
    )


def lacks_an_essential() -> Q:
    """The same essential gaps as a condition on cases, for the filter of the inbox."""
    safe = SafeContact.objects.filter(client=OuterRef("client"), standing=SafeContact.Standing.IN_USE).filter(
        Q(safe_to_call=True) | Q(safe_to_text=True) | Q(safe_to_write=True)
    )
    answered = [YesNoUnknown.YES.value, YesNoUnknown.NO.value]
    return (
        Q(~Exists(safe))
        | (~Q(referral__safety_answer__in=answered) & Q(referral__safety_concerns__len=0))
        | ~Q(referral__consents__in=[YesNo.YES.value, YesNo.NO.value])
        | Q(referral__reported__in=["", Reported.UNKNOWN.value])
        | Q(referral__reported=Reported.YES.value, justice_stage=JusticeStage.UNKNOWN.value)
    )
