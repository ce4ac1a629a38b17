"""Asking the referrer for what is missing, and their answer; what happens to a referral before triage."""

from django.utils.translation import gettext_lazy as _

from isva.interface import forms as ui
from referrals.completeness import GAPS
from referrals.forms import pieces as ask


class AskForm(ui.ServiceForm):
    """What is missing, and the question in words."""

    once = ui.OnceField()
    gaps = ask.some_of(_("What is missing?"), [(key, words) for key, (words, _essential) in GAPS.items()])
    question = ask.note(
        _("Your question"), required=True, max_length=2000, rows=5,
        hint=_("Do not write the person’s name or anything else about them: the link could be opened by somebody else."),
    )  # fmt: skip
    words = {"question": _("your question")}


class AnswerForm(ui.ServiceForm):
    """The referrer's answer."""

    answer = ask.note(_("Your answer"), required=True, max_length=5000, rows=8)
    words = {"answer": _("your answer")}


class OnceForm(ui.ServiceForm):
    """A button that counts once and asks nothing."""

    once = ui.OnceField()
