"""Addresses of this part of the service."""

urlpatterns: list = []
