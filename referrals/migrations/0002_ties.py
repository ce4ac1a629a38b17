"""Every record of a case stays with the case's own service, and so does its history."""

from django.db import migrations

from isva.db.operations import tie_to_case


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = tie_to_case("referral", "statuslink", "informationrequest", "possibleduplicate")
