"""Looks that somebody should look into: raised by the clock from the access entries, each once.

What is unusual:

* *not theirs*: a case opened by emergency access, or by somebody whom neither a grant nor a role explains. What a
  manager opens in their service, and a coordinator in the intake stages, is their work and raises nothing;
* *same name*: the client's family name is that of whoever looked, or of somebody they declared a connection to;
* *same postcode*: an address of the client has the postcode that whoever looked gave as their own;
* *often*: one page of a case opened more than five times in a day by somebody who wrote nothing on it that day;
* *closed*: a closed case was opened;
* *out of hours*: a case was opened outside the service's hours.

One alert for a person, a case, a kind and a day; the same name, and the same postcode, once for a person and a case.
"""

import datetime as dt
import hashlib
from collections import defaultdict

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from casework.models import Case, SafeContact
from isva.access.acting import ActingPerson
from isva.access.roles import Permission
from isva.access.system import SystemUser, act_as_system
from isva.accounts.models import DeclaredConnection, StaffProfile
from isva.audit.models import AccessAlert, AccessEntry
from isva.clock.moment import LONDON, now
from isva.postcodes import postcodes_in
from isva.refusal import Refusal

#: Openings of one page of a case in a day above which somebody is asked why.
OFTEN = 5
#: The order of the list of alerts.
ORDER = ("-raised_at", "-id")
Kind, What, Why = AccessAlert.Kind, AccessEntry.What, AccessEntry.Why
#: What counts as a look: a form that was sent follows one, and a refusal showed nothing.
_LOOKS = (What.OPENED, What.PRINTED, What.EXPORTED, What.DOWNLOADED)
_UNEXPLAINED = ("", Why.BREAK_GLASS)


class CannotLookInto(Refusal):
    """This alert is not theirs to look into, or somebody did already. Its text says which."""


def raise_alerts(service, *, since: dt.datetime) -> int:
    """Raise what the looks of a service ``since`` then ask for; returns how many are new. Run twice, it raises once."""
    with transaction.atomic(), act_as_system(SystemUser.CLOCK, service):
        entries = list(
            AccessEntry.objects.filter(service=service, at__gte=since, what__in=_LOOKS, client__isnull=False)
            .select_related("user")
            .order_by("at", "pk")
        )
        found = {_mark(kind, entry): (kind, entry) for kind, entry in _unusual(service, entries)}
        known = set(AccessAlert.objects.filter(mark__in=found).values_list("mark", flat=True))
        for mark in found.keys() - known:
            kind, entry = found[mark]
            AccessAlert(
                service=service, kind=kind, entry=entry, user=entry.user, case=entry.case, mark=mark, raised_at=now()
            ).save(force_insert=True)  # fmt: skip
        return len(found.keys() - known)


def _unusual(service, entries):
    """Yields (kind, entry) for every look that asks for an alert; the first one of its mark comes last."""
    names = _family_names(entries)
    users = {entry.user_id for entry in entries}
    known_to, homes = _connections(service, users), _homes(service, users)
    places = _postcodes(entries) if homes else {}
    for entry in reversed(entries):
        if entry.why in _UNEXPLAINED:
            yield Kind.NOT_THEIRS, entry
        if entry.case_was_closed:
            yield Kind.CLOSED, entry
        if not entry.in_hours:
            yield Kind.OUT_OF_HOURS, entry
        if names.get(entry.client, "") in {_family_name(entry.user.name), *known_to[entry.user_id]} - {""}:
            yield Kind.SAME_NAME, entry
        if homes.get(entry.user_id) in places.get(entry.client, ()):
            yield Kind.SAME_POSTCODE, entry
    yield from ((Kind.OFTEN, entry) for entry in _often(service, entries))


def _often(service, entries):
    """Yields the opening that was one too many, of whoever wrote nothing on the case that day."""
    days = {(entry.user_id, entry.case, _day(entry.at)) for entry in entries if entry.what == What.OPENED}
    for user, case, day in days:
        begins = dt.datetime.combine(day, dt.time.min, tzinfo=LONDON)
        ends = begins + dt.timedelta(days=1)
        pages = defaultdict(list)
        opened = AccessEntry.objects.filter(
            service=service, user=user, case=case, what=What.OPENED, at__gte=begins, at__lt=ends
        )
        for entry in opened.select_related("user").order_by("at", "pk"):
            pages[entry.page].append(entry)
        one_too_many = [opened[OFTEN] for opened in pages.values() if len(opened) > OFTEN]
        if one_too_many and not _wrote_on(case, user, begins, ends):
            yield min(one_too_many, key=lambda entry: entry.pk)


