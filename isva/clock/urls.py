"""Addresses of the clock."""

from django.urls import path

from isva.clock.views import days, diary, health, settings

urlpatterns = [
    path("service/clock/", settings.clock_settings, name="clock_settings"),
    path("service/days/", days.one_off_days, name="one_off_days"),
    path("service/days/remove/", days.remove_one_off_day, name="remove_one_off_day"),
    path("calendar/", diary.show_calendar, name="show_calendar"),
    path("calendar/link/", diary.my_feed, name="my_feed"),
    path("calendar/link/end/", diary.end_feed, name="end_feed"),
    path("calendar/feed/<str:token>/", diary.calendar_feed, name="calendar_feed"),
    path("health/", health.show_health, name="show_health"),
]
