"""Turns Django forms into the service's own form markup, on every page and for every form."""

from functools import cached_property
from pathlib import Path

from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.backends.django import DjangoTemplates as Engine

from isva.interface.bound_fields import ServiceBoundField

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
DJANGO_TEMPLATES = Path(forms.__file__).resolve().parent / "templates"


class Renderer(DjangoTemplates):
    """Looks in the project's `templates/django/forms/` first and in Django's own second.

    Set by `FORM_RENDERER`. It reaches forms of other packages too (sign-in), so that they look like ours.
    """

    bound_field_class = ServiceBoundField

    @cached_property
    def engine(self):
        """The template engine for form pieces: no app folders, so that nothing can shadow ours by accident."""
        return Engine(
            {"APP_DIRS": False, "DIRS": [TEMPLATES, DJANGO_TEMPLATES], "NAME": "service_forms", "OPTIONS": {}}
        )
