"""Couriers of the reports: they take keys, call one function, and may run twice."""

from celery import shared_task

from reporting.reports import building, publishing


@shared_task
def build_report(build_id: str) -> None:
    """Build one report, unless somebody does already."""
    building.run_build(build_id)


@shared_task
def print_report(report_id: str) -> None:
    """Make the PDF of one published report, unless it is there."""
    publishing.print_report(report_id)


@shared_task
def print_what_was_left() -> None:
    """Make the PDFs that were never taken off the queue."""
    for report_id in publishing.without_pdf():
        publishing.print_report(report_id)
