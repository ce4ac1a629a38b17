"""Conflicts: a member of staff who knows a client or the suspect sees no case of that client (design, walls)."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.models import Case, Conflict
from isva.accounts.models import Membership
from isva.clock.moment import today
from isva.pathway import CARRIED_STAGES, Stage

_CARRIED = frozenset(stage.value for stage in CARRIED_STAGES)


def conflicts_with(client):
    """The conflicts that stand between members of staff and a client, by name."""
    standing = Conflict.objects.filter(client=client, lifted_at__isnull=True)
    return standing.select_related("user", "recorded_by").order_by("user__name", "pk")


def who_may_conflict(case: Case) -> list:
    """Members of the service with no conflict declared with this client yet."""
    day = today()
    members = (
        Membership.objects.filter(service=case.service_id, user__is_active=True)
        .exclude(ends_on__lt=day)
        .exclude(
            user__in=Conflict.objects.filter(client=case.client_id, lifted_at__isnull=True).values("user")
        )
        .select_related("user")
        .order_by("user__name", "user__pk")
    )
    return [one.user for one in members]


def left_without(client, user) -> list[str]:
    """What has to be arranged anew now that ``user`` is walled off from a client: one sentence for each case."""
    carried = Case.objects.filter(client=client, lead_isva=user, stage__in=_CARRIED).count()
    waiting = Case.objects.filter(client=client, interim_worker=user).exclude(
        stage__in=[*_CARRIED, Stage.CLOSED.value]
    )
    told = []
    if carried:
        told.append(
            ngettext(
                "%(name)s carried this case and no longer sees it: it needs another ISVA.",
                "%(name)s carried %(n)d cases of this client and no longer sees them: they need another ISVA.",
                carried,
            )
            % {"name": user.name, "n": carried}
        )
    if waiting.exists():
        told.append(
            _("%(name)s kept in touch while they wait and no longer sees this case: name somebody else.")
            % {"name": user.name}
        )
    return told
