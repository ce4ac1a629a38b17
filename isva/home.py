"""Where each role lands after signing in: on its work, not on a menu."""

from django.shortcuts import redirect

from isva.access.doors import staff_page
from isva.access.roles import Permission

#: The first permission that somebody holds decides where they land.
LANDING = (
    (Permission.SEE_ALL_CASES, "service_today"),
    (Permission.HANDLE_INTAKE, "inbox"),
    (Permission.HOLD_CASES, "my_day"),
    (Permission.KEEP_RECORDS, "list_members"),
    (Permission.GIVE_CLINICAL_SUPERVISION, "list_supervised"),
    (Permission.READ_REPORTS, "list_reports"),
)


@staff_page()
def home(request):
    """Send the person to their work: Service today, Inbox, My day, the staff list, whom they supervise, the reports, or a plain welcome."""
    for permission, name in LANDING:
        if request.acting.can(permission):
            return redirect(name)
    return redirect("my_account")
