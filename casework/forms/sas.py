"""The form of a Safety and Support review: made from the instrument, so that another one needs no change here."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from casework.models import SasReview
from casework.sas.recording import MEASURES
from casework.sas.words import score_words
from isva.codes import Risk
from isva.interface import forms as ui

MEASURE_NAMES = {"risk": _("Risk"), "need": _("Unmet need"), "protective": _("Protective factors")}

_RISK_HINTS = {
    Risk.HIGH: _("Serious harm is likely if nothing is done"),
    Risk.MEDIUM: _("Harm is possible, and things could change quickly"),
    Risk.STANDARD: _("No sign of serious harm at present"),
}


class SasForm(ui.ServiceForm):
    """Risk, unmet need and protective factors by domain, overall risk, the client's view, the worker's judgement.

    In a screening a domain may be left out; in any other review each domain is answered. ``previous`` are the
    scores of the last review by domain (``casework.sas.history.scores_of``): they stand beside the questions, and
    a domain may be marked as unchanged.
    """

    risk = forms.ChoiceField(
        label=_("Overall risk"), choices=Risk.choices, widget=ui.Radios(hints=_RISK_HINTS),
        help_text=_("Your judgement, not a sum. It sets when the next review is due."),
    )  # fmt: skip
    client_view = ui.LongTextField(
        label=_("The client’s own view"), rows=3, required=False, max_length=5000,
        help_text=_("What matters most to them, in their words where you can."),
    )  # fmt: skip
    judgement = ui.LongTextField(
        label=_("Your judgement"), rows=3, max_length=5000, help_text=_("Why you see the risk as you do.")
    )
    words = {"risk": _("the overall risk"), "judgement": _("your judgement")}
    mark_optional = False

    def __init__(self, data=None, *, instrument, kind, initial=None, prefix=None, previous=None):
        self.instrument, self.kind, self.previous = instrument, str(kind), previous or {}
        super().__init__(data, initial=initial, prefix=prefix)
        self.words = dict(self.words)
        for domain in instrument.domains:
            self._add_domain(domain)
        if self.is_screening:
            self.fields["judgement"].required = False

    @property
    def is_screening(self) -> bool:
        """Whether domains may be left out."""
        return self.kind == SasReview.Kind.SCREENING.value

    def scores(self) -> dict[str, dict]:
        """The scores by domain as ``record_sas`` takes them; domains left out of a screening are missing."""
        found = {}
        for domain in self.instrument.domains:
            score = {measure: self._answer(domain["key"], measure) for measure in MEASURES}
            if score["risk"] is None or score["need"] is None:
                continue
            score["protective"] = score["protective"] or 0
            found[domain["key"]] = {**score, "note": self.cleaned_data.get(f"{domain['key']}-note", "")}
        return found

    @property
    def domain_rows(self) -> list[dict]:
        """What the piece ``casework/_sas_fields.html`` shows, domain by domain."""
        return [self._row(number, domain) for number, domain in enumerate(self.instrument.domains, start=1)]

    def clean(self):
        """An answered domain needs both risk and need; an unchanged one takes what the last review said."""
        cleaned = super().clean()
        for domain in self.instrument.domains:
            key = domain["key"]
            answers = {measure: self._answer(key, measure) for measure in MEASURES}
            said = any(answer is not None for answer in answers.values()) or cleaned.get(f"{key}-note")
            if self.is_screening and not said:
                continue
            for measure in ("risk", "need"):
                name = f"{key}-{measure}"
                if answers[measure] is None and name not in self.errors:
                    self.add_error(name, self._missing(domain, measure))
        return cleaned

    def _add_domain(self, domain: dict) -> None:
        key, title = domain["key"], domain["title"]
        scale = self.instrument.content["scale"]
        scales = {"risk": scale, "need": scale, "protective": self.instrument.content["protective_scale"]}
        for measure in MEASURES:
            name = f"{key}-{measure}"
            self.fields[name] = forms.ChoiceField(
                label=MEASURE_NAMES[measure], required=False, initial=self.initial.get(name),
                choices=[(str(value), word) for value, word in enumerate(scales[measure])],
                widget=ui.Radios(inline=True, small=True),
            )  # fmt: skip
            self.words[name] = _in_words(measure, title)
        self.fields[f"{key}-note"] = forms.CharField(
            label=_("Note"),
            required=False,
            max_length=2000,
            widget=ui.TextInput(attrs={"autocomplete": "off"}),
        )
        self.words[f"{key}-note"] = _("the note on %(domain)s") % {"domain": title}
        if key in self.previous:
            self.fields[f"{key}-same"] = forms.BooleanField(label=_("As last time"), required=False)

    def _answer(self, key: str, measure: str) -> int | None:
        """The answer given; where the domain is marked unchanged and this was left blank, the last review's."""
        given = self.cleaned_data.get(f"{key}-{measure}")
        if given not in (None, ""):
            return int(given)
        if self.cleaned_data.get(f"{key}-same"):
            return self.previous[key][measure]
        return None

    def _missing(self, domain: dict, measure: str) -> str:
        return _now("Select the %(measure)s for %(domain)s") % {
            "measure": str(MEASURE_NAMES[measure]).lower(), "domain": domain["title"].lower(),
        }  # fmt: skip

    def _row(self, number: int, domain: dict) -> dict:
        key = domain["key"]
        before = self.previous.get(key)
        return {
            "number": number,
            "title": domain["title"],
            "prompts": domain["prompts"],
            "measures": [self[f"{key}-{measure}"] for measure in MEASURES],
            "note": self[f"{key}-note"],
            "same": self[f"{key}-same"] if before else None,
            "before": score_words(before, self.instrument) if before else "",
        }


class ReviewForm(SasForm):
    """A review on a page of its own: its button counts once."""

    once = ui.OnceField()


def _in_words(measure: str, title: str) -> str:
    return _now("the %(measure)s for %(domain)s") % {
        "measure": str(MEASURE_NAMES[measure]).lower(), "domain": title.lower(),
    }  # fmt: skip
