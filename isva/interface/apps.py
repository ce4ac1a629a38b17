"""Registers the design system, so that its template tags are found."""

from django.apps import AppConfig


class InterfaceConfig(AppConfig):
    """The pieces screens are made of: forms, words, tables, tags and charts."""

    name = "isva.interface"
    label = "interface"
