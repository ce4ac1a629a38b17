"""The second factor: codes of an app, passkeys and recovery codes. allauth keeps and judges them; seeds are sealed."""

import json
from ipaddress import ip_address

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from isva.access.entry import Proof
from isva.accounts.models import User
from isva.drafts.sealing import seal_text, unseal_text
from isva.refusal import Refusal

Kind = Authenticator.Type
PRODUCT = "Isva"


class SealedFactors(DefaultMFAAdapter):
    """What allauth asks us: how secrets are kept, and as whom we present ourselves to apps and passkeys."""

    def encrypt(self, text):
        return seal_text(text)

    def decrypt(self, encrypted_text):
        return unseal_text(encrypted_text)

    def get_totp_issuer(self):
        return PRODUCT

    def get_public_key_credential_rp_entity(self):
        return {**super().get_public_key_credential_rp_entity(), "name": PRODUCT}

    def _get_site_name(self):
        return PRODUCT


class CannotRemove(Refusal):
    """A second factor that has to stay: an account without one reaches nothing. Its text says so."""


def has_factor(user: User) -> bool:
    """Whether somebody has set up a second factor (recovery codes alone are none)."""
    return factors_of(user).exists()


def factors_of(user: User) -> models.QuerySet:
    """The second factors of a person, the oldest first."""
    return Authenticator.objects.filter(user=user, type__in=[Kind.TOTP, Kind.WEBAUTHN]).order_by("created_at")


def app_of(user: User) -> Authenticator | None:
    """The authenticator app of a person."""
    return Authenticator.objects.filter(user=user, type=Kind.TOTP).first()


def passkeys_of(user: User) -> models.QuerySet:
    """The passkeys of a person, ready to be found by key."""
    return factors_of(user).filter(type=Kind.WEBAUTHN)


# The app


def new_seed() -> str:
    """A seed for an app: what its codes are reckoned from."""
    return generate_totp_secret()


def seed_picture(user: User, seed: str) -> SafeString:
    """The seed as a square that an app reads with the camera."""
    adapter = SealedFactors()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, seed))
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 - drawn by the library, nothing typed is in it


def in_fours(seed: str) -> str:
    """A seed in groups of four, as it is typed by hand."""
    return " ".join(seed[at : at + 4] for at in range(0, len(seed), 4))


def set_up_app(user: User, *, seed: str, code: str, by: User) -> bool:
    """Take an app up as second factor, if its code shows that it has the seed; whether it does."""
    if not validate_totp_code(seed, code):
        return False
    for old in Authenticator.objects.filter(user=user, type=Kind.TOTP):
        old.delete()
    TOTP.activate(user, seed)
    RecoveryCodes.activate(user)
    return _counts_once(user, code)


# Codes

#: A code of the app fits for three half minutes (the one before, this one, the one after), and counts once in them.
CODE_SECONDS = 120


def what_fits(user: User, code: str) -> Proof | None:
    """What a code is: one of the app's of this minute, a recovery code not used before, or nothing. It counts once."""
    for kind, proof in ((Kind.TOTP, Proof.APP), (Kind.RECOVERY_CODES, Proof.RECOVERY_CODE)):
        factor = Authenticator.objects.filter(user=user, type=kind).first()
        if factor is not None and factor.wrap().validate_code(code):
            if proof is Proof.APP and not _counts_once(user, code):
                return None
            factor.refresh_from_db()
            factor.record_usage()
            return proof
    return None


def _counts_once(user: User, code: str) -> bool:
    """Whether this code of the app was not used before. allauth's own guard forgets it after half a minute."""
    figures = "".join(letter for letter in code if letter.isdigit())
    used = salted_hmac("isva.accounts.factors", f"{user.pk}|{figures}", algorithm="sha256").hexdigest()
    return cache.add(f"code-used:{used}", 1, CODE_SECONDS)


def recovery_codes(user: User) -> list[str]:
    """The recovery codes that were not used yet; made where there are none."""
    return RecoveryCodes.activate(user).get_unused_codes()


def codes_left(user: User) -> int:
    """How many recovery codes a person has left."""
    found = Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).first()
    return len(found.wrap().get_unused_codes()) if found else 0


def renew_recovery_codes(user: User, *, by: User) -> None:
    """Make new recovery codes; the old ones stop working."""
    for old in Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES):
        old.delete()
    RecoveryCodes.activate(user)


# Passkeys


def passkeys_work(request) -> bool:
    """Whether a passkey can be bound to the address of this product: browsers take names, not numbers."""
    host = request.get_host().rsplit(":", 1)[0].strip("[]")
    try:
        ip_address(host)
    except ValueError:
        return True
    return False


def ask_for_new_passkey(user: User) -> dict:
    """What the browser needs to make a passkey; the challenge stands in the session."""
    return webauthn.begin_registration(user, passwordless=False)


def add_passkey(user: User, *, name: str, answer: str, by: User) -> bool:
    """Take a passkey up as second factor; whether the browser's answer is good."""
    try:
        credential = webauthn.parse_registration_response(json.loads(answer))
        webauthn.complete_registration(credential)
    except (ValueError, TypeError, KeyError, ValidationError):
        return False
    webauthn.WebAuthn.add(user, name, json.loads(answer))
    RecoveryCodes.activate(user)
    return True


def ask_for_passkey(user: User) -> dict:
    """What the browser needs to show one of the person's passkeys; the challenge stands in the session."""
    return webauthn.begin_authentication(user)


def passkey_fits(user: User, answer: str) -> bool:
    """Whether the browser's answer shows a passkey of this person."""
    try:
        response = webauthn.parse_authentication_response(json.loads(answer))
        factor = webauthn.complete_authentication(user, response)
    except (ValueError, TypeError, KeyError, ValidationError):
        return False
    factor.record_usage()
    return True


def rename_passkey(passkey: Authenticator, *, name: str, by: User) -> None:
    """Give a passkey another name."""
    passkey.wrap().name = name
    passkey.save(update_fields=["data"])


def remove(factor: Authenticator, *, by: User) -> None:
    """Remove a second factor. Raises CannotRemove for the last one."""
    if not factors_of(factor.user).exclude(pk=factor.pk).exists():
        raise CannotRemove(_("This is your only second step. Set up another one first."))
    factor.delete()


def take_all_away(user: User) -> None:
    """Remove every second factor and recovery code of a person; they set up new ones when they sign in next."""
    for factor in Authenticator.objects.filter(user=user):
        factor.delete()