def _wrote_on(case, user, begins: dt.datetime, ends: dt.datetime) -> bool:
    """Whether somebody wrote anything on a case in that time, as its histories tell."""
    for model in apps.get_models():
        if model.__name__.startswith("Historical") and any(
            field.attname == "case_id" for field in model._meta.concrete_fields
        ):
            written = model._base_manager.filter(
                history_date__gte=begins, history_date__lt=ends, history_user=user, case_id=case
            )
            if written.exists():
                return True
    return False


def _family_names(entries) -> dict:
    """The family name of each client that was looked at, by key."""
    keys = {entry.case for entry in entries}
    cases = Case._base_manager.filter(pk__in=keys).values_list("client", "client__name")
    return {client: _family_name(name) for client, name in cases}


def _connections(service, users) -> defaultdict:
    """The family names of the people whom each of these users declared a connection to."""
    found = defaultdict(set)
    declared = DeclaredConnection.objects.filter(service=service, membership__user__in=users)
    for user, name in declared.values_list("membership__user", "name"):
        found[user].add(_family_name(name))
    return found


def _homes(service, users) -> dict:
    """The postcode that each of these users gave as their own."""
    profiles = StaffProfile.objects.filter(service=service, membership__user__in=users).exclude(
        home_postcode=""
    )
    return dict(profiles.values_list("membership__user", "home_postcode"))


def _postcodes(entries) -> dict:
    """The postcodes of the addresses of each client that was looked at, those no longer used among them, by key."""
    addresses = SafeContact._base_manager.filter(
        client__in={entry.client for entry in entries}, kind=SafeContact.Kind.ADDRESS
    )
    found: dict = {}
    for client, address in addresses.values_list("client", "value"):
        found.setdefault(client, set()).update(postcodes_in(address))
    return found


def _family_name(name: str) -> str:
    """The last word of a name, for comparing; empty where there is only one."""
    words = name.casefold().replace("’", "'").split()
    return words[-1] if len(words) > 1 else ""


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(LONDON).date()


def _mark(kind: str, entry: AccessEntry) -> str:
    day = "" if kind in (Kind.SAME_NAME, Kind.SAME_POSTCODE) else _day(entry.at).isoformat()
    return hashlib.sha256(f"{kind}|{entry.user_id}|{entry.case}|{day}".encode()).hexdigest()


# Looking into them


def alerts_for(person: ActingPerson):
    """The alerts that a person may look through: a records lead all of the service, a manager those of cases in sight."""
    found = AccessAlert.objects.filter(service=person.service).select_related("user", "entry", "looked_by")
    if person.can(Permission.KEEP_RECORDS):
        return found
    if not person.can(Permission.SEE_ALL_CASES):
        return found.none()
    return found.filter(case__in=Case.objects.visible_to(person.user).order_by().values("pk"))


def open_alerts(person: ActingPerson) -> int:
    """How many alerts wait for this person: not looked into by anybody, and not about their own looks."""
    return alerts_for(person).filter(looked_at__isnull=True).exclude(user=person.user).order_by().count()


def cases_of(alerts, person: ActingPerson) -> dict:
    """The cases of these alerts that the person sees, by key, with their client. One query."""
    if not person.can(Permission.SEE_ALL_CASES):
        return {}
    keys = {alert.case for alert in alerts}
    cases = Case.objects.visible_to(person.user).filter(pk__in=keys).select_related("client")
    return {case.pk: case for case in cases}


@transaction.atomic
def look_into(alert: AccessAlert, *, note: str, by) -> AccessAlert:
    """Mark an alert as looked into, with what was found. Raises CannotLookInto for one's own, and the second time."""
    if alert.user_id == by.pk:
        raise CannotLookInto(_("This is about what you opened. Somebody else looks into it."))
    locked = AccessAlert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    if locked.looked_at is not None:
        raise CannotLookInto(_("Somebody looked into this already."))
    locked.looked_at, locked.looked_by, locked.note = now(), by, note
    locked.save(update_fields=["looked_at", "looked_by", "note"])
    return locked
