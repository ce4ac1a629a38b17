"""Drafts: what somebody has typed and not yet sent."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "isva.drafts"
    label = "drafts"
