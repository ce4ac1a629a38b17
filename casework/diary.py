"""What casework puts into a person's calendar: their appointments and days at court, their reviews, trials of their cases."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.models import Appointment, Case, ReviewPoint
from isva.clock.diary import Entry
from isva.clock.moment import LONDON, day_of
from isva.codes import ContactMode
from isva.pathway import CARRIED_STAGES

SESSION, COURT, MEETING = _("Session"), _("At court"), _("Meeting")
REVIEW, TRIAL = _("Review due"), _("Trial begins")
_KINDS = {ContactMode.COURT: COURT, ContactMode.MEETING: MEETING}


def dates_of(user, service, first: dt.date, last: dt.date) -> list[Entry]:
    """The appointments, reviews and trials of a person from day to day, as far as they see their cases. Three queries."""
    return [*_appointments(user, first, last), *_reviews(user, first, last), *_trials(user, first, last)]


def _span(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    begins = dt.datetime.combine(first, dt.time.min, tzinfo=LONDON)
    return begins, dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min, tzinfo=LONDON)


def _appointments(user, first, last) -> list[Entry]:
    begins, ends = _span(first, last)
    rows = Appointment.objects.visible_to(user).filter(
        worker=user, cancelled_at__isnull=True, at__gte=begins, at__lt=ends
    )
    return [
        Entry(
            key=f"appointment:{one.pk}", day=day_of(one.at), at=one.at, minutes=one.minutes,
            kind=_KINDS.get(ContactMode(one.mode), SESSION), title=one.case.client.called,
            detail=" · ".join(filter(None, (str(one.get_mode_display()), one.place))), url=_page(one.case_id),
        )
        for one in rows.select_related("case__client")
    ]  # fmt: skip


def _reviews(user, first, last) -> list[Entry]:
    mine = Q(case__lead_isva=user, case__stage__in=[stage.value for stage in CARRIED_STAGES]) | Q(
        case__interim_worker=user
    )
    rows = ReviewPoint.objects.visible_to(user).filter(
        mine, done_on__isnull=True, due_on__gte=first, due_on__lte=last
    )
    rows = rows.exclude(case__stage="closed").select_related("case__client")
    return [
        Entry(
            key=f"review:{one.pk}", day=one.due_on, kind=REVIEW, title=one.case.client.called,
            detail=str(one.get_kind_display()), url=_page(one.case_id),
        )
        for one in rows
    ]  # fmt: skip


def _trials(user, first, last) -> list[Entry]:
    rows = (
        Case.objects.visible_to(user).open().filter(lead_isva=user, trial_on__gte=first, trial_on__lte=last)
    )
    return [
        Entry(
            key=f"trial:{one.pk}",
            day=one.trial_on,
            kind=TRIAL,
            title=one.client.called,
            url=reverse("show_justice", args=[one.pk]),
        )
        for one in rows.select_related("client")
        if one.trial_on
    ]


def _page(case_id) -> str:
    return reverse("show_case", args=[case_id])
