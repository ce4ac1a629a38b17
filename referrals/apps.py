"""The front door: how a referral comes in, and what happens before triage."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self):
        from isva.accounts.joining import when_joined
        from isva.accounts.staffing import when_declared
        from referrals import reminders, timeline  # noqa: F401  (register rules, and records of the timeline)
        from referrals.conflicts import check_colleague, check_connection

        when_declared(check_connection)
        when_joined(check_colleague)
