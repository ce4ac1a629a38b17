"""Doors of pages about one case. Views receive a case, never an id.

Out of sight and missing are the same 404. In sight but not for your role is 403, and says why.
Each page that leaves was noted before: who, which case, what, and why they may see it. So was each refusal.
"""

from functools import wraps

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from casework.models import Case, Grant, Restriction
from casework.querysets import live
from isva.access import matrix
from isva.access.doors import Door, find, recently_confirmed, require_any
from isva.access.roles import Permission
from isva.audit.reading import What, Why, note_opening, note_refusal
from isva.clock.moment import now
from isva.pathway import INTAKE_STAGES

__all__ = [
    "case_page", "emergency_until", "find", "find_case", "may_change", "may_take_out", "why_in_sight", "writes_to",
]  # fmt: skip

_OF_THE_CASE = {Permission.VIEW_CASE, Permission.CHANGE_CASE}
#: Looks that leave the screen.
_TAKES_OUT = {What.PRINTED, What.EXPORTED, What.DOWNLOADED}


def case_page(*permissions: Permission, what: str = What.OPENED, quiet: bool = False):
    """Open the case that the address names, for who may see it and holds one of ``permissions``.

    ``VIEW_CASE`` asks for sight only, ``CHANGE_CASE`` for the right to write, any other for a permission
    on the service. With several, one is enough. ``what`` is how a look is noted (``What.PRINTED`` for a print);
    a form that is sent is noted as sent. ``quiet`` is for answers that show nothing of the record (a draft that is
    kept): only their refusals are noted. What leaves the screen (a print, an export, a download) is refused to
    whoever sees the case by an emergency opening only. An export (``What.EXPORTED``: a record, or many, as a whole)
    asks first whether it is them; a print or a single document is everyday work and does not.
    """

    def decorator(view):
        if what == What.EXPORTED:
            view = recently_confirmed(view)

        @wraps(view)
        def door(request, case_id, *args, **kwargs):
            try:
                case = find_case(request.user, case_id)
                _require(request, case, permissions)
                if what in _TAKES_OUT:
                    _keep_on_screen(request, case)
            except (Http404, PermissionDenied):
                note_refusal(request, case_id=case_id)
                raise
            if not quiet:
                _note(request, case, what, kwargs)
            return view(request, case, *args, **kwargs)

        door.door = Door("case", permissions, takes_out=what in _TAKES_OUT)
        return door

    return decorator


def find_case(user, case_id) -> Case:
    """The case with this key, if ``user`` may see it. Raises Http404 otherwise, saying nothing more.

    It comes with how it is seen: ``is_restricted``, ``held`` (the kinds of grants that ``user`` holds on it now) and
    ``emergency_ends`` (until when an emergency opening lasts).
    """
    grants = live(Grant.objects.filter(case=OuterRef("pk"), user=user), now()).order_by()
    restrictions = Restriction.objects.filter(client=OuterRef("client"), lifted_at__isnull=True)
    cases = (
        Case.objects.visible_to(user)
        .select_related("client", "lead_isva", "interim_worker", "service")
        .annotate(
            is_restricted=Exists(restrictions),
            held=ArraySubquery(grants.values("why")),
            emergency_ends=Subquery(grants.filter(why=Grant.Why.BREAK_GLASS).values("until")[:1]),
        )
    )
    return find(cases, case_id)


def emergency_until(request, case: Case):
    """Until when the acting person sees this case (which came through a door) by an emergency opening and by
    nothing else; None where they see it by their role or another grant.
    """
    person = request.acting
    if set(case.held) != {Grant.Why.BREAK_GLASS} or person.can(Permission.SEE_ALL_CASES):
        return None
    if person.can(Permission.HANDLE_INTAKE) and case.stage in INTAKE_STAGES:
        return None
    return case.emergency_ends


def may_take_out(request, case: Case) -> bool:
    """Whether anything of this case, which the acting person can see, may leave the screen: print, export, download."""
    return matrix.Action.TAKE_OUT in matrix.IN_AN_EMERGENCY or not emergency_until(request, case)


def _keep_on_screen(request, case) -> None:
    if not may_take_out(request, case):
        raise PermissionDenied(
            _(
                "You see this record in an emergency, to read it. It cannot be printed, exported or downloaded."
            )
        )


def may_change(user, case: Case) -> bool:
    """Whether ``user`` may write to this case, which they can see."""
    return Case.objects.changeable_by(user).filter(pk=case.pk).exists()


def writes_to(request, case: Case) -> bool:
    """Whether the acting person may write to this case, which they can see.

    A role says so without a query; grants are asked once a request.
    """
    person = request.acting
    if person.can(Permission.SEE_ALL_CASES):
        return True
    if person.can(Permission.HANDLE_INTAKE) and case.stage in INTAKE_STAGES:
        return True
    asked = getattr(request, "asked_to_change", None)
    if asked is None or asked[0] != case.pk:
        asked = request.asked_to_change = (case.pk, may_change(request.user, case))
    return asked[1]


def _note(request, case: Case, what: str, named: dict) -> None:
    """Note the look, and which record of the case the address names (the first one, where it names any)."""
    kind, record = next(((name[:-3], key) for name, key in named.items() if name.endswith("_id")), ("", None))
    looks = request.method in ("GET", "HEAD")
    note_opening(
        request, case=case, what=what if looks else What.SENT, why=why_in_sight(request, case), kind=kind,
        record=record,
    )  # fmt: skip


#: What each kind of grant is called in the record of who looked, the most ordinary reason first.
_WHY_BY_GRANT = {
    Grant.Why.ALLOCATION.value: Why.OWN,
    Grant.Why.INTERIM.value: Why.INTERIM,
    Grant.Why.COVER.value: Why.COVER,
    Grant.Why.NAMED.value: Why.NAMED,
    Grant.Why.BREAK_GLASS.value: Why.BREAK_GLASS,
}


def why_in_sight(request, case: Case) -> str:
    """Why the acting person sees this case: it is theirs, by their role, or by which grant.

    Whoever carried a case that is closed, or kept in touch, stands on it still: an emergency opening by which alone they
    see it is named as one.
    """
    person = request.acting
    if emergency_until(request, case):
        return Why.BREAK_GLASS
    if case.lead_isva_id == person.user.pk:
        return Why.OWN
    if case.interim_worker_id == person.user.pk:
        return Why.INTERIM
    if person.can(Permission.SEE_ALL_CASES):
        return Why.ROLE
    if person.can(Permission.HANDLE_INTAKE) and case.stage in INTAKE_STAGES:
        return Why.ROLE
    return next((word for kind, word in _WHY_BY_GRANT.items() if kind in case.held), "")


def _require(request, case, permissions) -> None:
    if Permission.VIEW_CASE in permissions:
        return
    others = [permission for permission in permissions if permission not in _OF_THE_CASE]
    holds = any(request.acting.can(permission) for permission in others)
    if not holds and Permission.CHANGE_CASE not in permissions:
        require_any(request.acting, others)
    # A permission on the service acts on what its holder may write to: sight to read stays sight to read.
    if not writes_to(request, case):
        raise PermissionDenied(_("You can read this record, but not change it."))
