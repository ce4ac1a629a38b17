"""Every piece of the design system on a few pages, for eyes, axe and the clock; no address of the product."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from isva.access.doors import public_page
from isva.drafts.saving import posted
from isva.errors import bad_request, failed, form_expired, not_found, refused, sent_wrongly
from isva.interface import charts, marks
from isva.interface import forms as ui
from isva.interface.paging import Count, Page
from isva.interface.tables import Column, lines, link, table

NOW = dt.datetime(2027, 3, 3, 12, 0, tzinfo=dt.UTC)


class EveryQuestion(ui.ServiceForm):
    """One question of each kind."""

    once = ui.OnceField()
    name = forms.CharField(label="Name", max_length=50)
    pronouns = forms.CharField(label="Pronouns", required=False, widget=ui.TextInput(width=10))
    born = ui.DayMonthYearField(label="Date of birth", past=True, help_text="For example, 27 3 1995.")
    at = ui.MomentField(label="When", past=True)
    starts = ui.ClockTimeField(label="Session starts")
    minutes = forms.IntegerField(label="How long, in minutes", min_value=1, max_value=600)
    phone = ui.PhoneField(label="Telephone number")
    email = forms.EmailField(label="E-mail address", required=False, widget=ui.EmailInput())
    mode = forms.ChoiceField(
        label="How",
        choices=[("call", "Call"), ("text", "Text message"), ("visit", "In person")],
        widget=ui.Radios(hints={"text": "Only where texts are safe."}, divider_before="visit"),
    )
    consent = ui.YesNoField(label="Does the person know about this referral?", inline=False)
    basis = forms.ChoiceField(
        label="Lawful basis",
        choices=[("", "---------"), ("risk", "High risk"), ("child", "Safeguarding a child")],
    )
    why = ui.LongTextField(label="Why without consent", rows=3, max_length=100)
    needs = forms.MultipleChoiceField(
        label="Access needs",
        help_text="Choose all that apply.",
        choices=[
            ("ground", "Ground-floor room"),
            ("bsl", "British Sign Language"),
            ("none", "None of these"),
        ],
        widget=ui.Checkboxes(exclusive="none"),
    )
    ethnicity = forms.ChoiceField(
        label="Ethnicity",
        required=False,
        choices=[
            ("White", [("w1", "English, Welsh, Scottish, Northern Irish or British"), ("w2", "Irish")]),
            ("Any", [("no", "Prefer not to say")]),
        ],
        widget=ui.Radios(),
    )
    interpreter = forms.BooleanField(
        label="An interpreter is needed", required=False, help_text="Never a relative."
    )
    language = forms.CharField(label="Language")
    file = forms.FileField(label="Risk assessment", required=False)
    note = ui.LongTextField(label="Note", required=False)

    words = {"name": "the client's name", "at": "when it happened"}
    reveals = {"consent": {"no": ["basis", "why"]}, "interpreter": {True: ["language"]}}
    sections = [
        ui.Section("The person", ["name", "pronouns", "born", "phone", "email"]),
        ui.Section("The contact", ["at", "starts", "minutes", "mode", "consent"], hint="As soon as you can."),
    ]


class OneQuestion(ui.ServiceForm):
    """A page with one question on it."""

    who = forms.ChoiceField(
        label="Who is this about?",
        choices=[("me", "Me"), ("child", "My child"), ("other", "Somebody else")],
        widget=ui.Radios(hints={"child": "You can answer for a child you look after."}),
    )
    heading_field = "who"


def pieces():
    """What the staff page shows, as plain structures."""
    people = [
        ("Zenobia Fictional", "high", 3),
        ("Peregrine Madeup", "medium", 14),
        ("Ottoline Invented", "standard", 31),
    ]
    columns = [
        Column("Name", sort_url="?sort=name", sorted="up"),
        "Stage",
        "Risk",
        "First contact",
        Column("Days", numeric=True),
    ]
    rows = [
        [
            lines(link(name, "#"), "K7-4PQ2"),
            marks.stage_tag("triage"),
            marks.risk_mark(risk),
            marks.clock_mark(NOW + dt.timedelta(hours=days * 5 - 40), now=NOW),
            days,
        ]
        for name, risk, days in people
    ]
    scores = [
        ("Risk", [3, 3, 2, None, 1]),
        ("Unmet need", [2, 3, 3, 2, 2]),
        ("Protective factors", [0, 1, 1, 2, 3]),
    ]
    action = {"text": "Change", "url": "#", "hidden": "safe times"}
    return {
        "person_name": "Marigold Notreal",
        "may_search": True,
        "active_service_name": "Rowan Service",
        "sign_out_url": "/sign-out/",
        "account_links": [{"text": "My account", "url": "#"}],
        "navigation": [
            {"text": "Inbox", "url": "#", "current": True, "count": 12},
            {"text": "Waiting list", "url": "#"},
            {"text": "Cases", "url": "#"},
        ],
        "table": table(caption="Referrals", columns=columns, rows=rows, urgent={0}),
        "wide": table(
            caption="Caseload by month", scrolls=True,
            columns=["Worker", *(Column(month, numeric=True) for month in ("January", "February", "March", "April", "May"))],
            rows=[["Marigold Notreal", 10, 11, 12, 13, 14], ["Basil Pretend", 8, 9, 9, 10, 8]],
        ),
        "none": table(caption="Nothing", columns=["Name"], rows=[],
                      empty={"title": "No referrals are waiting", "text": "New ones come here as they arrive.",
                             "action": {"text": "Key in a phone referral", "url": "#"}}),
        "page": Page(rows=[], next="abc", previous="def"),
        "count": Count(1000, True),
        "filters": [
            {"name": "risk", "label": "Risk", "value": "high", "options": [("", "All"), ("high", "High"), ("medium", "Medium")]},
            {"name": "worker", "label": "Worker", "value": "", "options": [("", "Everybody"), ("me", "Mine")]},
        ],
        "facts": [
            {"key": "Reference", "value": "K7-4PQ2"},
            {"key": "Safe times", "lines": ["Weekdays 10:00 to 12:00", "Never on Sundays"], "actions": [action]},
        ],
        "tabs": [{"text": "Overview", "url": "#", "current": True}, {"text": "Plan", "url": "#", "count": 3},
                 {"text": "Safety and Support", "url": "#"}, {"text": "People and agencies", "url": "#"}],
        "entries": [
            {"headline": "Moved to active support", "when": "today 09:12", "by": "Marigold Notreal", "kind": "stage",
             "kind_word": "Stage"},
            {"headline": "Risk rose from medium to high", "when": "yesterday 16:40", "by": "Basil Pretend", "kind": "risk",
             "kind_word": "Risk", "body": "Threats by message.\n\nPlan reviewed.", "mark": marks.risk_mark("high")},
            {"headline": "Call, 25 minutes", "when": "1 March 2027 at 10:05", "by": "Basil Pretend", "kind": "contact",
             "url": "#", "body": "Talked about what happens next."},
        ],
        "cards": [
            {"title": "Basil Pretend", "url": "#", "marks": [marks.tag("CHISVA", "teal")],
             "facts": [("Caseload", 21), ("Weighted", "24.5 of 30")], "reasons": ["Speaks Polish", "Covers the area"],
             "chosen": True, "action": {"text": "Allocate", "url": "#", "primary": True}},
            {"title": "Clementine Unreal", "facts": [("Caseload", 30), ("Weighted", "33 of 30")],
             "marks": [marks.tag("On leave")], "warning": "Above her cap: a reason will be asked for.",
             "action": {"text": "Allocate", "url": "#"}},
        ],
        "stats": [
            {"number": 3, "label": "first contacts overdue", "url": "#", "tone": "now", "note": "longest 2 days"},
            {"number": 5, "label": "reviews due today", "url": "#", "tone": "soon"},
            {"number": 41, "label": "in active support"},
        ],
        "contact": {
            "who": "Zenobia Fictional", "marks": [marks.stage_tag("active"), marks.risk_mark("high")], "safe": True,
            "headline": "Call 07700 900123, weekdays 10:00 to 12:00. Code word: set.",
            "never": "text, leave a message, write to the home address",
            "rows": [{"key": "Calls", "value": "07700 900123"}, {"key": "May answer", "value": "Sister"},
                     {"key": "Must not know", "value": "Anyone at the address"}],
            "change_url": "#",
        },
        "groups": [{"title": "About you", "change_url": "#", "rows": [{"key": "Name", "value": "Zenobia Fictional"}]}],
        "buttons": [{"text": "Take into triage", "url": "#"}, {"text": "Ask the referrer", "url": "#", "kind": "secondary"},
                    {"text": "Cancel", "url": "#", "kind": "link"}],
        "chart": charts.line_chart(
            title="Safety and Support over time", series=scores, highest=3, value_words={0: "none", 1: "some", 2: "significant", 3: "severe"},
            labels=["4 May 2026", "1 July 2026", "3 September 2026", "2 November 2026", "3 March 2027"],
        ),
        "bars": charts.bar_chart(title="Open cases by worker", unit="cases",
                                 bars=[("Marigold Notreal", 31), ("Basil Pretend", 21), ("Clementine Quite-Longname Unreal", 8)]),
        "spark": charts.sparkline([3, 3, 2, 1], words="Risk: from 3 to 1 in four reviews", highest=3),
        "marks": [
            *(marks.risk_mark(risk) for risk in ("high", "medium", "standard", "")),
            *(marks.urgency_mark(urgency) for urgency in ("now", "soon", "routine")),
            *(marks.complexity_mark(band) for band in ("lower", "medium", "higher")),
            *(marks.stage_tag(stage) for stage in marks.STAGES),
            *(marks.tag(tone, tone) for tone in ("grey", "teal", "amber", "red", "dark", "outline")),
        ],
    }  # fmt: skip


@public_page
def staff(request):
    """The pieces of the staff screens."""
    for level, text in (
        (25, "The referral was taken into triage."),
        (40, "Somebody else allocated this case."),
        (20, "It is your turn."),
    ):
        messages.add_message(request, level, text)
    return render(request, "sink/staff.html", pieces())


@public_page
def form(request):
    """A form of every kind of question; posted, with its errors."""
    asked = EveryQuestion(posted(request), request.FILES or None)
    if asked.is_bound:
        asked.is_valid()
    return render(request, "sink/form.html", {**pieces(), "form": asked})


@public_page
def public(request):
    """A page of the public form."""
    asked = OneQuestion(posted(request))
    if asked.is_bound:
        asked.is_valid()
    return render(request, "sink/public.html", {"form": asked, "public_service_name": "Rowan Service"})


@public_page
def public_end(request):
    """The last page of the public form."""
    return render(request, "sink/public_end.html", {**pieces(), "public_service_name": "Rowan Service"})


@public_page
def draft(request):
    """Where a draft is sent."""
    return HttpResponse(status=204)


urlpatterns = [
    path("sink/", staff, name="search"),
    path("sink/form/", form),
    path("sink/public/", public),
    path("sink/public-end/", public_end),
    path("sink/draft/", draft),
    *(
        path(f"sink/errors/{view.__name__}/", public_page(view))
        for view in (bad_request, refused, not_found, failed, form_expired, sent_wrongly)
    ),
]
