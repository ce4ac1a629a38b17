"""Local measures and questions of a contract: kept here, counted and suppressed with everything else of its reports.

A local measure names a measure and a breakdown of the registry and nothing else: no query comes from a manager.
"""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from isva.accounts.models import User
from isva.clock.moment import now, today
from reporting.contracts import CannotKeep, check_value
from reporting.measures import DIMENSIONS, Measure, measure_named
from reporting.models import Contract, ContractTarget, LocalMeasure, LocalQuestion
from reporting.words import number_words, unit_words

#: So many of each a contract can have: every one is counted, and protected against all others.
MOST = 15


def breakdowns_of(measure: Measure) -> list[tuple[str, str]]:
    """What a local measure can be broken down by: (key, words), nothing among them where it stands alone.

    One that is always shown by its own lines (each domain of need, say) is shown by those.
    """
    always = measure.always_split
    if always is not None:
        return [(always.key, str(always.name))]
    found = [(one.key, str(one.name)) for one in measure.own]
    found += [(key, str(DIMENSIONS[key].name)) for key in measure.by]
    return [("", _("Nothing: one figure")), *found]


def measures_in(contract: Contract):
    """The local measures of a contract, in the order in which they were added, as a query."""
    return LocalMeasure.objects.filter(contract=contract)


def questions_in(contract: Contract):
    """The questions that a contract asks now, as a query."""
    return LocalQuestion.objects.filter(contract=contract, ended_on__isnull=True)


@transaction.atomic
def add_measure(
    contract: Contract,
    *,
    measure: str,
    rows: str = "",
    wording: str = "",
    bound: str = "",
    value: Decimal | None = None,
    by: User,
) -> LocalMeasure:
    """Show a measure of the registry in the reports of a contract, from the next one built on. Raises CannotKeep.

    ``bound`` and ``value`` say what is asked of it: shares in percent, spreads about the median, in the measure's unit.
    """
    known = measure_named(measure)
    if known is None or not known.is_recorded:
        raise CannotKeep(_("Choose a measure that is recorded."))
    if rows not in dict(breakdowns_of(known)):
        raise CannotKeep(_("This measure has no such breakdown."))
    if bool(bound) != (value is not None):
        raise CannotKeep(_("Say both: at least or at most, and the value."))
    if value is not None:
        check_value(known, value)
    Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    if measures_in(contract).count() >= MOST:
        raise CannotKeep(_("A contract has at most %(n)d local measures.") % {"n": MOST})
    local = LocalMeasure(
        service_id=contract.service_id, contract=contract, measure=measure, rows=rows, wording=wording.strip(), bound=bound,
        value=value, added_at=now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            local.save(force_insert=True)
    except IntegrityError as twice:
        raise CannotKeep(_("This contract has this measure by this breakdown already.")) from twice
    return local


def remove_measure(local: LocalMeasure, *, by: User) -> None:
    """Show it in no report that is built from now on; what was published stays as it is."""
    local.delete()


@transaction.atomic
def add_question(contract: Contract, *, question: str, by: User) -> LocalQuestion:
    """Ask something in writing in every report of a contract. Raises CannotKeep."""
    if not question.strip():
        raise CannotKeep(_("Enter the question."))
    Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    if questions_in(contract).count() >= MOST:
        raise CannotKeep(_("A contract has at most %(n)d local questions.") % {"n": MOST})
    last = LocalQuestion.objects.filter(contract=contract).aggregate(last=Max("number"))["last"] or 0
    asked = LocalQuestion(
        service_id=contract.service_id, contract=contract, number=last + 1, question=question.strip(), began_on=today()
    )  # fmt: skip
    asked.save(force_insert=True)
    return asked


def end_question(question: LocalQuestion, *, by: User) -> None:
    """Ask it no more; the answers that were given stay in their reports."""
    question.ended_on = today()
    question.save(update_fields=["ended_on"])


def name_of(local: LocalMeasure) -> str:
    """What a local measure is called: as the commissioner does, or as the registry."""
    known = measure_named(local.measure)
    return local.wording or (str(known.name) if known else local.measure)


def by_words(local: LocalMeasure) -> str:
    """What it is broken down by, in words; nothing where it is one figure."""
    known = measure_named(local.measure)
    return dict(breakdowns_of(known)).get(local.rows, "") if known and local.rows else ""


def asked_words(local: LocalMeasure | ContractTarget) -> str:
    """What is asked of a measure, a local one or one of the usual report: *at least 80 percent of people*; nothing where nothing is.

    Whether it was reached is never said: of a number that is not shown, that would tell too much.
    """
    known = measure_named(local.measure)
    if known is None or local.value is None:
        return ""
    told = {
        "bound": ContractTarget.Bound(local.bound).label, "value": number_words(float(local.value)), "unit": unit_words(known)
    }  # fmt: skip
    return _("%(bound)s %(value)s %(unit)s") % told
