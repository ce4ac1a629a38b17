"""Forms of onward referrals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import OnwardReferral
from casework.onward import STEPS
from isva.clock.moment import LONDON
from isva.interface import forms as ui
from isva.stale import as_seen

_NO_CONSENT = _(
    "A referral is sent with the client’s consent. Tick it, or leave the date open until they agree"
)


class OnwardForm(ui.ServiceForm):
    """A need, and who could meet it. No service for it is an answer, and is counted."""

    once = ui.OnceField()
    domain = forms.ChoiceField(label=_("About"))
    need = ui.LongTextField(label=_("What the client needs"), rows=3, max_length=1000)
    has_agency = ui.YesNoField(label=_("Is there a service for it?"), inline=False)
    agency = forms.ModelChoiceField(label=_("Agency"), queryset=None, empty_label=_("Choose from the list"))
    consented = forms.BooleanField(label=_("The client consents to this referral"), required=False)
    sent_on = ui.DayMonthYearField(
        label=_("Sent on"), required=False, past=True, help_text=_("Leave it open until it is sent.")
    )
    unheld_risk = forms.BooleanField(
        label=_("This is a risk outside our scope, and no agency holds it"), required=False,
        help_text=_("It stays on the manager’s list until somebody holds it."),
    )  # fmt: skip
    mark_optional = False
    words = {
        "domain": _("what it is about"),
        "need": _("what the client needs"),
        "has_agency": _("whether there is a service for it"),
        "agency": _("the agency"),
    }
    reveals = {"has_agency": {"yes": ["agency", "consented", "sent_on"]}}

    def __init__(self, *args, agencies, domains, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        titles = [(domain["key"], domain["title"]) for domain in domains]
        self.fields["domain"].choices = [("", _("Choose from the list")), *titles]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("sent_on") and not cleaned.get("consented"):
            self.add_error("consented", _NO_CONSENT)
        return cleaned

    def values(self) -> dict:
        """The fields of the referral."""
        names = ("domain", "need", "agency", "consented", "sent_on", "unheld_risk")
        return {name: self.cleaned_data[name] for name in names}


class OnwardAnswerForm(ui.ServiceForm):
    """How a referral went on. ``referral`` decides what is asked: an unmet need has no agency to answer."""

    once = ui.OnceField()
    seen = ui.SeenField()
    consented = forms.BooleanField(label=_("The client consents to this referral"), required=False)
    sent_on = ui.DayMonthYearField(label=_("Sent on"), required=False, past=True)
    answer = forms.ChoiceField(
        label=_("What they answered"), widget=ui.Radios(),
        choices=[choice for choice in OnwardReferral.Answer.choices if choice[0] != OnwardReferral.Answer.NO_SERVICE],
    )  # fmt: skip
    answered_on = ui.DayMonthYearField(label=_("Answered on"), required=False, past=True)
    outcome = ui.LongTextField(label=_("Outcome"), rows=3, max_length=1000, required=False)
    unheld_risk = forms.BooleanField(
        label=_("This is a risk outside our scope, and no agency holds it"), required=False
    )
    held_since = ui.DayMonthYearField(
        label=_("Held by somebody since"), required=False, past=True,
        help_text=_("Leave it open while nobody holds it."),
    )  # fmt: skip
    mark_optional = False
    words = {"answer": _("what they answered"), "answered_on": _("when they answered")}
    reveals = {"unheld_risk": {"True": ["held_since"]}}

    def __init__(self, *args, referral, **kwargs):
        known = {name: getattr(referral, name) for name in STEPS}
        kwargs["initial"] = known | {"seen": as_seen(referral, STEPS)}
        super().__init__(*args, **kwargs)
        self.referral = referral
        self.fields["held_since"].earliest = referral.recorded_at.astimezone(LONDON).date()
        if referral.agency_id is None:
            for name in ("consented", "sent_on", "answer", "answered_on"):
                del self.fields[name]

    def clean(self):
        cleaned = super().clean() or {}
        if self.referral.agency_id is None:
            return cleaned
        answered = cleaned.get("answer") in (OnwardReferral.Answer.ACCEPTED, OnwardReferral.Answer.DECLINED)
        if cleaned.get("sent_on") and not cleaned.get("consented"):
            self.add_error("consented", _NO_CONSENT)
        if answered and not cleaned.get("answered_on") and "answered_on" not in self.errors:
            self.add_error("answered_on", _("Enter when they answered"))
        if not answered and cleaned.get("answer") and cleaned.get("answered_on"):
            self.add_error("answered_on", _("Leave this open while you wait for an answer"))
        if answered and not cleaned.get("sent_on") and "sent_on" not in self.errors:
            self.add_error("sent_on", _("Enter when it was sent"))
        sent, answered_on = cleaned.get("sent_on"), cleaned.get("answered_on")
        if sent and answered_on and answered_on < sent:
            self.add_error("answered_on", _("They cannot have answered before it was sent"))
        return cleaned

    def values(self) -> dict:
        """What changed on the referral."""
        return {name: value for name, value in self.cleaned_data.items() if name in STEPS}
