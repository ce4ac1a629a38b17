"""What stands on an agenda stays with the service of its case, and so does its history."""

from django.db import migrations

from isva.db.operations import tie_to_case


class Migration(migrations.Migration):
    dependencies = [("supervision", "0002_management"), ("casework", "0001_initial")]

    operations = tie_to_case("agendacase")
