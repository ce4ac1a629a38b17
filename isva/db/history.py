"""History on every record: what it was, when it changed, and who changed it."""

from functools import cache

from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from isva.access.acting import acting_person, acting_user
from isva.clock.moment import now


class RecordManager(HistoryManager):
    """What ``record.history`` is. simple-history makes a class for it at every look, so also at every write: here once."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class, class_name=None):
        return super().from_queryset(queryset_class, class_name)


class RecordHistory(HistoricalRecords):
    """simple-history, with the acting person as the one who changed it and the service's own clock.

    ``needs_person=False`` is for rows that come to be before anyone can act (accounts, services).
    History tables copy no index of a foreign key: they are read by record, for investigation only.
    """

    def __init__(self, *args, needs_person: bool = True, **kwargs):
        self.needs_person = needs_person
        super().__init__(*args, history_manager=RecordManager, **kwargs)

    def get_history_user(self, instance):
        if self.needs_person:
            return acting_user()
        person = acting_person()
        return person.user if person else None

    def copy_fields(self, model):
        fields = super().copy_fields(model)
        for field in fields.values():
            if field.is_relation:
                field.db_index = False
        return fields

    def create_historical_record(self, instance, history_type, using=None):
        instance._history_date = now()
        return super().create_historical_record(instance, history_type, using)
