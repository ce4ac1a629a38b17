"""The questions about a safeguarding concern, as they stand in triage and in a check-in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import SafeguardingConcern
from isva.interface import forms as ui
from triage.stages.screening import Concern


class ConcernQuestions(ui.ServiceForm):
    """Mixed in before the rest of a form. *Yes* opens who, what, and to whom it was referred the same day."""

    concern = ui.YesNoField(label=_("Is there a safeguarding concern?"))
    concern_who = forms.MultipleChoiceField(
        label=_("Who is at risk?"), choices=SafeguardingConcern.Who.choices, widget=ui.Checkboxes(small=True)
    )
    concern_what = ui.LongTextField(label=_("What the concern is"), rows=3)
    concern_referred = ui.YesNoField(
        label=_("Has it been referred?"),
        help_text=_("To children’s or adult services, or the police: the same day."),
    )
    concern_referred_to = forms.CharField(label=_("Referred to"), max_length=200)
    concern_referred_at = ui.MomentField(label=_("When it was referred"), past=True)
    concern_not_referred_why = ui.LongTextField(
        label=_("Why it has not been referred"), rows=2, max_length=1000
    )

    concern_reveals = {
        "concern": {"yes": ["concern_who", "concern_what", "concern_referred"]},
        "concern_referred": {
            "yes": ["concern_referred_to", "concern_referred_at"],
            "no": ["concern_not_referred_why"],
        },
    }
    concern_fields = (
        "concern", "concern_who", "concern_what", "concern_referred", "concern_referred_to", "concern_referred_at",
        "concern_not_referred_why",
    )  # fmt: skip
    concern_words = {
        "concern": _("whether there is a safeguarding concern"),
        "concern_who": _("who is at risk"),
        "concern_referred": _("whether it has been referred"),
        "concern_referred_to": _("to whom it was referred"),
        "concern_referred_at": _("when it was referred"),
        "concern_not_referred_why": _("why it has not been referred"),
    }

    def the_concern(self) -> Concern | None:
        """What was answered, as the stages take it; None where there is no concern."""
        answers = self.cleaned_data
        if not answers["concern"]:
            return None
        return Concern(
            who=tuple(answers["concern_who"]),
            what=answers["concern_what"],
            referred_to=answers["concern_referred_to"] or "",
            referred_at=answers["concern_referred_at"],
            not_referred_why=answers["concern_not_referred_why"] or "",
        )
