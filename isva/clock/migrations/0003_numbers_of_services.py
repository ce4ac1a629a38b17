"""The numbers of each service become the first version of its settings of the clock."""

import datetime as dt

from django.db import migrations

KEYS = (
    "first_contact_target_hours", "target_in_elapsed_hours", "first_contact_standard_days",
    "non_working_receipt_counts_as_next_day", "information_answer_days", "interim_days_high", "interim_days_medium",
    "interim_days_standard", "sas_days_high", "sas_days_medium", "sas_days_standard", "step_down_days",
)  # fmt: skip
ALWAYS = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def copy_numbers(apps, schema_editor):
    versions = apps.get_model("clock", "ClockSettings").objects.using(schema_editor.connection.alias)
    services = apps.get_model("accounts", "Service").objects.using(schema_editor.connection.alias)
    for service in services.all():
        numbers = {key: getattr(service, key) for key in KEYS}
        versions.create(service=service, applies_from=ALWAYS, recorded_at=ALWAYS, numbers=numbers)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sign_in"), ("clock", "0002_the_clock")]

    operations = [migrations.RunPython(copy_numbers, migrations.RunPython.noop)]
