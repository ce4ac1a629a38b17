"""Forms of contacts, appointments and notes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import contacts as recording
from casework.contacts import ANSWERS
from casework.models import Answer, Appointment, Contact
from isva.clock.moment import LONDON, now
from isva.codes import MODE_NEEDS, ContactMode
from isva.interface import forms as ui
from isva.stale import as_seen

#: A day has no more minutes.
MOST_MINUTES = 1440
LATER = ("", _("I will answer later"))


def mode_choices(contacts) -> list[tuple]:
    """The ways of contact; those that the client has not called safe say so."""
    choices = []
    for value, label in ContactMode.choices:
        broken = recording.safe_contacts.broken_rule(
            mode=value, with_whom=Contact.With.CLIENT, contacts=contacts
        )
        text = _("%(way)s (not agreed as safe)") % {"way": label} if value in MODE_NEEDS and broken else label
        choices.append((value, text))
    return choices


class ContactForm(ui.ServiceForm):
    """A contact, on one screen. ``contacts`` are the client's safe contacts; ``case`` says since when there was one."""

    once = ui.OnceField()
    at = ui.MomentField(label=_("When"), past=True)
    mode = forms.ChoiceField(label=_("How"))
    with_whom = forms.ChoiceField(
        label=_("With whom"), choices=Contact.With.choices, initial=Contact.With.CLIENT
    )
    against_rule = ui.LongTextField(
        label=_("Why the client’s own contact rule was not kept"), rows=2, max_length=500, required=False,
        help_text=_("For example: the client called us. The manager sees this."),
    )  # fmt: skip
    attendance = forms.ChoiceField(
        label=_("Did it take place?"), choices=Contact.Attendance.choices, initial=Contact.Attendance.ATTENDED,
        widget=ui.Radios(small=True),
    )  # fmt: skip
    minutes = forms.IntegerField(label=_("How long, in minutes"), min_value=1, max_value=MOST_MINUTES)
    purpose = forms.ChoiceField(
        label=_("What for"), choices=Contact.Purpose.choices, widget=ui.Radios(small=True)
    )
    crisis_actions = ui.LongTextField(label=_("What was done"), rows=2, max_length=2000)
    crisis_told = forms.CharField(label=_("Who was told"), max_length=500)
    debrief_offered = forms.BooleanField(label=_("I was offered a debrief"), required=False)
    note = ui.LongTextField(
        label=_("Note"), rows=7, max_length=20_000, required=False,
        help_text=_("Feelings and support, not the evidence: what you did together and what comes next."),
    )  # fmt: skip
    plan_answer = forms.ChoiceField(
        label=_("The plan"), choices=[*Answer.choices, LATER], required=False, widget=ui.Radios(small=True)
    )
    risk_answer = forms.ChoiceField(
        label=_("The risk"), choices=[*Answer.choices, LATER], required=False, widget=ui.Radios(small=True)
    )
    new_detail = forms.BooleanField(
        label=_("New detail of what happened was disclosed"), required=False,
        help_text=_("Then the client is told of our duty, a note is taken, and the police are told."),
    )  # fmt: skip
    told_of_duty = forms.BooleanField(label=_("I told the client of our duty"), required=False)
    note_taken = forms.BooleanField(label=_("I took a note of what was said"), required=False)
    police_notified_at = ui.MomentField(label=_("Police told"), required=False, past=True)

    mark_optional = False
    words = {
        "at": _("when it was"),
        "mode": _("how it was"),
        "with_whom": _("with whom it was"),
        "attendance": _("whether it took place"),
        "minutes": _("how many minutes it took"),
        "purpose": _("what it was for"),
        "crisis_actions": _("what was done in the crisis"),
        "crisis_told": _("who was told of the crisis"),
        "police_notified_at": _("when the police were told"),
    }
    reveals = {
        "attendance": {"attended": ["minutes"]},
        "purpose": {"crisis": ["crisis_actions", "crisis_told", "debrief_offered"]},
        "new_detail": {"True": ["told_of_duty", "note_taken", "police_notified_at"]},
    }

    def __init__(self, *args, case, contacts, **kwargs):
        super().__init__(*args, **kwargs)
        self.case, self.contacts = case, contacts
        self.fields["mode"].choices = [("", _("Choose from the list")), *mode_choices(contacts)]
        self.fields["at"].earliest = case.opened_at.astimezone(LONDON).date()
        if not self.is_bound:
            self.initial.setdefault("at", now().replace(second=0, microsecond=0))
        if not self._asks_why():
            del self.fields["against_rule"]

    def _asks_why(self) -> bool:
        """Whether what was typed so far breaks a rule of the client's, so that the reason is asked."""
        source = self.data if self.is_bound else self.initial
        chosen = {
            name: str(source.get(name) or self.fields[name].initial or "")
            for name in ("mode", "with_whom", "attendance")
        }
        return bool(recording.rule_broken_by(self.case, contacts=self.contacts, **chosen))

    def clean(self):
        cleaned = super().clean()
        if "against_rule" in self.fields and not cleaned.get("against_rule"):
            broken = recording.rule_broken_by(
                self.case, contacts=self.contacts,
                **{name: cleaned.get(name, "") for name in ("mode", "with_whom", "attendance")},
            )  # fmt: skip
            if broken:
                self.add_error(
                    "against_rule", _("%(rule)s Say why it was done all the same.") % {"rule": broken}
                )
        return cleaned


