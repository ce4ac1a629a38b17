"""The outside anchor: the head of each chain, noted where the application cannot take it back.

``AUDIT_ANCHOR`` is a file (on a mounted path that keeps what was appended) or ``mail`` (to the records leads, once a
day). A line holds nothing personal: when, which chain, the number of its last seal and that seal's hash; and a mark
over itself and the line before it, so that a changed or missing line shows. With it, cutting the end off a chain shows.
"""

import datetime as dt
import fcntl
import os
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import OuterRef, Subquery

from isva.access.roles import Role
from isva.audit.models import NO_SERVICE, Seal
from isva.audit.seals.marks import KeyGone, key_in_use, keyed
from isva.clock.moment import now

MAIL = "mail"


@dataclass(frozen=True)
class Head:
    """The last seal of a chain at some moment, as it was noted outside."""

    when: str
    scope: str
    number: int
    hash: str

    @staticmethod
    def read(text: str) -> "Head":
        """A head as a mail gives it: ``scope:number:hash``. Raises ValueError."""
        scope, number, hash_ = text.strip().split(":")
        return Head("in a mail", scope, int(number), hash_)


@dataclass
class Anchored:
    """What was noted outside, and what is wrong with the note itself."""

    heads: list[Head] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def heads() -> list[Seal]:
    """The last seal of each chain."""
    last = Seal.objects.filter(scope=OuterRef("scope")).order_by("-number").values("pk")[:1]
    return list(Seal.objects.filter(pk=Subquery(last)).order_by("scope"))


def path_of_anchor(path: str | None = None) -> Path | None:
    """Where the anchor is kept; None where there is none, or none on a disk."""
    told = settings.AUDIT_ANCHOR if path is None else path
    return Path(told) if told and told != MAIL else None


def note(seals: list[Seal], *, path: str | None = None) -> int:
    """Append the heads of chains to the anchor file; returns how many lines were written.

    Call it after the seals are committed. Raises OSError where the file cannot be written.
    """
    file = path_of_anchor(path)
    if file is None or not seals:
        return 0
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab+") as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        before = _last_mark(out)
        for seal in seals:
            name = key_in_use()
            said = f"{now().astimezone(dt.UTC).isoformat(timespec='seconds')} {seal.scope} {seal.number} {seal.hash} {name}"
            before = keyed(name, f"{before} {said}")
            out.write(f"{said} {before}\n".encode())
        out.flush()
        os.fsync(out.fileno())
    return len(seals)


def read(path: str | None = None) -> Anchored:
    """Every head that the anchor file holds, and what is wrong with its lines."""
    found, file = Anchored(), path_of_anchor(path)
    if file is None:
        return found
    if not file.exists():
        if Seal.objects.exists():
            found.wrong.append("The anchor is not where AUDIT_ANCHOR says.")
        return found
    before = ""
    for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        try:
            when, scope, seal, hash_, name, mark = line.split(" ")
            found.heads.append(Head(when, scope, int(seal), hash_))
            holds = keyed(name, f"{before} {when} {scope} {int(seal)} {hash_} {name}") == mark
        except (ValueError, KeyGone):
            holds, mark = False, line.rpartition(" ")[2]
        if not holds:
            found.wrong.append(f"Line {number} of the anchor was changed, or a line before it is missing.")
        before = mark
    return found


def post() -> int:
    """Send each service's heads to its records leads, where the anchor is kept by mail; returns how many mails."""
    if settings.AUDIT_ANCHOR != MAIL:
        return 0
    from isva.accounts.models import Membership, Service

    of = {seal.scope: seal for seal in heads()}
    sent = 0
    for service in Service.objects.order_by("name"):
        seals = [seal for scope in (str(service.pk), NO_SERVICE) if (seal := of.get(scope))]
        leads = Membership.objects.filter(service=service, roles__contains=[Role.RECORDS_LEAD]).live()
        for address in leads.values_list("user__email", flat=True):
            lines = [f"{seal.scope}:{seal.number}:{seal.hash}" for seal in seals]
            text = (
                "Please keep this mail. It proves later that nothing was cut off the record of who did what.\n"
                "To compare: manage.py audit verify --head <line>\n\n" + "\n".join(lines) + "\n"
            )
            sent += send_mail("Seals of the record", text, None, [address])
    return sent


def _last_mark(file) -> str:
    """The mark of the last line that stands in the file; empty where there is none."""
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - 1000))
    lines = file.read().decode(errors="replace").splitlines()
    return lines[-1].rpartition(" ")[2] if lines else ""
