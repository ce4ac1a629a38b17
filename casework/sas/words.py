"""Scores of Safety and Support in words, by the scale of the instrument they were made with."""

from django.utils.translation import gettext as _


def score_words(score: dict, instrument) -> str:
    """One domain's scores: “Risk: some. Unmet need: significant. Protective factors: good.”"""
    scale, protective = instrument.content["scale"], instrument.content["protective_scale"]
    return _("Risk: %(risk)s. Unmet need: %(need)s. Protective factors: %(protective)s.") % {
        "risk": scale[score["risk"]].lower(),
        "need": scale[score["need"]].lower(),
        "protective": protective[score["protective"]].lower(),
    }
