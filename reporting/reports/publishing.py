"""Publishing a report: its numbers frozen with a checksum, signed, never changed again; its PDF; and who reads it."""

from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from isva.access.acting import ActingPerson
from isva.accounts.models import Service, User
from isva.clock.moment import now
from isva.refusal import Refusal
from reporting import pdf
from reporting.models import PublishedReport, ReportBuild, ReportDraft, ReportFile
from reporting.reports import building
from reporting.reports.content import Content
from reporting.reports.freezing import as_data, checksum_of, content_of
from reporting.reports.paper import Standing, paper_of


class CannotPublish(Refusal):
    """A report cannot be published now. Its text says why."""


class NotAsSigned(Exception):
    """A published report is not what was signed: its content does not have its checksum."""


def reports_seen_by(person: ActingPerson):
    """The published reports that somebody may read, the latest quarter first, each with whether it was ``replaced``."""
    rows = PublishedReport.objects.visible_to(person.user).with_standing().defer("content")
    return rows.select_related("contract__service", "signed_by").order_by(
        "-quarter", "contract__name", "-version"
    )


@transaction.atomic
def publish_report(draft: ReportDraft, *, by: User) -> PublishedReport:
    """Publish a draft as it was built last, with what is written to it now. Raises CannotPublish.

    One report of a service goes out at a time: each is protected against all that went out before.
    """
    Service.objects.select_for_update(no_key=True).get(pk=draft.service_id)
    locked = (
        ReportDraft.objects.select_for_update(no_key=True, of=("self",))
        .select_related("contract__service")
        .get(pk=draft.pk)
    )
    if locked.published_id:
        raise CannotPublish(_("It is published already."))
    if ReportBuild.objects.filter(draft=locked, state__in=building.LIVE).exists():
        raise CannotPublish(_("It is being built. Wait until that is done, or cancel it."))
    build = building.last_done(locked)
    if build is None or build.counted is None:
        raise CannotPublish(_("Build the report first."))
    if build.counted["against"] != [key for key, _content in building.published_so_far(locked.service_id)]:
        raise CannotPublish(_("Another report was published since this one was built. Build it again."))
    content = as_data(building.with_words(content_of(build.counted), locked))
    report = PublishedReport(
        service_id=locked.service_id, contract=locked.contract, quarter=locked.quarter, version=building.next_version(locked),
        at=now(), signed_by=by, what_changed=locked.what_changed, content=content, checksum=checksum_of(content),
    )  # fmt: skip
    report.save(force_insert=True)
    locked.published = report
    locked.save(update_fields=["published"])
    transaction.on_commit(lambda: _queue(str(report.pk)), robust=True)
    return report


def _queue(report_id: str) -> None:
    from reporting.tasks import print_report

    print_report.apply_async((report_id,), retry=False)


def content_as_signed(report: PublishedReport) -> Content:
    """What a published report says. Raises NotAsSigned where it is not what was signed."""
    if checksum_of(report.content) != report.checksum:
        raise NotAsSigned
    return content_of(report.content)


def standing_of(report: PublishedReport, *, replaced: bool = False) -> Standing:
    """What the cover says of a published report."""
    return Standing(
        version=report.version, what_changed=report.what_changed, signed_by=report.signed_by.name, signed_at=report.at,
        checksum=report.checksum, is_replaced=replaced,
    )  # fmt: skip


def print_report(report_id) -> bool:
    """Make the PDF of a published report, once, in the worker; False where it is there or this machine cannot print."""
    rows = PublishedReport.objects.filter(pk=report_id, pdf__isnull=True).select_related("signed_by")
    report = rows.first()
    if report is None or not pdf.is_available():
        return False
    data = pdf.make_pdf(paper_of(content_as_signed(report), standing_of(report)))
    file = ReportFile(
        service_id=report.service_id, report=report, at=now(), data=data, checksum=sha256(data).hexdigest()
    )
    try:
        with transaction.atomic():
            file.save(force_insert=True)
    except IntegrityError:  # another worker was quicker
        return False
    return True


def has_pdf(report: PublishedReport) -> bool:
    """Whether the PDF of a report was made."""
    return ReportFile.objects.filter(report=report).exists()


def pdf_of(report: PublishedReport) -> bytes | None:
    """The PDF of a report, as it was made; None where it was not. Raises NotAsSigned where it is not that file any more."""
    file = ReportFile.objects.filter(report=report).first()
    if file is None:
        return None
    if sha256(bytes(file.data)).hexdigest() != file.checksum:
        raise NotAsSigned
    return bytes(file.data)


def without_pdf() -> list:
    """Keys of the published reports whose PDF was not made yet: the database is the outbox."""
    return list(PublishedReport.objects.filter(pdf__isnull=True).values_list("pk", flat=True))
