"""Addresses of this part of the service."""

from django.urls import path

from supervision.views import clinical, people

urlpatterns: list = [
    path("supervision/", people.list_supervision, name="list_supervision"),
    path("supervision/<uuid:person_id>/clinical/", people.arrange_clinical, name="arrange_clinical"),
    path("my-supervision/", people.my_supervision, name="my_supervision"),
    path("clinical-supervision/", clinical.list_supervised, name="list_supervised"),
    path("clinical-supervision/record/", clinical.record_clinical_session, name="record_clinical_session"),
    path("clinical-supervision/remove/", clinical.remove_clinical_session, name="remove_clinical_session"),
]
