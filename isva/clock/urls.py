"""Addresses of the clock."""

from django.urls import path

from isva.clock.views import diary, health, settings

urlpatterns = [
    path("service/clock/", settings.clock_settings, name="clock_settings"),
    path("calendar/", diary.show_calendar, name="show_calendar"),
    path("calendar/link/", diary.my_feed, name="my_feed"),
    path("calendar/link/end/", diary.end_feed, name="end_feed"),
    path("calendar/feed/<str:token>/", diary.calendar_feed, name="calendar_feed"),
    path("health/", health.show_health, name="show_health"),
]
