"""The forms of interim support: a check-in on one screen, and the moves of somebody who waits."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import Case, Contact
from casework.safe_contacts import broken_rule
from isva.interface import forms as ui
from triage.forms.concern import ConcernQuestions
from triage.forms.next_review import NextReviewQuestion
from triage.models import InterimReview


class CheckInForm(ConcernQuestions, NextReviewQuestion):
    """One check-in. The re-screening by domain is a form of its own on the same page, for somebody who was reached."""

    once = ui.OnceField()
    at = ui.MomentField(label=_("When"), past=True)
    method = forms.ChoiceField(
        label=_("How"), choices=InterimReview.Method.choices, widget=ui.Radios(small=True)
    )
    reached = ui.YesNoField(label=_("Did you reach the person?"))
    against_rule = ui.LongTextField(
        label=_("Why the client’s own rule was not kept"), rows=2, max_length=500, required=False,
        help_text=_("Only where the call, text or e-mail broke what they said is safe."),
    )  # fmt: skip
    information_pack_sent = forms.BooleanField(label=_("The information pack was sent"), required=False)
    signposted_to = ui.LongTextField(label=_("Signposted to"), rows=2, max_length=1000, required=False)
    note = ui.LongTextField(label=_("Note"), rows=3, max_length=3000, required=False)

    words = {
        **ConcernQuestions.concern_words,
        "at": _("when it was"),
        "method": _("how you kept in touch"),
        "reached": _("whether you reached the person"),
        "concern": _("whether there is a new safeguarding concern"),
        "next_review_on": _("the day of the next review"),
    }
    reveals = ConcernQuestions.concern_reveals
    #: As on the page, so that the summary of mistakes follows it.
    field_order = ("at", "method", "reached", "against_rule", *ConcernQuestions.concern_fields)
    sections = [
        ui.Section(_("The check-in"), ["at", "method", "reached", "against_rule"]),
        ui.Section(_("Safeguarding"), ["concern"]),
        ui.Section(_("What was done, and what is next"), ["information_pack_sent", "signposted_to", "note", "next_review_on"]),
    ]  # fmt: skip

    def __init__(self, *args, case: Case, contacts, **kwargs):
        self.case, self.contacts = case, contacts
        super().__init__(*args, **kwargs)
        self.fields["concern"].label = _("Is there a new safeguarding concern?")

    @property
    def before_screening(self) -> list:
        """The section that stands before the re-screening on the page."""
        return self.layout[:1]

    @property
    def after_screening(self) -> list:
        """The sections that stand after it."""
        return self.layout[1:]

    def clean(self):
        """The client's own rule for the way it was done; not before the referral."""
        cleaned = super().clean()
        at, method = cleaned.get("at"), cleaned.get("method")
        if at and at < self.case.opened_at.replace(second=0, microsecond=0):
            self.add_error("at", _("The referral was received after that. Check the date and the time."))
        rule = (
            broken_rule(mode=method, with_whom=Contact.With.CLIENT, contacts=self.contacts) if method else ""
        )
        if rule and not cleaned.get("against_rule") and "against_rule" not in self.errors:
            self.add_error("against_rule", _("%(rule)s Say why it was done all the same.") % {"rule": rule})
        return cleaned


class ReasonForm(ui.ServiceForm):
    """A move that needs a reason and nothing else."""

    once = ui.OnceField()
    reason = ui.LongTextField(label=_("Reason"), rows=3, max_length=2000)
    words = {"reason": _("the reason")}


class ReturnForm(NextReviewQuestion, ReasonForm):
    """Back to interim support: why, and when somebody looks again."""

    words = {**ReasonForm.words, "next_review_on": _("the day of the next review")}
    field_order = ["reason", "next_review_on"]

    def __init__(self, *args, case: Case, **kwargs):
        self.case = case
        super().__init__(*args, **kwargs)

    def clean(self):
        """No later than the risk allows."""
        cleaned = super().clean()
        self.check_ceiling(self.case.service, self.case.risk)
        return cleaned


class InterimWorkerForm(ui.ServiceForm):
    """Who keeps in touch with a person who waits."""

    once = ui.OnceField()
    seen = ui.SeenField()
    interim_worker = forms.ChoiceField(label=_("Who keeps in touch?"), widget=ui.Radios())
    words = {"interim_worker": _("who keeps in touch")}

    def __init__(self, *args, workers, **kwargs):
        self.workers = {str(one.user_id): one for one in workers}
        super().__init__(*args, **kwargs)
        self.fields["interim_worker"].choices = [(key, one.user.name) for key, one in self.workers.items()]
        self.fields["interim_worker"].widget.hints = {
            key: one.role_names() for key, one in self.workers.items()
        }

    def worker(self):
        """The user who was chosen."""
        return self.workers[self.cleaned_data["interim_worker"]].user
