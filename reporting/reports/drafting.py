"""Writing a report: beginning its draft, the manager's commentary, and what the service will change."""

import datetime as dt
from types import SimpleNamespace

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from isva.access.acting import ActingPerson
from isva.accounts.models import User
from isva.clock.moment import now, today
from isva.refusal import Refusal
from isva.stale import as_seen, refuse_stale
from reporting.contracts import scope_of
from reporting.local import questions_in
from reporting.models import Change, Contract, Passage, PublishedReport, ReportDraft
from reporting.periods import Quarter
from reporting.reports.content import Answer, Promise
from reporting.reports.layout import sections_of

#: The commentary over the whole report, beside those of its sections.
WHOLE = "summary"


class CannotDraft(Refusal):
    """A report cannot be written like this. Its text says why."""


def drafts_of(person: ActingPerson):
    """The reports of the service that are being written, the latest quarter first."""
    rows = ReportDraft.objects.visible_to(person.user).filter(published__isnull=True)
    return rows.select_related("contract__service", "begun_by").order_by("-quarter", "contract__name", "pk")


def begin_report(contract: Contract, quarter: Quarter, *, by: User) -> ReportDraft:
    """Begin the report of a contract and quarter, or go on with the one that was begun. Raises CannotDraft."""
    if quarter.period.last_day >= today():
        raise CannotDraft(_("The quarter is not over yet."))
    if scope_of(contract, quarter.period) is None:
        raise CannotDraft(_("The contract did not run in this quarter."))
    if PublishedReport.objects.filter(contract=contract, quarter=quarter.key).exists():
        raise CannotDraft(_("The report is published. Correct it instead."))
    return _draft(contract, quarter.key, by=by)[0]


@transaction.atomic
def correct_report(report: PublishedReport, *, what_changed: str, by: User) -> ReportDraft:
    """Begin the next version of a published report, with what was written in it. Raises CannotDraft.

    ``what_changed`` goes out with it: what is different from the version before, and why.
    """
    latest = (
        PublishedReport.objects.filter(contract=report.contract, quarter=report.quarter)
        .order_by("-version")
        .first()
    )
    if latest is None or latest.pk != report.pk:
        raise CannotDraft(_("There is a later version. Correct that one."))
    if not what_changed.strip():
        raise CannotDraft(_("Say what changed."))
    draft, is_new = _draft(report.contract, report.quarter, by=by, what_changed=what_changed)
    if not is_new:
        raise CannotDraft(_("A correction has been begun already."))
    from reporting.reports.freezing import content_of

    content = content_of(report.content)
    for section, text in [(WHOLE, content.passage), *((one.key, one.passage) for one in content.chapters)]:
        if text:
            write_passage(draft, section, text=text, by=by)
    for answer in (one for chapter in content.chapters for one in chapter.answers if one.text):
        write_passage(draft, answer.key, text=answer.text, by=by)
    set_changes(draft, content.promises, by=by)
    return draft


def _draft(contract: Contract, quarter: str, *, by: User, what_changed: str = "") -> tuple[ReportDraft, bool]:
    found = ReportDraft.objects.filter(contract=contract, quarter=quarter, published__isnull=True).first()
    if found is not None:
        return found, False
    draft = ReportDraft(
        service_id=contract.service_id, contract=contract, quarter=quarter, begun_at=now(), begun_by=by, what_changed=what_changed,
    )  # fmt: skip
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:  # somebody else began it at the same moment
        return ReportDraft.objects.get(contract=contract, quarter=quarter, published__isnull=True), False
    return draft, True


def passages_of(draft: ReportDraft) -> dict[str, str]:
    """What was written to each section, by its key."""
    return dict(Passage.objects.filter(draft=draft).values_list("section", "text"))


def may_be_written(draft: ReportDraft, section: str) -> bool:
    """Whether a report has such a section to say something to, or such a question to answer."""
    return section == WHOLE or section in dict(sections_of(draft.contract)) or section in questions_of(draft)


def questions_of(draft: ReportDraft) -> dict[str, str]:
    """The local questions of a report's contract: what an answer is kept under → the question."""
    return {one.section: one.question for one in questions_in(draft.contract)}


def answers_of(draft: ReportDraft) -> tuple[Answer, ...]:
    """The local questions with what is answered so far."""
    said = passages_of(draft)
    return tuple(Answer(key, words, said.get(key, "")) for key, words in questions_of(draft).items())


@transaction.atomic
def write_passage(
    draft: ReportDraft, section: str, *, text: str, by: User, seen: str | None = None
) -> Passage:
    """Say something to a section; what was said before stays in its history.

    ``seen`` is the mark of what the section said on the page. Raises CannotDraft once it is published,
    ChangedMeanwhile where the section says something else by now.
    """
    _locked(draft)
    passage = _passage(draft, section)
    refuse_stale(passage, ("text",), seen=seen)
    if passage.text != text or passage._state.adding:
        passage.text, passage.changed_at = text, now()
        passage.save()
    return passage


def passage_mark(draft: ReportDraft, section: str) -> str:
    """The mark of what a section says now."""
    return as_seen(_passage(draft, section), ("text",))


def _passage(draft: ReportDraft, section: str) -> Passage:
    found = Passage.objects.filter(draft=draft, section=section).first()
    return found or Passage(service_id=draft.service_id, draft=draft, section=section)


def promises_of(draft: ReportDraft) -> list[Promise]:
    """What the service will change, the earliest first."""
    return [
        Promise(one.what, one.by_when) for one in Change.objects.filter(draft=draft).order_by("by_when", "pk")
    ]


def changes_mark(draft: ReportDraft) -> str:
    """The mark of what the service says now that it will change."""
    return as_seen(_changes(draft), ("promises",))


def _changes(draft: ReportDraft) -> SimpleNamespace:
    return SimpleNamespace(promises=promises_of(draft))


@transaction.atomic
def set_changes(draft: ReportDraft, promises, *, by: User, seen: str | None = None) -> None:
    """Say what the service will change, and by when; all of it at once.

    ``seen`` is the mark of what the page said. Raises CannotDraft once it is published, ChangedMeanwhile where something
    else is said by now.
    """
    _locked(draft)
    refuse_stale(_changes(draft), ("promises",), seen=seen)
    wanted = {(one.what, one.by_when) for one in promises}
    for change in Change.objects.filter(draft=draft):
        if (change.what, change.by_when) in wanted:
            wanted.discard((change.what, change.by_when))
        else:
            change.delete()
    for what, by_when in sorted(wanted, key=lambda one: (one[1] or dt.date.max, one[0])):
        Change(service_id=draft.service_id, draft=draft, what=what, by_when=by_when).save(force_insert=True)


def _locked(draft: ReportDraft) -> ReportDraft:
    """The draft, held until the transaction ends: nothing is written into one that goes out meanwhile."""
    locked = (
        ReportDraft.objects.select_for_update(no_key=True).filter(pk=draft.pk, published__isnull=True).first()
    )
    if locked is None:
        raise CannotDraft(_("This report is published: nothing of it is changed any more."))
    return locked
