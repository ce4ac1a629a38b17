"""The first version of the SaS instrument, as data."""

from django.db import migrations


def load(apps, schema_editor):
    from casework.sas.instruments import load_instrument

    load_instrument(model=apps.get_model("casework", "SasInstrument"), using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_ties")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
