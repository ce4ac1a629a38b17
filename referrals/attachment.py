"""The file that comes with a professional's referral: looked at before it is kept, kept with the draft, gone with it.

Checked as every document is (``isva/files/``): by what is in it, and scanned where a scanner is set up. Its name on
the sender's device is kept nowhere. Only once the referral is sent does it become a document of the case.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from casework import documents
from casework.models import Case, Document
from isva.access.system import SystemUser, system_user
from isva.audit.reading import note_infected
from isva.drafts import keeping
from isva.files.checking import Checked, check_file
from isva.files.receiving import LARGEST
from isva.files.scanning import Infected, Scan, scan
from isva.refusal import Refusal


@dataclass(frozen=True)
class Attached:
    """A file that was looked at and may go with the referral."""

    checked: Checked
    scanned: Scan


def attach(request, walk, key: str, form) -> None:
    """Keep the file that was sent with this page, in place of one before it; why it is not taken stands at its field."""
    upload = request.FILES.get("file")
    if upload is None:
        return
    try:
        if upload.size > LARGEST:
            raise Refusal(_("The file must be smaller than %(size)d MB") % {"size": LARGEST // 1024**2})
        content = upload.read()
        scanned = scan(content)
        checked = check_file(content)
    except Refusal as refusal:
        if isinstance(refusal, Infected):
            note_infected(request, user=system_user(SystemUser.INTAKE), service=walk.service)
        for reason in refusal.reasons:
            form.add_error("file", reason)
        return
    keeping.keep_public_file(service=walk.service, form=walk.wizard.name, key=key, content=checked.content)
    walk.draft["file"] = {
        "media_type": checked.media_type, "size": len(checked.content), "scan": scanned.value,
    }  # fmt: skip


def remove(walk, key: str) -> None:
    """Take the file away again."""
    walk.draft.pop("file", None)
    keeping.forget_public_file(key=key)


def attached_to(walk, key: str) -> Attached | None:
    """The file that goes with the referral; None where none does."""
    if not walk.file:
        return None
    content = keeping.public_file(service=walk.service, form=walk.wizard.name, key=key)
    if content is None:
        return None
    kept = walk.draft["file"]
    return Attached(Checked(kept["media_type"], content), Scan(kept["scan"]))


def put_on_record(case: Case, attached: Attached, *, by) -> Document:
    """Make the file a document of the case that was just opened. The caller holds the transaction."""
    return documents.keep_document(
        case, kind=Document.Kind.RISK_ASSESSMENT, title=str(_("Assessment that came with the referral")),
        checked=attached.checked, scanned=attached.scanned, by=by,
    )  # fmt: skip
