"""The front door: how a referral comes in, and what happens before triage."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self):
        from isva.accounts.staffing import when_declared
        from referrals import timeline  # noqa: F401  (puts its records on the timeline)
        from referrals.conflicts import check_connection

        when_declared(check_connection)
