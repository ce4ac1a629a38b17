"""Where a case can go from here, as links for whoever may change it: step-down, step-up, closure, reopening."""

from django.urls import reverse
from django.utils.translation import gettext as _

from casework.models import Case
from isva.access.roles import Permission
from isva.pathway import Stage


def ways_on(case: Case, person) -> list[dict]:
    """The ways on for ``person``, who may change the case: each ``text`` and ``url``."""
    names = {
        Stage.ACTIVE: [
            ("propose_step_down", _("Propose step-down")),
            ("propose_closure", _("Propose closure")),
        ],
        Stage.STEPPED_DOWN: [
            ("step_up", _("Make support active again")),
            ("propose_closure", _("Propose closure")),
        ],
        Stage.CLOSED: [("reopen_case", _("Reopen this case"))]
        if person.can(Permission.APPROVE_CLOSURE)
        else [],
    }.get(Stage(case.stage), [])
    return [{"text": text, "url": reverse(name, kwargs={"case_id": case.pk})} for name, text in names]
