"""The usual cohort and area of a service: said on the form, and never a reason not to take a referral.

Exclusion is decided case by case at triage (statutory guidance 67; design of the service: still takes the referral).
"""

from django.utils.translation import gettext as _

from isva.accounts.models import Membership, StaffProfile
from isva.codes import Specialism
from referrals.models import Referral

ADULT = 18


def outside_usual(service, *, years: int | None, elsewhere: bool) -> list[str]:
    """What of a referral lies outside the usual: age, a child where no children's ISVA is, area. Codes of Referral."""
    found = []
    if years is not None:
        if years < ADULT and not supports_children(service):
            found.append(Referral.OutsideUsual.CHILD.value)
        elif years < service.age_from or (service.age_to is not None and years > service.age_to):
            found.append(Referral.OutsideUsual.AGE.value)
    if elsewhere:
        found.append(Referral.OutsideUsual.AREA.value)
    return found


def supports_children(service) -> bool:
    """Whether a children's ISVA (CHISVA) belongs to the service today. Asked once per service object."""
    if not hasattr(service, "_supports_children"):
        here = Membership.objects.filter(service=service).live()
        service._supports_children = StaffProfile.objects.filter(
            membership__in=here, specialisms__contains=[Specialism.CHILDREN]
        ).exists()
    return service._supports_children


def words(service, codes) -> list[str]:
    """Why it lies outside the usual, in sentences for the page of the form."""
    sentences = {
        Referral.OutsideUsual.CHILD: _("We do not have a children’s ISVA at the moment."),
        Referral.OutsideUsual.AGE: _age_words(service),
        Referral.OutsideUsual.AREA: _("We usually work in %(areas)s.") % {"areas": ", ".join(service.areas)}
        if service.areas
        else _("This is outside our usual area."),
    }
    return [sentences[code] for code in codes]


def _age_words(service) -> str:
    if service.age_to is None:
        return _("We usually support people aged %(first)d and over.") % {"first": service.age_from}
    return _("We usually support people aged %(first)d to %(last)d.") % {
        "first": service.age_from, "last": service.age_to,
    }  # fmt: skip
