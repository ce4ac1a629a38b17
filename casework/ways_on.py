"""Where a case can go from here, as links for whoever may change it: step-down, step-up, closure, reopening; for
managers, who carries it, who covers it and whom a conflict keeps away."""

from django.urls import reverse
from django.utils.translation import gettext as _

from casework.models import Case
from isva.access.roles import Permission
from isva.pathway import CARRIED_STAGES, Stage


def ways_on(case: Case, person) -> list[dict]:
    """The ways on for ``person``, who may change the case: each ``text`` and ``url``."""
    names = {
        Stage.ACTIVE: [
            ("propose_step_down", _("Propose step-down")),
            ("propose_closure", _("Propose closure")),
        ],
        Stage.STEPPED_DOWN: [
            ("step_up", _("Make support active again, with a reason")),
            ("propose_closure", _("Propose closure")),
        ],
        Stage.CLOSED: [("reopen_case", _("Reopen this case"))]
        if person.can(Permission.APPROVE_CLOSURE)
        else [],
    }.get(Stage(case.stage), [])
    if person.can(Permission.ALLOCATE) and case.is_open:
        if case.stage in CARRIED_STAGES:
            names += [("reallocate_case", _("Give to another ISVA")), ("cover_case", _("Cover"))]
        names += [("declare_conflict", _("Conflicts"))]
    if person.can(Permission.SUPERVISE) and case.stage in CARRIED_STAGES:
        names += [("review_case", _("Case review"))]
    return [{"text": text, "url": reverse(name, kwargs={"case_id": case.pk})} for name, text in names]
