"""Cover: somebody sees a case from one day to another, because who carries it is away. Not a reallocation.

One case at a time, or many of one ISVA's at once, where they are away and their caseload is to be looked after.
"""

import datetime as dt
from collections import defaultdict
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from casework import access
from casework.models import Case, Grant
from casework.moving import lock_case
from isva.access.roles import Permission, permissions_of
from isva.accounts.models import Membership
from isva.clock.moment import LONDON, now, today
from isva.codes import RISK_ORDER
from isva.interface.words import date_range, listed, long_date
from isva.pathway import CARRIED_STAGES, WrongStage
from triage.refusals import Refused

#: The longest cover that can be planned, in days: beyond it, the case needs another ISVA.
LONGEST_COVER = 366


def who_may_cover(case: Case) -> list:
    """Members who may be given cover of a case: they do casework, no wall keeps them away, and it is not theirs."""
    members = Membership.objects.filter(service=case.service_id).exclude(access.kept_away(case.client_id))
    return _doing_casework(members.exclude(user=case.lead_isva_id))


def who_may_cover_for(member: Membership) -> list:
    """Members who may be given cover of cases that somebody carries; a wall may still keep them from one of these."""
    return _doing_casework(Membership.objects.filter(service=member.service_id).exclude(pk=member.pk))


def _doing_casework(members) -> list:
    """Those of some members who do casework today, by name."""
    at_work = members.live().select_related("user").order_by("user__name", "user__pk")
    doing_casework = {Permission.HOLD_CASES, Permission.HANDLE_INTAKE}
    return [one.user for one in at_work if permissions_of(one.roles) & doing_casework]


def covers_of(case: Case):
    """The covers of a case that run or are planned, the first to begin first."""
    return _ahead(Grant.objects.filter(case=case))


def _ahead(grants):
    ahead = grants.filter(why=Grant.Why.COVER, ended_at__isnull=True).exclude(until__lte=now())
    return ahead.select_related("user", "recorded_by").order_by("starts_at", "pk")


@transaction.atomic
def cover_case(
    case: Case, *, to, by, reason: str, first_day: dt.date, last_day: dt.date, read_only: bool = False
) -> Grant:
    """Give ``to`` sight of a case from ``first_day`` to ``last_day``, both included: a dated grant, not a reallocation.

    A cover planned ahead begins by the clock. New dates take the place of a cover of the same person, unless that
    would take their sight away for a time. Raises WrongStage for a closed case, Refused for dates or a person that
    cannot be.
    """
    lock_case(case)
    if not case.is_open:
        raise WrongStage(_("A closed case needs no cover."))
    if to not in who_may_cover(case):
        raise Refused(_("%(name)s cannot cover this case.") % {"name": to.name})
    if first_day < today():
        raise Refused(_("Cover begins today or later."))
    if last_day < first_day:
        raise Refused(_("The last day of cover must be the first day or later."))
    if (last_day - first_day).days >= LONGEST_COVER:
        raise Refused(_("Cover is for a year at most. For longer, reallocate the case."))
    running = next((one for one in covers_of(case) if one.user_id == to.pk and one.starts_at <= now()), None)
    if running and first_day > today():
        raise Refused(
            _(
                "%(name)s covers this case already: %(days)s. Let the new cover begin today, or end that one first."
            )
            % {"name": to.name, "days": days_of(running)}
        )
    begins = dt.datetime.combine(first_day, dt.time.min, tzinfo=LONDON)
    until = dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time.min, tzinfo=LONDON)
    return access.grant(
        case, to=to, why=Grant.Why.COVER, by=by, reason=reason, starts_at=max(begins, now()), until=until,
        read_only=read_only,
    )  # fmt: skip


@transaction.atomic
def cover_cases(
    cases, *, to, by, reason: str, first_day: dt.date, last_day: dt.date, read_only: bool = False
) -> int:
    """Give ``to`` sight of many cases from ``first_day`` to ``last_day``: of all of them or, refused, of none.

    Returns of how many. Raises Refused, naming the cases by their references that ``to`` cannot cover, and whatever
    ``cover_case`` raises.
    """
    cases = sorted(cases, key=lambda case: case.pk)  # two who cover the same ones wait for each other
    cannot = [case.reference for case in cases if to not in who_may_cover(case)]
    if cannot:
        raise Refused(
            _("%(name)s cannot cover %(cases)s. Leave them out here, and ask somebody else to cover them.")
            % {"name": to.name, "cases": listed(cannot)}
        )
    for case in cases:
        cover_case(
            case, to=to, by=by, reason=reason, first_day=first_day, last_day=last_day, read_only=read_only
        )
    return len(cases)


class Carried(NamedTuple):
    """A case that somebody carries, with the covers of it that run or are planned."""

    case: Case
    covers: list[Grant]


def carried_by(person, *, by) -> list[Carried]:
    """The open cases that somebody carries and ``by`` sees, the highest risk first. Two queries, however many cases."""
    rows = Case.objects.visible_to(by).filter(lead_isva=person, stage__in=CARRIED_STAGES)
    cases = sorted(
        rows.select_related("client"),
        key=lambda case: (-RISK_ORDER.get(case.risk, 0), case.client.called, case.pk),
    )
    covers: dict = defaultdict(list)
    for one in _ahead(Grant.objects.filter(case__in=[case.pk for case in cases])):
        covers[one.case_id].append(one)
    return [Carried(case, covers[case.pk]) for case in cases]


def end_cover(case: Case, *, cover: Grant, by, reason: str) -> None:
    """End a cover before its last day, or take back one that has not begun."""
    access.end_grants(case, user=cover.user, why=Grant.Why.COVER, by=by, reason=reason)


def last_day_of(cover: Grant) -> dt.date | None:
    """The last day of a cover, included; None where no end was set."""
    return (cover.until - dt.timedelta(microseconds=1)).astimezone(LONDON).date() if cover.until else None


def days_of(cover: Grant) -> str:
    """The days of a cover in words."""
    first, last = cover.starts_at.astimezone(LONDON).date(), last_day_of(cover)
    return date_range(first, last) if last else _("from %(day)s") % {"day": long_date(first)}
