"""The receipt: the one e-mail of a referral. It says that something has come in, and nothing about anybody.

Whoever refers themselves or their child was promised that it does not say what it is about: theirs names no service,
neither in its text nor as its sender.
"""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from isva.access.system import SystemUser, act_as_system
from isva.clock.moment import now
from isva.clock.terms import number_now
from referrals.models import Referral, StatusLink
from referrals.secrets import token_of


def acknowledge(referral_id, *, service) -> bool:
    """Send the receipt of a referral to whoever made it, once, and note when; False where there is nothing to send.

    Two couriers with the same letter wait for each other: the second finds it sent. The clock's work: the form that
    took the referral in sees nothing of it any more.
    """
    with transaction.atomic(), act_as_system(SystemUser.CLOCK, service):
        referral = (
            Referral.objects.select_for_update(of=("self",))
            .select_related("service")
            .filter(pk=referral_id, acknowledged_at__isnull=True)
            .exclude(referrer_email="")
            .first()
        )
        if referral is None:
            return False
        referral.acknowledged_at = now()
        referral.save(update_fields=["acknowledged_at"])
        send_mail(
            subject=_("We have received your form"),
            message=_receipt(referral),
            from_email=_sender(referral),
            recipient_list=[referral.referrer_email],
        )
    return True


def receipts_left_behind(*, service, since):
    """Keys of a service's referrals received after ``since`` whose receipt is still to be sent: the database is the outbox."""
    waiting = Referral.objects.filter(
        service=service, acknowledged_at__isnull=True, received_at__gt=since
    ).exclude(referrer_email="")
    with act_as_system(SystemUser.CLOCK, service):
        return list(waiting.values_list("pk", flat=True))


def _sender(referral: Referral) -> str:
    """The address it comes from, with the name that stands before it only where the reader is a professional."""
    address = settings.DEFAULT_FROM_EMAIL
    return address if referral.is_professional else parseaddr(address)[1]


def _receipt(referral: Referral) -> str:
    link = StatusLink.objects.filter(case=referral.case_id).first()
    site = settings.SITE_URL.rstrip("/")
    return render_to_string(
        "emails/referrals/receipt.txt",
        {
            "service": referral.service,
            "within": number_now(referral.service, "first_contact_standard_days"),
            "status_url": site + reverse("referral_status", args=[token_of(link)]) if link else "",
            "professional": referral.is_professional,
        },
    )
