"""Addresses of this part of the service."""

from django.urls import path

from triage.views import (
    absence,
    allocation,
    allocation_sight,
    caseloads,
    interim,
    service_today,
    triage,
    waiting,
)

urlpatterns: list = [
    path("cases/<uuid:case_id>/triage/", triage.triage_case, name="triage_case"),
    path("cases/<uuid:case_id>/triage/attempt/", triage.record_attempt, name="record_attempt"),
    path(
        "cases/<uuid:case_id>/triage/<uuid:assessment_id>/referrer-told/",
        triage.note_referrer_told,
        name="note_referrer_told",
    ),
    path("waiting/", waiting.waiting_list, name="waiting_list"),
    path("cases/<uuid:case_id>/check-in/", interim.check_in, name="check_in"),
    path("cases/<uuid:case_id>/escalate/", interim.escalate_case, name="escalate_case"),
    path("cases/<uuid:case_id>/urgent/", interim.acknowledge_urgent, name="acknowledge_urgent"),
    path("cases/<uuid:case_id>/interim-worker/", interim.name_interim_worker, name="name_interim_worker"),
    path("cases/<uuid:case_id>/to-allocation/", interim.send_to_allocation, name="send_to_allocation"),
    path("cases/<uuid:case_id>/to-interim/", interim.return_to_interim, name="return_to_interim"),
    path("cases/<uuid:case_id>/no-longer-waiting/", interim.close_waiting, name="close_waiting"),
    path("allocation/", allocation.allocation_board, name="allocation_board"),
    path("cases/<uuid:case_id>/allocate/", allocation.allocate_case, name="allocate_case"),
    path("cases/<uuid:case_id>/reallocate/", allocation.reallocate_case, name="reallocate_case"),
    path("cases/<uuid:case_id>/cover/", allocation_sight.cover_case, name="cover_case"),
    path("cases/<uuid:case_id>/cover/<uuid:cover_id>/end/", allocation_sight.end_cover, name="end_cover"),
    path("cases/<uuid:case_id>/conflicts/", allocation_sight.declare_conflict, name="declare_conflict"),
    path(
        "cases/<uuid:case_id>/conflicts/<uuid:conflict_id>/lift/",
        allocation_sight.lift_conflict,
        name="lift_conflict",
    ),
    path("caseloads/", caseloads.list_caseloads, name="list_caseloads"),
    path("caseloads/<uuid:person_id>/", caseloads.show_caseload, name="show_caseload"),
    path("caseloads/<uuid:person_id>/cover/", absence.cover_caseload, name="cover_caseload"),
    path("my-load/", allocation.show_load, name="show_load"),
    path("today/", service_today.service_today, name="service_today"),
]
