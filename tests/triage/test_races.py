"""Several people at one case at the same moment: one task, one triage, and nobody is told a falsehood."""

import threading

from django.db import connection, transaction

from casework.models import Case, StageEntry
from isva.access.acting import act
from isva.pathway import Stage, WrongStage
from tests.factories import make_case
from tests.triage.making import screening
from triage.models import TriageAssessment, UrgentAllocation
from triage.stages import interim
from triage.stages.triage import complete_triage


def at_once(*acts):
    """Run each act in a thread and a transaction of its own, all starting together; returns what they raised."""
    start, raised = threading.Barrier(len(acts)), []

    def run(one):
        try:
            start.wait()
            with transaction.atomic():
                one()
        except Exception as failure:
            raised.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def case_of(people, service, stage) -> Case:
    with transaction.atomic():
        return make_case(service, by=people["coordinator"], stage=stage)


def test_however_many_escalate_at_once_there_is_one_task(transactional_db, people, services):
    case = case_of(people, services["rowan"], Stage.INTERIM)

    def escalate(key):
        def run():
            with act(people[key], services["rowan"]):
                interim.escalate_case(Case.objects.get(pk=case.pk), reason=f"Seen by {key}.", by=people[key])

        return run

    assert (
        at_once(*[escalate(key) for key in ("coordinator", "manager", "second_manager", "coordinator")]) == []
    )
    task = UrgentAllocation.objects.get(case=case, done_at__isnull=True)
    assert sorted(task.reason.splitlines()) == [
        "Seen by coordinator.",
        "Seen by manager.",
        "Seen by second_manager.",
    ]
    assert StageEntry.objects.filter(case=case, stage=Stage.ALLOCATION).count() == 1


def test_two_who_complete_one_triage_are_one_and_one_who_is_told(transactional_db, people, services):
    case = case_of(people, services["rowan"], Stage.TRIAGE)

    def complete(key):
        def run():
            with act(people[key], services["rowan"]):
                complete_triage(
                    Case.objects.get(pk=case.pk), outcome="allocate_now", reason=f"By {key}.", screening=screening("high"),
                    by=people[key],
                )  # fmt: skip

        return run

    raised = at_once(complete("coordinator"), complete("manager"))
    assert [type(one) for one in raised] == [WrongStage]
    assert "at “Waiting for allocation” now" in str(raised[0])
    assert TriageAssessment.objects.filter(case=case).count() == 1
    assert UrgentAllocation.objects.filter(case=case).count() == 1
