"""Addresses of this part of the service."""

from django.urls import path

from reporting.views import contracts, data_set, definitions, drafts, figures, local, published, what_if

urlpatterns: list = [
    path("figures/", figures.show_figures, name="show_figures"),
    path("figures/completeness/", figures.show_completeness, name="show_completeness"),
    path("figures/data-set/", data_set.show_data_set, name="show_data_set"),
    path("figures/data-set/save/", data_set.save_data_set, name="save_data_set"),
    path("figures/data-set/schema/", data_set.save_schema, name="save_schema"),
    path("figures/of/<slug:measure>/", figures.show_measure, name="show_measure"),
    path("figures/of/<slug:measure>/records/", figures.list_records, name="list_records"),
    path("figures/of/<slug:measure>/save/", figures.save_measure, name="save_measure"),
    path("definitions/", definitions.show_definitions, name="show_definitions"),
    path("contracts/", contracts.list_contracts, name="list_contracts"),
    path("contracts/add/", contracts.add_contract, name="add_contract"),
    path("contracts/<uuid:contract_id>/", contracts.show_contract, name="show_contract"),
    path("contracts/<uuid:contract_id>/change/", contracts.change_contract, name="change_contract"),
    path("contracts/<uuid:contract_id>/target/", contracts.set_target, name="set_target"),
    path(
        "contracts/<uuid:contract_id>/target/<uuid:target_id>/remove/",
        contracts.remove_target,
        name="remove_target",
    ),
    path("contracts/<uuid:contract_id>/local/", local.add_local_measure, name="add_local_measure"),
    path(
        "contracts/<uuid:contract_id>/local/<uuid:local_measure_id>/remove/",
        local.remove_local_measure,
        name="remove_local_measure",
    ),
    path("contracts/<uuid:contract_id>/question/", local.add_local_question, name="add_local_question"),
    path(
        "contracts/<uuid:contract_id>/question/<uuid:question_id>/end/",
        local.end_local_question,
        name="end_local_question",
    ),
    path("reports/", published.list_reports, name="list_reports"),
    path("reports/begin/", drafts.begin_report, name="begin_report"),
    path("reports/drafts/<uuid:draft_id>/", drafts.show_draft, name="show_draft"),
    path("reports/drafts/<uuid:draft_id>/build/", drafts.build_report, name="build_report"),
    path("reports/drafts/<uuid:draft_id>/cancel/", drafts.cancel_build, name="cancel_build"),
    path("reports/drafts/<uuid:draft_id>/progress/", drafts.build_progress, name="build_progress"),
    path("reports/drafts/<uuid:draft_id>/preview/", drafts.preview_draft, name="preview_draft"),
    path("reports/drafts/<uuid:draft_id>/pdf/", drafts.preview_draft_pdf, name="preview_draft_pdf"),
    path("reports/drafts/<uuid:draft_id>/changes/", drafts.say_changes, name="say_changes"),
    path("reports/drafts/<uuid:draft_id>/publish/", drafts.publish_report, name="publish_report"),
    path(
        "reports/drafts/<uuid:draft_id>/commentary/<slug:section>/",
        drafts.write_passage,
        name="write_passage",
    ),
    path("reports/<uuid:report_id>/", published.show_report, name="show_report"),
    path("reports/<uuid:report_id>/correct/", published.correct_report, name="correct_report"),
    path("reports/<uuid:report_id>/<slug:kind>/", published.download_report, name="download_report"),
    path("what-if/", what_if.what_if, name="what_if"),
]
