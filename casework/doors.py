"""Doors of pages about one case. Views receive a case, never an id.

Out of sight and missing are the same 404. In sight but not for your role is 403, and says why.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from casework.models import Case
from isva.access.doors import Door, find, require_any
from isva.access.roles import Permission
from isva.pathway import INTAKE_STAGES

__all__ = ["case_page", "find", "find_case", "may_change", "writes_to"]

_OF_THE_CASE = {Permission.VIEW_CASE, Permission.CHANGE_CASE}


def case_page(*permissions: Permission):
    """Open the case that the address names, for who may see it and holds one of ``permissions``.

    ``VIEW_CASE`` asks for sight only, ``CHANGE_CASE`` for the right to write, any other for a permission
    on the service. With several, one is enough.
    """

    def decorator(view):
        @wraps(view)
        def door(request, case_id, *args, **kwargs):
            case = find_case(request.user, case_id)
            _require(request, case, permissions)
            return view(request, case, *args, **kwargs)

        door.door = Door("case", permissions)
        return door

    return decorator


def find_case(user, case_id) -> Case:
    """The case with this key, if ``user`` may see it. Raises Http404 otherwise, saying nothing more."""
    cases = Case.objects.visible_to(user).select_related("client", "lead_isva", "interim_worker", "service")
    return find(cases, case_id)


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


def _require(request, case, permissions) -> None:
    if Permission.VIEW_CASE in permissions:
        return
    others = [permission for permission in permissions if permission not in _OF_THE_CASE]
    if any(request.acting.can(permission) for permission in others):
        return
    if Permission.CHANGE_CASE in permissions:
        if writes_to(request, case):
            return
        raise PermissionDenied(_("You can read this record, but not change it."))
    require_any(request.acting, others)
