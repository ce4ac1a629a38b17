"""Forms in steps for people who are nobody here: one subject a page, at one constant address, kept on our side.

A wizard is a list of steps, as data. What was typed is kept as it was typed, step by step; what it means is read
again each time, so that an answer that is changed later changes which steps are asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from isva.accounts.models import Service
from isva.files.checking import kind_and_size
from isva.interface import forms as ui
from isva.interface.words import long_date

CHECK = "check"
#: More answers to one question, or longer ones, than any person gives are not kept.
MOST_VALUES, LONGEST_VALUE = 60, 20_000


class StepForm(ui.ServiceForm):
    """The questions of one step; it knows the service and what was answered before it."""

    def __init__(self, *args, service, so_far=None, **kwargs):
        self.service = service
        self.so_far = so_far or {}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """The answers as they are checked."""
        return super().clean() or self.cleaned_data

    def forgive(self) -> None:
        """Show what was typed without telling its mistakes yet."""
        self.is_valid()
        self._errors = ErrorDict(renderer=self.renderer)


class NothingAsked(StepForm):
    """A step that tells and does not ask."""


def always(answers: dict) -> bool:
    """Asked of everybody."""
    return True


@dataclass(frozen=True)
class Step:
    """One page of a wizard: ``piece`` is a template shown over the questions, ``asked`` says to whom it comes.

    ``takes_file`` is for the one page whose form has a ``file``, which is kept beside the answers.
    """

    name: str
    title: str | Promise
    form: type[StepForm] = NothingAsked
    asked: Callable[[dict], bool] = always
    lead: str | Promise = ""
    piece: str = ""
    takes_file: bool = False


@dataclass(frozen=True)
class Wizard:
    """A form in steps; ``name`` is the name of its draft and of its address."""

    name: str
    steps: tuple[Step, ...]


@dataclass
class Walk:
    """One visitor's way through a wizard, from what their draft holds."""

    wizard: Wizard
    service: Service
    draft: dict
    answers: dict = field(init=False)

    def __post_init__(self):
        self._known: dict = {}
        self.read()

    def read(self) -> None:
        """Read the answers again from what was typed: which steps are asked, which of them are complete."""
        self.answers, self.asked, self.complete = {}, [], set()
        for step in self.wizard.steps:
            if not step.asked(self.answers):
                continue
            self.asked.append(step)
            said = self._said_in(step)
            if said is not None:
                self.answers.update(said)
                self.complete.add(step.name)

    def _said_in(self, step: Step) -> dict | None:
        """What a step's answers mean, None where it is not complete; read once as long as nothing before it changes."""
        typed = self.draft.get("typed", {}).get(step.name)
        if typed is None:
            return None
        known = self._known.get(step.name)
        if known and known[0] == (typed, self.answers):
            return known[1]
        form = self.form(step)
        said = form.cleaned_data if form.is_valid() else None
        self._known[step.name] = (typed, dict(self.answers)), said
        return said

    def form(self, step: Step) -> StepForm:
        """The step's form with what was typed into it, or empty."""
        typed = self.draft.get("typed", {}).get(step.name)
        data = MultiValueDict(typed) if typed is not None else None
        return step.form(data, service=self.service, so_far=dict(self.answers))

    def form_to_show(self, step: Step) -> StepForm:
        """The form as it is shown again: its mistakes are told only where they hold up the sending."""
        form = self.form(step)
        if form.is_bound and self.draft.get("tell") != step.name:
            form.forgive()
        return form

    def step(self, name: str | None) -> Step | None:
        """The step of this name, if it is asked."""
        return next((step for step in self.asked if step.name == name), None)

    @property
    def here(self) -> Step | None:
        """Where the visitor is; None on the page where the answers are checked."""
        if self.draft.get("at") == CHECK:
            return None
        return self.step(self.draft.get("at")) or self.asked[0]

    @property
    def number(self) -> int:
        """The number of the page among all pages, the check of the answers included."""
        return self.asked.index(self.here) + 1 if self.here else len(self.asked) + 1

    @property
    def pages(self) -> int:
        """How many pages there are, as far as the answers say now."""
        return len(self.asked) + 1

    @property
    def is_whole(self) -> bool:
        """Whether every step that is asked is complete, so that it can be sent."""
        return self.first_incomplete() is None

    def first_incomplete(self) -> Step | None:
        """The first step that holds up the sending."""
        return next((step for step in self.asked if step.name not in self.complete), None)

    def take(self, step: Step, data) -> StepForm:
        """Keep what was typed into a step, and read the answers again; returns the form, checked."""
        self.draft.setdefault("typed", {})[step.name] = typed_into(self.form(step), data)
        self.draft.pop("tell", None)
        self.read()
        form = self.form(step)
        form.is_valid()
        return form

    def go_on_from(self, step: Step) -> None:
        """Go to the next page; back to the check of the answers where the visitor came from there."""
        following = self.asked[self.asked.index(step) + 1 :]
        if self.draft.get("checked"):
            following = [one for one in following if one.name not in self.complete]
        self.go_to(following[0].name if following else CHECK)

    def go_back_from(self, step: Step | None) -> None:
        """Go to the page before."""
        place = self.asked.index(step) if step else len(self.asked)
        self.go_to(self.asked[max(place - 1, 0)].name)

    def go_to(self, name: str) -> None:
        """Go to a page; the check of the answers is reached once every step is complete."""
        if name == CHECK:
            unfinished = self.first_incomplete()
            if unfinished:
                self.draft["at"] = unfinished.name
                return
            self.draft["checked"] = True
        self.draft["at"] = name

    def hold_up(self) -> Step | None:
        """Go to the first step that is not complete, with its mistakes told; None where nothing holds it up."""
        step = self.first_incomplete()
        if step:
            self.draft.update(at=step.name, tell=step.name)
            self.draft.setdefault("typed", {}).setdefault(step.name, {})
        return step

    @property
    def file(self) -> str:
        """The file that is attached, in words: what it is and how large. Empty where there is none, or none is asked for."""
        kept = self.draft.get("file")
        asked = any(step.takes_file for step in self.asked)
        return kind_and_size(kept["media_type"], kept["size"]) if kept and asked else ""

    def groups(self) -> list[dict]:
        """The answers for the page that checks them: one group for each step that asks something."""
        groups = []
        for step in self.asked:
            form = self.form(step)
            if not form.fields:
                continue
            form.is_valid()
            rows = answered(form) if form.is_bound else []
            if step.takes_file and self.file:
                rows.append({"key": form.fields["file"].label, "value": self.file})
            rows = rows or [{"key": _("Nothing filled in"), "value": _("That is all right.")}]
            groups.append(
                {"title": step.title, "change_name": "change", "change_value": step.name, "rows": rows}
            )
        return groups


