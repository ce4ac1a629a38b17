"""Forms of the client agreement and of consents per agency."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import AgencyConsent, ClientAgreement
from casework.sharing import AGREED, EXPLAINED
from isva.clock.moment import today
from isva.interface import forms as ui

_DECIDERS = [
    choice for choice in ClientAgreement.Decides.choices if choice[0] != ClientAgreement.Decides.CLIENT
]


class AgreementForm(ui.ServiceModelForm):
    """What was explained, what was agreed, and who decides. ``trainee`` asks that it was told."""

    once = ui.OnceField()
    seen = ui.SeenField()
    agreed_on = ui.DayMonthYearField(label=_("Agreed on"), past=True)
    how = forms.ChoiceField(label=_("How"), choices=ClientAgreement.How.choices, widget=ui.Radios(small=True))
    trainee_disclosed = forms.BooleanField(
        label=_("I told the client that the ISVA is in training, and what that means for them"),
        error_messages={"required": _("Tell the client that the ISVA is in training, then tick the box")},
    )
    somebody_decides = forms.BooleanField(
        label=_("Somebody else decides, or decides with the client"), required=False,
        help_text=_("An attorney, an appropriate adult, or a safe parent for a child."),
    )  # fmt: skip
    who_decides = forms.ChoiceField(label=_("Who"), choices=_DECIDERS, widget=ui.Radios(small=True))
    decider_name = forms.CharField(label=_("Name of that person"), max_length=200)
    may_decide = ui.LongTextField(label=_("What they may decide"), rows=2, max_length=1000)
    authority_seen = forms.BooleanField(label=_("I have seen their authority"), required=False)
    mark_optional = False
    words = {
        "agreed_on": _("when it was agreed"),
        "how": _("how it was agreed"),
        "who_decides": _("who decides"),
        "may_decide": _("what they may decide"),
    }
    reveals = {"somebody_decides": {"True": ["who_decides", "decider_name", "may_decide", "authority_seen"]}}
    sections = [
        ui.Section(
            _("What you explained"),
            [*EXPLAINED, "trainee_disclosed"],
            hint=_("Tick what was talked through."),
        ),
        ui.Section(_("What was agreed"), ["contact_preferences", "single_point_of_contact", "nfa_wish"]),
        ui.Section(_("Who decides"), ["somebody_decides"]),
        ui.Section(_("The agreement"), ["agreed_on", "how"]),
    ]

    class Meta:
        model = ClientAgreement
        fields = AGREED
        labels = {
            "role_explained": _("What an ISVA does and does not do"),
            "confidentiality_explained": _("Confidentiality and its limits"),
            "records_explained": _("How records are kept and for how long"),
            "complaints_explained": _("How to complain"),
            "ending_discussed": _("How support will end"),
            "contact_preferences": _("How they want to be kept informed"),
            "single_point_of_contact": _("The ISVA is the single point of contact for other agencies"),
            "nfa_wish": _("How they wish to be told if the police or CPS decide to take no further action"),
        }
        help_texts = {"single_point_of_contact": _("The client can change this at any time.")}

    def __init__(self, *args, trainee: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not trainee:
            del self.fields["trainee_disclosed"]
        if not self.is_bound:
            self.initial["agreed_on"] = today()
            self.initial["somebody_decides"] = self.initial.get("who_decides") in dict(_DECIDERS)

    def values(self) -> dict:
        """The fields of the agreement."""
        given = {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.cleaned_data}
        given["who_decides"] = given["who_decides"] or ClientAgreement.Decides.CLIENT
        for name in ("decider_name", "may_decide"):
            given[name] = given[name] or ""
        return given


class ConsentForm(ui.ServiceForm):
    """Whether one agency may be told, and how."""

    once = ui.OnceField()
    agency = forms.ModelChoiceField(label=_("Agency"), queryset=None, empty_label=_("Choose from the list"))
    answer = forms.ChoiceField(label=_("Consent"), choices=AgencyConsent.Answer.choices, widget=ui.Radios())
    route = forms.CharField(
        label=_("Agreed route"), max_length=300, required=False, help_text=_("For example: secure e-mail.")
    )
    frequency = forms.CharField(
        label=_("How often"),
        max_length=200,
        required=False,
        help_text=_("For example: after each key decision."),
    )
    exceptions = ui.LongTextField(
        label=_("Exceptions"), rows=2, max_length=500, required=False,
        help_text=_("What is not to be shared, or not without asking first."),
    )  # fmt: skip
    dated_on = ui.DayMonthYearField(label=_("When the client said so"), past=True)
    mark_optional = False
    words = {
        "agency": _("the agency"),
        "answer": _("what the client said"),
        "dated_on": _("when the client said so"),
    }
    reveals = {"answer": {"given": ["route", "frequency", "exceptions"]}}

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        if not self.is_bound:
            self.initial.setdefault("dated_on", today())

    def values(self) -> dict:
        """The fields of the consent."""
        return {name: value or "" if isinstance(value, str | None) else value
                for name, value in self.cleaned_data.items() if name != "once"}  # fmt: skip


class ToldForm(ui.ServiceForm):
    """The day on which an agency was told of the ISVA."""

    once = ui.OnceField()
    told_on = ui.DayMonthYearField(label=_("Told on"), past=True)
    words = {"told_on": _("when they were told")}

    def __init__(self, *args, dated_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["told_on"].earliest = dated_on
        if not self.is_bound:
            self.initial.setdefault("told_on", today())
