"""The database floor of the product."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _grant(sender, using, **kwargs):
    from isva.db.privileges import OWNER, grant_privileges
    from isva.db.wall.raising import raise_wall

    if using == OWNER:
        raise_wall(using=using)
        grant_privileges(using=using)


class DatabaseConfig(AppConfig):
    name = "isva.db"
    label = "isva_db"

    def ready(self):
        from isva.db import checks  # noqa: F401  (registers the system checks)

        post_migrate.connect(_grant, sender=self)
