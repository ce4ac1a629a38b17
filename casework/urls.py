"""Addresses of this part of the service."""

from django.urls import path

from casework.views import staff

urlpatterns = [
    path("staff/<uuid:membership_id>/end/", staff.end_membership, name="end_membership"),
]
