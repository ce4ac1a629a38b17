"""Forms of step-down, closure and reopening: what is proposed, and what is decided."""

import datetime as dt

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from casework.models import Closure
from casework.stages.closure import CANNOT_BE_TOLD, Ending
from isva.clock.moment import today
from isva.interface import forms as ui
from isva.interface.words import long_date


class ProposeStepDownForm(ui.ServiceForm):
    """Why support can pause, how often to check in, when to look again, what to watch."""

    once = ui.OnceField()
    reason = ui.LongTextField(
        label=_("Why support can pause"),
        rows=4,
        max_length=2000,
        help_text=_("What the last review says about risk and need, and what the client wants."),
    )
    contact_every_days = forms.IntegerField(
        label=_("Days between check-ins"), min_value=1, widget=ui.NumberInput(width=3)
    )
    review_on = ui.DayMonthYearField(label=_("Review on"))
    milestones = ui.LongTextField(
        label=_("Milestones to watch"),
        rows=3,
        required=False,
        max_length=2000,
        help_text=_("A charging decision, a hearing, an anniversary, a release: what could change things."),
    )
    words = {
        "reason": _("why support can pause"),
        "contact_every_days": _("the number of days between check-ins"),
        "review_on": _("the day of the review"),
    }

    def __init__(self, data=None, *, latest_day, initial=None):
        super().__init__(data, initial=initial)
        review = self.fields["review_on"]
        review.earliest, review.latest = today() + dt.timedelta(days=1), latest_day
        review.help_text = _now("By %(day)s at the latest.") % {"day": long_date(latest_day)}
        rhythm = self.fields["contact_every_days"]
        rhythm.max_value = (latest_day - today()).days
        rhythm.validators.append(MaxValueValidator(rhythm.max_value))


class DecideForm(ui.ServiceForm):
    """A manager's decision: approve, or send back and say why. ``about`` is the proposal that was on the page."""

    APPROVE, SEND_BACK = "approve", "send_back"

    once = ui.OnceField()
    about = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    decision = forms.ChoiceField(label=_("Your decision"), widget=ui.Radios())
    send_back_reason = ui.LongTextField(
        label=_("Why you send it back"), rows=3, max_length=2000, help_text=_("What is to be done first.")
    )
    reason = ui.LongTextField(label=_("A word on it"), rows=2, required=False, max_length=2000)
    reveals = {"decision": {SEND_BACK: ["send_back_reason"], APPROVE: ["reason"]}}
    words = {"decision": _("your decision"), "send_back_reason": _("why you send it back")}

    def __init__(self, data=None, *, approve_words, initial=None):
        super().__init__(data, initial=initial)
        self.fields["decision"].choices = [(self.APPROVE, approve_words), (self.SEND_BACK, _("Send back"))]

    def answers(self) -> dict:
        """``approve`` and ``reason``, as the deciding functions take them."""
        approve = self.cleaned_data["decision"] == self.APPROVE
        return {
            "approve": approve,
            "reason": self.cleaned_data["reason" if approve else "send_back_reason"],
        }


class StepUpForm(ui.ServiceForm):
    """Back to active support; a reason may be given and need not be."""

    reason = ui.LongTextField(
        label=_("Why support becomes active again"), rows=3, required=False, max_length=1000
    )


class ProposeClosureForm(ui.ServiceForm):
    """How support ends: why, what changed, what stays in place, how the client comes back."""

    once = ui.OnceField()
    reason = forms.ChoiceField(label=_("Reason"), widget=ui.Radios())
    other_service_tried = ui.LongTextField(
        label=_("Which other service’s help was tried to reach them"), rows=2, max_length=1000
    )
    welfare_decision = ui.LongTextField(
        label=_("What was decided about a welfare check, and by whom"), rows=2, max_length=1000
    )
    what_changed = ui.LongTextField(
        label=_("What changed since the first assessment"),
        rows=5,
        help_text=_("Outcomes of the work, the client’s view of them, and what could not be changed."),
    )
    onward_support = ui.LongTextField(
        label=_("Support in place from now on"),
        rows=3,
        max_length=3000,
        help_text=_("Who, how to reach them, and what the client asked for. If there is none, say so."),
    )
    return_explained = forms.BooleanField(
        label=_("The client was told how to come back"), required=False,
        help_text=_("Not needed where contact was lost or the client disengaged."),
    )  # fmt: skip
    feedback_invited = forms.BooleanField(label=_("Feedback was invited"), required=False)
    agencies_told = ui.LongTextField(
        label=_("Agencies told that support ends"), rows=2, required=False, max_length=1000,
        help_text=_("Only agencies that the client agreed to."),
    )  # fmt: skip
    override_reason = ui.LongTextField(
        label=_("Why it is closed all the same"),
        rows=3,
        required=False,
        max_length=1000,
        help_text=_("The manager reads this before signing off."),
    )
    reveals = {"reason": {Closure.Reason.LOST_CONTACT.value: ["other_service_tried", "welfare_decision"]}}
    sections = [
        ui.Section(_("Why support ends"), ["reason"]),
        ui.Section(_("What became of it"), ["what_changed", "onward_support"]),
        ui.Section(_("Saying goodbye"), ["return_explained", "feedback_invited", "agencies_told"]),
        ui.Section(_("What is still open"), ["override_reason"]),
    ]
    words = {
        "reason": _("the reason"),
        "what_changed": _("what changed since the first assessment"),
        "onward_support": _("the support in place from now on"),
        "other_service_tried": _("which other service’s help was tried"),
        "welfare_decision": _("what was decided about a welfare check"),
    }

    def __init__(self, data=None, *, obstacles=(), initial=None):
        super().__init__(data, initial=initial)
        planned = [choice for choice in Closure.Reason.choices if choice[0] in Closure.PLANNED]
        unplanned = [choice for choice in Closure.Reason.choices if choice[0] not in Closure.PLANNED]
        self.fields["reason"].choices = [(_("Planned"), planned), (_("Unplanned"), unplanned)]
        if not obstacles:
            del self.fields["override_reason"]

    def clean(self):
        """The client knows how to come back, unless there was nobody to tell."""
        cleaned = super().clean()
        reason = cleaned.get("reason")
        if reason and reason not in CANNOT_BE_TOLD and not cleaned.get("return_explained"):
            self.add_error("return_explained", _now("Tell the client how to come back before support ends"))
        return cleaned

    def ending(self) -> Ending:
        """What ``propose_closure`` takes."""
        return Ending(
            **{name: self.cleaned_data[name] for name in Ending.__dataclass_fields__ if name in self.fields}
        )


class ReopenForm(ui.ServiceForm):
    """Why a closed case is reopened."""

    once = ui.OnceField()
    reason = ui.LongTextField(label=_("Why the case is reopened"), rows=3, max_length=1000)
    words = {"reason": _("why the case is reopened")}
