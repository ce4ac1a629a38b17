"""Couriers of the record: they seal what was written, and note the heads outside. Run twice, they do it once."""

from celery import shared_task

from isva.audit.seals import anchor, sealing


@shared_task
def seal_what_was_written() -> None:
    """Seal the last hour's rows and note the new heads outside."""
    anchor.note(sealing.seal_all())


@shared_task
def seal_everything() -> None:
    """Once a night: look at all rows, so that none stays without a seal; send the heads where they go by mail."""
    anchor.note(sealing.seal_all(everything=True))
    anchor.post()
