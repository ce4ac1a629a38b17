"""The one letter that people and places send: the link of an invitation, and nothing else in it."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from isva.accounts.models import Invitation
from isva.interface.words import long_date


def invitation_link(token: str) -> str:
    """The address that an invited person opens."""
    return settings.SITE_URL.rstrip("/") + reverse("accept_invitation", args=[token])


def send_invitation(invitation: Invitation, token: str) -> None:
    """Send the secret link to the person invited. The letter names nobody and no service."""
    text = render_to_string(
        "emails/accounts/invitation.txt",
        {"link": invitation_link(token), "until": long_date(invitation.expires_at)},
    )
    send_mail(_("Your invitation"), text, settings.DEFAULT_FROM_EMAIL, [invitation.email])
