"""Likely duplicates: clients already known who may be the same person. Shown with reasons, never merged by the machine.

Candidates come from the database (alike names by trigrams, the same date of birth, number or e-mail address); how
likely each one is, is scored here. A person decides, and can take it back.
"""

import re

from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Right
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz import fuzz, utils

from casework import restricting
from casework.models import Case, Client, SafeContact
from casework.querysets import denied
from isva.access.acting import acting_person
from isva.access.roles import HOLDERS
from isva.access.system import SystemUser, with_sight_of
from isva.accounts.models import Membership
from isva.clock.moment import now
from isva.db.wall.expressions import not_denied
from isva.pathway import CARRIED_STAGES, Stage, WrongStage
from referrals.conflicts import check_conflicts
from referrals.models import PossibleDuplicate

REASONS = {
    "same_name": gettext_lazy("same name"),
    "similar_name": gettext_lazy("similar name"),
    "dob": gettext_lazy("same date of birth"),
    "phone": gettext_lazy("same phone number"),
    "email": gettext_lazy("same e-mail address"),
}
#: Points of 100, and what another date of birth takes away.
POINTS = {"same_name": 45, "similar_name": 25, "dob": 40, "phone": 40, "email": 40}
ANOTHER_BIRTHDAY = -30
SHOWN_FROM, MOST = 35, 5
SAME, SIMILAR, TRIGRAMS = 95, 80, 0.3
_CANDIDATES = 60
#: A number is the same where its last nine figures are: with or without the country's code.
_FIGURES = 9


def look_for_duplicates(case: Case, *, by) -> list[PossibleDuplicate]:
    """Keep the known clients of the service who may be this person, the likeliest five."""
    with with_sight_of(SystemUser.MATCHING, case.service):
        found = sorted(_scored(case.client), key=lambda row: -row[0])[:MOST]
    kept = []
    for score, reasons, other in found:
        suggestion = PossibleDuplicate(
            case=case, own=case.client, other=other, score=score, reasons=reasons, recorded_by=by
        )
        suggestion.save(force_insert=True)
        kept.append(suggestion)
    return kept


def visible_duplicates(case: Case, user) -> list[PossibleDuplicate]:
    """The suggestions of a case, the likeliest first; never about a client from whom a wall keeps ``user`` away.

    Intake has to learn that somebody is known also where the record is out of its sight. Then it learns the
    score, the reasons, a reference and whom to ask, and nothing of the record: ``in_sight`` says which it is.
    ``other_reference`` and ``ask`` are those of the other client's latest case; nobody is named who does not see it
    any more. ``other`` may be read where it is
    in sight, and nowhere else.
    """
    with with_sight_of(SystemUser.MATCHING, case.service):
        return list(_suggestions(case, user))


def visible_duplicate(case: Case, user, key) -> PossibleDuplicate | None:
    """The suggestion with this key among those of a case that ``user`` may see; None where there is none."""
    return next((one for one in visible_duplicates(case, user) if one.pk == key), None)


def _suggestions(case: Case, user):
    latest = Case.objects.filter(client=models.OuterRef("other")).exclude(pk=case.pk).order_by("-opened_at")
    seen = Case.objects.visible_to(user).filter(client=models.OuterRef("other")).exclude(pk=case.pk)
    return (
        _not_walled_off(PossibleDuplicate.objects.filter(case=case), user)
        .select_related("other", "own", "decided_by")
        .annotate(
            in_sight=models.Exists(seen),
            other_reference=models.Subquery(latest.values("reference")[:1]),
            ask=models.Subquery(latest.annotate(carrier=_who_carries_it()).values("carrier")[:1]),
        )
        .order_by("-score", "id")
    )


def _who_carries_it():
    """The name of who carries a case and may be asked about it; NULL where nobody does: it is closed, or they have left."""
    at_work = Membership.objects.filter(
        service=models.OuterRef("service"), user=models.OuterRef("lead_isva"), roles__overlap=HOLDERS
    ).live()
    carries = Q(models.Exists(at_work), stage__in=CARRIED_STAGES)
    return models.Case(models.When(carries, then=F("lead_isva__name")))


def counts(cases, user) -> dict:
    """How many suggestions wait for a decision, by case. One query."""
    waiting = PossibleDuplicate.objects.filter(case__in=cases, standing=PossibleDuplicate.Standing.SUGGESTED)
    return dict(_not_walled_off(waiting, user).values_list("case").annotate(n=models.Count("id")).order_by())


