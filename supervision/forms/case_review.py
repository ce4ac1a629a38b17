"""The form of a case review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui
from supervision.models import CaseReview


class CaseReviewForm(ui.ServiceForm):
    """Who took part, what was decided, and when the case is looked at next."""

    once = ui.OnceField()
    reviewed_on = ui.DayMonthYearField(label=_("Day of the review"), past=True)
    why = forms.ChoiceField(
        label=_("Why it was reviewed"), choices=CaseReview.Why.choices, widget=ui.Radios(small=True)
    )
    took_part = forms.CharField(
        label=_("Who took part"), max_length=200, widget=ui.TextInput(width=30), help_text=_("Beside you. The ISVA at least.")
    )  # fmt: skip
    decided = ui.LongTextField(
        label=_("What was decided"), rows=6, max_length=4000,
        help_text=_("What goes on, what changes and who does it. It stands on the timeline, for whoever sees the case."),
    )  # fmt: skip
    again = ui.YesNoField(label=_("Is it reviewed again?"), inline=False)
    next_on = ui.DayMonthYearField(label=_("Next review"), future=True)
    no_next_why = forms.CharField(
        label=_("Why no other review is needed"), max_length=300, widget=ui.TextInput(width=30)
    )
    words = {
        "reviewed_on": _("the day of the review"), "why": _("why it was reviewed"), "took_part": _("who took part"),
        "decided": _("what was decided"), "again": _("whether it is reviewed again"), "next_on": _("the day of the next review"),
        "no_next_why": _("why no other review is needed"),
    }  # fmt: skip
    reveals = {"again": {"yes": ["next_on"], "no": ["no_next_why"]}}
