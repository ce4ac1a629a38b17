"""What falls due where somebody who has left still stands on a case beside its ISVA: in touch with who waits, on an appointment."""

from django.utils.translation import gettext_lazy as _

from casework.models import Appointment, Case
from casework.reminders_of_safety import left_on, next_working_day, open_only, still_belongs
from isva.clock.moment import now
from isva.clock.rows import counted
from isva.clock.rules import Rule, Scope, Section, Who, register
from isva.pathway import WAITING_STAGES

#: The rules by which a case is left behind, the gravest first; *left_behind* and *uncovered* stand with those of safety.
ALL = ("left_behind", "left_waiting", "left_appointment", "uncovered")
_WAITING = [stage.value for stage in WAITING_STAGES]


def _waiting(scope: Scope):
    """Cases that wait, and whose interim worker does not belong to the service any more."""
    cases = scope.of(Case, case="pk").filter(
        ~still_belongs(scope, "interim_worker"), stage__in=_WAITING, interim_worker__isnull=False
    )
    return counted(cases, case="pk", since=left_on(scope, "interim_worker", "stage_since"))


def _appointments(scope: Scope):
    """Appointments ahead with a worker who does not belong to the service any more."""
    rows = scope.of(Appointment).filter(
        ~still_belongs(scope, "worker"), cancelled_at__isnull=True, contact__isnull=True, at__gte=now()
    )
    return counted(open_only(rows), since=left_on(scope, "worker", "recorded_at"))


RULES = (
    Rule(
        name="left_waiting", words=_("Nobody keeps in touch: the interim worker has left"), section=Section.WAITING,
        says=_("Somebody who waits and whose interim worker has left gets another on the next working day."),
        rows=_waiting, falls=next_working_day, belongs_to=Who.MANAGER, page="name_interim_worker", rank=6,
    ),
    Rule(
        name="left_appointment", words=_("Appointment with somebody who has left"), section=Section.SUPPORT,
        says=_("An appointment with somebody who has left is given to another worker, or cancelled, on the next working day."),
        rows=_appointments, falls=next_working_day, belongs_to=Who.MANAGER, page="cancel_appointment",
        record_in_page="appointment_id", rank=7,
    ),
)  # fmt: skip

register(*RULES)
