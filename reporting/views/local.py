"""What one contract asks beside the usual report: the pages on which its local measures and questions are kept."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from isva.access.doors import find, staff_page
from isva.access.roles import Permission
from isva.drafts.saving import posted, saved
from isva.interface.tables import lines, link, table
from reporting import contracts, local
from reporting.forms.local import LocalMeasureForm, LocalQuestionForm, measures_offered
from reporting.measures import measure_named

_KEEPS = (Permission.PUBLISH_REPORT, Permission.KEEP_RECORDS)


def local_measures_table(contract, *, keeps: bool):
    """The local measures of a contract, for its page."""
    rows = []
    for one in local.measures_in(contract):
        known = measure_named(one.measure)
        row = [
            lines(local.name_of(one), str(known.name) if known and one.wording else ""),
            local.by_words(one) or "–",
            local.asked_words(one) or "–",
        ]
        if keeps:
            to = reverse("remove_local_measure", args=[contract.pk, one.pk])
            row.append(link(_("Remove"), to, hidden=local.name_of(one)))
        rows.append(row)
    return table(
        caption=_("Local measures"), columns=[_("Measure"), _("By"), _("Asked"), *([_("Change")] if keeps else [])], rows=rows,
        empty={"title": _("No local measure"), "text": _("This contract asks for no figure beside the usual report.")},
    )  # fmt: skip


def local_questions_table(contract, *, keeps: bool):
    """The questions of a contract that are answered in writing, for its page."""
    rows = []
    for one in local.questions_in(contract):
        row = [one.question]
        if keeps:
            row.append(
                link(
                    _("Ask no more"),
                    reverse("end_local_question", args=[contract.pk, one.pk]),
                    hidden=one.question,
                )
            )
        rows.append(row)
    return table(
        caption=_("Local questions"), columns=[_("Question"), *([_("Change")] if keeps else [])], rows=rows,
        empty={"title": _("No local question"), "text": _("Nothing else is answered in words for this contract.")},
    )  # fmt: skip


def _contract(request, contract_id):
    return find(contracts.contracts_seen_by(request.acting), contract_id)


@staff_page(*_KEEPS)
def add_local_measure(request, contract_id):
    """Choose a measure of the registry, then how the reports of a contract show it."""
    contract = _contract(request, contract_id)
    known = measure_named(request.GET.get("measure", ""))
    known = known if known and known.is_recorded else None
    context = {
        "contract": contract, "measure": known, "back_url": reverse("show_contract", args=[contract.pk]),
        "sections": measures_offered(), "chosen": known.key if known else "",
    }  # fmt: skip
    if known is not None:
        first = local.breakdowns_of(known)[0][0]
        form = context["form"] = LocalMeasureForm(posted(request), measure=known, initial={"rows": first})

        def act():
            told = form.cleaned_data
            local.add_measure(
                contract, measure=known.key, rows=told["rows"], wording=told["wording"], bound=told["bound"], value=told["value"],
                by=request.user,
            )  # fmt: skip
            messages.success(request, _("Saved. The next report that is built shows it."))

        if request.method == "POST" and saved(request, form, act):
            return redirect("show_contract", contract_id=contract.pk)
    return render(request, "reporting/add_local_measure.html", context)


@staff_page(*_KEEPS)
def remove_local_measure(request, contract_id, local_measure_id):
    """Show a local measure in no report any more, after asking once."""
    contract = _contract(request, contract_id)
    one = find(local.measures_in(contract), local_measure_id)
    if request.method == "POST":
        local.remove_measure(one, by=request.user)
        messages.success(request, _("Removed."))
        return redirect("show_contract", contract_id=contract.pk)
    context = {
        "contract": contract,
        "name": local.name_of(one),
        "back_url": reverse("show_contract", args=[contract.pk]),
    }
    return render(request, "reporting/remove_local_measure.html", context)


@staff_page(*_KEEPS)
def add_local_question(request, contract_id):
    """Ask something in writing in every report of a contract."""
    contract = _contract(request, contract_id)
    form = LocalQuestionForm(posted(request))

    def act():
        local.add_question(contract, question=form.cleaned_data["question"], by=request.user)
        messages.success(request, _("Saved. It is answered with the commentary of the next report."))

    if request.method == "POST" and saved(request, form, act, at="question"):
        return redirect("show_contract", contract_id=contract.pk)
    context = {"form": form, "contract": contract, "back_url": reverse("show_contract", args=[contract.pk])}
    return render(request, "reporting/add_local_question.html", context)


@staff_page(*_KEEPS)
def end_local_question(request, contract_id, question_id):
    """Ask a question no more, after asking once."""
    contract = _contract(request, contract_id)
    one = find(local.questions_in(contract), question_id)
    if request.method == "POST":
        local.end_question(one, by=request.user)
        messages.success(request, _("It is asked no more."))
        return redirect("show_contract", contract_id=contract.pk)
    context = {
        "contract": contract,
        "question": one.question,
        "back_url": reverse("show_contract", args=[contract.pk]),
    }
    return render(request, "reporting/end_local_question.html", context)
