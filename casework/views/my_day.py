"""My day: where an ISVA lands. Today's appointments, what is due, cases with news, then the caseload."""

from collections import defaultdict

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework import putting_off, worklists
from casework.views.due import due_on_case_row, news_row, own_beside_cases
from casework.views.lists import case_row, justice_words
from isva.access.doors import staff_page
from isva.access.roles import Permission
from isva.clock.moment import now
from isva.interface.marks import reference_mark
from isva.interface.tables import Column, lines, link, table
from isva.interface.words import long_date, minutes_words, time_24

#: Days ahead for which appointments are shown after today's.
DAYS_SHOWN = 7
#: Cases of the caseload, those to be reviewed next first; all of them are a page of their own.
CASES_SHOWN = 12


@staff_page(Permission.HOLD_CASES)
def my_day(request):
    """The worker's own day, from the cases they hold a grant for."""
    moment = now()
    cases = worklists.my_cases(request.user)
    by_key = {case.pk: case for case in cases}
    appointments = worklists.my_appointments(request.user, cases, days=DAYS_SHOWN)
    today_ones = [
        one for one in appointments if one.at.astimezone(worklists.LONDON).date() == worklists.today()
    ]
    put_off = putting_off.put_off_on(list(by_key))
    everything = worklists.due_on(cases, request.acting.service)
    due = [one for one in everything if putting_off.key_of(one) not in put_off]
    news = worklists.news_for(request.user, cases)
    overdue = sum(one.is_overdue for one in due)
    context = {
        "today": long_date(moment),
        "says": _summary(len(today_ones), overdue, len(due) - overdue),
        "appointments": _table_of_appointments(today_ones, by_key),
        "later": _table_of_later([one for one in appointments if one not in today_ones], by_key),
        "due": _table_of_due(due, by_key),
        "beside": own_beside_cases(worklists.due_beside_cases(request.user, request.acting.service)),
        "put_off": _put_off(len(everything) - len(due)),
        "news": _table_of_news(news, by_key),
        "caseload": _table_of_cases(cases[:CASES_SHOWN], moment),
        "more_cases": _more_cases(len(cases)),
        "load_url": reverse("show_load"),
    }
    return render(request, "casework/my_day.html", context)


def _summary(appointments: int, overdue: int, coming: int) -> str:
    parts = [
        ngettext("%(n)d appointment today", "%(n)d appointments today", appointments) % {"n": appointments},
        _("%(n)d overdue") % {"n": overdue},
        _("%(n)d due in the next 7 days") % {"n": coming},
    ]
    return ", ".join(parts)


def _put_off(number: int) -> str:
    if not number:
        return ""
    words = ngettext(
        "%(n)d thing is put off to a later day.", "%(n)d things are put off to a later day.", number
    )
    return words % {"n": number}


def _table_of_appointments(appointments, by_key):
    return table(
        caption=_("Today"),
        columns=[_("When"), _("Who"), _("How and where"), _("What for")],
        rows=[
            [
                lines(time_24(one.at), minutes_words(one.minutes)),
                *_who_and_how(one, by_key[one.case_id]),
            ]
            for one in appointments
        ],
        empty={"title": _("No appointments today"), "text": _("Plan one from the page of a case.")},
    )


def _table_of_later(appointments, by_key):
    if not appointments:
        return None
    return table(
        caption=_("In the next days"),
        columns=[_("When"), _("Who"), _("How and where"), _("What for")],
        rows=[
            [lines(long_date(one.at), time_24(one.at)), *_who_and_how(one, by_key[one.case_id])]
            for one in appointments
        ],
    )


def _who_and_how(appointment, case) -> list:
    who = lines(
        link(case.client.called, reverse("show_case", args=[case.pk])), reference_mark(case.reference)
    )
    return [who, lines(appointment.get_mode_display(), appointment.place), appointment.purpose]


def _table_of_due(due, by_key):
    """A row for each case, that with the longest overdue first: what is due on one case is done in one go."""
    by_case = defaultdict(list)
    for one in due:
        by_case[one.case_id].append(one)
    return table(
        caption=_("Due and overdue"),
        columns=[_("Who"), _("What"), _("When")],
        rows=[due_on_case_row(ones, by_key[case_id]) for case_id, ones in by_case.items()],
        urgent={place for place, ones in enumerate(by_case.values()) if ones[0].is_overdue},
        empty={
            "title": _("Nothing is due"),
            "text": _("Reviews, plan actions and open answers come here a week ahead."),
        },
    )


def _table_of_news(news, by_key):
    if not news:
        return None
    return table(
        caption=_("News"),
        columns=[_("Who"), _("What happened"), _("When")],
        rows=[news_row(one, by_key[one.case_id]) for one in news],
    )


def _more_cases(number: int) -> str:
    return _("All your %(n)d cases") % {"n": number} if number > CASES_SHOWN else ""


def _table_of_cases(cases, moment):
    return table(
        caption=_("Caseload, next review first"),
        columns=[
            _("Name"), _("Stage"), _("Risk"), _("Complexity"), _("Last contact"), Column(_("Next review")),
            _("Justice process"),
        ],
        rows=[case_row(case, last=justice_words(case), moment=moment) for case in cases],
        empty={
            "title": _("You carry no cases"),
            "text": _("A case comes here as soon as a manager allocates it to you."),
        },
    )  # fmt: skip
