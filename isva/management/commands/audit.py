"""Seals what was written, notes the heads of the chains outside, and verifies that nobody changed anything since."""

import time

from django.core.management.base import BaseCommand, CommandError

from isva.audit.seals import anchor, sealing, verifying


class Command(BaseCommand):
    help = "The record of who did what: seal it, note its heads outside, verify it."

    def add_arguments(self, parser):
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("seal", help="seal everything that no seal covers yet, and note the heads outside")
        acts.add_parser("anchor", help="note the heads of all chains outside, as AUDIT_ANCHOR says")
        verify = acts.add_parser(
            "verify", help="recompute every seal and every row; exit code 1 where something is wrong"
        )
        verify.add_argument("--service", help="the address name (slug) of one service, or 'none'")
        verify.add_argument("--head", action="append", default=[], help="a line of a mail: scope:number:hash")

    def handle(self, *, act, **options):
        getattr(self, f"_{act}")(**options)

    def _seal(self, **_options):
        made = sealing.seal_all(everything=True)
        lines = anchor.note(made)
        self.stdout.write(
            f"{sum(seal.rows for seal in made)} rows under {len(made)} new seals, {lines} noted outside"
        )

    def _anchor(self, **_options):
        if anchor.path_of_anchor():
            self.stdout.write(f"{anchor.note(anchor.heads())} heads noted outside")
        else:
            self.stdout.write(f"{anchor.post()} mails sent to records leads")

    def _verify(self, *, service, head, **_options):
        began = time.monotonic()
        try:
            told = [anchor.Head.read(text) for text in head]
        except ValueError:
            raise CommandError("A head is written scope:number:hash, as in the mail.") from None
        if service:
            anchored = anchor.read()
            reports = [verifying.verify(_scope_of(service), heads=[*anchored.heads, *told])]
            reports[0].wrong += anchored.wrong
        else:
            reports = verifying.verify_all(heads=told)
        for report in reports:
            self.stdout.write(
                f"{verifying.words_of(report.scope)}: {report.seals} seals over {report.rows} rows, "
                + (f"{len(report.wrong)} faults" if report.wrong else "nothing wrong")
            )
            for sentence in report.wrong:
                self.stdout.write(f"  {sentence}")
        self.stdout.write(
            f"{sum(report.rows for report in reports)} rows in {time.monotonic() - began:.1f} s"
        )
        if any(report.wrong for report in reports):
            raise CommandError("The record was tampered with, or a part of it is missing.", returncode=1)


def _scope_of(service: str) -> str:
    from isva.accounts.models import Service

    if service == "none":
        return service
    found = Service.objects.filter(slug=service).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError("There is no service of that name.")
    return str(found)
