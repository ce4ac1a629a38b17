"""How far a build is, told while it runs: from the worker to the page, by the cache, since the counting is one question."""

from django.core.cache import cache

from reporting.models import ReportBuild

#: Seconds without a word from the worker after which a build counts as stopped.
SILENT = 120
#: Seconds that a word is kept.
_KEPT = 3600
COUNTING, HIDING, PRINTING = STEPS = "counting", "suppression", "pdf"


def tell(build: ReportBuild, step: str) -> None:
    """Say which step a build is at; for a while, that it is alive."""
    cache.set(_key(build, "step"), step, _KEPT)
    cache.set(_key(build, "alive"), True, SILENT)


def step_of(build: ReportBuild) -> str:
    """The step that a build is at; nothing before the first."""
    return cache.get(_key(build, "step"), "")


def is_alive(build: ReportBuild) -> bool:
    """Whether its worker has said anything lately."""
    return bool(cache.get(_key(build, "alive"), False))


def ask_to_stop(build: ReportBuild) -> None:
    """Ask the worker to leave off at its next step."""
    cache.set(_key(build, "stop"), True, _KEPT)


def is_to_stop(build: ReportBuild) -> bool:
    """Whether the worker was asked to leave off."""
    return bool(cache.get(_key(build, "stop"), False))


def _key(build: ReportBuild, what: str) -> str:
    return f"report-build-{build.pk}-{what}"
