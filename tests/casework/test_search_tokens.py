"""The pieces of names that a search looks up: what a name becomes, and that they never fall behind it."""

import pytest
from django.db import connection

from casework.client import edit_client
from casework.models import Client, SearchToken
from casework.search import search
from casework.search_tokens import keep_tokens, rebuild_tokens, words_of
from tests.factories import make_case

pytestmark = pytest.mark.django_db


def pieces(name, known_as=""):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name_tokens(%s, %s)", [name, known_as])
        return {token for (token,) in cursor.fetchall() if not token.startswith("~")}


@pytest.mark.parametrize(
    ("name", "become"),
    [
        ("Adela Lovelace", {"adela", "lovelace"}),
        ("  ADELA\tLovelace ", {"adela", "lovelace"}),
        ("Mary-Ann O’Brien", {"mary", "ann", "maryann", "o", "brien", "obrien", "anno"}),
        ("Ana de Souza", {"ana", "de", "souza", "anade", "desouza"}),
        ("Zoë Müller", {"zoe", "muller", "zoemuller"}),
        ("Łucja Żak", {"lucja", "zak", "lucjazak"}),
        ("Đặng Thị Hương", {"dang", "thi", "huong", "dangthi", "thihuong"}),
        ("Олена Шевченко", {"олена", "шевченко"}),
        ("", set()),
        ("--", set()),
    ],
)
def test_a_name_becomes_its_words(name, become):
    assert pieces(name) == become


def test_the_name_somebody_goes_by_counts_as_much():
    assert pieces("Aleksandra Nowak", "Sasha") == {"aleksandra", "nowak", "sasha"}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Muhammad Yusuf", "mohammed yousef"),
        ("Aisha Hussein", "Ayesha Husain"),
        ("Katherine Smyth", "Catherine Smith"),
        ("Łucja Żak", "Lucja Zak"),
        ("Mary-Ann O'Brien", "maryann obrien"),
        ("Mary-Ann O'Brien", "mary ann o brien"),
        ("Ana de Souza", "desouza"),
        ("Олена Шевченко", "шевч"),
        ("Zofia Wójcik", "wojcik zof"),
    ],
)  # fmt: skip
def test_a_person_is_found_as_people_write_and_say_the_name(people, rowan, acting, name, typed):
    case = make_case(rowan, by=people["manager"], name=name)
    make_case(rowan, by=people["manager"], name="Bertil Quxley")
    with acting("manager"):
        found = search(people["manager"], typed).cases
    assert found == [case]


def test_the_same_name_comes_before_its_beginning_and_that_before_its_sound(people, rowan, acting):
    sound, beginning, whole = (
        make_case(rowan, by=people["manager"], name=name)
        for name in ("Anna Kray", "Annabel Kray", "Ana Kray")
    )
    other = make_case(rowan, by=people["manager"], name="Anatole Other")
    with acting("manager"):
        assert search(people["manager"], "ana").cases == [whole, other, sound]
        assert search(people["manager"], "anna kray").cases == [sound, beginning, whole]


def test_every_word_that_is_typed_has_to_be_in_the_name(people, rowan, acting):
    make_case(rowan, by=people["manager"], name="Ada Lovelace")
    with acting("manager"):
        assert search(people["manager"], "ada hopper").cases == []


def test_a_changed_name_is_found_from_then_on_and_the_old_one_no_longer(people, rowan, acting):
    case = make_case(rowan, by=people["manager"], name="Ada Lovelace")
    with acting("manager"):
        edit_client(case.client, by=people["manager"], name="Grace Hopper", known_as="Amazing")
        for typed, finds in (("Grace", 1), ("amazing", 1), ("Ada", 0), ("lovelace", 0)):
            assert len(search(people["manager"], typed).cases) == finds, typed


def test_a_client_of_several_cases_is_found_with_each_once(people, rowan, acting):
    one, other = (make_case(rowan, by=people["manager"], name="Ada Ada Adams") for _ in range(2))
    with acting("manager"):
        other.client = one.client
        other.save(update_fields=["client"])
        assert sorted(search(people["manager"], "ada").cases, key=str) == sorted([one, other], key=str)


def test_pieces_made_anew_are_the_pieces_kept_all_along(people, services, acting):
    for name in ("Ada Lovelace", "Mary-Ann O’Brien", "Олена Шевченко"):
        make_case(services["rowan"], by=people["manager"], name=name)
    make_case(services["harbour"], by=people["harbour_manager"], name="Grace Hopper")
    with acting("manager"):
        mary = Client.objects.get(name="Mary-Ann O’Brien")
        edit_client(mary, by=people["manager"], name=mary.name, known_as="Ada Lovelace")
        kept = set(SearchToken.objects.values_list("client", "service", "token"))
        assert len(kept) > 8
        rebuild_tokens(service=services["rowan"])
        assert set(SearchToken.objects.values_list("client", "service", "token")) == kept
        client = Client.objects.get(name="Ada Lovelace")
        keep_tokens(client)
        assert set(SearchToken.objects.values_list("client", "service", "token")) == kept


def test_what_is_typed_is_read_like_a_name():
    assert [word.letters for word in words_of("  O’Brien  MARY-ANN -- Łucja ")] == [
        "obrien",
        "maryann",
        "lucja",
    ]
    assert words_of("--") == []
    assert words_of("Шевченко")[0].sounds == ()


@pytest.mark.parametrize("key", ["manager", "isva", "coordinator"])
def test_a_search_costs_few_queries_whatever_it_finds(
    people, rowan, acting, django_assert_max_num_queries, key
):
    for _ in range(12):
        make_case(rowan, by=people["manager"], name="Ada Lovelace")
    with acting(key), django_assert_max_num_queries(8):
        search(people[key], "ada lovelace K72PQ4")
