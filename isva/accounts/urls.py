"""Addresses of this part of the ground floor."""

urlpatterns: list = []
