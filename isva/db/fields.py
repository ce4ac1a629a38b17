"""The one field class of narrative and contact: whatever tells about a person goes through it."""

from django.db import models


class ProtectedText(models.TextField):
    """Text about a person: a name, a number, an address, a note.

    One class from the start, so that encryption with a key per case can come to all such fields at once.
    ``max_length`` is enforced by forms and in the database's name only for the shape of the input: up to 200
    characters it is one line, beyond that an area.
    """

    ONE_LINE = 200

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs.setdefault("max_length", 10_000)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        from django import forms

        if (self.max_length or 0) <= self.ONE_LINE:
            kwargs.setdefault("widget", forms.TextInput)
        return super().formfield(**kwargs)
