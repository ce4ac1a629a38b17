"""What the cache keeps is JSON: what somebody else wrote into Redis is read, and never run."""

import pickle

import pytest
from django.conf import settings
from django.core.cache.backends.redis import RedisCacheClient

from isva.json_cache import JSONSerializer


class Alive:
    """What runs when it is unpickled."""

    def __reduce__(self):
        return pytest.fail, ("it was run",)


@pytest.fixture
def kept():
    return RedisCacheClient([settings.REDIS_CACHE["LOCATION"]], **settings.REDIS_CACHE["OPTIONS"])._serializer


@pytest.mark.parametrize("value", [0, 7, -1, 1.5, True, False, None, "", "7", "null", [1, "a"], {"entry": {"at": 1.5, "proof": "app"}, "service": "x"}])  # fmt: skip
def test_what_is_kept_comes_back_as_it_was(kept, value):
    told = kept.dumps(value)
    back = kept.loads(told if isinstance(told, bytes) else str(told).encode())
    assert back == value
    assert type(back) is type(value)


def test_a_number_is_kept_as_redis_counts(kept):
    assert kept.dumps(7) == 7
    assert kept.dumps(True) == b"true"


def test_what_would_run_when_unpickled_is_refused_and_not_run(kept):
    with pytest.raises(ValueError):
        kept.loads(pickle.dumps(Alive()))


def test_what_json_does_not_know_is_refused_when_it_is_kept():
    with pytest.raises(TypeError):
        JSONSerializer().dumps(object())
