"""Nobody waits for allocation without a review date either, wherever the case came from."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("casework", "0003_first_instrument"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="nobody_waits_without_a_review_date",
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage__in", ["allocation", "interim", "stepped_down"]), _negated=True),
                    ("next_review_on__isnull", False),
                    _connector="OR",
                ),
                name="nobody_waits_without_a_review_date",
            ),
        ),
    ]
