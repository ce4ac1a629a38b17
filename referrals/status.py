"""The secret status link: how far a referral is, for whoever made it; never a name of the client."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from casework.models import Case, StageEntry
from isva.access.acting import act_by_link
from isva.access.system import SystemUser, system_user
from isva.accounts.models import Service
from isva.clock.moment import now
from isva.interface.words import long_date
from isva.pathway import CARRIED_STAGES, Stage
from referrals.models import StatusLink
from referrals.secrets import LONGEST_TOKEN, hash_of, token_of

LINK_LIFE = dt.timedelta(days=365)
AFTER_CLOSURE = dt.timedelta(days=90)


@dataclass(frozen=True)
class Status:
    """What the page says: the service, the headline, and the steps so far as (words, when)."""

    service: Service
    headline: str
    text: str
    steps: list[tuple[str, str]]


def make_status_link(case: Case, *, by) -> StatusLink:
    """Make the link of a referral; it ends a year from now, or 90 days after the case is closed."""
    link = StatusLink(case=case, recorded_by=by, expires_at=now() + LINK_LIFE)
    link.token_hash = hash_of(token_of(link))
    link.save(force_insert=True)
    return link


def status_of(token: str) -> Status | None:
    """What may be told to whoever holds this token; None where there is no such link, or it has run out."""
    if len(token) > LONGEST_TOKEN:
        return None
    with act_by_link("status", hash_of(token), as_user=system_user(SystemUser.INTAKE)):
        return _status_behind(token)


def _status_behind(token: str) -> Status | None:
    link = (
        StatusLink.objects.filter(token_hash=hash_of(token), expires_at__gt=now())
        .select_related("case__service", "case__lead_isva", "case__referral")
        .first()
    )
    if link is None:
        return None
    case, referral = link.case, link.case.referral
    if case.stage == Stage.CLOSED.value and case.stage_since + AFTER_CLOSURE < now():
        return None
    received = (_("We have received it"), long_date(referral.received_at))
    if not referral.tell_referrer:
        text = _("The person asked us not to tell more. Please do not ask them about it in front of others.")
        return Status(case.service, _("We have it"), text, [received])
    if referral.already_open_as_id:
        # Word for word as where nothing was done yet: the link may not tell that the person is known here.
        return Status(case.service, *_nothing_yet(), [received])
    return _told(case, referral, received)


def _told(case, referral, received) -> Status:
    steps = [received]
    headline, text = _nothing_yet()
    if case.first_contact_at:
        steps.append((_("We have made contact"), long_date(case.first_contact_at)))
        headline, text = _("We have made contact"), _("Support will be given.")
    elif _could_not_be_reached(case):
        headline, text = _not_reached(referral)
        steps.append((headline, ""))
    if case.stage in CARRIED_STAGES or _was_supported(case):
        steps.append((_allocated_words(case, referral), ""))
        headline, text = _("An ISVA has been allocated"), _("Support from an ISVA begins, or is under way.")
    if case.stage == Stage.CLOSED.value:
        if not _could_not_be_reached(case):
            headline = _("Support has ended") if _was_supported(case) else _("Our work on this has ended")
            text = _("Support is there again at any time.")
        steps.append((_("Ended"), long_date(case.stage_since)))
    return Status(case.service, headline, text, steps)


def _nothing_yet() -> tuple[str, str]:
    return _("We have it"), _("We make contact as soon as we can, in the way that is safe.")


def _not_reached(referral) -> tuple[str, str]:
    """Whoever referred themselves, or their child, is the one whom we tried to reach."""
    if referral.is_professional:
        return _("We could not reach them"), _(
            "We tried several times and in several ways. Support is still there, at any time: ask us, or refer again."
        )
    return _("We could not reach you"), _(
        "We tried several times and in several ways. Support is still there, at any time. Ring us, or send the form again."
    )


def _allocated_words(case, referral) -> str:
    """With the ISVA's name only where the client agreed to it, and to a professional only."""
    may_name = referral.share_isva_name and referral.is_professional
    if may_name and case.stage in CARRIED_STAGES and case.lead_isva:
        return _("An ISVA has been allocated: %(name)s") % {"name": case.lead_isva.name}
    return _("An ISVA has been allocated")


def _could_not_be_reached(case) -> bool:
    """Whether triage ended with *unable to contact* (its newest assessment says so)."""
    if case.first_contact_at:
        return False
    newest = case.triageassessment_set.order_by("-completed_at").values_list("outcome", flat=True).first()
    return newest == "unable"


def _was_supported(case) -> bool:
    return StageEntry.objects.filter(case=case, stage=Stage.ACTIVE.value).exists()
