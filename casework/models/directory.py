"""Whom to turn to at an agency: single points of contact and their deputies, from a day until a day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.plan import Agency
from isva.db.fields import ProtectedText
from isva.db.history import RecordHistory
from isva.db.records import OfServiceQuerySet, ServiceRecord


class AgencyContactQuerySet(OfServiceQuerySet):
    """Contacts at agencies: seen by every member of the service."""

    def live(self, day):
        """Those who are in post on ``day``."""
        return self.filter(from_on__lte=day).filter(Q(until_on__isnull=True) | Q(until_on__gte=day))


class AgencyContact(ServiceRecord):
    """Somebody at an agency to turn to: its single point of contact, or the deputy. Staff of agencies, never a client.

    ``until_on`` is the last day in post. Source: police and CPS framework, components 1 and 8 (single points of contact,
    who stands in, succession).
    """

    class Part(models.TextChoices):
        CONTACT = "contact", _("Single point of contact")
        DEPUTY = "deputy", _("Deputy")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="contacts")
    part = models.CharField(_("part"), max_length=10, choices=Part)
    name = models.CharField(_("name"), max_length=120)
    job = models.CharField(_("role there"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    note = ProtectedText(_("how best to reach them"), max_length=500)
    from_on = models.DateField(_("in post from"))
    until_on = models.DateField(_("last day in post"), null=True, blank=True)

    history = RecordHistory()
    objects = AgencyContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="contact_leaves_after_they_begin"
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "part"])]
