"""Addresses of the record of who looked."""

from django.urls import path

from isva.audit import views

urlpatterns = [path("access-log/", views.access_log, name="access_log")]
