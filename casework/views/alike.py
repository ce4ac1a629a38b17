"""Many cases of one person that wait for the same: told once on a manager's list, with the page where all are seen to.

An ISVA who falls ill leaves thirty cases without cover; thirty rows would push off the page what is worse.
"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.views.due import due_row, when_due
from isva.accounts import directory
from isva.accounts.models import Service
from isva.clock.rules import Due
from isva.interface.tables import link

#: Of a rule: the page on which all cases of one person are seen to, by the key of their membership, and what is due there.
FOR_ALL = {"uncovered": ("cover_caseload", gettext_lazy("Their ISVA is away, and nobody covers"))}
#: So many stand one by one.
FEW = 2


def together(dues: Iterable[Due], cases: dict) -> list[list[Due]]:
    """What is due, in its order: one by one, but as one where more than a few cases of one person wait for the same."""
    found: dict = {}
    for place, due in enumerate(dues):
        person = cases[due.case_id].lead_isva_id
        alike = (due.kind, person) if person and due.kind in FOR_ALL else place
        found.setdefault(alike, []).append(due)
    rows: list = []
    for group in found.values():
        rows += [group] if len(group) > FEW else [[due] for due in group]
    return rows


def rows_of(groups: list[list[Due]], cases: dict, *, service: Service) -> list[list]:
    """Each of them as the cells of a list: who, what, when, and who carries it. One query where any are many."""
    people = {cases[group[0].case_id].lead_isva_id for group in groups if len(group) > 1}
    members = directory.memberships_of(people, service=service)
    return [
        _row_of_many(group, cases[group[0].case_id], members)
        if len(group) > 1
        else due_row(group[0], cases[group[0].case_id], last=carried_by(cases[group[0].case_id]))
        for group in groups
    ]


def carried_by(case) -> str:
    """Who carries a case, in words."""
    return case.lead_isva.name if case.lead_isva_id else _("Nobody yet")


def _row_of_many(group: list[Due], case, members: dict) -> list:
    page, words = FOR_ALL[group[0].kind]
    theirs = f"{reverse('list_cases')}?worker={case.lead_isva_id}"
    number, name = _("%(n)d cases") % {"n": len(group)}, carried_by(case)
    return [
        link(number, theirs, hidden=_("of %s") % name),
        link(words, reverse(page, args=[members[case.lead_isva_id]]), hidden=name),
        when_due(min(group, key=lambda due: due.due_at)),
        name,
    ]
