"""The triage assessment: what was found, and the outcome with what belongs to it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import Case
from isva.codes import JusticeStage, Specialism
from isva.interface import forms as ui
from triage.forms.concern import ConcernQuestions
from triage.forms.next_review import NextReviewQuestion
from triage.models import TriageAssessment
from triage.stages.triage import Findings

Outcome = TriageAssessment.Outcome

OUTCOME_HINTS = {
    Outcome.ALLOCATE_NOW: _("Goes to the top of the list, with a task for a named manager."),
    Outcome.ALLOCATE: _("Goes to the manager’s board."),
    Outcome.INTERIM: _("Somebody keeps in touch, and looks again by a set day."),
    Outcome.ADVICE: _("Closes the record. It counts as work done."),
    Outcome.NOT_THIS_SERVICE: _("Closes the record, with where to go instead."),
    Outcome.DECLINED: _("Closes the record. They can come back at any time."),
    Outcome.UNABLE: _("Closes the record, after several attempts by different methods at different times."),
}


class ClosingQuestions(ui.ServiceForm):
    """What belongs to the outcomes that end in a closed record."""

    advice_where_to = ui.LongTextField(
        label=_("Where the client was pointed to"), rows=2, max_length=1000, required=False
    )
    where_to = ui.LongTextField(label=_("Where they can go instead"), rows=2, max_length=1000)
    referrer_told = forms.BooleanField(
        label=_("The referrer has been told that the person could not be reached"), required=False
    )

    def pointed_to(self) -> str:
        """Where the client was pointed to, under whichever outcome it was said."""
        return self.cleaned_data.get("where_to") or self.cleaned_data.get("advice_where_to") or ""


CLOSING_REVEALS = {
    Outcome.ADVICE.value: ["advice_where_to"],
    Outcome.NOT_THIS_SERVICE.value: ["where_to"],
    Outcome.UNABLE.value: ["referrer_told"],
}
_WORDS = {
    "where_to": _("where they can go instead"),
    "outcome": _("the outcome"),
    "reason": _("the reason"),
}


class TriageForm(ConcernQuestions, ClosingQuestions, NextReviewQuestion):
    """Everything of the assessment except the screening by domain, which is a form of its own on the same page."""

    once = ui.OnceField()
    justice_stage = forms.ChoiceField(
        label=_("Where the justice process stands"), choices=JusticeStage.choices
    )
    needs_beyond = ui.LongTextField(
        label=_("Needs beyond this service"), rows=3, max_length=3000, required=False,
        help_text=_("What another service would have to meet, before or beside us."),
    )  # fmt: skip
    client_choice = ui.LongTextField(
        label=_("The client’s choice and preference"), rows=3, max_length=3000, required=False,
        help_text=_("What they want from us, and from whom they would like it."),
    )  # fmt: skip
    readiness = forms.ChoiceField(
        label=_("How support would come"), choices=TriageAssessment.Readiness.choices, required=False,
        widget=ui.Radios(small=True),
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=TriageAssessment.Urgency.choices,
        required=False,
        widget=ui.Radios(small=True),
    )
    specialisms = forms.MultipleChoiceField(
        label=_("Specialism needed"),
        choices=Specialism.choices,
        required=False,
        widget=ui.Checkboxes(small=True),
    )
    outcome = forms.ChoiceField(
        label=_("What happens next?"), choices=Outcome.choices,
        widget=ui.Radios(hints=OUTCOME_HINTS, divider_before=Outcome.ADVICE.value),
    )  # fmt: skip
    reason = ui.LongTextField(label=_("Why"), rows=3, max_length=3000)
    interim_worker = forms.ChoiceField(label=_("Who keeps in touch"))
    next_review_on = ui.DayMonthYearField(
        label=_("Look again by"), required=False, future=True,
        help_text=_("Leave empty for the last day that the risk allows."),
    )  # fmt: skip

    words = {
        **ConcernQuestions.concern_words,
        **_WORDS,
        "justice_stage": _("where the justice process stands"),
        "interim_worker": _("who keeps in touch"),
        "next_review_on": _("the day of the next review"),
    }
    reveals = {
        **ConcernQuestions.concern_reveals,
        "outcome": {Outcome.INTERIM.value: ["interim_worker", "next_review_on"], **CLOSING_REVEALS},
    }
    #: As on the page, so that the summary of mistakes follows it.
    field_order = (
        *ConcernQuestions.concern_fields, "justice_stage", "needs_beyond", "client_choice", "readiness", "urgency",
        "specialisms", "outcome", "interim_worker", "next_review_on", "advice_where_to", "where_to", "referrer_told",
    )  # fmt: skip
    sections = [
        ui.Section(_("Safeguarding"), ["concern"]),
        ui.Section(
            _("Needs and choice"),
            ["justice_stage", "needs_beyond", "client_choice", "readiness", "urgency", "specialisms"],
        ),
        ui.Section(_("Outcome"), ["outcome", "reason"]),
    ]

    def __init__(self, *args, case: Case, workers, **kwargs):
        kwargs["initial"] = {"justice_stage": case.justice_stage, **(kwargs.get("initial") or {})}
        self.workers = {str(one.user_id): one.user for one in workers}
        super().__init__(*args, **kwargs)
        self.fields["interim_worker"].choices = [(key, user.name) for key, user in self.workers.items()]

    @property
    def before_screening(self) -> list:
        """The sections that stand before the screening on the page."""
        return [group for group in self.layout if group["title"] != self.sections[-1].title]

    @property
    def after_screening(self) -> list:
        """The outcome, once everything it rests on has been asked."""
        return [group for group in self.layout if group["title"] == self.sections[-1].title]

    def findings(self) -> Findings:
        """What was found, as the stage takes it."""
        return Findings(**{name: self.cleaned_data[name] for name in Findings.__dataclass_fields__})

    def worker(self):
        """The user who keeps in touch, or None."""
        return self.workers.get(self.cleaned_data.get("interim_worker") or "")


class CloseWaitingForm(ClosingQuestions):
    """Why somebody who waits leaves the list without an ISVA."""

    once = ui.OnceField()
    outcome = forms.ChoiceField(
        label=_("Why do they no longer wait?"),
        choices=[(one.value, one.label) for one in TriageAssessment.CLOSING],
        widget=ui.Radios(hints={key: OUTCOME_HINTS[key] for key in TriageAssessment.CLOSING}),
    )
    reason = ui.LongTextField(label=_("Reason"), rows=3, max_length=3000)
    words = {**_WORDS, "outcome": _("why they no longer wait")}
    reveals = {"outcome": CLOSING_REVEALS}
    sections = [ui.Section("", ["outcome", "reason"])]
