"""The letters of people and places: secret links, and word of a change to how somebody signs in. Nothing of clients."""

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


def send_reset(reset: FactorReset) -> None:
    """Send word of a reset to everybody who should know."""
    _send(_("Your second step was reset"), "factor_reset", [reset.user.email], by=reset.reset_by.name)
    for lead in records_leads_of(reset.user):
        if lead.pk != reset.user_id:
            _send(
                _("A second step was reset"), "factor_reset_lead", [lead.email],
                by=reset.reset_by.name, name=reset.user.name, checked=reset.get_checked_display(),
            )  # fmt: skip


@transaction.atomic
def send_role_change(change: RoleChange) -> bool:
    """Send word of a change of roles, once, without any name or role; False where it was sent before.

    Whoever made the change knows of it. The person is told of what others changed, not of joining.
    """
    locked = (
        RoleChange.objects.select_for_update(of=("self",))
        .filter(pk=change.pk, letter_at__isnull=True)
        .first()
    )
    if locked is None:
        return False
    locked.letter_at = now()
    locked.save(update_fields=["letter_at"])
    site = settings.SITE_URL.rstrip("/")
    if locked.before:
        _send(
            _("Your roles were changed"),
            "roles_changed",
            [locked.user.email],
            link=site + reverse("my_account"),
        )
    for one in who_lets_in(locked.service):
        if one.pk not in (locked.user_id, locked.changed_by_id):
            link = site + reverse("list_role_changes")
            _send(_("Roles were changed in your service"), "roles_changed_told", [one.email], link=link)
    return True


def _later(what: str, user: User) -> None:
    from isva.accounts import tasks

    transaction.on_commit(lambda: tasks.send_word.delay(what, str(user.pk)), robust=True)


def _send(subject: str, letter: str, to: list[str], **context) -> None:
    text = render_to_string(
        f"emails/accounts/{letter}.txt", {"minutes": settings.PASSWORD_RESET_TIMEOUT // 60, **context}
    )
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, to)
