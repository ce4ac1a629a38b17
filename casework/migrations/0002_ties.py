"""Every record of a case stays with the case's own service, and so does its history."""

from django.db import migrations

from isva.db.operations import tie_to_case, tie_to_client


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]

    operations = [
        *tie_to_client("case", "safecontact", "conflict"),
        *tie_to_case(
            "stageentry", "reviewpoint", "justiceupdate", "grant", "appointment", "contact", "note",
            "safeguardingconcern", "sasreview", "sasscore", "complexityreading", "supportplan", "planaction",
            "onwardreferral", "clientagreement", "agencyconsent", "stepdown", "closure",
        ),
    ]  # fmt: skip
