"""The cases in sight as a list: what it can be narrowed to and sorted by, and who carries them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Value
from django.db.models.functions import Coalesce

from casework.models import Case
from isva.clock.moment import today
from isva.codes import Risk
from isva.pathway import Stage

NOBODY = "nobody"
_NEVER = dt.date(9999, 12, 31)
_LONG_AGO = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)

#: What a list can be sorted by, as the order of a keyset. A case without a review or a contact has its place too:
#: last by review, first by contact.
SORTS = {
    "review": ("review_sort", "id"),
    "opened": ("-opened_at", "-id"),
    "contact": ("contact_sort", "id"),
}


@dataclass(frozen=True)
class Asked:
    """What somebody asked a list of cases for; anything unknown is as if it were not asked."""

    stage: str = ""
    risk: str = ""
    review: str = ""
    worker: str = ""
    sort: str = "review"

    @classmethod
    def read(cls, query, workers) -> "Asked":
        """From the parameters of an address; ``workers`` are the keys of people who may be asked for."""

        def one_of(name, allowed, otherwise=""):
            value = query.get(name, "")
            return value if value in allowed else otherwise

        return cls(
            stage=one_of("stage", {stage.value for stage in Stage}),
            risk=one_of("risk", Risk.values),
            review=one_of("review", {"overdue"}),
            worker=one_of("worker", {NOBODY, *workers}),
            sort=one_of("sort", SORTS, "review"),
        )


def cases_asked_for(user, asked: Asked):
    """The cases in sight of ``user`` that were asked for (open ones, unless a stage is named).

    Clients are fetched for the page alone: joined, those of every case would be read before the page is cut.
    """
    cases = Case.objects.visible_to(user).annotate(
        review_sort=Coalesce("next_review_on", Value(_NEVER)),
        contact_sort=Coalesce("last_contact_at", Value(_LONG_AGO)),
    )
    cases = cases.filter(stage=asked.stage) if asked.stage else cases.open()
    if asked.risk:
        cases = cases.filter(risk=asked.risk)
    if asked.review:
        cases = cases.open().filter(next_review_on__lt=today())
    if asked.worker:
        cases = cases.filter(lead_isva=None if asked.worker == NOBODY else asked.worker)
    return cases.select_related("lead_isva").prefetch_related("client")


def carriers(user) -> list[tuple[str, str]]:
    """Who carries an open case in sight of ``user``: key and name, by name. One query."""
    rows = Case.objects.visible_to(user).open().filter(lead_isva__isnull=False).order_by("lead_isva__name")
    return [(str(key), name) for key, name in rows.values_list("lead_isva", "lead_isva__name").distinct()]
