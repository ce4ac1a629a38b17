"""The access entries as screens find and show them: of a service, of one case; never with what was read."""

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from isva.access.acting import ActingPerson
from isva.audit.models import AccessEntry
from isva.clock.moment import now
from isva.interface.tables import lines
from isva.interface.words import short_when

#: The order of every list of looks: the newest first.
ORDER = ("-at", "-id")


def looks_of(person: ActingPerson):
    """The looks of the service that ``person`` acts in, with who looked."""
    return AccessEntry.objects.filter(service=person.service).select_related("user")


def looks_at(person: ActingPerson, case_key):
    """The looks at one case of the service that ``person`` acts in, refusals too."""
    return looks_of(person).filter(case=case_key)


def case_label(key) -> str:
    """A case for somebody who sees none: always the same number for the same case, and it leads nowhere."""
    number = int(salted_hmac("isva.audit.case_label", str(key)).hexdigest()[:8], 16) % 1_000_000
    return _("Case %(number)s") % {"number": f"{number // 1000:03d} {number % 1000:03d}"}


def page_words(entry: AccessEntry) -> str:
    """Which page it was, in words; empty for one without a name of its own."""
    return str(
        {
            "show_case": _("timeline"),
            "show_referral": _("referral"),
            "show_plan": _("plan"),
            "print_plan": _("plan"),
            "show_sas": _("SaS"),
            "show_complexity": _("complexity"),
            "show_justice": _("justice"),
            "show_people": _("people and agencies"),
            "show_sharing": _("agreements and sharing"),
            "print_agreement": _("agreement"),
            "show_contact": _("a contact"),
            "show_note": _("a note"),
            "list_documents": _("documents"),
            "download_document": _("a document"),
            "who_looked": _("who looked"),
            "save_data_set": _("minimum data set"),
        }.get(entry.page, "")
    )


def what_cell(entry: AccessEntry):
    """What somebody did, and on which page."""
    return lines(entry.get_what_display(), page_words(entry))


def when_cell(entry: AccessEntry):
    """When somebody looked, and whether that was outside working hours."""
    return lines(short_when(entry.at, now=now()), "" if entry.in_hours else _("outside working hours"))


def why_cell(entry: AccessEntry) -> str:
    """Why somebody could look, in words; a dash where they could not, or where it needs no reason."""
    return entry.get_why_display() or "–"
