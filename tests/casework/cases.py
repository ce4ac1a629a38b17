"""A case with something of everything on it, made as the service makes it."""

import datetime as dt

from casework import contacts, justice, onward, safe_contacts, safeguarding, sharing
from casework.models import Answer, Contact, SafeContact
from casework.sas.recording import record_sas
from isva.clock.moment import now, today
from isva.codes import ContactMode, JusticeStage
from isva.pathway import Stage
from tests.factories import make_case

SCORES = {"safety": {"risk": 2, "need": 2, "protective": 1}, "home": {"risk": 1, "need": 2, "protective": 0}}


def active_case(service, people, **client):
    """A case that Iris supports."""
    return make_case(service, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"], **client)


def a_contact(case, by, **changed) -> Contact:
    """A call with the client that took place an hour ago and answers everything, unless ``changed`` says otherwise."""
    given = {
        "at": now() - dt.timedelta(hours=1),
        "mode": ContactMode.PHONE,
        "with_whom": Contact.With.CLIENT,
        "attendance": Contact.Attendance.ATTENDED,
        "purpose": Contact.Purpose.SUPPORT,
        "minutes": 25,
        "note": "Talked about how the week went.",
        "plan_answer": Answer.UNCHANGED,
        "risk_answer": Answer.UNCHANGED,
    }
    return contacts.record_contact(case, by=by, **(given | changed))


def fill(case, people) -> None:
    """Put one or two of everything on a case. Somebody acts already."""
    iris, manager = people["isva"], people["manager"]
    client = case.client
    client.known_as, client.pronouns = "Addie", "she/her"
    client.who_must_not_know = "Her brother and his friends"
    client.suspect_at_home = True
    client.unreachable_plan = "Ask the school nurse to pass on that we called, without saying who we are."
    client.welfare_check = "no"
    client.date_of_birth = dt.date(2001, 5, 17)
    client.save()
    police = onward.add_agency(
        case.service, by=iris, name="Eastmere Police", kind="police", phone="01632 960111"
    )
    clinic = onward.add_agency(case.service, by=iris, name="Fern Clinic", kind="health")
    record_sas(case, kind="full", risk="medium", scores=SCORES, judgement="Safer since she moved.", by=iris)
    record_sas(case, kind="review", risk="high", scores=SCORES, client_view="Scared at night.", by=iris)
    a_contact(case, iris, purpose=Contact.Purpose.FIRST_SESSION, mode=ContactMode.IN_PERSON, minutes=60)
    a_contact(case, iris, plan_answer="", risk_answer="")
    a_contact(
        case, iris, purpose=Contact.Purpose.CRISIS, crisis_actions="Rang 999 with her.", crisis_told="The manager",
        risk_answer=Answer.CHANGED, new_detail=True, mode=ContactMode.TEXT, against_rule="She texted us first.",
    )  # fmt: skip
    a_contact(case, iris, attendance=Contact.Attendance.DID_NOT_ATTEND, minutes=None, note="")
    contacts.write_note(case, text="The school called about exam arrangements.", by=iris)
    contacts.plan_appointment(
        case, by=iris, at=now() + dt.timedelta(days=2), minutes=60, mode=ContactMode.IN_PERSON, worker=iris,
        place="Library, small room", purpose="Before the hearing",
    )  # fmt: skip
    safeguarding.raise_safeguarding(
        case, by=iris, who="other_child", what="Her younger sister is still in the house.", raised_at=now(),
        referred_to="Children’s services", referred_at=now(), manager_told=manager, manager_told_at=now(),
        client_informed=True,
    )  # fmt: skip
    sharing.agree_with_client(
        case, by=iris, agreed_on=today(), how="verbal", role_explained=True, confidentiality_explained=True,
        contact_preferences="A text first, then a call.", single_point_of_contact=True,
        nfa_wish="From Iris, in person, never by letter.",
    )  # fmt: skip
    sharing.record_consent(
        case, by=iris, agency=police, answer="given", dated_on=today(), route="Secure e-mail", frequency="weekly",
        exceptions="Nothing about therapy.",
    )  # fmt: skip
    sharing.record_consent(case, by=iris, agency=clinic, answer="refused", dated_on=today())
    onward.refer_onward(
        case, by=iris, need="A sexual health check", domain="health", agency=clinic, consented=True,
        sent_on=today() - dt.timedelta(days=9),
    )  # fmt: skip
    onward.refer_onward(case, by=iris, need="Trauma therapy before the trial", domain="wellbeing")
    onward.refer_onward(
        case, by=iris, need="A stalker who is not the suspect", domain="safety", unheld_risk=True
    )
    justice.update_justice(
        case, by=iris, stage=JusticeStage.AWAITING_TRIAL, since=today() - dt.timedelta(days=40),
        trial_on=today() + dt.timedelta(days=30), note="She wants to give evidence by video link.",
    )  # fmt: skip
    old = client.safecontact_set.get(standing=SafeContact.Standing.IN_USE)
    safe_contacts.propose(client, replaces=old, value="07700 900456", safe_to_call=True, by=iris)
