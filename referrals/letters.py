"""The receipt: the one e-mail of a referral. It says that something has come in, and nothing about anybody."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from isva.access.system import SystemUser, act_as_system
from isva.clock.moment import now
from isva.clock.terms import number_now
from isva.interface.words import days_words
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
            from_email=settings.DEFAULT_FROM_EMAIL,
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


def _receipt(referral: Referral) -> str:
    link = StatusLink.objects.filter(case=referral.case_id).first()
    return render_to_string(
        "emails/referrals/receipt.txt",
        {
            "service": referral.service,
            "within": days_words(number_now(referral.service, "first_contact_standard_days")),
            "status_url": settings.SITE_URL + reverse("referral_status", args=[token_of(link)])
            if link
            else "",
            "professional": referral.is_professional,
        },
    )
