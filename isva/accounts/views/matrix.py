"""Who may do what to a case, on a screen for the records lead: the same data that the doors and their tests go by."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from isva.access.doors import staff_page
from isva.access.matrix import Action, Answer, Relation, answer
from isva.access.roles import Permission, Role
from isva.interface.marks import tag
from isva.interface.tables import lines, table


@staff_page(Permission.KEEP_RECORDS)
def show_matrix(request):
    """Each role and each way of standing to a case, with what it may do there, in words."""
    rows = [[relation.label, *(_cell(role, relation) for role in Role)] for relation in Relation]
    matrix = table(
        caption=_("What each role may do to a case"), hide_caption=True,
        columns=[_("The case is"), *(role.label for role in Role)], rows=rows,
    )  # fmt: skip
    return render(request, "accounts/show_matrix.html", {"matrix": matrix})


def _cell(role: str, relation: str):
    answers = {action: answer(role, relation, action) for action in Action}
    allowed = [action.label for action in Action if answers[action] == Answer.YES]
    if allowed:
        return lines(tag("✓ " + _("Sees it"), "teal"), "; ".join(map(str, allowed)))
    if Answer.EMERGENCY in answers.values():
        return lines(tag(_unbroken("! ", _("Not there")), "amber"), _("unless opened in an emergency"))
    return tag(_unbroken("✕ ", _("Not there")), "grey")


def _unbroken(shape: str, words: str) -> str:
    """A short mark that stays on one line in a narrow column."""
    return (shape + words).replace(" ", "\u00a0")
