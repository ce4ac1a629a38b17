"""Two presses of *Send* at the same moment: one record, one confirmation."""

import threading

from django.db import connections

from casework.models import Case
from referrals.models import Referral, StatusLink
from tests.referrals.conftest import PROFESSIONAL


def test_two_sends_at_the_same_moment_make_one_record(transactional_db, visitor):
    person = visitor("professional").go_through(PROFESSIONAL)
    gate, replies = threading.Barrier(4), []

    def press():
        try:
            gate.wait(timeout=10)
            replies.append(person.send())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert [reply.status_code for reply in replies] == [302] * 4
    assert len({reply.url for reply in replies}) == 1
    assert Case.objects.count() == Referral.objects.count() == StatusLink.objects.count() == 1
