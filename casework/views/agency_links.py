"""The way from a case to an agency's page in the directory."""

from django.urls import reverse
from django.utils.translation import gettext as _

from casework.models import Agency
from isva.interface.tables import link


def how_to_reach(agency: Agency):
    """A link to the agency's page: whom to turn to, and how."""
    return link(_("How to reach them"), reverse("show_agency", args=[agency.pk]), hidden=agency.name)
