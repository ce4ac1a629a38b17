"""One row of any kind on a case, filled in by the fields it has: so that no table is left out of an attack."""

import datetime as dt
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction

from casework.models import Agency, Case, Client, ReviewPoint
from casework.sas.instruments import instrument_in_use
from isva.accounts.models import Membership
from isva.clock.moment import now, today
from isva.db.records import CaseRecord, ClientRecord
from supervision.models import Arrangement, ManagementSession

#: What a plain value of the field's type would not satisfy.
SPECIAL: dict[str, dict] = {
    "StageEntry": {"entered_at": dt.datetime(2001, 1, 1, tzinfo=dt.UTC), "left_at": dt.datetime(2001, 1, 2, tzinfo=dt.UTC)},
    "ReviewPoint": {"kind": ReviewPoint.Kind.SAS, "done_on": dt.date(2001, 1, 1)},
    "Grant": {"why": "cover", "category": "", "until": dt.datetime(2001, 1, 2, tzinfo=dt.UTC), "starts_at": dt.datetime(2001, 1, 1, tzinfo=dt.UTC),
              "ended_at": dt.datetime(2001, 1, 2, tzinfo=dt.UTC)},
    "Conflict": {"lifted_at": dt.datetime(2001, 1, 2, tzinfo=dt.UTC)},
    "Restriction": {"lifted_at": dt.datetime(2001, 1, 2, tzinfo=dt.UTC)},
}  # fmt: skip

#: What may be empty, but not in a row as plain as these.
NEEDED = {("OnwardReferral", "agency")}


def any_record(model, case, *, by):
    """A saved row of ``model`` on this case (or its client); None where the case has its one row of that kind already."""
    if model in (Case, Client):
        return None
    unique_to_case = any(
        isinstance(field, models.OneToOneField) and field.name == "case" for field in model._meta.fields
    )
    if unique_to_case and model._base_manager.filter(case=case).exists():
        return None
    row = model()
    for field in model._meta.concrete_fields:
        if not field.primary_key:
            _fill(row, field, case, by)
    for name, value in SPECIAL.get(model.__name__, {}).items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as twice:
        # There is one already, and there may be one only.
        if "unique" not in str(twice):
            raise
        return None
    return row


def _fill(row, field, case, by) -> None:
    if field.is_relation:
        needed = not field.null or (type(row).__name__, field.name) in NEEDED
        related = _related(field.related_model, case, by, needed=needed)
        if related is not None:
            setattr(row, field.name, related)
    elif not field.has_default() and not field.null:
        setattr(row, field.attname, _value(field))


def _related(model, case, by, *, needed: bool):
    known = {"Service": case.service, "Case": case, "Client": case.client, "User": by}
    if model.__name__ in known:
        return known[model.__name__] if needed else None
    if not needed:
        return None
    if model.__name__ == "SasInstrument":
        return instrument_in_use()
    if model is Agency:
        agency = Agency.objects.filter(service=case.service).first()
        if agency is None:
            agency = Agency(service=case.service, name="Larkfield Housing", kind="housing")
            agency.save(force_insert=True)
        return agency
    if model is ManagementSession:
        return _a_session(case, by)
    if issubclass(model, (CaseRecord, ClientRecord)):
        of = {"case": case} if issubclass(model, CaseRecord) else {"client": case.client}
        return model._base_manager.filter(**of).first() or any_record(model, case, by=by)
    raise LookupError(f"no {model.__name__} known to this maker")


def _a_session(case, by):
    """The session on whose agenda a case stands."""
    found = ManagementSession.objects.filter(service=case.service).first()
    if found is not None:
        return found
    member = Membership.objects.filter(service=case.service).order_by("pk").first()
    arrangement = Arrangement(
        service=case.service, membership=member, kind="management", supervisor=by, counts_from=today(), began_on=today()
    )  # fmt: skip
    arrangement.save(force_insert=True)
    session = ManagementSession(
        service=case.service, arrangement=arrangement, held_on=today(), recorded_by=by, recorded_at=now()
    )
    session.save(force_insert=True)
    return session


def _value(field):
    if field.choices and field.blank and not isinstance(field, ArrayField):
        return ""
    if field.choices:
        return next(value for value, _label in field.flatchoices if value != "")
    kinds = (
        (ArrayField, list), (models.DateTimeField, now), (models.DateField, today), (models.TimeField, dt.time),
        (models.UUIDField, uuid.uuid4), (models.JSONField, dict), (models.BooleanField, bool),
        ((models.IntegerField, models.DecimalField, models.FloatField), lambda: 1),
        (models.BinaryField, lambda: b"x"), (models.EmailField, lambda: f"{uuid.uuid4()}@example.org"),
    )  # fmt: skip
    for kind, make in kinds:
        if isinstance(field, kind):
            return make()
    return uuid.uuid4().hex[: field.max_length or 32]
