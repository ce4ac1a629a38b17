"""Says whether the product is well, for whoever watches it: exits with 1 where something is not."""

from django.core.management.base import BaseCommand

from isva.clock.health import checks


class Command(BaseCommand):
    help = "Look at database, queue, clock and letters; exit with 1 where one of them is not well."

    def handle(self, *args, **options):
        found = checks()
        for check in found:
            self.stdout.write(f"{'ok  ' if check.is_well else 'FAIL'}  {check.name}: {check.found}")
        if not all(check.is_well for check in found):
            raise SystemExit(1)
