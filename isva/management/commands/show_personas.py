"""Prints who can sign in to the demo, as what, and with which password."""

from django.core.management.base import BaseCommand

from isva.access.roles import Role
from isva.demo.cast import DEMO_PASSWORD, PERSONAS, SERVICES


class Command(BaseCommand):
    help = "Show the fictional people of the demo and how they sign in."

    def handle(self, **options):
        services = {service.key: service.name for service in SERVICES}
        rows = [("Who", "Role", "E-mail address")]
        for key, name in services.items():
            rows.append((f"-- {name}", "", ""))
            rows += [
                (persona.name, _part(persona, key), persona.email)
                for persona in PERSONAS
                if key in persona.parts
            ]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            self.stdout.write(
                "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )
        self.stdout.write(f"\nEverybody's password: {DEMO_PASSWORD}")
        self.stdout.write(
            "One press on the sign-in page needs neither; the password leads through setting up a second step."
        )
        self.stdout.write("All of these people, and everybody in the records, are fictional.")


def _part(persona, key: str) -> str:
    roles = ", ".join(str(Role(role).label) for role in persona.parts[key])
    return f"{roles} ({persona.note})" if persona.note else roles
