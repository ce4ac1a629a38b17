"""A report belongs to the service of its contract."""

from django.db import migrations

from isva.db.operations import TieToParent


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_reports")]

    operations = [
        TieToParent("reportdraft", parent="reporting.Contract", column="contract_id", history=True),
        TieToParent("publishedreport", parent="reporting.Contract", column="contract_id", history=False),
    ]
