"""The forms of the allocation board: who takes a case, who covers it, whom a conflict keeps away."""

from typing import cast

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from isva.clock.moment import today
from isva.interface import forms as ui
from isva.interface.words import listed
from triage.ranking import Ranking


class AllocateForm(ui.ServiceForm):
    """Who takes the case. An ISVA whom the advice does not put first opens a question of their own: why.

    ``ranking`` is the advice, ``hints`` the line under each ISVA by their key.
    """

    once = ui.OnceField()
    isva = forms.ChoiceField(label=_("Who takes this case?"), widget=ui.Radios())
    reason = ui.LongTextField(
        label=_("Why this ISVA"), rows=3, max_length=2000,
        help_text=_("Kept with the decision and shown on the case’s timeline."),
        error_messages={"required": _("Say why this ISVA")},
    )  # fmt: skip
    words = {"isva": _("who takes this case"), "reason": _("why this ISVA")}

    def __init__(self, *args, ranking: Ranking, hints=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.ranking = ranking
        field = cast(forms.ChoiceField, self.fields["isva"])
        field.choices = self._choices()
        field.widget.hints = hints or {}
        self.reveals = {
            "isva": {key: [self._ask_why(key)] for key in self._keys() if ranking.to_answer_for(key)}
        }

    def _keys(self):
        return [
            *(one.worker.key for one in self.ranking.suggestions),
            *(one.worker.key for one in self.ranking.excluded if not one.final),
        ]

    def _choices(self):
        suggested = [(one.worker.key, _bold(one.worker.name)) for one in self.ranking.suggestions]
        left_out = [
            (one.worker.key, _bold(one.worker.name)) for one in self.ranking.excluded if not one.final
        ]
        groups = []
        if suggested:
            groups.append((_("Suggested, best match first"), suggested))
        if left_out:
            groups.append((_("Left out, unless you say why"), left_out))
        return groups

    def _ask_why(self, key: str) -> str:
        """Add the question that choosing this ISVA opens; returns its name."""
        name = override_name(key)
        found = self.ranking.find(key)
        name_of = found.worker.name if found else ""
        what = listed(self.ranking.to_answer_for(key))
        self.fields[name] = ui.LongTextField(
            label=_("Why %(name)s, although %(what)s?") % {"name": name_of, "what": what}, rows=3, max_length=2000,
            error_messages={"required": _("Say why %(name)s, although %(what)s") % {"name": name_of, "what": what}},
        )  # fmt: skip
        return name

    @property
    def override_reason(self) -> str:
        """Why the advice is not followed; empty where it is."""
        return self.cleaned_data.get(override_name(self.cleaned_data.get("isva", "")), "")

    def not_accepted(self, message: str) -> None:
        """Say why the decision cannot stand, at the question it belongs to where that is on the page."""
        name = override_name(self.cleaned_data.get("isva", ""))
        self.add_error(name if name in self.fields else None, message)


def _bold(name: str):
    return format_html("<strong>{}</strong>", name)


def override_name(key: str) -> str:
    """The name of the question why this ISVA is chosen against the advice."""
    return f"override_{key.replace('-', '')}"


class ReallocateForm(AllocateForm):
    """Who carries the case from now on, why, and what they have to know."""

    handover_note = ui.LongTextField(
        label=_("Handover note"), rows=6, max_length=5000,
        help_text=_("For the new ISVA: what stands open, what is agreed, what must not go wrong."),
    )  # fmt: skip
    words = {
        "isva": _("who carries this case from now on"),
        "reason": _("why the case changes hands"),
        "handover_note": _("the handover note"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["isva"].label = _("Who carries this case from now on?")
        self.fields["reason"].label = _("Why the case changes hands")
        self.fields["reason"].error_messages["required"] = _("Say why the case changes hands")


def _offer(question: forms.Field, members: dict) -> None:
    """Let a question choose one of these members, none of them beforehand."""
    names = [(key, member.name) for key, member in members.items()]
    cast(forms.ChoiceField, question).choices = [("", _("Choose from the list")), *names]


class CoverForm(ui.ServiceForm):
    """Who sees a case in somebody's absence, from which day to which, and whether they may write."""

    READ, WRITE = "read", "write"

    once = ui.OnceField()
    covered_by = forms.ChoiceField(label=_("Who covers"))
    first_day = ui.DayMonthYearField(label=_("First day"), earliest=today)
    last_day = ui.DayMonthYearField(label=_("Last day"), earliest=today)
    may = forms.ChoiceField(
        label=_("What they may do"), choices=[(WRITE, _("Read and record")), (READ, _("Read only"))],
        widget=ui.Radios(hints={WRITE: _("Contacts, notes and plans, as if the case were theirs")}),
    )  # fmt: skip
    reason = ui.LongTextField(label=_("Why"), rows=2, max_length=500, help_text=_("Annual leave, say."))
    words = {
        "covered_by": _("who covers"),
        "first_day": _("the first day"),
        "last_day": _("the last day"),
        "may": _("what they may do"),
        "reason": _("why"),
    }

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = {str(one.pk): one for one in members}
        _offer(self.fields["covered_by"], self.members)

    def clean_covered_by(self):
        """The member who was chosen."""
        return self.members[self.cleaned_data["covered_by"]]

    def clean(self):
        """A cover ends on its first day or later."""
        answers = super().clean() or self.cleaned_data
        first, last = answers.get("first_day"), answers.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day of cover must be the first day or later"))
        return answers


class CoverCaseloadForm(CoverForm):
    """Which of somebody's cases are covered, by whom, from which day to which."""

    cases = forms.MultipleChoiceField(
        label=_("Which cases"), widget=ui.Checkboxes(small=True),
        error_messages={
            "required": _("Tick at least one case"),
            "invalid_choice": _("One of these cases was closed or given to somebody else. Look at what is ticked, and save again"),
        },
    )  # fmt: skip
    words = CoverForm.words | {"cases": _("the cases")}
    field_order = ("once", "covered_by", "first_day", "last_day", "may", "reason", "cases")

    def __init__(self, *args, members, cases, hints, **kwargs):
        super().__init__(*args, members=members, **kwargs)
        self.on_offer = {str(case.pk): case for case in cases}
        question = cast(forms.MultipleChoiceField, self.fields["cases"])
        question.choices = [
            (key, f"{one.client.called}, {one.reference}") for key, one in self.on_offer.items()
        ]
        question.widget.hints = hints

    def clean_cases(self):
        """The cases that were ticked."""
        return [self.on_offer[key] for key in self.cleaned_data["cases"]]


class EndCoverForm(ui.ServiceForm):
    """Why a cover ends before its last day."""

    once = ui.OnceField()
    reason = ui.LongTextField(label=_("Why it ends now"), rows=2, max_length=500)
    words = {"reason": _("why it ends now")}


class ConflictForm(ui.ServiceForm):
    """Whom a conflict keeps away from a client, and why."""

    once = ui.OnceField()
    member = forms.ChoiceField(label=_("Member of staff"))
    reason = ui.LongTextField(
        label=_("What the conflict is"), rows=3, max_length=500,
        help_text=_("Only as much as another manager needs. The person themselves never sees it."),
    )  # fmt: skip
    words = {"member": _("the member of staff"), "reason": _("what the conflict is")}

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = {str(one.pk): one for one in members}
        _offer(self.fields["member"], self.members)

    def clean_member(self):
        """The member who was chosen."""
        return self.members[self.cleaned_data["member"]]


class LiftConflictForm(ui.ServiceForm):
    """Take a wall down: nothing to fill in, and it counts once."""

    once = ui.OnceField()