def _not_walled_off(suggestions, user):
    person = acting_person()
    if person is None or person.user.pk != user.pk:
        return suggestions.none()
    return suggestions.exclude(denied(person, of="other")).filter(not_denied("other_id"))


def reasons_in_words(suggestion: PossibleDuplicate) -> list[str]:
    """Why this may be the same person."""
    return [str(REASONS[reason]) for reason in suggestion.reasons if reason in REASONS]


def decide_duplicate(suggestion: PossibleDuplicate, *, same: bool, by) -> PossibleDuplicate:
    """Say that it is the same person, or somebody else.

    The same person: the case moves to the known client, and the numbers and addresses that came with it arrive
    there as *proposed*: they are used once they were confirmed on the old safe channel. Raises WrongStage, in
    words, where it was decided already or the case has gone on.
    """
    with with_sight_of(SystemUser.MATCHING, suggestion.case.service):
        return _decide(*_locked(suggestion), same=same, by=by)


def _decide(suggestion: PossibleDuplicate, case: Case, *, same: bool, by) -> PossibleDuplicate:
    if suggestion.standing != PossibleDuplicate.Standing.SUGGESTED:
        raise WrongStage(_("This was decided already. Undo that decision first."))
    if same:
        if PossibleDuplicate.objects.filter(case=case, standing=PossibleDuplicate.Standing.LINKED).exists():
            raise WrongStage(_("This referral is linked to another record already. Undo that first."))
        suggestion.standing = PossibleDuplicate.Standing.LINKED
        suggestion.arrived = _propose_contacts(of=suggestion.own, to=suggestion.other, by=by)
        stood = restricting.walls_of(suggestion.other)
        # The walls go before the case: nobody may see it in between, or by the link.
        restricting.carry_walls(of=suggestion.own, to=suggestion.other, by=by)
        _give_to(case, suggestion.other)
        check_conflicts(case, by=by)
        suggestion.walls = sorted(restricting.walls_of(suggestion.other) - stood)
    else:
        suggestion.standing = PossibleDuplicate.Standing.DISMISSED
    suggestion.decided_by, suggestion.decided_at = by, now()
    suggestion.save()
    return suggestion


def undo_duplicate(suggestion: PossibleDuplicate, *, by) -> PossibleDuplicate:
    """Take a decision back: the case returns to its own client, and what arrived at the other one is no longer used.

    The walls that came to the other one with the link are lifted; those that stood before, and those that somebody put up
    since, stay. Raises WrongStage, in words, where there is nothing to undo or the case is closed.
    """
    with with_sight_of(SystemUser.MATCHING, suggestion.case.service):
        return _undo(*_locked(suggestion), by=by)


def _undo(suggestion: PossibleDuplicate, case: Case, *, by) -> PossibleDuplicate:
    if suggestion.standing == PossibleDuplicate.Standing.SUGGESTED:
        raise WrongStage(_("There is nothing to undo."))
    if suggestion.standing == PossibleDuplicate.Standing.LINKED:
        if case.stage == Stage.CLOSED.value:
            raise WrongStage(_("This case is closed. It has to be reopened before the link can be undone."))
        for contact in SafeContact.objects.filter(client=suggestion.other, pk__in=suggestion.arrived):
            contact.standing = SafeContact.Standing.REPLACED
            contact.save(update_fields=["standing"])
        _give_to(case, suggestion.own)
        restricting.take_down(suggestion.other, suggestion.walls, by=by)
        if case.referral.already_open_as_id:
            case.referral.already_open_as = None
            case.referral.save(update_fields=["already_open_as"])
    suggestion.standing = PossibleDuplicate.Standing.SUGGESTED
    suggestion.decided_by = suggestion.decided_at = None
    suggestion.arrived, suggestion.walls = [], []
    suggestion.save()
    return suggestion


def _locked(suggestion):
    case = Case.objects.select_for_update(of=("self",)).get(pk=suggestion.case_id)
    return PossibleDuplicate.objects.select_related("own", "other").get(pk=suggestion.pk), case


def _give_to(case: Case, client: Client) -> None:
    case.client = client
    case.save(update_fields=["client"])


