"""The letters of the walls: to managers and records leads, saying that something happened and nothing about anybody."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.models import EmergencyReview
from isva.access.roles import Role
from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import Membership, Service
from isva.clock.moment import now

log = logging.getLogger("isva.casework")


def tell_of_emergency(service: Service, review_id) -> bool:
    """Tell every manager and records lead that an emergency opening happened, once; False where it was told.

    Two couriers with the same letter wait for each other: the second finds it told.
    """
    with transaction.atomic(), act_as_system(SystemUser.GUARD, service):
        review = (
            EmergencyReview.objects.select_for_update(of=("self",))
            .filter(pk=review_id, service=service, letter_at__isnull=True)
            .first()
        )
        if review is None:
            return False
        review.letter_at = now()
        review.save(update_fields=["letter_at"])
        _send(service, _("An emergency opening needs a review"), "emergency.txt")
    return True


def emergencies_left_behind(service: Service) -> list:
    """Keys of the openings that nobody was told of yet: the database is the outbox."""
    with act_as_system(SystemUser.GUARD, service):
        return list(
            EmergencyReview.objects.filter(service=service, letter_at__isnull=True).values_list(
                "pk", flat=True
            )
        )


def tell_of_unseen(service: Service) -> None:
    """Tell managers and records leads that no manager can see one of the open cases."""
    with act_as_system(SystemUser.GUARD, service):
        _send(service, _("A case needs somebody from outside"), "unseen.txt")


def _send(service: Service, subject: str, template: str) -> None:
    """Send it to each of those who watch; one address that refuses its letter keeps nobody else's.

    Raises what went wrong where it reached nobody: then it is tried again.
    """
    text = render_to_string(
        f"emails/casework/{template}", {"link": settings.SITE_URL.rstrip("/") + reverse("list_emergencies")}
    )
    told, lost = 0, None
    for address in _who_watches(service):
        try:
            told += send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
        except Exception as why:  # the log names the kind of error and quotes nothing
            log.error("A letter of the walls could not be sent: %s", type(why).__name__)
            lost = why
    if lost is not None and not told:
        raise lost


def _who_watches(service: Service) -> list[str]:
    watching = [Role.MANAGER, Role.RECORDS_LEAD]
    members = Membership.objects.filter(service=service, roles__overlap=watching).live()
    return sorted(members.values_list("user__email", flat=True))
