"""Addresses of this part of the service."""

from django.urls import path

from supervision.views import case_reviews, clinical, management, opt_out, people, training

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
    path("case-reviews/", case_reviews.list_case_reviews, name="list_case_reviews"),
    path("cases/<uuid:case_id>/case-review/", case_reviews.review_case, name="review_case"),
    path("training/", training.list_training, name="list_training"),
    path("training/<uuid:person_id>/", training.show_training, name="show_training"),
    path("training/<uuid:person_id>/record/", training.record_training, name="record_training"),
    path("training/of/<uuid:training_id>/", training.change_training, name="change_training"),
    path("my-supervision/", people.my_supervision, name="my_supervision"),
    path("my-supervision/opt-out/", opt_out.opt_out, name="opt_out"),
    path("my-supervision/opt-in/", opt_out.opt_in, name="opt_in"),
    path("clinical-supervision/", clinical.list_supervised, name="list_supervised"),
    path("clinical-supervision/record/", clinical.record_clinical_session, name="record_clinical_session"),
    path("clinical-supervision/remove/", clinical.remove_clinical_session, name="remove_clinical_session"),
]
