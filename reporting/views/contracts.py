"""Contracts: the commissioners' own list, and the pages on which a manager or the records lead keeps them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.models import Closure
from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.drafts.saving import posted, saved
from isva.interface.tables import lines, link, table
from isva.interface.words import listed, long_date
from reporting import contracts
from reporting.forms.contracts import ContractForm, TargetForm
from reporting.measures import Section, measure_named
from reporting.views.local import local_measures_table, local_questions_table
from reporting.words import number_words, unit_words

_KEEPS = (Permission.PUBLISH_REPORT, Permission.KEEP_RECORDS)
_READS = (Permission.READ_REPORTS, *_KEEPS)


@staff_page(*_READS)
def list_contracts(request):
    """The contracts that somebody may see: their own as a commissioner, all of the service for who keeps them."""
    keeps = contracts.may_keep(request.acting)
    found = list(contracts.contracts_seen_by(request.acting))
    context = {
        "keeps": keeps,
        "lead": _("What was agreed with commissioners, and who reads the reports.")
        if keeps
        else _("What your organisation agreed with this service. Its reports stand here once they are published."),
        "table": table(
            caption=_("Contracts"), hide_caption=True,
            columns=[_("Contract"), _("Area"), _("From"), _("Until")],
            rows=[
                [
                    lines(link(one.name, reverse("show_contract", args=[one.pk])), one.commissioner),
                    one.area or _("All of the service"), long_date(one.starts_on),
                    long_date(one.ends_on) if one.ends_on else _("No end agreed"),
                ]
                for one in found
            ],
            empty=_none_yet(keeps),
        ),
    }  # fmt: skip
    return render(request, "reporting/list_contracts.html", context)


def _none_yet(keeps: bool) -> dict:
    if keeps:
        return {
            "title": _("No contract yet"),
            "text": _("Add one to say which commissioner reads which report, and what was agreed."),
            "action": {"text": _("Add a contract"), "url": reverse("add_contract")},
        }
    return {
        "title": _("No contract is open to you yet"),
        "text": _(
            "The manager of the service names who reads the reports of a contract. Ask them if one is missing."
        ),
    }


@staff_page(*_READS)
def show_contract(request, contract_id):
    """One contract: what it says, what is asked of which measure, and, for who keeps it, who reads its reports."""
    contract = find(contracts.contracts_seen_by(request.acting), contract_id)
    keeps = contracts.may_keep(request.acting)
    rows = [
        {"key": _("Commissioner"), "value": contract.commissioner},
        {"key": _("Area"), "value": contract.area or _("All of the service")},
        {"key": _("From"), "value": long_date(contract.starts_on)},
        {"key": _("Until"), "value": long_date(contract.ends_on) if contract.ends_on else _("No end agreed")},
        {
            "key": _("Sections of its reports"),
            "lines": [Section(one).label for one in contract.sections],
        },
        {"key": _("Closures that count as planned"), "lines": _planned(contract)},
    ]
    if keeps:
        names = [one.membership.user.name for one in contracts.readers_of(contract)]
        rows.append({"key": _("Who reads its reports"), "value": listed(names) or _("Nobody yet")})
    context = {
        "contract": contract, "keeps": keeps, "rows": rows, "targets": _targets(contract, keeps),
        "local_measures": local_measures_table(contract, keeps=keeps),
        "local_questions": local_questions_table(contract, keeps=keeps),
    }  # fmt: skip
    return render(request, "reporting/show_contract.html", context)


def _planned(contract) -> list:
    words = [str(Closure.Reason(one).label) for one in contract.planned_reasons] or [_("None")]
    return [*words, *([_("Other than the service counts by itself.")] if contract.moves_a_reason else [])]


def _targets(contract, keeps: bool):
    rows = []
    for one in contracts.targets_of(contract):
        measure = measure_named(one.measure)
        if measure is None:
            continue
        asked = _("%(bound)s %(value)s") % {
            "bound": one.get_bound_display(),
            "value": number_words(float(one.value)),
        }
        row = [str(measure.name), lines(asked, unit_words(measure))]
        if keeps:
            to = reverse("remove_target", args=[contract.pk, one.pk])
            row.append(link(_("Remove"), to, hidden=_("the target of %s") % measure.name))
        rows.append(row)
    columns = [_("Measure"), _("Asked"), *([_("Change")] if keeps else [])]
    return table(
        caption=_("Targets"), columns=columns, rows=rows,
        empty={"title": _("No target"), "text": _("Nothing is asked of a measure in this contract.")},
    )  # fmt: skip


@staff_page(*_KEEPS)
def add_contract(request):
    """Make a contract."""
    return _contract_form(request, None)


@staff_page(*_KEEPS)
def change_contract(request, contract_id):
    """Change what a contract says, and who reads it."""
    return _contract_form(request, find(contracts.contracts_seen_by(request.acting), contract_id))


def _contract_form(request, contract):
    service, by = request.acting.service, request.user
    initial: dict = {"parts": contracts.every_section(), "planned_reasons": contracts.usual_planned()}
    if contract is not None:
        initial = {name: getattr(contract, name) for name in contracts.TERMS}
        readers = [str(one.membership_id) for one in contracts.readers_of(contract)]
        initial |= {"parts": contract.sections, "readers": readers, "seen": contracts.mark_of(contract)}
    form = ContractForm(
        posted(request), service=service, commissioners=contracts.commissioners_of(service), initial=initial
    )

    def act():
        if contract is None:
            contracts.make_contract(service, form.terms(), readers=form.chosen_readers(), by=by)
        else:
            contracts.change_contract(
                contract, form.terms(), readers=form.chosen_readers(), seen=form.cleaned_data["seen"], by=by
            )
        messages.success(request, _("Saved."))

    if request.method == "POST" and saved(request, form, act):
        return redirect("show_contract", contract_id=contract.pk) if contract else redirect("list_contracts")
    template = "reporting/change_contract.html" if contract else "reporting/add_contract.html"
    back = reverse("show_contract", args=[contract.pk]) if contract else reverse("list_contracts")
    return render(request, template, {"form": form, "contract": contract, "back_url": back})


@staff_page(*_KEEPS)
def set_target(request, contract_id):
    """Say what a contract asks of a measure."""
    contract = find(contracts.contracts_seen_by(request.acting), contract_id)
    form = TargetForm(posted(request))

    def act():
        told = form.cleaned_data
        contracts.set_target(
            contract, measure=told["measure"], bound=told["bound"], value=told["value"], by=request.user
        )
        messages.success(request, _("Saved."))

    if request.method == "POST" and saved(request, form, act):
        return redirect("show_contract", contract_id=contract.pk)
    context = {"form": form, "contract": contract, "back_url": reverse("show_contract", args=[contract.pk])}
    return render(request, "reporting/set_target.html", context)


@staff_page(*_KEEPS)
def remove_target(request, contract_id, target_id):
    """Ask nothing of a measure any more, after asking once."""
    contract = find(contracts.contracts_seen_by(request.acting), contract_id)
    target = find(contracts.targets_in(contract), target_id)
    back = reverse("show_contract", args=[contract.pk])
    if request.method == "POST":
        contracts.remove_target(target, by=request.user)
        messages.success(request, _("Removed."))
        return redirect(back)
    measure = measure_named(target.measure)
    context = {"contract": contract, "name": measure.name if measure else target.measure, "back_url": back}
    return render(request, "reporting/remove_target.html", context)
