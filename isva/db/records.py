"""The bases of everything the service records: of a service, of a client, of a case.

A *case record* hangs on one case and shares its visibility, its history and, in the database, its policy.
The ground floor knows ``Case`` and ``Client`` by name only.
"""

import uuid

from django.db import models

from isva.access.acting import acting_person
from isva.db.history import RecordHistory


class ServiceRecord(models.Model):
    """A row that belongs to one service, with a random key that tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey("accounts.Service", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class CaseRecordQuerySet(models.QuerySet):
    """Rows of case records. Sight fails shut: nobody acting, or somebody else asking, sees nothing."""

    def visible_to(self, user):
        """The rows of the cases that ``user`` may see in the service they act in."""
        from django.apps import apps

        cases = apps.get_model("casework", "Case").objects.visible_to(user)
        return self.filter(case__in=cases)


class CaseRecord(ServiceRecord):
    """Anything recorded about a case: same foreign key, same history, same visibility, same database policy."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    history = RecordHistory(inherit=True)
    objects = CaseRecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        from isva.clock.moment import now

        if self._state.adding:
            self.service_id = self.case.service_id
            self.recorded_at = self.recorded_at or now()
        super().save(*args, **kwargs)


class ClientRecordQuerySet(models.QuerySet):
    """Rows of client records, seen where the client is seen."""

    def visible_to(self, user):
        """The rows of the clients that ``user`` may see in the service they act in."""
        from django.apps import apps

        return self.filter(client__in=apps.get_model("casework", "Client").objects.visible_to(user))


class ClientRecord(ServiceRecord):
    """Anything kept about the person across all their cases (their safe contacts above all)."""

    client = models.ForeignKey("casework.Client", on_delete=models.PROTECT)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    history = RecordHistory(inherit=True)
    objects = ClientRecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        from isva.clock.moment import now

        if self._state.adding:
            self.service_id = self.client.service_id
            self.recorded_at = self.recorded_at or now()
        super().save(*args, **kwargs)


class OfServiceQuerySet(models.QuerySet):
    """Rows of a service that every member may see (its agencies, say)."""

    def visible_to(self, user):
        """The rows of the service that ``user`` acts in."""
        person = acting_person()
        if person is None or user is None or person.user.pk != user.pk:
            return self.none()
        return self.filter(service=person.service)
