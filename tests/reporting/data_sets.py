"""The minimum data set as somebody of a service would get it: what its tests share."""

from isva.access.acting import act
from isva.clock.moment import today
from reporting.data_set import files
from reporting.data_set.gathering import Span, records_of
from reporting.sight import Sight


def records(service, user, span=None) -> list[dict]:
    """The records, of all time unless ``span`` says otherwise."""
    with act(user, service):
        return records_of(service, span or Span.until(today()), sight=Sight(user))


def as_file(service, user, form, span=None) -> bytes:
    """The file of a kind, likewise."""
    with act(user, service):
        return files.as_file(service, span or Span.until(today()), sight=Sight(user), form=form)