class AnswerContactForm(ui.ServiceForm):
    """The answers that a contact still owes; only those are asked, and again those that somebody gave meanwhile."""

    once = ui.OnceField()
    seen = ui.SeenField()
    plan_answer = forms.ChoiceField(
        label=_("Did the plan change?"), choices=Answer.choices, widget=ui.Radios()
    )
    risk_answer = forms.ChoiceField(
        label=_("Did the risk change?"), choices=Answer.choices, widget=ui.Radios(),
        help_text=_("If it did, a SaS review falls due within 2 working days."),
    )  # fmt: skip
    told_of_duty = forms.BooleanField(label=_("The client was told of our duty"), required=False)
    note_taken = forms.BooleanField(label=_("A note was taken of what was said"), required=False)
    police_notified_at = ui.MomentField(label=_("Police told"), required=False, past=True)
    words = {
        "plan_answer": _("whether the plan changed"),
        "risk_answer": _("whether the risk changed"),
        "police_notified_at": _("when the police were told"),
    }

    def __init__(self, *args, contact, **kwargs):
        super().__init__(*args, initial={"seen": as_seen(contact, ANSWERS)}, **kwargs)
        for name in ANSWERS:
            after_detail = name not in ("plan_answer", "risk_answer")
            nothing_to_tell = after_detail and not contact.new_detail
            if nothing_to_tell or (getattr(contact, name) and not self._sent(name)):
                del self.fields[name]

    def _sent(self, name: str) -> bool:
        """Whether something was chosen or typed for a question."""
        return any(key == name or key.startswith(f"{name}_") for key, value in self.data.items() if value)

    def answers(self) -> dict:
        """What was answered, by the names that ``answer_contact`` takes."""
        return {"plan_answer": "", "risk_answer": ""} | {
            name: value for name, value in self.cleaned_data.items() if name in ANSWERS
        }


class AppointmentForm(ui.ServiceForm):
    """A session, a call or a court day ahead."""

    once = ui.OnceField()
    at = ui.MomentField(label=_("When"), future=True)
    minutes = forms.IntegerField(
        label=_("How long, in minutes"),
        min_value=5,
        max_value=MOST_MINUTES,
        initial=60,
        widget=ui.NumberInput(width=4),
    )
    mode = forms.ChoiceField(label=_("How"), choices=ContactMode.choices)
    worker = forms.ModelChoiceField(label=_("Who goes"), queryset=None, empty_label=None)
    place = forms.CharField(label=_("Where"), max_length=200, required=False)
    purpose = forms.CharField(label=_("What for"), max_length=200, required=False)
    words = {
        "at": _("when it will be"),
        "mode": _("how it will be"),
        "worker": _("who goes"),
        "minutes": _("how many minutes it will take"),
    }

    def __init__(self, *args, workers, contacts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["worker"].queryset = workers
        self.fields["mode"].choices = [("", _("Choose from the list")), *mode_choices(contacts)]


class CancelAppointmentForm(ui.ServiceForm):
    """Why an appointment does not take place."""

    once = ui.OnceField()
    why = forms.CharField(
        label=_("Why it is cancelled"), max_length=Appointment._meta.get_field("cancelled_why").max_length
    )
    words = {"why": _("why it is cancelled")}


class NoteForm(ui.ServiceForm):
    """A note that is not a contact."""

    once = ui.OnceField()
    text = ui.LongTextField(
        label=_("Note"), rows=12, max_length=20_000,
        help_text=_("Feelings and support, not the evidence. The client may ask to read it."),
    )  # fmt: skip
    words = {"text": _("the note")}
