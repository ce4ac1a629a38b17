"""Doors of pages about one case. Views receive a case, never an id.

Out of sight and missing are the same 404. In sight but not for your role is 403, and says why.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from casework.models import Case
from isva.access.doors import Door, find, require_any
from isva.access.roles import Permission

__all__ = ["case_page", "find", "find_case", "may_change"]

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


def _require(request, case, permissions) -> None:
    if Permission.VIEW_CASE in permissions:
        return
    others = [permission for permission in permissions if permission not in _OF_THE_CASE]
    if any(request.acting.can(permission) for permission in others):
        return
    if Permission.CHANGE_CASE in permissions:
        if may_change(request.user, case):
            return
        raise PermissionDenied(_("You can read this record, but not change it."))
    require_any(request.acting, others)
