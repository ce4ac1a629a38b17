"""The letters of people and places: secret links, and word of a change to how somebody signs in. Nothing of clients."""

import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from isva.accounts import passwords
from isva.accounts.directory import records_leads_of, user_with, who_lets_in
from isva.accounts.models import FactorReset, Invitation, RoleChange, User
from isva.clock.moment import now
from isva.interface.words import long_date

log = logging.getLogger("isva.accounts")


class NotAllTold(Exception):
    """Somebody could not be told of what happened to an account. The sweep tries again."""


@dataclass(frozen=True)
class Written:
    """One letter to one person, ready to be sent."""

    to: User
    subject: str
    template: str
    context: dict[str, str]


def invitation_link(token: str) -> str:
    """The address that an invited person opens."""
    return settings.SITE_URL.rstrip("/") + reverse("accept_invitation", args=[token])


def send_invitation(invitation: Invitation, token: str) -> None:
    """Send the secret link to the person invited. The letter names nobody and no service."""
    text = render_to_string(
        "emails/accounts/invitation.txt",
        {"link": invitation_link(token), "until": long_date(invitation.expires_at)},
    )
    send_mail(_("Your invitation"), text, settings.DEFAULT_FROM_EMAIL, [invitation.email])


def ask_for_new_password(email: str) -> None:
    """Have the link of a new password sent to this address, if somebody signs in with it; as quick for one who does not."""
    from isva.accounts import tasks

    user = user_with(email)
    key = str(user.pk) if user is not None and user.is_active else ""
    transaction.on_commit(lambda: tasks.send_new_password_link.delay(key), robust=True)


def send_new_password_link(user: User) -> None:
    """Send somebody the link of a new password."""
    link = settings.SITE_URL.rstrip("/") + reverse("choose_new_password", args=[passwords.token_of(user)])
    _send(_("Choose a new password"), "new_password", [user.email], link=link)


def tell_password_changed(user: User) -> None:
    """Tell somebody that their password was changed, in case it was not them."""
    _later("password_changed", user)


def tell_factor_changed(user: User) -> None:
    """Tell somebody that their second step was changed, in case it was not them."""
    _later("factor_changed", user)


def tell_factor_reset(reset: FactorReset) -> None:
    """Tell the person and the records leads of their services that a second step was reset, and by whom."""
    from isva.accounts import tasks

    transaction.on_commit(lambda: tasks.tell_factor_reset.delay(str(reset.pk)), robust=True)


def tell_role_change(change: RoleChange) -> None:
    """Tell the person, and the managers and records leads of the service, that roles were changed there."""
    from isva.accounts import tasks

    transaction.on_commit(lambda: tasks.tell_role_change.delay(str(change.pk)), robust=True)


def send_word(what: str, user: User) -> None:
    """Send somebody word of a change to how they sign in: ``password_changed`` or ``factor_changed``."""
    _send(_("How you sign in was changed"), what, [user.email])


def send_reset(reset: FactorReset) -> bool:
    """Send word of a reset to everybody who should know, each of them once; False where all know already.

    Raises NotAllTold where a letter could not be sent.
    """
    return _tell_each(reset, _of_reset(reset))


def send_role_change(change: RoleChange) -> bool:
    """Send word of a change of roles, without any name or role, to each once; False where all know already.

    Whoever made the change knows of it. The person is told of what others changed, not of joining. Raises NotAllTold
    where a letter could not be sent.
    """
    return _tell_each(change, _of_role_change(change))


def resets_left_behind(*, since) -> list[FactorReset]:
    """The resets after ``since`` of which not everybody was told yet: the database is the outbox."""
    return list(FactorReset.objects.filter(letter_at__isnull=True, reset_at__gt=since).order_by("reset_at"))


def role_changes_left_behind(*, since) -> list[RoleChange]:
    """The changes of roles after ``since`` of which not everybody was told yet."""
    return list(
        RoleChange.objects.filter(letter_at__isnull=True, changed_at__gt=since).order_by("changed_at")
    )


def _of_reset(reset: FactorReset) -> list[Written]:
    by, subject = reset.reset_by.name, _("A second step was reset")
    of_whom = {"by": by, "name": reset.user.name, "checked": reset.get_checked_display()}
    return [
        Written(reset.user, _("Your second step was reset"), "factor_reset", {"by": by}),
        *(
            Written(lead, subject, "factor_reset_lead", of_whom)
            for lead in records_leads_of(reset.user)
            if lead.pk != reset.user_id
        ),
    ]


def _of_role_change(change: RoleChange) -> list[Written]:
    site, found = settings.SITE_URL.rstrip("/"), []
    if change.before:
        own = {"link": site + reverse("my_account")}
        found.append(Written(change.user, _("Your roles were changed"), "roles_changed", own))
    page = {"link": site + reverse("list_role_changes")}
    for one in who_lets_in(change.service):
        if one.pk not in (change.user_id, change.changed_by_id):
            found.append(Written(one, _("Roles were changed in your service"), "roles_changed_told", page))
    return found


def _tell_each(row: FactorReset | RoleChange, written: list[Written]) -> bool:
    """Send each letter of a row to whom it has not reached yet: an address that fails keeps it from nobody else.

    Two couriers with the same row wait for each other: the second finds who was told.
    """
    failed = 0
    with transaction.atomic():
        locked = (
            type(row)
            .objects.select_for_update(of=("self",))
            .filter(pk=row.pk, letter_at__isnull=True)
            .first()
        )
        if locked is None:
            return False
        before = len(locked.told)
        for letter in written:
            if letter.to.pk in locked.told:
                continue
            try:
                _send(letter.subject, letter.template, [letter.to.email], **letter.context)
            except Exception as why:  # the log names the kind of error and quotes nothing
                log.error("A letter about an account could not be sent: %s", type(why).__name__)
                failed += 1
            else:
                locked.told.append(letter.to.pk)
        if not failed:
            locked.letter_at = now()
        if not failed or len(locked.told) > before:
            locked.save(update_fields=["told", "letter_at"])
    if failed:
        raise NotAllTold(f"{failed} letters could not be sent.")
    return True


def _later(what: str, user: User) -> None:
    from isva.accounts import tasks

    transaction.on_commit(lambda: tasks.send_word.delay(what, str(user.pk)), robust=True)


def _send(subject: str, letter: str, to: list[str], **context) -> None:
    text = render_to_string(
        f"emails/accounts/{letter}.txt", {"minutes": settings.PASSWORD_RESET_TIMEOUT // 60, **context}
    )
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, to)
