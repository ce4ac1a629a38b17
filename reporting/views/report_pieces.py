"""What the pages of reports show alike: how far a build is, what a file is called, and handing one out."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from isva.clock.moment import now
from isva.interface.words import short_when
from reporting.models import ReportBuild
from reporting.reports import building, progress

State = ReportBuild.State
#: A file that is opened in the browser all the same can do nothing: no script, no form, no load, no frame.
ALONE = "default-src 'none'; frame-ancestors 'none'; sandbox"


def build_words(build: ReportBuild | None, done: ReportBuild | None) -> dict:
    """How a build stands, in words: what it is doing, how far it is, what went wrong, and what is there from before."""
    built = _("Built %s.") % short_when(done.ended_at, now=now()) if done else ""
    if build is None:
        return {
            "is_live": False,
            "says": _("Nothing has been counted yet."),
            "may_build": True,
            "tone": "calm",
        }
    if build.state in building.LIVE and not building.is_stopped(build):
        step, steps = progress.step_of(build), progress.STEPS
        place = steps.index(step) + 1 if step in steps else 0
        return {
            "is_live": True, "says": _at_step(step, place, len(steps)), "step": place, "of": len(steps), "may_build": False,
            "tone": "calm",
        }  # fmt: skip
    if build.state in building.LIVE or build.state == State.FAILED:
        failure = ReportBuild.Failure(build.failure or ReportBuild.Failure.STOPPED)
        says = f"{failure.label} {_('What was built before is still there.') if done else ''}".strip()
        return {
            "is_live": False,
            "says": says,
            "may_build": True,
            "tone": "soon",
            "title": _("The report was not built"),
        }
    if build.state == State.CANCELLED:
        return {
            "is_live": False,
            "says": f"{_('Cancelled.')} {built}".strip(),
            "may_build": True,
            "tone": "calm",
        }
    return {"is_live": False, "says": built, "may_build": True, "tone": "calm", "is_done": True}


def _at_step(step: str, place: int, of: int) -> str:
    told = {"place": place, "of": of, "doing": _doing(step)}
    return _("Step %(place)s of %(of)s. %(doing)s") % told if place else _doing(step)


def _doing(step: str) -> str:
    if not step:
        return _("Waiting for its turn.")
    if step == progress.COUNTING:
        return _("Counting.")
    if step == progress.HIDING:
        return _("Looking for what must not be shown.")
    return _("Setting the pages.")


def file_name(quarter: str, version: int, ending: str, *, draft: bool = False) -> str:
    """What a file is called: the quarter and the version, and nothing about anybody."""
    return f"report-{quarter}-{'draft' if draft else f'version-{version}'}.{ending}"


def handed_out(data: bytes, kind: str, name: str) -> HttpResponse:
    """A file as a download: never shown in the browser, never run."""
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = ALONE
    return response
