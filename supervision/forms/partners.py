"""Forms of partnership: protocols, groups and their meetings, systemic issues. None of them takes a word about a client."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui
from supervision.forms.management import ACTIONS, HoldSupervisionForm
from supervision.models import PartnerGroup, Protocol, SystemicIssue


class AgenciesMixin(forms.Form):
    """Asks which agencies: those in use, and those that stood there before."""

    agencies = forms.ModelMultipleChoiceField(
        label=_("Agencies"), queryset=None, widget=ui.Checkboxes(small=True)
    )

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = agencies

    def values(self) -> dict:
        """What was said, the agencies among it."""
        return {name: self.cleaned_data[name] for name in [*self.Meta.fields, "agencies"]}


class ProtocolForm(AgenciesMixin, ui.ServiceModelForm):
    """A protocol as it was signed."""

    once = ui.OnceField()

    class Meta:
        model = Protocol
        fields = ["title", "reference", "signed_on", "review_due_on"]
        help_texts = {
            "reference": _("In words: the folder and the name of the signed document. It is not kept here.")
        }

    field_order = ["once", "title", "agencies", "reference"]
    words = {"agencies": _("with which agencies it was signed"), "signed_on": _("when it was signed"),
             "review_due_on": _("by when it is reviewed"), "reference": _("where the document is kept")}  # fmt: skip


class ChangeProtocolForm(ProtocolForm):
    """The same, and that it has ended."""

    seen = ui.SeenField()

    class Meta(ProtocolForm.Meta):
        fields = ["title", "reference", "signed_on", "ended_on"]
        help_texts = ProtocolForm.Meta.help_texts | {"ended_on": _("Leave it empty while it is in force.")}


class ReviewProtocolForm(ui.ServiceForm):
    """That a protocol was reviewed, what came of it, and when next."""

    once = ui.OnceField()
    reviewed_on = ui.DayMonthYearField(label=_("Reviewed on"), past=True)
    outcome = ui.LongTextField(label=_("What came of it"), rows=3, max_length=500, required=False)
    next_review_on = ui.DayMonthYearField(label=_("Next review by"), future=True)
    words = {"reviewed_on": _("when it was reviewed"), "next_review_on": _("when it is reviewed next")}


class GroupForm(AgenciesMixin, ui.ServiceModelForm):
    """A group in which the service sits."""

    once = ui.OnceField()
    kind = forms.ChoiceField(
        label=_("Kind"), choices=PartnerGroup.Kind.choices,
        widget=ui.Radios(
            small=True,
            hints={"strategic": _("Meets at least twice a year."), "scrutiny": _("Meets each quarter."),
                   "other": _("Nothing falls due by itself.")},
        ),
    )  # fmt: skip

    class Meta:
        model = PartnerGroup
        fields = ["name", "kind", "next_on"]

    field_order = ["once", "name", "kind", "agencies"]
    words = {"agencies": _("which agencies sit in it"), "kind": _("the kind of group")}


class ChangeGroupForm(GroupForm):
    """The same, and that it has ended."""

    seen = ui.SeenField()

    class Meta(GroupForm.Meta):
        fields = [*GroupForm.Meta.fields, "ended_on"]
        help_texts = {"ended_on": _("Leave it empty while it meets.")}


class RecordMeetingForm(HoldSupervisionForm):
    """A meeting that was held: who went, what was concluded, what was taken on, and when the next one is."""

    attended = forms.MultipleChoiceField(
        label=_("Who went for us"), required=False, widget=ui.Checkboxes(small=True)
    )
    concluded = ui.LongTextField(
        label=_("What was concluded"), rows=5, max_length=3000,
        help_text=_("Name no client, and write nothing by which somebody could be recognised."),
    )  # fmt: skip
    next_on = ui.DayMonthYearField(label=_("Next meeting planned on"), required=False, future=True)
    words = {"held_on": _("the day of the meeting"), "concluded": _("what was concluded")}

    def __init__(self, *args, owners, **kwargs):
        super().__init__(*args, owners=owners, **kwargs)
        self.fields["attended"].choices = owners
        for number in range(1, ACTIONS + 1):
            self.fields[f"what_{number}"].label = _("What we have taken on")
        self.fields["what_1"].help_text = _("Name no client.")


class IssueForm(ui.ServiceModelForm):
    """Something that goes wrong again and again, and where it was raised."""

    once = ui.OnceField()
    level = forms.ChoiceField(
        label=_("Where it was raised"), choices=SystemicIssue.Level.choices, widget=ui.Radios(small=True)
    )
    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=None, required=False, empty_label=_("No single agency")
    )
    group = forms.ModelChoiceField(label=_("Group"), queryset=None, required=False, empty_label=_("None"))

    class Meta:
        model = SystemicIssue
        fields = ["title", "what", "agency", "level", "group", "raised_on"]
        help_texts = {
            "title": _("Name no client."),
            "what": _("What happens, how often, and what it means for people. Name no client, and no case."),
        }

    words = {"level": _("where it was raised"), "raised_on": _("when it was raised"),
             "title": _("what goes wrong, in a line")}  # fmt: skip

    def __init__(self, *args, agencies, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset, self.fields["group"].queryset = agencies, groups
        self.fields["group"].label_from_instance = lambda group: group.name

    def values(self) -> dict:
        """The fields of the issue."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ChangeIssueForm(IssueForm):
    """The same, how it stands, and what changed."""

    seen = ui.SeenField()
    status = forms.ChoiceField(
        label=_("How it stands"), choices=SystemicIssue.Status.choices, widget=ui.Radios(small=True)
    )
    what_changed = ui.LongTextField(label=_("What changed"), rows=3, max_length=3000)

    class Meta(IssueForm.Meta):
        fields = [*IssueForm.Meta.fields, "status", "what_changed"]

    words = IssueForm.words | {"what_changed": _("what changed")}
    reveals = {"status": {"changed": ["what_changed"]}}
