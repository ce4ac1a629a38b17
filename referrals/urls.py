"""Addresses of the front door: public forms and secret links, the inbox, and the referral of a case."""

from django.urls import path, re_path

from referrals.views import inbox, keying, links, public, record

urlpatterns = [
    path("refer/<slug:service>/", public.start_referral, name="start_referral"),
    path("refer/<slug:service>/professional/", public.refer_professional, name="refer_professional"),
    path("refer/<slug:service>/self/", public.refer_self, name="refer_self"),
    re_path(
        r"^refer/(?P<service>[-a-zA-Z0-9_]+)/(?P<form>professional|self)/sent/$", public.referral_sent,
        name="referral_sent",
    ),
    re_path(
        r"^refer/(?P<service>[-a-zA-Z0-9_]+)/(?P<form>professional|self)/leave/$", public.leave_form,
        name="leave_form",
    ),
    path("leave/", public.leave, name="leave"),
    path("status/<str:token>/", links.referral_status, name="referral_status"),
    path("answer/<str:token>/", links.answer_request, name="answer_request"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/phone/", keying.key_in_referral, name="key_in_referral"),
    path("cases/<uuid:case_id>/referral/", record.show_referral, name="show_referral"),
    path("cases/<uuid:case_id>/referral/ask/", record.ask_referrer, name="ask_referrer"),
    path("cases/<uuid:case_id>/referral/triage/", record.take_into_triage, name="take_into_triage"),
    path("cases/<uuid:case_id>/referral/already-open/", record.close_as_already_open, name="close_as_already_open"),
    path(
        "cases/<uuid:case_id>/referral/duplicates/<uuid:duplicate_id>/", record.decide_duplicate,
        name="decide_duplicate",
    ),
    path(
        "cases/<uuid:case_id>/referral/duplicates/<uuid:duplicate_id>/undo/", record.undo_duplicate,
        name="undo_duplicate",
    ),
]  # fmt: skip
