"""The navigation of signed-in pages: what the person's roles give them to do."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from isva.access import entry
from isva.access.roles import Permission
from isva.drafts import typed

#: (words, URL name, permissions of which one is needed)
ENTRIES = (
    (_("Service today"), "service_today", (Permission.SEE_ALL_CASES,)),
    (_("My day"), "my_day", (Permission.HOLD_CASES,)),
    (_("Calendar"), "show_calendar",
     (Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)),
    (_("Inbox"), "inbox", (Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)),
    (_("Waiting list"), "waiting_list", (Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)),
    (_("Allocation"), "allocation_board", (Permission.ALLOCATE, Permission.HANDLE_INTAKE)),
    (_("Cases"), "list_cases",
     (Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)),
    (_("Partnership"), "list_agencies",
     (Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)),
    (_("Policies"), "my_policies",
     (Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES, Permission.KEEP_RECORDS)),
    (_("Figures"), "show_figures", (Permission.SEE_ALL_CASES,)),
    (_("Reports"), "list_reports", (Permission.PUBLISH_REPORT, Permission.READ_REPORTS)),
    (_("What if"), "what_if", (Permission.SEE_ALL_CASES,)),
    (_("Contracts"), "list_contracts",
     (Permission.READ_REPORTS, Permission.PUBLISH_REPORT, Permission.KEEP_RECORDS)),
    (_("Definitions"), "show_definitions", (Permission.READ_REPORTS,)),
    (_("Staff"), "list_members", (Permission.KEEP_RECORDS,)),
    (_("Access log"), "access_log", (Permission.KEEP_RECORDS,)),
    (_("Alerts"), "access_alerts", (Permission.KEEP_RECORDS, Permission.SEE_ALL_CASES)),
    (_("Workforce"), "list_workforce", (Permission.SEE_WORKFORCE,)),
    (_("Left behind"), "list_left_behind", (Permission.SEE_ALL_CASES,)),
    (_("Supervision"), "list_supervision", (Permission.SUPERVISE,)),
    (_("My supervision"), "my_supervision", (Permission.HOLD_CASES,)),
    (_("Training"), "list_training",
     (Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SUPERVISE, Permission.KEEP_RECORDS)),
    (_("Whom I supervise"), "list_supervised", (Permission.GIVE_CLINICAL_SUPERVISION,)),
    (_("Emergencies"), "list_emergencies", (Permission.KEEP_RECORDS,)),
    (_("Who may do what"), "show_matrix", (Permission.KEEP_RECORDS,)),
    (_("When things fall due"), "clock_settings", (Permission.SEE_ALL_CASES, Permission.KEEP_RECORDS)),
    (_("Health"), "show_health", (Permission.KEEP_RECORDS,)),
    (_("Service settings"), "edit_service", (Permission.KEEP_RECORDS,)),
)  # fmt: skip

#: What is opened many times a day; where somebody has more entries than fit, the others are behind *More*.
EVERYDAY = ("service_today", "my_day", "show_calendar", "inbox", "waiting_list", "allocation_board", "list_cases",
            "list_supervision", "list_supervised", "show_figures", "list_reports", "list_contracts", "list_members", "access_log")  # fmt: skip
FIT = 9


def navigation(request) -> dict:
    """Context of every page: where this person may go, and where they are."""
    person = getattr(request, "acting", None)
    if person is None:
        return {"navigation": [], **_session(request)}
    if not entry.is_proven(request.session):  # a second step is being set up: there is nowhere else to go
        return {"navigation": [], **_session(request)}
    here = request.resolver_match.url_name if request.resolver_match else ""
    entries = [
        {"text": text, "url": reverse(name), "current": name == here, "everyday": name in EVERYDAY}
        for text, name, needed in ENTRIES
        if any(person.can(permission) for permission in needed)
    ]
    fit = len(entries) <= FIT
    may_search = any(
        person.can(p) for p in (Permission.HOLD_CASES, Permission.HANDLE_INTAKE, Permission.SEE_ALL_CASES)
    )
    return {
        **_session(request),
        "navigation": [one for one in entries if fit or one["everyday"]],
        "more_navigation": [one for one in entries if not fit and not one["everyday"]],
        "may_search": may_search,
        "active_service_name": person.service.name,
        "account_links": [{"text": _("My account"), "url": reverse("my_account")}],
    }


def _session(request) -> dict:
    """Who is signed in, the way out, when to warn them that their session is about to end (in seconds), what is unsaved."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "person_name": user.name,
        "session_left": entry.seconds_left(request.session),
        "session_warning": int(settings.WARNED_MINUTES * 60),
        "typed_at": " ".join(typed.shown_again(request)),
        "sign_out_url": reverse("sign_out"),
    }
