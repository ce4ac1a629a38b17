"""What makes the pseudonyms of a service's minimum data set."""

from django.db import models

from isva.db.records import OfServiceQuerySet, ServiceRecord


class PseudonymKey(ServiceRecord):
    """The random key of a service's pseudonyms. Written once: another key would make strangers of all earlier records."""

    written_once = True

    at = models.DateTimeField()
    key = models.BinaryField(max_length=32)

    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service"], name="one_key_of_a_service")]
