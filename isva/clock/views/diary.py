"""The calendar of the person signed in, by month, week or as a list; and the private link for their own calendar."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from isva.access.doors import public_page, staff_page
from isva.access.roles import Permission
from isva.clock import diary
from isva.clock.forms.diary import FeedForm
from isva.clock.moment import now, today
from isva.clock.working_days import add_months, is_past_what_is_known
from isva.drafts.saving import posted, saved
from isva.interface.tables import lines, link, table
from isva.interface.words import long_date, minutes_words, short_when, time_24

MONTH, WEEK, LIST = "month", "week", "list"
#: Days that the list tells ahead.
LIST_DAYS = 60
_CALENDAR = (Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)


@staff_page(*_CALENDAR)
def show_calendar(request):
    """One's own dates. ``?view=`` month, week or list; ``?on=`` a day of it."""
    view = request.GET.get("view", MONTH)
    view = view if view in (MONTH, WEEK, LIST) else MONTH
    on = _day(request.GET.get("on", ""))
    days = _days(view, on)
    found = diary.entries(request.user, request.acting.service, first=days[0], last=days[-1])
    context = {
        "tabs": [
            {"text": text, "url": _address(name, on), "current": name == view}
            for name, text in ((MONTH, _("Month")), (WEEK, _("Week")), (LIST, _("List")))
        ],
        "title": _title(view, days, on),
        "before": _address(view, _step(view, on, -1)), "after": _address(view, _step(view, on, 1)),
        "today_url": _address(view, today()),
        "feed_url": reverse("my_feed"),
        "unsure": is_past_what_is_known(days[-1]), "nothing": not found,
    }  # fmt: skip
    if view == LIST:
        context["table"] = _list(found)
    else:
        weeks = diary.month_weeks(on) if view == MONTH else [days]
        context["weeks"] = [[_cell(day, on, view, found) for day in week] for week in weeks]
        context["weekdays"] = [date_format(day, "l") for day in days[:7]]
    return render(request, "clock/show_calendar.html", context)


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return today()
    return day if 2000 <= day.year <= 2098 else today()


def _days(view: str, on: dt.date) -> list[dt.date]:
    if view == MONTH:
        return [day for week in diary.month_weeks(on) for day in week]
    if view == WEEK:
        return diary.week_of(on)
    return [on + dt.timedelta(days=number) for number in range(LIST_DAYS)]


def _step(view: str, on: dt.date, by: int) -> dt.date:
    if view == MONTH:
        return add_months(on.replace(day=1), by)
    return on + dt.timedelta(days=by * (7 if view == WEEK else LIST_DAYS))


def _address(view: str, on: dt.date) -> str:
    return f"{reverse('show_calendar')}?view={view}&on={on.isoformat()}"


def _title(view: str, days: list, on: dt.date) -> str:
    if view == MONTH:
        return date_format(on, "F Y")
    return _("%(first)s to %(last)s") % {"first": long_date(days[0]), "last": long_date(days[-1])}


def _cell(day: dt.date, on: dt.date, view: str, found: list) -> dict:
    return {
        "number": day.day, "name": long_date(day), "short": date_format(day, "D j F"),
        "is_today": day == today(), "is_beside": view == MONTH and day.month != on.month,
        "entries": [
            {"when": time_24(one.at) if one.at else "", "kind": one.kind, "title": one.title, "url": one.url,
             "detail": one.detail if view == WEEK else ""}
            for one in found if one.day == day
        ],
    }  # fmt: skip


def _list(found: list):
    return table(
        caption=_("Your dates"), hide_caption=True, columns=[_("When"), _("What"), _("Who"), _("More")],
        rows=[
            [
                lines(long_date(one.day), f"{time_24(one.at)}, {minutes_words(one.minutes)}" if one.at else ""),
                str(one.kind), link(one.title, one.url) if one.url else one.title, one.detail,
            ]
            for one in found
        ],
        empty={"title": _("Nothing is planned"), "text": _("Appointments, days at court, reviews and trials stand here.")},
    )  # fmt: skip


@staff_page(*_CALENDAR)
def my_feed(request):
    """The private link by which one's own calendar reads these dates: made, told once, and ended."""
    service = request.acting.service
    form = FeedForm(posted(request))
    made: list[str] = []

    def act():
        made.append(diary.make_feed(request.user, service, says=form.cleaned_data["says"]))

    if request.method == "POST" and saved(request, form, act) and not made:
        return redirect("my_feed")
    standing = diary.feed_of(request.user, service)
    context = {
        "form": FeedForm() if made else form, "back_url": reverse("show_calendar"),
        "address": settings.SITE_URL.rstrip("/") + reverse("calendar_feed", args=made) if made else "",
        "standing": _("Made %(when)s. Its entries say: %(what)s.")
        % {"when": short_when(standing.made_at, now=now()), "what": standing.get_says_display()}
        if standing else "",
        "submit": _("Make a new link, and end the old one") if standing else _("Make a private link"),
    }  # fmt: skip
    return render(request, "clock/my_feed.html", context)


@staff_page(*_CALENDAR)
@require_POST
def end_feed(request):
    """End one's private link: whatever reads it finds nothing any more."""
    if diary.end_feed(request.user, request.acting.service):
        messages.success(request, _("The link is ended. Remove it from your calendar as well."))
    return redirect("my_feed")


@public_page
@require_GET
def calendar_feed(request, token):
    """The dates behind a private link, for a calendar program."""
    told = diary.feed(token)
    if told is None:
        raise Http404
    return HttpResponse(told, content_type="text/calendar; charset=utf-8")
