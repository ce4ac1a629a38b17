"""Malformed requests to the public forms and to uploads: no error of ours, nothing slow, no markup alive.

Short in the suite; ``python3 manage.py test tests/attacks/test_malformed.py --full-attack -n 2`` sends 200,000.
"""

import time
import traceback
from dataclasses import dataclass, field
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.db import transaction
from django.test.client import ClientHandler, FakePayload

from isva.drafts import keeping
from isva.pathway import Stage
from referrals.models import InformationRequest
from referrals.secrets import hash_of, token_of
from tests.access.records import secret_link
from tests.attacks.malformed import ALIVE, Fuzz, Sent
from tests.factories import make_case
from tests.referrals.conftest import PROFESSIONAL, SELF

pytestmark = pytest.mark.django_db

PIECES, FULL, SHORT = 40, 200_000, 800
#: Requests that are undone together, so that what they leave does not slow down the next.
TOGETHER = 100
#: Seconds of the processor: others may keep the machine busy while this runs.
SLOW = 2.0


def pytest_generate_tests(metafunc):
    """One test for each piece of the whole; several processes take them from each other."""
    if "piece" in metafunc.fixturenames:
        whole = metafunc.config.getoption("--full-attack")
        metafunc.parametrize("piece", range(PIECES if whole else 4))


@dataclass
class Door:
    """Where requests go in, without a network; keeps what went wrong and how long the slowest took."""

    handler: ClientHandler
    failed: list = field(default_factory=list)
    slowest: tuple = (0.0, 0.0, "")  # seconds of the processor, seconds on the clock, what it was
    answers: dict = field(default_factory=dict)

    def send(self, sent: Sent) -> None:
        """Put one request in, and look at the answer."""
        environ = {
            "REQUEST_METHOD": sent.method, "PATH_INFO": sent.path.encode("utf-8", "replace").decode("latin-1"),
            "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "testserver", "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "testserver", "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.errors": BytesIO(), "wsgi.multiprocess": True, "wsgi.multithread": False,
            "wsgi.run_once": False, "CONTENT_LENGTH": str(len(sent.body)),
        } | sent.told  # fmt: skip
        environ["wsgi.input"] = (
            BytesIO(sent.body) if sent.told.get("CONTENT_LENGTH") else FakePayload(sent.body)
        )
        began = time.thread_time(), time.perf_counter()
        try:
            response = self.handler(environ)
            code = response.status_code
            content = b"" if response.streaming else response.content
        except Exception as error:
            self.failed.append(
                f"{sent.method} {sent.path[:60]!r}: raised {error!r} {traceback.format_exc()[-600:]}"
            )
            return
        took = time.thread_time() - began[0], time.perf_counter() - began[1]
        self.slowest = max(self.slowest, (*took, f"{sent.method} {sent.path[:30]!r}, {len(sent.body)} bytes"))
        self.answers[code] = self.answers.get(code, 0) + 1
        if code >= 500:
            self.failed.append(
                f"{sent.method} {sent.path[:60]!r} {sent.told.get('CONTENT_TYPE')!r}: {code} {self.why}"
            )
        if any(alive in content for alive in ALIVE):
            self.failed.append(f"{sent.method} {sent.path[:60]!r}: markup came back alive")

    why = ""

    def note(self, **_signal) -> None:
        """Keep where it failed, for the report."""
        self.why = traceback.format_exc()[-900:]


@pytest.fixture
def fuzz(people, rowan, signed_in):
    """Drafts at every page, links that lead somewhere, a case to add files to."""

    def begin(seed):
        case = make_case(rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"])
        keys = {}
        for form, typed, last in (("professional", PROFESSIONAL, "equality"), ("self", SELF, "link")):
            keys[form] = [keeping.new_key() for _ in range(6)]
            listed = {
                step: {k: v if isinstance(v, list) else [v] for k, v in said.items()}
                for step, said in typed.items()
            }
            for key, at in zip(keys[form], ("check", "check", last, "ways", "phone", "safety"), strict=True):
                keeping.keep_public_draft(
                    service=rowan,
                    form=f"refer_{form}",
                    key=key,
                    data={"typed": listed, "at": at, "checked": at == "check"},
                )
        asked = InformationRequest(
            case=make_case(rowan, by=people["manager"]), question="Which number?", recorded_by=people["manager"],
            due_at=case.opened_at,
        )  # fmt: skip
        asked.token_hash = hash_of(token_of(asked))
        from isva.access.acting import act

        with act(people["manager"], rowan):
            asked.save(force_insert=True)
        tokens = [token_of(asked), secret_link("referral_status", rowan, people["manager"])]
        sessions = {
            who: "; ".join(f"{c.key}={c.value}" for c in signed_in(who, rowan).cookies.values())
            for who in ("isva", "coordinator")
        }
        return Fuzz(seed, keys=keys, tokens=tokens, case_id=case.pk, sessions=sessions)

    return begin


def test_no_request_makes_us_fail(fuzz, piece, request, settings):
    settings.PUBLIC_FORMS_AN_HOUR = dict.fromkeys(settings.PUBLIC_FORMS_AN_HOUR, 10**9)
    cache.clear()
    whole = request.config.getoption("--full-attack")
    drawing = fuzz(f"isva {piece}")
    door = Door(ClientHandler(enforce_csrf_checks=False))
    got_request_exception.connect(door.note)
    many = FULL // PIECES if whole else SHORT // 4
    try:
        for _ in range(0, many, TOGETHER):
            with transaction.atomic():
                for _ in range(TOGETHER):
                    door.send(drawing.draw())
                transaction.set_rollback(True)
    finally:
        got_request_exception.disconnect(door.note)
    print(f"\npiece {piece}: {many} requests, answers {door.answers}, slowest {door.slowest}")
    assert door.failed == []
    assert sum(door.answers.values()) == many
    assert {200, 302, 400, 404} <= set(door.answers)
    assert door.slowest[0] < SLOW
