"""What is true of made-up services: inside the published ranges, and exactly what the measures say of the records."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from isva.accounts.models import Service
from isva.clock.moment import LONDON, at
from isva.synthesis.load import fill
from isva.synthesis.people import isvas_for
from isva.synthesis.profiles import PROFILES, REFERRALS, Profile
from isva.synthesis.rates import PUBLISHED, draw_rates
from reporting import figures
from reporting.measures import MEASURES
from reporting.periods import Period
from reporting.scope import Scope
from reporting.sight import WHOLE_SERVICE
from reporting.tables import ALL

UNTIL = dt.datetime(2026, 6, 3, tzinfo=LONDON)
#: Years in which supports as long as those that go to court have ended too.
YEARS = 5
#: What needs scores has none here; nobody is reopened or changes worker in a made-up service.
WITHOUT = {
    "need_at_start", "need_at_end", "risk_at_start", "risk_at_end", "improved", "already_open", "reopened", "changed_worker",
    "left_waiting", "unheld_risk", "training_lost",
}  # fmt: skip
SEEDS, IN_FULL = range(1, 3), range(1, 9)


def profile(seed: int) -> Profile:
    return Profile(
        name="test", services=1, referrals_per_year=300, years=YEARS, contacts_per_case=2, seed=seed, scored=0
    )


def said(service: Service) -> dict:
    """The same as the truth tells, as the measures count it over all the years."""
    days = Period(UNTIL.date() - dt.timedelta(days=365 * YEARS), UNTIL.date() - dt.timedelta(days=1))

    def table(key: str, rows: str = ""):
        return figures.count(
            MEASURES[key], Scope(service=service, period=days), sight=WHOLE_SERVICE, rows=rows
        )

    sources, weeks = table("referrals", "source"), table("weeks_of_support", "justice")
    advice, planned = table("advice").figure(), table("planned_closures").figure()
    bands = table("caseload_bands", "band")
    return {
        "received": sources.figure().numerator,
        "from_police": sources.figure("police").numerator,
        "from_themselves": sources.figure("self").numerator,
        "decided": advice.denominator,
        "advised": advice.numerator,
        "began": table("days_to_support").figure().denominator,
        "wait": table("days_to_support").figure().median,
        "ended": planned.denominator,
        "ended_as_planned": planned.numerator,
        "carried": table("caseload").figure().numerator,
        "isvas": bands.figure(ALL).numerator,
        "weeks_not_reported": weeks.figure("not_reported").median,
        "weeks_nfa": weeks.figure("nfa").median,
        "weeks_court": weeks.figure("ended").median,
    }


def pytest_generate_tests(metafunc):
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", IN_FULL if metafunc.config.getoption("--full-attack") else SEEDS)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_came_of_a_service_lies_where_services_publish_it_and_the_measures_count_the_same(
    seed, services
):
    (truth,) = fill(profile(seed), until=UNTIL).truths
    assert list(truth.outside) == [], truth.realised
    service = Service.objects.get(slug=truth.service)
    with at(UNTIL):
        counted = said(service)
        empty = {
            measure.key
            for measure in MEASURES.values()
            if measure.is_recorded and not _counts(measure, service)
        }
    for key, value in counted.items():
        assert value == pytest.approx(getattr(truth, key), abs=1e-6), key
    assert empty <= WITHOUT


def _counts(measure, service: Service) -> bool:
    scope = Scope(service=service, period=Period(dt.date(2025, 6, 1), dt.date(2026, 5, 31)))
    table = figures.count(measure, scope, sight=WHOLE_SERVICE)
    return any(figure.numerator or figure.amount or figure.median for figure in table.cells.values())


def test_rates_are_drawn_inside_the_published_ranges_for_services_of_every_size():
    for seed in range(1, 6):
        wanted = PROFILES["L"].with_changes(seed=seed, cases=None)
        assert sum(wanted.sizes) == 1_000_000
        for rates in draw_rates(wanted):
            for key, (least, most) in PUBLISHED.items():
                if key != "referrals":
                    assert least <= getattr(rates, key) <= most, key
            assert rates.police + rates.self_referred < 1


def test_services_without_a_size_of_their_own_have_one_that_is_published():
    sizes = PROFILES["S"].with_changes(services=50).sizes
    least, most = REFERRALS
    assert len(set(sizes)) > 40
    assert all(5 * least <= size <= 5 * most for size in sizes)


@pytest.mark.parametrize(
    ("carried", "caseload"), [(27, 50.0), (90, 45.0), (103, 29.0), (500, 28.0), (2000, 50.0)]
)
def test_a_team_is_as_large_as_keeps_caseloads_where_services_publish_them(carried, caseload):
    assert 27 <= carried / isvas_for(carried, caseload) <= 51


def test_a_size_that_no_service_publishes_is_refused():
    with pytest.raises(CommandError, match="193 to 1,800"):
        call_command("synthesise", referrals_per_year=100)