def _propose_contacts(*, of: Client, to: Client, by) -> list:
    known = {_bare(contact) for contact in SafeContact.objects.filter(client=to).exclude(standing="replaced")}
    arrived = []
    for contact in SafeContact.objects.filter(client=of, standing=SafeContact.Standing.IN_USE):
        if _bare(contact) in known:
            continue
        proposal = SafeContact(
            client=to, kind=contact.kind, value=contact.value, whose=contact.whose, person_name=contact.person_name,
            person_relationship=contact.person_relationship, safe_to_call=contact.safe_to_call,
            safe_to_text=contact.safe_to_text, safe_to_leave_message=contact.safe_to_leave_message,
            safe_to_write=contact.safe_to_write, safe_times=contact.safe_times,
            who_may_answer=contact.who_may_answer, code_word=contact.code_word,
            standing=SafeContact.Standing.PROPOSED, recorded_by=by,
        )  # fmt: skip
        proposal.save(force_insert=True)
        arrived.append(proposal.pk)
    return arrived


def _bare(contact: SafeContact) -> tuple[str, str]:
    if contact.kind == SafeContact.Kind.PHONE:
        return contact.kind, _figures(contact.value)
    return contact.kind, " ".join(contact.value.casefold().split())


def _figures(number: str) -> str:
    return re.sub(r"\D", "", number)[-_FIGURES:]


def _scored(client: Client):
    """Yields (score, reasons, other client) for every candidate that is likely enough to be shown."""
    own = list(SafeContact.objects.filter(client=client))
    phones = {_figures(c.value) for c in own if c.kind == SafeContact.Kind.PHONE} - {""}
    emails = {c.value.casefold() for c in own if c.kind == SafeContact.Kind.EMAIL}
    same_phone, same_email = _clients_with(client, phones, emails)
    for other in _candidates(client, same_phone | same_email):
        reasons = _name_reasons(client, other)
        score = sum(POINTS[reason] for reason in reasons)
        if client.date_of_birth and other.date_of_birth:
            if client.date_of_birth == other.date_of_birth:
                reasons.append("dob")
                score += POINTS["dob"]
            else:
                score += ANOTHER_BIRTHDAY
        for reason, keys in (("phone", same_phone), ("email", same_email)):
            if other.pk in keys:
                reasons.append(reason)
                score += POINTS[reason]
        if score >= SHOWN_FROM:
            yield min(score, 100), reasons, other


def _candidates(client: Client, by_contact: set):
    names: models.Func = TrigramSimilarity("name", client.name)
    if client.known_as:
        names = models.functions.Greatest(names, TrigramSimilarity("name", client.known_as))
    names = models.functions.Greatest(names, TrigramSimilarity("known_as", client.name))
    alike = Q(alike__gte=TRIGRAMS) | Q(pk__in=by_contact)
    if client.date_of_birth:
        alike |= Q(date_of_birth=client.date_of_birth)
    return (
        Client.objects.filter(service=client.service)
        .exclude(pk=client.pk)
        .filter(models.Exists(Case.objects.filter(client=models.OuterRef("pk"))))
        .annotate(alike=names)
        .filter(alike)
        .order_by("-alike", "id")[:_CANDIDATES]
    )


def _clients_with(client: Client, phones: set, emails: set) -> tuple[set, set]:
    others = SafeContact.objects.filter(service=client.service).exclude(client=client)
    by_phone, by_email = set(), set()
    if phones:
        only_figures = Func(F("value"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace")
        numbers = others.filter(kind=SafeContact.Kind.PHONE).annotate(
            bare=Right(only_figures, _FIGURES, output_field=models.TextField())
        )
        by_phone = set(numbers.filter(bare__in=phones).values_list("client", flat=True))
    for mail in emails:
        by_email |= set(
            others.filter(kind=SafeContact.Kind.EMAIL, value__iexact=mail).values_list("client", flat=True)
        )
    return by_phone, by_email


def _name_reasons(client: Client, other: Client) -> list[str]:
    own = [name for name in (client.name, client.known_as) if name]
    others = [name for name in (other.name, other.known_as) if name]
    best = max(fuzz.token_sort_ratio(a, b, processor=utils.default_process) for a in own for b in others)
    if best >= SAME:
        return ["same_name"]
    return ["similar_name"] if best >= SIMILAR else []
