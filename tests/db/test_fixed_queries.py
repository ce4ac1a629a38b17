"""Queries written once: each use asks with its own values, and sees no other's."""

import datetime as dt

import pytest
from django.db.models import Value

from casework.models import Case
from casework.next_action import facts_of
from casework.timeline import entries
from isva.db.fixed_queries import Place, fixed
from tests.factories import make_case

pytestmark = pytest.mark.django_db


def test_one_query_is_asked_again_with_other_values(people, rowan):
    place = Place.key()
    query = fixed(Case.objects.filter(pk=place).order_by().values("reference"))
    cases = [make_case(rowan, by=people["manager"]) for _number in range(2)]
    for case in (*cases, cases[0]):
        assert query.rows({place: case.pk}) == [(case.reference,)]


def test_a_value_is_a_parameter_whatever_is_in_it(people, rowan):
    make_case(rowan, by=people["manager"])
    place = Place.text()
    query = fixed(Case.objects.order_by().annotate(said=Value(place)).values("said"))
    for text in ("' OR 1=1 --", "%s %(x)s {}", "a\\b"):
        assert query.rows({place: text}) == [(text,)]


def test_places_are_told_from_each_other_and_from_real_values():
    places = {Place.key(), Place.key(), Place.text(), Place.text(), Place.moment(1), Place.moment(2)}
    assert len(places) == 6
    assert Place.moment(1) < dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


def test_two_cases_never_see_each_other_s_timeline_or_facts(people, rowan, acting):
    from tests.casework.cases import active_case, fill

    full, empty = active_case(rowan, people), active_case(rowan, people)
    with acting("isva"):
        fill(full, people)
    assert facts_of(full).has_agreement
    assert not facts_of(empty).has_agreement
    assert len(entries(full)) > len(entries(empty)) > 0
    assert {entry["kind"] for entry in entries(empty)} == {"stage"}
