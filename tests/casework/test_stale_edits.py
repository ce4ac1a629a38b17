"""Two people at one form: the second is told, keeps what they typed, and overwrites nothing unseen."""

import pytest
from django.urls import reverse

from casework.client import edit_client
from casework.contacts import answer_contact
from casework.models import Agency, ReviewPoint, SafeContact, SafeguardingConcern
from casework.onward import answer_onward_referral, change_agency, refer_onward
from casework.plan import edit_plan, mark_of
from casework.safe_contacts import change_rules
from casework.safeguarding import STEPS, update_safeguarding
from casework.sharing import agree_with_client
from isva.accounts.models import Service, StaffProfile
from isva.accounts.staffing import edit_profile, edit_service
from isva.clock.moment import now, today
from isva.pathway import Stage
from isva.stale import ChangedMeanwhile, as_seen
from tests.casework.cases import a_contact
from tests.factories import make_case
from tests.sent import as_sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people, rowan):
    return make_case(
        rowan, by=people["manager"], stage=Stage.ACTIVE, isva=people["isva"], name="Ada Testperson"
    )


@pytest.fixture
def rows(case, people, rowan, acting):
    """Every row that has an edit form: its address, whose page it is, a field of it, and how another changes it."""
    with acting("isva"):
        concern = SafeguardingConcern(
            case=case, who="other_child", what="x", raised_at=now(), recorded_by=people["isva"]
        )
        concern.save(force_insert=True)
        agency = Agency(service=rowan, name="Larkfield Housing", kind="housing")
        agency.save(force_insert=True)
        referral = refer_onward(case, by=people["isva"], need="A health check", agency=agency)
        need = refer_onward(case, by=people["isva"], need="Somebody to talk to")
    phone = SafeContact.objects.get(client=case.client)
    profile = StaffProfile.objects.get(membership__user=people["isva"])
    on_case = {"case_id": case.pk}
    manager = people["manager"]
    return {
        "client": (
            reverse("edit_client", kwargs=on_case), "isva", "pronouns",
            lambda: edit_client(case.client, by=manager, pronouns="they/them"),
        ),
        "plan": (reverse("edit_plan", kwargs=on_case), "isva", "goals", lambda: edit_plan(case, by=manager, goals="theirs")),
        "concern": (
            reverse("update_safeguarding", kwargs=on_case | {"concern_id": concern.pk}), "isva", "outcome",
            lambda: update_safeguarding(concern, by=manager, outcome="theirs"),
        ),
        "referral": (
            reverse("answer_onward_referral", kwargs=on_case | {"referral_id": referral.pk}), "isva", "outcome",
            lambda: answer_onward_referral(referral, by=manager, outcome="theirs"),
        ),
        "need": (
            reverse("answer_onward_referral", kwargs=on_case | {"referral_id": need.pk}), "isva", "outcome",
            lambda: answer_onward_referral(need, by=manager, outcome="theirs"),
        ),
        "rules": (
            reverse("change_contact_rules", kwargs=on_case | {"safe_contact_id": phone.pk}), "isva", "safe_times",
            lambda: change_rules(phone, how="in person", by=manager, safe_times="theirs"),
        ),
        "agreement": (
            reverse("agree_with_client", kwargs=on_case), "isva", "contact_preferences",
            lambda: agree_with_client(case, by=manager, agreed_on=today(), how="verbal", contact_preferences="theirs"),
        ),
        "agency": (
            reverse("change_agency", kwargs={"agency_id": agency.pk}), "coordinator", "note",
            lambda: change_agency(agency, by=manager, note="theirs"),
        ),
        "profile": (
            reverse("edit_profile", kwargs={"membership_id": profile.membership_id}), "records_lead", "qualification",
            lambda: edit_profile(profile, by=manager, qualification="theirs"),
        ),
        "service": (
            reverse("edit_service"), "records_lead", "hours",
            lambda: edit_service(Service.objects.get(pk=rowan.pk), by=manager, hours="theirs"),
        ),
    }  # fmt: skip


WHAT_IS_MISSING = {
    "concern": {"referred": "no", "not_referred_why": "x", "client_informed": "yes"},
    "rules": {"confirmed_how": "in person"},
    "agreement": {"how": "verbal"},
}


@pytest.mark.parametrize(
    "name",
    ["client", "plan", "concern", "referral", "need", "rules", "agreement", "agency", "profile", "service"],
)
def test_a_stale_edit_is_refused_and_what_was_typed_is_kept(rows, rowan, acting, signed_in, name):
    address, key, field, change = rows[name]
    browser = signed_in(key, rowan)
    typed = as_sent(browser.get(address)) | WHAT_IS_MISSING.get(name, {}) | {field: "mine and only mine"}
    with acting("manager"):
        change()
    answer = browser.post(address, typed)
    assert answer.status_code == 200, "it was saved over"
    page = answer.content.decode()
    assert "while you were writing" in page, answer.context["form"].errors
    assert "mine and only mine" in page
    renewed = typed | {"seen": answer.context["form"]["seen"].value()}
    assert browser.post(address, renewed).status_code == 302, "looked at, it can be saved"


def test_a_risk_that_changed_is_not_lost_where_a_colleague_answered_first(
    case, people, rowan, acting, signed_in
):
    """What somebody saw at the contact is not dropped in silence because the answer came second."""
    with acting("isva"):
        contact = a_contact(case, people["isva"], plan_answer="", risk_answer="", new_detail=True)
    iris = signed_in("isva", rowan)
    address = reverse("answer_contact", kwargs={"case_id": case.pk, "contact_id": contact.pk})
    sent = as_sent(iris.get(address)) | {
        "plan_answer": "unchanged",
        "risk_answer": "changed",
        "note_taken": "on",
    }
    with acting("manager"):
        answer_contact(
            contact, by=people["manager"], plan_answer="unchanged", risk_answer="unchanged", note_taken=True
        )
    refused = iris.post(address, sent)
    assert "while you were writing" in refused.content.decode()
    assert refused.context["form"]["risk_answer"].value() == "changed"
    contact.refresh_from_db()
    assert contact.risk_answer == "unchanged"
    seen = refused.context["form"]["seen"].value()
    assert iris.post(address, sent | {"seen": seen}).status_code == 302
    contact.refresh_from_db()
    assert (contact.risk_answer, contact.note_taken) == ("changed", True)
    point = ReviewPoint.objects.get(case=case, kind="sas", done_on__isnull=True)
    assert point.why == "the risk changed at a contact"


def test_the_mark_says_whether_anything_of_it_changed(case, people, acting):
    seen = as_seen(case.client, ("name", "pronouns"))
    assert as_seen(case.client, ("pronouns", "name")) == seen
    with acting("manager"):
        edit_client(
            case.client, by=people["manager"], seen=as_seen(case.client, ("pronouns",)), pronouns="she/her"
        )
        with pytest.raises(ChangedMeanwhile) as told:
            edit_client(case.client, by=people["manager"], seen="before", pronouns="they/them")
    case.client.refresh_from_db()
    assert case.client.pronouns == "she/her"
    assert told.value.now == as_seen(case.client, ("pronouns",))


def test_nothing_is_asked_of_who_saw_no_page(case, people, acting):
    with acting("manager"):
        plan = edit_plan(case, by=people["manager"], goals="one")
        assert edit_plan(case, by=people["manager"], goals="two").goals == "two"
        with pytest.raises(ChangedMeanwhile):
            edit_plan(case, by=people["manager"], goals="three", seen=mark_of(plan))
    assert "outcome" in STEPS
