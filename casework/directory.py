"""The directory of agencies: whom to turn to at each, who stands in, and where there is a gap.

Source: police and CPS framework, components 1 (single points of contact, known to all) and 8 (succession).
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from casework.models import Agency, AgencyContact
from isva.clock.moment import today
from isva.refusal import Refusal
from isva.stale import refuse_stale

Part = AgencyContact.Part


class CannotName(Refusal):
    """A contact cannot be written down like this. Its text says why."""


@dataclass(frozen=True)
class Reached:
    """Who is in post at an agency today, and whether anybody ever was."""

    contacts: tuple[AgencyContact, ...] = ()
    deputies: tuple[AgencyContact, ...] = ()
    had_any: bool = False

    @property
    def is_gap(self) -> bool:
        """Whether everybody who was named has left: there is nobody to turn to, and nobody who stands in."""
        return self.had_any and not self.contacts and not self.deputies


def with_gaps_only(agencies):
    """Of these agencies those in which everybody who was named has left."""
    everybody = AgencyContact.objects.filter(agency=OuterRef("pk"))
    return agencies.filter(Exists(everybody)).exclude(Exists(everybody.live(today())))


def reached(agencies) -> dict:
    """For each of these agencies (a page of them) who is in post today, by the agency's key. One query."""
    day, found = today(), {}
    rows = AgencyContact.objects.filter(agency__in=[one.pk for one in agencies], from_on__lte=day)
    for one in rows.order_by("name", "pk"):
        kinds = found.setdefault(one.agency_id, ([], []))
        if one.until_on is None or one.until_on >= day:
            kinds[one.part == Part.DEPUTY].append(one)
    return {key: Reached(tuple(firsts), tuple(seconds), True) for key, (firsts, seconds) in found.items()}


def contacts_of(agency: Agency):
    """Everybody ever named at an agency, who is in post first, each single point of contact before the deputies."""
    return AgencyContact.objects.filter(agency=agency).order_by("-until_on", "part", "name", "pk")


def contacts_in(user):
    """The contacts of every agency of the service in which ``user`` acts, ready to be found by key."""
    return AgencyContact.objects.visible_to(user).select_related("agency")


def is_in_post(contact: AgencyContact) -> bool:
    """Whether somebody is in post today, or will be."""
    return contact.until_on is None or contact.until_on >= today()


def name_agency_contact(agency: Agency, *, by, **values) -> AgencyContact:
    """Write down whom to turn to at an agency. Raises CannotName, in words."""
    contact = AgencyContact(service_id=agency.service_id, agency=agency, **values)
    _refuse(contact)
    contact.save(force_insert=True)
    return contact


def change_agency_contact(contact: AgencyContact, *, by, seen: str | None = None, **values) -> AgencyContact:
    """Change what stands about a contact, or their last day. What stood before stays in the history.

    ``seen`` is the mark of what the page said; raises ChangedMeanwhile where it says something else by now, and
    CannotName, in words.
    """
    locked = AgencyContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    refuse_stale(locked, values, seen=seen)
    for name, value in values.items():
        setattr(locked, name, value)
    _refuse(locked)
    locked.save(update_fields=list(values))
    return locked


def _refuse(contact: AgencyContact) -> None:
    if contact.until_on is not None and contact.until_on < contact.from_on:
        raise CannotName(_("The last day in post lies before the first."))
    if not (contact.phone or contact.email):
        raise CannotName(
            _("Enter a phone number or an e-mail address: a contact is somebody who can be reached.")
        )
    namesakes = AgencyContact.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=contact.from_on), agency=contact.agency_id,
        name__iexact=contact.name, part=contact.part,
    )  # fmt: skip
    if contact.until_on is None and namesakes.exclude(pk=contact.pk).exists():
        raise CannotName(_("This person stands there already."))
