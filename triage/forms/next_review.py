"""The question when somebody who waits is looked at again."""

from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui
from isva.interface.words import long_date
from triage.stages import interim


class NextReviewQuestion(ui.ServiceForm):
    """The day of the next review: today or later, and no later than the risk allows."""

    next_review_on = ui.DayMonthYearField(label=_("Next review"), future=True)

    def check_ceiling(self, service, risk: str) -> None:
        """Say at the question where the day is later than this risk allows."""
        day = self.cleaned_data.get("next_review_on")
        if day and day > interim.latest_review_day(service, risk):
            latest = long_date(interim.latest_review_day(service, risk))
            self.add_error(
                "next_review_on",
                _("%(rule)s That is %(latest)s at the latest.")
                % {"rule": interim.too_late(service, risk), "latest": latest},
            )
