"""How much somebody carried as a day began: figures that show nobody, kept so that a development can be told."""

from django.db import models

from isva.access.acting import acting_person
from isva.access.roles import Permission
from isva.db.records import OfServiceQuerySet, ServiceRecord


class LoadReadingQuerySet(OfServiceQuerySet):
    """Loads: one's own, and those of everybody for whoever allocates."""

    def visible_to(self, user):
        """The loads of ``user``; those of everybody for whoever allocates."""
        rows, person = super().visible_to(user), acting_person()
        if person is not None and person.can(Permission.ALLOCATE):
            return rows
        return rows.filter(membership__user=user)


class LoadReading(ServiceRecord):
    """What one person carried as a day began, and what they may carry. Derived from grants, stages and complexity."""

    membership = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="loads")
    day = models.DateField()
    open_count = models.PositiveSmallIntegerField()
    cap = models.PositiveSmallIntegerField()
    weighted = models.DecimalField(max_digits=6, decimal_places=2)
    capacity = models.DecimalField(max_digits=6, decimal_places=2)
    is_over = models.BooleanField()

    objects = LoadReadingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "day"], name="one_load_of_a_day")]
        indexes = [models.Index(fields=["service", "day"], name="loads_of_a_day")]
