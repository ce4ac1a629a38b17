"""Building a report in the worker: asked for, told how far it is, cancelled, failed in words, begun again. Whole or nothing."""

import logging
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from isva.accounts.models import User
from isva.clock.moment import now
from isva.refusal import Refusal
from reporting import pdf
from reporting.models import PublishedReport, ReportBuild, ReportDraft
from reporting.reports import drafting, progress
from reporting.reports.content import Chapter, Content
from reporting.reports.counting import NothingToCount, count_report
from reporting.reports.freezing import as_data, content_of
from reporting.reports.layout import LOCAL, every_section
from reporting.reports.paper import Standing, paper_of
from reporting.suppression import CannotProtect

State, Failure = ReportBuild.State, ReportBuild.Failure
LIVE = (State.WAITING, State.RUNNING)
log = logging.getLogger(__name__)


class CannotBuild(Refusal):
    """A report cannot be built now. Its text says why."""


class _Stopped(Exception):
    """Somebody cancelled the build."""


def last_build(draft: ReportDraft) -> ReportBuild | None:
    """The build that was asked for last."""
    return (
        ReportBuild.objects.filter(draft=draft).defer("counted", "pdf").order_by("-asked_at", "-pk").first()
    )


def last_done(draft: ReportDraft) -> ReportBuild | None:
    """The last build that came to its end."""
    return ReportBuild.objects.filter(draft=draft, state=State.DONE).order_by("-asked_at", "-pk").first()


def content_built(build: ReportBuild) -> Content:
    """What came of a build that is done. Raises ValueError for another one."""
    if build.counted is None:
        raise ValueError("This build came to nothing.")
    return content_of(build.counted)


def is_stopped(build: ReportBuild) -> bool:
    """Whether a build that has not ended has no worker any more."""
    if build.state not in LIVE or progress.is_alive(build):
        return False
    return (now() - (build.begun_at or build.asked_at)).total_seconds() > progress.SILENT


@transaction.atomic
def ask_for_build(draft: ReportDraft, *, by: User) -> ReportBuild:
    """Ask the worker to build a report. Raises CannotBuild where it is being built, or published, already."""
    if draft.published_id:
        raise CannotBuild(_("This report is published: nothing of it is changed any more."))
    live = (
        ReportBuild.objects.select_for_update()
        .filter(draft=draft, state__in=LIVE)
        .defer("counted", "pdf")
        .first()
    )
    if live is not None:
        if not is_stopped(live):
            raise CannotBuild(_("It is being built already."))
        _end(live, State.FAILED, Failure.STOPPED)
    build = ReportBuild(service_id=draft.service_id, draft=draft, asked_at=now(), asked_by=by)
    try:
        with transaction.atomic():
            build.save(force_insert=True)
    except IntegrityError:
        raise CannotBuild(_("It is being built already.")) from None
    transaction.on_commit(lambda: _queue(str(build.pk)), robust=True)
    return build


def _queue(build_id: str) -> None:
    from reporting.tasks import build_report

    build_report.apply_async((build_id,), retry=False)


@transaction.atomic
def cancel_build(draft: ReportDraft, *, by: User) -> bool:
    """Cancel the build that runs; False where none does. The worker leaves off at its next step, and keeps nothing."""
    live = (
        ReportBuild.objects.select_for_update()
        .filter(draft=draft, state__in=LIVE)
        .defer("counted", "pdf")
        .first()
    )
    if live is None:
        return False
    _end(live, State.CANCELLED)
    progress.ask_to_stop(live)
    return True


def run_build(build_id, *, prints: bool = True) -> None:
    """Build a report, in the worker. What another worker builds already, and what was cancelled, is left alone.

    Without ``prints`` there is no PDF of the draft: nobody will look at it.
    """
    build = _claim(build_id)
    if build is None:
        return
    try:
        content, printed = _built(build, prints=prints)
    except _Stopped:
        return
    except CannotProtect:
        _fail(build, Failure.GIVES_AWAY)
    except Exception as why:  # the worker's log names the kind of error and quotes nothing
        log.error("A report could not be built: %s", type(why).__name__)
        _fail(build, Failure.BROKEN)
    else:
        _finish(build, content, printed)


