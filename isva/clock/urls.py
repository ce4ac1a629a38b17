"""Addresses of the clock."""

from django.urls import path

from isva.clock.views import settings

urlpatterns = [
    path("service/clock/", settings.clock_settings, name="clock_settings"),
]
