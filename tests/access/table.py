"""Who may open what: every route of the project, by name, written out by hand.

A route that is not in this table fails the tests, and so does a table entry without a route. The table does
not ask the doors; it says what they must answer.
"""

from dataclasses import dataclass

from isva.access.roles import Permission as P  # noqa: N817 (it stands in every line of the table)


@dataclass(frozen=True)
class Public:
    """Anybody, also somebody who is nobody here."""


@dataclass(frozen=True)
class SignedIn:
    """Anybody signed in, whatever their role."""


@dataclass(frozen=True)
class Staff:
    """Members who hold one of these permissions on the service; none named: every member."""

    permissions: tuple = ()


@dataclass(frozen=True)
class OnCase:
    """Who sees the case and holds one of these."""

    permissions: tuple


PUBLIC, SIGNED_IN = Public(), SignedIn()
VIEW, CHANGE = OnCase((P.VIEW_CASE,)), OnCase((P.CHANGE_CASE,))
CASEWORK = Staff((P.HOLD_CASES, P.HANDLE_INTAKE, P.SEE_ALL_CASES))
INTAKE = Staff((P.HANDLE_INTAKE, P.SEE_ALL_CASES))
INTAKE_ON_CASE = OnCase((P.HANDLE_INTAKE, P.SEE_ALL_CASES))
DECIDES_ENDINGS = OnCase((P.APPROVE_CLOSURE,))
ALLOCATES_ON_CASE = OnCase((P.ALLOCATE,))
MANAGES = Staff((P.SEE_ALL_CASES,))
KEEPS_RECORDS = Staff((P.KEEP_RECORDS,))
PUBLISHES = Staff((P.PUBLISH_REPORT,))
READS_REPORTS = Staff((P.PUBLISH_REPORT, P.READ_REPORTS))