def _claim(build_id) -> ReportBuild | None:
    with transaction.atomic():
        build = (
            ReportBuild.objects.select_for_update(of=("self",)).filter(pk=build_id, state__in=LIVE).first()
        )
        if build is None or (build.state == State.RUNNING and not is_stopped(build)):
            return None
        build.state, build.begun_at = State.RUNNING, now()
        build.save(update_fields=["state", "begun_at"])
        progress.tell(build, "")
        return build


def _built(build: ReportBuild, *, prints: bool) -> tuple[dict, bytes | None]:
    draft = ReportDraft.objects.select_related("contract__service").get(pk=build.draft_id)

    def tell(step: str) -> None:
        if progress.is_to_stop(build):
            raise _Stopped
        progress.tell(build, step)

    earlier = published_so_far(draft.service_id)
    try:
        content = count_report(
            draft.contract, draft.of_quarter, earlier=[content_of(one) for _key, one in earlier], tell=tell
        )
    except NothingToCount:
        raise ValueError("The contract did not run in the quarter.") from None
    data = as_data(content) | {"against": [key for key, _one in earlier]}
    tell(progress.PRINTING)
    standing = Standing(is_draft=True, version=next_version(draft), what_changed=draft.what_changed)
    printed = (
        pdf.make_pdf(paper_of(with_words(content, draft), standing))
        if prints and pdf.is_available()
        else None
    )
    return data, printed


def published_so_far(service_id) -> list[tuple[str, dict]]:
    """Every report of a service that is out, of all contracts and versions: (key, content), in the order they went out."""
    rows = (
        PublishedReport.objects.filter(service=service_id).order_by("at", "pk").values_list("pk", "content")
    )
    return [(str(key), content) for key, content in rows]


def next_version(draft: ReportDraft) -> int:
    """The version that a draft will be when it goes out."""
    last = (
        PublishedReport.objects.filter(contract=draft.contract, quarter=draft.quarter)
        .order_by("-version")
        .first()
    )
    return last.version + 1 if last else 1


def with_words(content: Content, draft: ReportDraft) -> Content:
    """A counted report with what the manager has written to it, and what the service will change."""
    said, answers = drafting.passages_of(draft), drafting.answers_of(draft)
    chapters = list(content.chapters)
    if answers and all(one.key != LOCAL for one in chapters):  # asked since the numbers were counted
        chapters.append(Chapter(LOCAL, dict(every_section())[LOCAL], ()))
    return replace(
        content, passage=said.get(drafting.WHOLE, ""), promises=tuple(drafting.promises_of(draft)),
        chapters=tuple(
            replace(one, passage=said.get(one.key, ""), answers=answers if one.key == LOCAL else ())
            for one in chapters
        ),
    )  # fmt: skip


def _finish(build: ReportBuild, data: dict, printed: bytes | None) -> None:
    with transaction.atomic():
        live = ReportBuild.objects.select_for_update().filter(pk=build.pk, state=State.RUNNING).first()
        if live is None:  # cancelled at the last moment: nothing of it is kept
            return
        live.counted, live.pdf = data, printed
        live.state, live.ended_at = State.DONE, now()
        live.save()


def _fail(build: ReportBuild, failure: str) -> None:
    with transaction.atomic():
        live = ReportBuild.objects.select_for_update().filter(pk=build.pk, state=State.RUNNING).first()
        if live is not None:
            _end(live, State.FAILED, failure)


def _end(build: ReportBuild, state: str, failure: str = "") -> None:
    build.state, build.failure, build.ended_at = state, failure, now()
    build.save(update_fields=["state", "failure", "ended_at"])
