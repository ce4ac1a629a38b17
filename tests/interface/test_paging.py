"""Long lists are walked page by page in both directions without losing or repeating a row."""

import datetime as dt
import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from isva.accounts.models import User
from isva.interface.paging import capped_count, keyset_page

START = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def sessions(db):
    """Thirty rows, three to each moment, so that pages end in the middle of equal values."""
    for number in range(30):
        Session(
            session_key=f"k{number:03}", session_data="", expire_date=START + dt.timedelta(hours=number // 3)
        ).save()
    return Session.objects.filter(session_key__startswith="k")


def walk(queryset, order, size):
    pages, after = [], None
    while True:
        page = keyset_page(queryset, order=order, after=after, size=size)
        pages.append([row.pk for row in page])
        if page.next is None:
            return pages
        after = page.next


@pytest.mark.parametrize("size", [1, 4, 7, 30, 31])
@pytest.mark.parametrize(
    "order",
    [("-expire_date", "-session_key"), ("expire_date", "session_key"), ("-expire_date", "session_key")],
)
def test_every_row_is_seen_once_and_in_order(sessions, order, size):
    seen = [key for page in walk(sessions, order, size) for key in page]
    assert seen == [row.pk for row in sessions.order_by(*order)]


def test_previous_leads_back_to_the_same_pages(sessions):
    order = ("-expire_date", "-session_key")
    first = keyset_page(sessions, order=order, size=7)
    second = keyset_page(sessions, order=order, after=first.next, size=7)
    third = keyset_page(sessions, order=order, after=second.next, size=7)
    assert first.previous is None
    assert keyset_page(sessions, order=order, after=third.previous, size=7).rows == second.rows
    back = keyset_page(sessions, order=order, after=second.previous, size=7)
    assert back.rows == first.rows
    assert back.previous is None
    assert back.next is not None


def test_a_first_page_reached_backwards_is_whole_even_when_rows_have_gone(sessions):
    order = ("expire_date", "session_key")
    first = keyset_page(sessions, order=order, size=7)
    second = keyset_page(sessions, order=order, after=first.next, size=7)
    sessions.filter(pk__in=[row.pk for row in first.rows[:3]]).delete()
    assert len(keyset_page(sessions, order=order, after=second.previous, size=7).rows) == 7


def test_one_direction_compiles_to_a_true_row_comparison(sessions):
    order = ("-expire_date", "-session_key")
    first = keyset_page(sessions, order=order, size=5)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        keyset_page(sessions, order=order, after=first.next, size=5)
    assert len(seen) == 1
    assert re.search(
        r'\("django_session"\."expire_date", "django_session"\."session_key"\) < \(', seen[0]["sql"]
    )
    assert "OFFSET" not in seen[0]["sql"]


def test_mixed_directions_are_bound_by_their_first_column(sessions):
    order = ("-expire_date", "session_key")
    first = keyset_page(sessions, order=order, size=5)
    with CaptureQueriesContext(connection) as seen:
        keyset_page(sessions, order=order, after=first.next, size=5)
    assert '"expire_date" <= ' in seen[0]["sql"]


def test_identifiers_that_are_uuids_are_walked_too(people):
    for order in (("name", "id"), ("-name", "-id"), ("-name", "id"), ("id",)):
        users = User.objects.all()
        assert [pk for page in walk(users, order, 3) for pk in page] == [
            user.pk for user in users.order_by(*order)
        ]


def test_rows_that_are_dictionaries_are_walked_too(sessions):
    rows = sessions.values("expire_date", "session_key")
    first = keyset_page(rows, order=("expire_date", "session_key"), size=4)
    second = keyset_page(rows, order=("expire_date", "session_key"), after=first.next, size=4)
    assert second.rows[0]["session_key"] == "k004"


@pytest.mark.parametrize("cursor", ["", "x", "\x00", "é", "gAAAAA", "A" * 5000, "==", "f:1"])
def test_a_damaged_cursor_gives_the_first_page(sessions, cursor):
    order = ("expire_date", "session_key")
    assert keyset_page(sessions, order=order, after=cursor, size=3).rows[0].pk == "k000"


def test_a_cursor_of_another_order_gives_the_first_page(sessions):
    other = keyset_page(sessions, order=("-expire_date", "-session_key"), size=3).next
    assert (
        keyset_page(sessions, order=("expire_date", "session_key"), after=other, size=3).rows[0].pk == "k000"
    )


def test_a_cursor_says_nothing_about_the_row_it_ends_on(sessions):
    cursor = keyset_page(sessions, order=("expire_date", "session_key"), size=3).next
    assert "k00" not in cursor
    assert re.fullmatch(r"[\w-]+", cursor)


def test_an_empty_list_has_no_neighbours(db):
    page = keyset_page(Session.objects.none(), order=("expire_date", "session_key"))
    assert (page.rows, page.next, page.previous) == ([], None, None)


def test_counting_stops_at_the_cap(sessions):
    assert str(capped_count(sessions)) == "30"
    assert str(capped_count(sessions, cap=30)) == "30"
    assert str(capped_count(sessions, cap=29)) == "29+"
    assert capped_count(sessions, cap=10).number == 10


def test_a_list_that_is_all_on_one_page_is_not_counted_again(sessions, django_assert_num_queries):
    order = ("expire_date", "session_key")
    whole, part = (keyset_page(sessions, order=order, size=size) for size in (40, 20))
    with django_assert_num_queries(0):
        assert str(capped_count(sessions, page=whole)) == "30"
    with django_assert_num_queries(1):
        assert str(capped_count(sessions, page=part)) == "30"
    last = keyset_page(sessions, order=order, after=part.next, size=20)
    with django_assert_num_queries(1):
        assert str(capped_count(sessions, page=last)) == "30"
