"""A report that is being built: its page follows by itself, from waiting to the end, and the browser lets it."""

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from isva.access.acting import act
from isva.clock.moment import now, today
from reporting.models import ReportBuild
from reporting.periods import Quarter
from reporting.reports import building, drafting, progress
from tests.reporting.reports import a_contract

pytestmark = pytest.mark.journey


def test_the_page_of_a_report_follows_its_building_step_by_step_to_the_end(enter, people, rowan):
    manager = people["manager"]
    contract = a_contract(rowan, manager)
    with act(manager, rowan), transaction.atomic():
        draft = drafting.begin_report(contract, Quarter.last_ended(today()), by=manager)
        build = ReportBuild.objects.create(service=rowan, draft=draft, asked_at=now(), asked_by=manager)
    page = enter("manager")
    page.goto(reverse("show_draft", args=[draft.pk]))
    expect(page.get_by_text("Waiting for its turn.")).to_be_visible()
    progress.tell(build, progress.COUNTING)
    expect(page.get_by_text("Step 1 of 3. Counting.")).to_be_visible()
    progress.tell(build, progress.HIDING)
    expect(page.get_by_text("Step 2 of 3. Looking for what must not be shown.")).to_be_visible()
    assert page.get_by_role("progressbar").evaluate("bar => bar.value") == 2
    building.run_build(build.pk, prints=False)
    expect(page.get_by_role("button", name="Build again")).to_be_visible()
    expect(page.get_by_role("link", name="Preview", exact=True)).to_be_visible()
