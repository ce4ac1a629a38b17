"""Addresses of this part of the service."""

from django.urls import path

from supervision.views import clinical, management, people

urlpatterns: list = [
    path("supervision/", people.list_supervision, name="list_supervision"),
    path("supervision/<uuid:person_id>/clinical/", people.arrange_clinical, name="arrange_clinical"),
    path(
        "supervision/<uuid:person_id>/management/", management.arrange_management, name="arrange_management"
    ),
    path("supervision/<uuid:person_id>/hold/", management.hold_supervision, name="hold_supervision"),
    path("supervision/session/<uuid:session_id>/", management.show_supervision, name="show_supervision"),
    path("supervision/actions/", management.list_actions, name="list_actions"),
    path("supervision/actions/done/", management.close_supervision_action, name="close_supervision_action"),
    path("my-supervision/", people.my_supervision, name="my_supervision"),
    path("clinical-supervision/", clinical.list_supervised, name="list_supervised"),
    path("clinical-supervision/record/", clinical.record_clinical_session, name="record_clinical_session"),
    path("clinical-supervision/remove/", clinical.remove_clinical_session, name="remove_clinical_session"),
]