TABLE = {
    "home": Staff(),
    # the public
    "start_referral": PUBLIC,
    "refer_professional": PUBLIC,
    "refer_self": PUBLIC,
    "referral_sent": PUBLIC,
    "leave_form": PUBLIC,
    "leave": PUBLIC,
    "referral_status": PUBLIC,
    "answer_request": PUBLIC,
    "calendar_feed": PUBLIC,
    "sign_in": PUBLIC,
    "second_step": PUBLIC,
    "ask_new_password": PUBLIC,
    "choose_new_password": PUBLIC,
    "demo_sign_in": PUBLIC,
    "accept_invitation": PUBLIC,
    # reports
    "list_reports": READS_REPORTS,
    "show_report": READS_REPORTS,
    "download_report": READS_REPORTS,
    "begin_report": PUBLISHES,
    "show_draft": PUBLISHES,
    "build_report": PUBLISHES,
    "cancel_build": PUBLISHES,
    "build_progress": PUBLISHES,
    "preview_draft": PUBLISHES,
    "preview_draft_pdf": PUBLISHES,
    "say_changes": PUBLISHES,
    "write_passage": PUBLISHES,
    "publish_report": PUBLISHES,
    "correct_report": PUBLISHES,
    # everybody's own
    "sign_out": SIGNED_IN,
    "choose_service": SIGNED_IN,
    "change_password": SIGNED_IN,
    "how_i_sign_in": SIGNED_IN,
    "set_up_app": SIGNED_IN,
    "remove_app": SIGNED_IN,
    "add_passkey": SIGNED_IN,
    "rename_passkey": SIGNED_IN,
    "remove_passkey": SIGNED_IN,
    "recovery_codes": SIGNED_IN,
    "renew_recovery_codes": SIGNED_IN,
    "my_sessions": SIGNED_IN,
    "end_session": SIGNED_IN,
    "end_other_sessions": SIGNED_IN,
    "stay_signed_in": SIGNED_IN,
    "time_left": SIGNED_IN,
    "keep_typed": SIGNED_IN,
    "confirm_it_is_me": SIGNED_IN,
    "my_account": Staff(),
    "declare_connection": Staff(),
    "remove_connection": Staff(),
    "keep_home_postcode": Staff(),
    # people and places
    "list_members": KEEPS_RECORDS,
    "list_role_changes": Staff((P.KEEP_RECORDS, P.SEE_WORKFORCE)),
    "change_member": KEEPS_RECORDS,
    "end_membership": KEEPS_RECORDS,
    "reset_factor": KEEPS_RECORDS,
    "end_sessions": KEEPS_RECORDS,
    "invite_member": KEEPS_RECORDS,
    "withdraw_invitation": KEEPS_RECORDS,
    "edit_service": KEEPS_RECORDS,
    "clock_settings": Staff((P.SEE_ALL_CASES, P.KEEP_RECORDS)),
    "one_off_days": Staff((P.SEE_ALL_CASES, P.KEEP_RECORDS)),
    "remove_one_off_day": Staff((P.SEE_ALL_CASES, P.KEEP_RECORDS)),
    "show_health": Staff((P.SEE_ALL_CASES, P.KEEP_RECORDS)),
    "show_matrix": KEEPS_RECORDS,
    "edit_profile": Staff((P.KEEP_RECORDS, P.SEE_WORKFORCE)),
    "add_leave": Staff((P.KEEP_RECORDS, P.SEE_WORKFORCE)),
    "cancel_leave": Staff((P.KEEP_RECORDS, P.SEE_WORKFORCE)),
    "list_workforce": Staff((P.SEE_WORKFORCE,)),
    "note_return": Staff((P.HOLD_CASES, P.HANDLE_INTAKE, P.SUPERVISE, P.KEEP_RECORDS)),
    # supervision
    "list_supervision": Staff((P.SUPERVISE,)),
    "arrange_clinical": Staff((P.SUPERVISE,)),
    "arrange_management": Staff((P.SUPERVISE,)),
    "hold_supervision": Staff((P.SUPERVISE,)),
    "show_supervision": Staff((P.HOLD_CASES, P.SUPERVISE)),
    "list_actions": Staff(),
    "close_supervision_action": Staff(),
    "my_supervision": Staff((P.HOLD_CASES,)),
    "opt_out": Staff((P.HOLD_CASES,)),
    "opt_in": Staff((P.HOLD_CASES,)),
    "list_case_reviews": Staff((P.SUPERVISE,)),
    "review_case": DECIDES_ENDINGS,
    **dict.fromkeys(
        ("list_training", "show_training", "record_training", "change_training"),
        Staff((P.HOLD_CASES, P.HANDLE_INTAKE, P.SUPERVISE, P.KEEP_RECORDS)),
    ),
    "list_supervised": Staff((P.GIVE_CLINICAL_SUPERVISION,)),
    "record_clinical_session": Staff((P.GIVE_CLINICAL_SUPERVISION,)),
    "remove_clinical_session": Staff((P.GIVE_CLINICAL_SUPERVISION,)),
    "access_log": KEEPS_RECORDS,
    "access_alerts": Staff((P.SEE_ALL_CASES, P.KEEP_RECORDS)),
    "look_into_alert": Staff((P.SEE_ALL_CASES, P.KEEP_RECORDS)),
    # figures and contracts
    "show_figures": Staff((P.SEE_ALL_CASES,)),
    "show_completeness": Staff((P.SEE_ALL_CASES,)),
    "show_measure": Staff((P.SEE_ALL_CASES,)),
    "list_records": Staff((P.SEE_ALL_CASES,)),
    "save_measure": Staff((P.SEE_ALL_CASES,)),
    "show_data_set": Staff((P.SEE_ALL_CASES,)),
    "save_data_set": Staff((P.SEE_ALL_CASES,)),
    "save_schema": Staff((P.SEE_ALL_CASES,)),
    "show_definitions": Staff(),
    "list_contracts": Staff((P.READ_REPORTS, P.PUBLISH_REPORT, P.KEEP_RECORDS)),
    "show_contract": Staff((P.READ_REPORTS, P.PUBLISH_REPORT, P.KEEP_RECORDS)),
    "add_contract": Staff((P.PUBLISH_REPORT, P.KEEP_RECORDS)),
    "list_populations": Staff((P.PUBLISH_REPORT, P.KEEP_RECORDS)),
    "set_population": Staff((P.PUBLISH_REPORT, P.KEEP_RECORDS)),
    "add_local_measure": Staff((P.PUBLISH_REPORT, P.KEEP_RECORDS)),
    "remove_local_measure": Staff((P.PUBLISH_REPORT, P.KEEP_RECORDS)),
    "add_local_question": Staff((P.PUBLISH_REPORT, P.KEEP_RECORDS)),
    "end_local_question": Staff((P.PUBLISH_REPORT, P.KEEP_RECORDS)),
    "change_contract": Staff((P.PUBLISH_REPORT, P.KEEP_RECORDS)),
    "set_target": Staff((P.PUBLISH_REPORT, P.KEEP_RECORDS)),
    "remove_target": Staff((P.PUBLISH_REPORT, P.KEEP_RECORDS)),
    # work lists
    "service_today": Staff((P.SEE_ALL_CASES,)),
    "my_day": Staff((P.HOLD_CASES,)),
    "list_caseloads": Staff((P.ALLOCATE,)),
    "show_caseload": Staff((P.ALLOCATE,)),
    "cover_caseload": Staff((P.ALLOCATE,)),
    "show_load": Staff((P.HOLD_CASES,)),
    "inbox": INTAKE,
    "key_in_referral": Staff((P.HANDLE_INTAKE,)),
    "waiting_list": INTAKE,
    "allocation_board": Staff((P.ALLOCATE, P.HANDLE_INTAKE)),
    "list_cases": CASEWORK,
    "show_calendar": CASEWORK,
    "my_feed": CASEWORK,
    "end_feed": CASEWORK,
    "search": CASEWORK,
    "open_in_emergency": CASEWORK,
    "list_emergencies": Staff((P.SEE_ALL_CASES, P.KEEP_RECORDS)),
    "list_agencies": CASEWORK,
    "add_agency": CASEWORK,
    "show_agency": CASEWORK,
    "what_if": MANAGES,
    "list_left_behind": MANAGES,
    "give_left_item": MANAGES,
    "my_policies": Staff((P.HOLD_CASES, P.HANDLE_INTAKE, P.SEE_ALL_CASES, P.KEEP_RECORDS)),
    "read_policy": Staff((P.HOLD_CASES, P.HANDLE_INTAKE, P.SEE_ALL_CASES, P.KEEP_RECORDS)),
    "list_policies": MANAGES,
    "add_policy": MANAGES,
    "show_policy": MANAGES,
    "adopt_policy": MANAGES,
    "review_policy": MANAGES,
    "end_policy": MANAGES,
    "list_protocols": CASEWORK,
    "show_protocol": CASEWORK,
    "add_protocol": MANAGES,
    "change_protocol": MANAGES,
    "review_protocol": MANAGES,
    "list_groups": CASEWORK,
    "show_group": CASEWORK,
    "add_group": MANAGES,
    "change_group": MANAGES,
    "record_meeting": MANAGES,
    "close_group_action": CASEWORK,
    "list_issues": CASEWORK,
    "raise_issue": CASEWORK,
    "change_issue": CASEWORK,
    "change_agency": INTAKE,
    "name_agency_contact": INTAKE,
    "change_agency_contact": INTAKE,
    # a case: reading
    "show_case": VIEW,
    "show_referral": VIEW,
    "show_contact": VIEW,
    "show_due": VIEW,
    "show_note": VIEW,
    "show_people": VIEW,
    "show_sharing": VIEW,
    "print_agreement": VIEW,
    "list_documents": VIEW,
    "download_document": VIEW,
    "show_justice": VIEW,
    "show_plan": VIEW,
    "print_plan": VIEW,
    "show_sas": VIEW,
    "who_looked": CHANGE,  # who works on the case, and its managers
    "show_complexity": VIEW,
    # a case: intake
    "take_into_triage": INTAKE_ON_CASE,
    "ask_referrer": INTAKE_ON_CASE,
    "decide_duplicate": INTAKE_ON_CASE,
    "undo_duplicate": INTAKE_ON_CASE,
    "close_as_already_open": INTAKE_ON_CASE,
    "triage_case": INTAKE_ON_CASE,
    "note_referrer_told": INTAKE_ON_CASE,
    "name_interim_worker": INTAKE_ON_CASE,
    "close_waiting": INTAKE_ON_CASE,
    "send_to_allocation": INTAKE_ON_CASE,
    "return_to_interim": INTAKE_ON_CASE,
    "record_attempt": CHANGE,
    "check_in": CHANGE,
    "escalate_case": CHANGE,
    # a case: the manager's decisions
    "allocate_case": ALLOCATES_ON_CASE,
    "reallocate_case": ALLOCATES_ON_CASE,
    "cover_case": ALLOCATES_ON_CASE,
    "end_cover": ALLOCATES_ON_CASE,
    "declare_conflict": ALLOCATES_ON_CASE,
    "lift_conflict": ALLOCATES_ON_CASE,
    "restrict_client": ALLOCATES_ON_CASE,
    "change_named": ALLOCATES_ON_CASE,
    "lift_restriction": ALLOCATES_ON_CASE,
    "review_emergency": OnCase((P.SEE_ALL_CASES,)),
    "acknowledge_urgent": ALLOCATES_ON_CASE,
    "take_safeguarding": OnCase((P.SEE_ALL_CASES,)),
    "decide_step_down": DECIDES_ENDINGS,
    "decide_closure": DECIDES_ENDINGS,
    "reopen_case": DECIDES_ENDINGS,
    # a case: support
    "record_contact": CHANGE,
    "answer_contact": CHANGE,
    "write_note": CHANGE,
    "put_off": CHANGE,
    "keep_draft": CHANGE,
    "throw_draft_away": CHANGE,
    "plan_appointment": CHANGE,
    "cancel_appointment": CHANGE,
    "edit_client": CHANGE,
    "change_safe_contacts": CHANGE,
    "propose_safe_contact": CHANGE,
    "replace_safe_contact": CHANGE,
    "confirm_safe_contact": CHANGE,
    "withdraw_safe_contact": CHANGE,
    "change_contact_rules": CHANGE,
    "stop_using_contact": CHANGE,
    "raise_safeguarding": CHANGE,
    "update_safeguarding": VIEW,  # without the right to change, it is read
    "agree_with_client": CHANGE,
    "record_consent": CHANGE,
    "add_document": CHANGE,
    "withdraw_document": CHANGE,
    "tell_agency": CHANGE,
    "refer_onward": CHANGE,
    "answer_onward_referral": VIEW,  # likewise
    "update_justice": CHANGE,
    "review_sas": CHANGE,
    "edit_plan": CHANGE,
    "add_action": CHANGE,
    "close_action": CHANGE,
    "propose_step_down": CHANGE,
    "step_up": CHANGE,
    "propose_closure": CHANGE,
}
