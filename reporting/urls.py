"""Addresses of this part of the service."""

from django.urls import path

from reporting.views import contracts, definitions, figures

urlpatterns: list = [
    path("figures/", figures.show_figures, name="show_figures"),
    path("figures/completeness/", figures.show_completeness, name="show_completeness"),
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
]
