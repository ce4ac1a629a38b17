"""What a case carries about contacts before support: reckoned anew from attempts and check-ins, to check what stands."""

from django.db.models import Max, Min

from casework import standing
from casework.models import Case, Contact
from triage.models import ContactAttempt, InterimReview


def recompute(case: Case) -> dict:
    """The carried columns as the rows of every part of the service say they are now.

    First contact is the earliest of: told at an attempt, reached at a check-in, a contact that took place.
    """
    found = standing.recompute(case)
    moments = [
        ContactAttempt.objects.filter(case=case, outcome=ContactAttempt.Outcome.TOLD),
        InterimReview.objects.filter(case=case, reached=True),
        Contact.objects.filter(case=case, **standing.REACHED),
    ]
    spans = [rows.aggregate(first=Min("at"), last=Max("at")) for rows in moments]
    found["first_contact_at"] = min((span["first"] for span in spans if span["first"]), default=None)
    found["last_contact_at"] = max((span["last"] for span in spans if span["last"]), default=None)
    return found
