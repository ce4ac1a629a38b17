"""Forms of policies: a policy with its first version, a new version, a review without a change."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.clock.moment import today
from isva.interface import forms as ui
from supervision.models import Policy, PolicyVersion


class AdoptPolicyForm(ui.ServiceModelForm):
    """A version of a policy as it was adopted."""

    once = ui.OnceField()

    class Meta:
        model = PolicyVersion
        fields = ["version", "reference", "what_is_new", "adopted_on", "review_due_on"]
        help_texts = {
            "version": _("As it stands on the document: 2.1, say."),
            "reference": _("In words: the folder and the name of the document. It is not kept here."),
            "what_is_new": _("Everybody reads a new version again: tell them what to look for."),
        }

    words = {"version": _("which version it is"), "reference": _("where it can be read"),
             "adopted_on": _("when it was adopted"), "review_due_on": _("by when it is reviewed")}  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("adopted_on", today())

    def values(self) -> dict:
        """The fields of the version, and, of a new policy, its title and kind."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class AddPolicyForm(AdoptPolicyForm):
    """A policy with its first version."""

    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(
        label=_("About"), choices=[("", _("Choose from the list")), *Policy.Kind.choices]
    )

    class Meta(AdoptPolicyForm.Meta):
        fields = ["version", "reference", "adopted_on", "review_due_on"]

    field_order = ["once", "title", "kind"]
    words = AdoptPolicyForm.words | {"kind": _("what it is about")}


class ReviewPolicyForm(ui.ServiceForm):
    """That a version was reviewed and stands unchanged."""

    once = ui.OnceField()
    reviewed_on = ui.DayMonthYearField(label=_("Reviewed on"), past=True)
    review_due_on = ui.DayMonthYearField(label=_("Next review by"), future=True)
    words = {"reviewed_on": _("when it was reviewed"), "review_due_on": _("when it is reviewed next")}