def typed_into(form, data) -> dict[str, list[str]]:
    """What belongs to a form in what was sent, as it was typed; nothing else is kept."""
    kept = {}
    for name, question in form.fields.items():
        if question.widget.needs_multipart_form:
            continue  # a file is no text: it is taken by itself
        parts = getattr(question.widget, "parts", None)
        for key in [f"{name}_{part}" for part in parts] if parts else [name]:
            if key in data:
                kept[key] = [value[:LONGEST_VALUE] for value in data.getlist(key)[:MOST_VALUES]]
    return kept


def answered(form) -> list[dict]:
    """The questions of a checked form that were answered, as rows of a summary: the question, the answer in words."""
    rows = []
    for name, question in form.fields.items():
        value = form.cleaned_data.get(name)
        if value in (None, "", []) or (value is False and not isinstance(question, ui.YesNoField)):
            continue
        rows.append({"key": question.label or name, "value": in_words(question, value)})
    return rows


def in_words(question, value) -> str:
    """An answer as a person reads it."""
    if isinstance(question, ui.YesNoField):
        return _("Yes") if value else _("No")
    if value is True:
        return _("Yes")
    choices = getattr(question, "choices", None)
    if choices is not None:
        words = _flat(choices)
        if isinstance(value, list):
            return "; ".join(str(words.get(str(one), one)) for one in value)
        return str(words.get(str(value), value))
    if hasattr(value, "year"):
        return long_date(value)
    return str(value)


def _flat(choices) -> dict:
    words = {}
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            words.update({str(v): str(text) for v, text in label})
        else:
            words[str(value)] = str(label)
    return words
