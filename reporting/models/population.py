"""Who lives in the area: public figures, against which the people whom the service reaches are held."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from isva.db.history import RecordHistory
from isva.db.records import OfServiceQuerySet, ServiceRecord


class AreaPopulation(ServiceRecord):
    """The population of an area of the service (none named: of all of it) by one protected characteristic.

    ``shares`` are percentages by the lines of the breakdown ``characteristic``; lines that were not given are left out.
    """

    area = models.CharField(_("area"), max_length=80, blank=True)
    characteristic = models.SlugField(_("characteristic"), max_length=30)
    shares = models.JSONField(_("shares in percent"))
    source = models.CharField(_("source"), max_length=120)
    year = models.PositiveSmallIntegerField(_("year"))

    history = RecordHistory()
    objects = OfServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "area", "characteristic"], name="one_population_of_a_characteristic"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="a_population_names_its_source"),
        ]
