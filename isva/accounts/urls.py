"""Addresses of people and places: signing in, one's own account, the staff of a service."""

from django.urls import path

from isva.accounts.views import account, factors, members, passwords, service, sessions, signing_in, workforce

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/second-step/", signing_in.second_step, name="second_step"),
    path("sign-in/forgotten/", passwords.ask_new_password, name="ask_new_password"),
    path("sign-in/new-password/<str:token>/", passwords.choose_new_password, name="choose_new_password"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("choose-service/", signing_in.choose_service, name="choose_service"),
    path("join/<str:token>/", signing_in.accept_invitation, name="accept_invitation"),
    path("my-account/", account.my_account, name="my_account"),
    path("my-account/password/", account.change_password, name="change_password"),
    path("my-account/signing-in/", factors.how_i_sign_in, name="how_i_sign_in"),
    path("my-account/signing-in/app/", factors.set_up_app, name="set_up_app"),
    path("my-account/signing-in/app/remove/", factors.remove_app, name="remove_app"),
    path("my-account/signing-in/passkeys/add/", factors.add_passkey, name="add_passkey"),
    path("my-account/signing-in/passkeys/rename/", factors.rename_passkey, name="rename_passkey"),
    path("my-account/signing-in/passkeys/remove/", factors.remove_passkey, name="remove_passkey"),
    path("my-account/signing-in/recovery-codes/", factors.recovery_codes, name="recovery_codes"),
    path(
        "my-account/signing-in/recovery-codes/renew/",
        factors.renew_recovery_codes,
        name="renew_recovery_codes",
    ),
    path("my-account/sessions/", sessions.my_sessions, name="my_sessions"),
    path("my-account/sessions/end/", sessions.end_session, name="end_session"),
    path("my-account/sessions/end-others/", sessions.end_other_sessions, name="end_other_sessions"),
    path("session/stay/", sessions.stay_signed_in, name="stay_signed_in"),
    path("session/left/", sessions.time_left, name="time_left"),
    path("session/keep/", sessions.keep_typed, name="keep_typed"),
    path("session/confirm/", sessions.confirm_it_is_me, name="confirm_it_is_me"),
    path("my-account/connections/", account.declare_connection, name="declare_connection"),
    path("my-account/connections/remove/", account.remove_connection, name="remove_connection"),
    path("staff/", members.list_members, name="list_members"),
    path("staff/invite/", members.invite_member, name="invite_member"),
    path("staff/invite/withdraw/", members.withdraw_invitation, name="withdraw_invitation"),
    path("staff/leave/cancel/", workforce.cancel_leave, name="cancel_leave"),
    path("staff/<uuid:membership_id>/", members.change_member, name="change_member"),
    path("staff/<uuid:membership_id>/second-step/", members.reset_factor, name="reset_factor"),
    path("staff/<uuid:membership_id>/profile/", workforce.edit_profile, name="edit_profile"),
    path("staff/<uuid:membership_id>/leave/", workforce.add_leave, name="add_leave"),
    path("workforce/", workforce.list_workforce, name="list_workforce"),
    path("service/", service.edit_service, name="edit_service"),
]
