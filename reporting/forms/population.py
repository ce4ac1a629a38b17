"""The form of an area's population by one protected characteristic."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from isva.clock.moment import today
from isva.interface import forms as ui
from reporting.models import AreaPopulation
from reporting.population import OLDEST, lines_of, mark_of


class PopulationForm(ui.ServiceForm):
    """A share for each line, with the source and the year. All empty: nothing is given."""

    once = ui.OnceField()
    seen = ui.SeenField()
    source = forms.CharField(
        label=_("Source"),
        max_length=120,
        required=False,
        help_text=_("Such as “ONS, Census 2021, table TS021”."),
    )
    year = forms.IntegerField(
        label=_("Year of the figures"), min_value=OLDEST, required=False, widget=ui.NumberInput(width=4)
    )
    words = {"source": _("the source"), "year": _("the year")}
    mark_optional = False

    def __init__(self, *args, characteristic: str, given: AreaPopulation | None = None, **kwargs):
        initial: dict = {"seen": mark_of(given), **(kwargs.pop("initial", None) or {})}
        if given is not None:
            initial |= {"source": given.source, "year": given.year}
            initial |= {f"line_{key}": value for key, value in given.shares.items()}
        super().__init__(*args, initial=initial, **kwargs)
        self.names = {f"line_{key}": key for key, _words in lines_of(characteristic)}
        for key, words in lines_of(characteristic):
            self.fields[f"line_{key}"] = forms.DecimalField(
                label=words, min_value=0, max_value=100, decimal_places=1, max_digits=4, required=False,
                widget=ui.NumberInput(width=5),
            )  # fmt: skip
        self.sections = [
            ui.Section(_("Of a hundred people who live there"), list(self.names)),
            ui.Section(_("Where the figures come from"), ["source", "year"]),
        ]

    def clean_year(self):
        """No figure is of a year to come."""
        year = self.cleaned_data["year"]
        if year and year > today().year:
            raise forms.ValidationError(_("The year is not over yet"))
        return year

    def shares(self) -> dict[str, Decimal]:
        """The shares that were given, by line."""
        told = self.cleaned_data
        return {key: told[name] for name, key in self.names.items() if told.get(name) is not None}
