"""The dashboards of a manager: which measures each shows, over which time, drawn how."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from reporting.measures import EQUALITY


@dataclass(frozen=True)
class Panel:
    """One measure on a dashboard: over the last quarters (``trend``), or of one quarter by a breakdown (``rows``)."""

    measure: str
    rows: str = ""
    trend: bool = False
    lines: tuple[str, ...] = ()  # of a trend: the lines that are drawn, at most four


@dataclass(frozen=True)
class Dashboard:
    """A page of panels."""

    key: str
    name: Any
    about: Any
    panels: tuple[Panel, ...]


#: The dashboard that holds who is reached against who lives in the area.
FAIR_BOARD = "equality"
DASHBOARDS: dict[str, Dashboard] = {
    one.key: one
    for one in (
        Dashboard("overview", _("Overview"), _("What came in, what was reached in time, what is open, and how it ended."), (
            Panel("referrals", trend=True),
            Panel("contact_within_standard", trend=True),
            Panel("open_cases", rows="stage"),
            Panel("closures", rows="reason"),
            Panel("planned_closures", trend=True),
        )),
        Dashboard("flow", _("Flow"), _("How many people come into each stage, and how long they stay there."), (
            Panel("stage_moves", rows="into", trend=True, lines=("triage", "interim", "active", "closed")),
            Panel("days_in_stage", rows="out_of"),
            Panel("reopened", trend=True),
            Panel("left_waiting", trend=True),
        )),
        Dashboard("demand", _("Demand and waiting"), _("Who is referred and by whom, how many wait, and for how long."), (
            Panel("referrals", rows="source"),
            Panel("referrals", rows="cohort", trend=True, lines=("child", "adult")),
            Panel("contact_within_target", trend=True),
            Panel("triage_outcomes", rows="triage_outcome"),
            Panel("advice", trend=True),
            Panel("waiting", trend=True),
            Panel("days_waiting", rows="risk"),
            Panel("days_to_support", trend=True),
            Panel("interim_reviews_on_time", trend=True),
        )),
        Dashboard("caseload", _("Caseload and complexity"), _("What ISVAs carry, how complex it is, and what support is given."), (
            Panel("caseload", trend=True),
            Panel("caseload", rows="complexity"),
            Panel("caseload_bands", rows="band"),
            Panel("weighted_caseload", trend=True),
            Panel("contacts", rows="mode"),
            Panel("contact_hours", trend=True),
            Panel("missed", rows="attendance"),
            Panel("agreement_in_place", trend=True),
        )),
        Dashboard("justice", _("Justice"), _("Where the justice process stands, how long each stage takes, and how long support lasts."), (
            Panel("caseload", rows="justice"),
            Panel("days_in_justice_stage", rows="left"),
            Panel("no_further_action", rows="decided_by", trend=True, lines=("nfa_police", "nfa_cps")),
            Panel("weeks_of_support", rows="justice"),
            Panel("court_days", trend=True),
            Panel("court_cancelled", trend=True),
        )),
        Dashboard("need", _("Risk, need and other services"), _("What people needed when support began and when it ended, and what nobody could give."), (
            Panel("need_at_start"),
            Panel("need_at_end"),
            Panel("improved", trend=True),
            Panel("onward_referrals", rows="answer"),
            Panel("unmet_need", rows="domain"),
            Panel("safeguarding", rows="who"),
        )),
        Dashboard(FAIR_BOARD, _("Equality"), _("Who is reached, by each protected characteristic. Not asked and not recorded stand apart."),
                  tuple(Panel("referrals", rows=one) for one in EQUALITY)),
    )
}  # fmt: skip
