"""What several pages of people and places show alike: profiles, absences, buttons in rows."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from isva.accounts import throttle
from isva.accounts.models import StaffProfile
from isva.codes import Language, Sex, Specialism
from isva.interface.words import date_range, listed, long_date


def profile_rows(profile: StaffProfile) -> list[dict]:
    """A working profile as rows of a summary list."""
    return [
        {"key": _("Hours a week"), "value": hours_words(profile.weekly_hours)},
        {"key": _("Caseload cap"), "value": cap_words(profile.caseload_cap)},
        {"key": _("Specialisms"), "value": labels(Specialism, profile.specialisms) or _("None entered")},
        {"key": _("Languages"), "value": labels(Language, profile.languages) or _("None entered")},
        {"key": _("Areas"), "value": listed(profile.areas) or _("None entered")},
        {"key": _("Sex"), "value": Sex(profile.sex).label if profile.sex else _("Not given")},
        {"key": _("Qualification"), "value": _qualification(profile)},
    ]


def hours_words(hours) -> str:
    """Hours without a needless nought: 37.5, 30."""
    return f"{float(hours):g}"


def cap_words(cap: int) -> str:
    """A caseload cap as a phrase."""
    return ngettext("%(cap)d case", "%(cap)d cases", cap) % {"cap": cap}


def labels(choices, values) -> str:
    """The words for several choices; a value that the list no longer has is left out."""
    return listed([str(choices(value).label) for value in values if value in choices.values])


def leave_words(leave) -> list[str]:
    """Absences as lines: the kind and the days."""
    return [f"{one.get_kind_display()}: {date_range(one.first_day, one.last_day)}" for one in leave]


def row_button(name: str, value, text: str, *, hidden: str):
    """A button in a row of a table that stands inside one form: it sends which row was meant."""
    return format_html(
        '<button class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0" type="submit" name="{}" value="{}">'
        '{}<span class="govuk-visually-hidden"> {}</span></button>', name, value, text, hidden,
    )  # fmt: skip


def too_many_tries() -> str:
    """What somebody is told who tried too often."""
    return _("Too many tries. Wait %(minutes)d minutes, then try again.") % {"minutes": throttle.MINUTES}


def onward(request, default=None) -> str:
    """Where the person was going: an address of our own, or their work.

    An address begins with a slash: what does not could be taken for the name of a page, or of none.
    """
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse("home") if default is None else default


def _qualification(profile: StaffProfile) -> str:
    if not profile.qualification:
        return _("None entered")
    if profile.qualified_on:
        return f"{profile.qualification}, {long_date(profile.qualified_on)}"
    return profile.qualification
