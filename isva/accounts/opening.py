"""How a service begins: its row, and an invitation for its first records lead, who lets in everybody else."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from isva.access.roles import Role
from isva.access.system import SystemUser, act_as_system
from isva.accounts import letters
from isva.accounts.joining import invite_member
from isva.accounts.models import Invitation, Service, User
from isva.refusal import Refusal

#: What an account is called at most, and an address (RFC 5321).
LONGEST_NAME, LONGEST_ADDRESS = 120, 254


class CannotOpen(Refusal):
    """A service that cannot be opened as it was described. Its text says what to write differently."""


@dataclass(frozen=True)
class Opened:
    """A service that was just opened, the invitation of its records lead, and the secret link of it, told this once."""

    service: Service
    invitation: Invitation
    link: str

    @property
    def forms(self) -> str:
        """The address at which the public finds the service's forms."""
        page = reverse("start_referral", kwargs={"service": self.service.slug})
        return settings.SITE_URL.rstrip("/") + page


@transaction.atomic
def open_service(*, name: str, slug: str, phone: str, lead_email: str, lead_name: str) -> Opened:
    """Make a service and invite its first records lead; both or neither.

    Whoever runs the machine does it, where nobody is there yet who could invite anybody: the invitation is in their
    name, and no letter goes out. What is not told here (hours, areas, numbers) has its defaults, and the records lead
    changes it. Somebody who has an account already takes the invitation up with it. Raises CannotOpen in words where
    something is missing or malformed, another service has the address of the forms, or the account of the address of
    the records lead is closed.
    """
    service = Service(name=name.strip(), slug=slug.strip().lower(), phone=phone.strip())
    lead_email, lead_name = lead_email.strip().lower(), lead_name.strip()
    if wrong := [*_wrong_with_service(service), *_wrong_with_lead(lead_email, lead_name)]:
        raise CannotOpen(*wrong)
    with act_as_system(SystemUser.OPERATOR, service) as operator:
        service.save(force_insert=True)
        invitation, token = invite_member(
            service=service, email=lead_email, name=lead_name, roles=[Role.RECORDS_LEAD], by=operator.user,
            by_letter=False,
        )  # fmt: skip
    return Opened(service, invitation, letters.invitation_link(token))


def _wrong_with_service(service: Service) -> list[str]:
    if Service.objects.filter(slug=service.slug).exists():
        return [_("Another service has this address of the public forms (slug) already.")]
    told = ("name", "slug", "phone")
    try:
        service.clean_fields(exclude=[one.name for one in Service._meta.fields if one.name not in told])
    except ValidationError as why:
        return [f"{name}: {said}" for name, all_said in why.message_dict.items() for said in all_said]
    return []


def _wrong_with_lead(email: str, name: str) -> list[str]:
    wrong = []
    if not name or len(name) > LONGEST_NAME:
        wrong.append(_("Give the name of the records lead, in at most %d characters.") % LONGEST_NAME)
    try:
        validate_email(email)
    except ValidationError:
        wrong.append(_("The e-mail address of the records lead is not one."))
    else:
        known = User.objects.filter(email__iexact=email).first()
        if len(email) > LONGEST_ADDRESS:
            wrong.append(_("The e-mail address of the records lead is too long."))
        elif known is not None and (known.is_system or not known.is_active):
            wrong.append(_("The account with the e-mail address of the records lead is closed."))
    return wrong
