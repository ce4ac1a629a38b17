"""Addresses of people and places: signing in, one's own account, the staff of a service."""

from django.urls import path

from isva.accounts.views import account, members, service, signing_in, workforce

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("choose-service/", signing_in.choose_service, name="choose_service"),
    path("join/<str:token>/", signing_in.accept_invitation, name="accept_invitation"),
    path("my-account/", account.my_account, name="my_account"),
    path("my-account/password/", account.change_password, name="change_password"),
    path("my-account/connections/", account.declare_connection, name="declare_connection"),
    path("my-account/connections/remove/", account.remove_connection, name="remove_connection"),
    path("staff/", members.list_members, name="list_members"),
    path("staff/invite/", members.invite_member, name="invite_member"),
    path("staff/invite/withdraw/", members.withdraw_invitation, name="withdraw_invitation"),
    path("staff/leave/cancel/", workforce.cancel_leave, name="cancel_leave"),
    path("staff/<uuid:membership_id>/", members.change_member, name="change_member"),
    path("staff/<uuid:membership_id>/profile/", workforce.edit_profile, name="edit_profile"),
    path("staff/<uuid:membership_id>/leave/", workforce.add_leave, name="add_leave"),
    path("workforce/", workforce.list_workforce, name="list_workforce"),
    path("service/", service.edit_service, name="edit_service"),
]
