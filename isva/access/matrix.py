"""Who may do what to a case, by role and by how they stand to it: the page of the design, as data.

Read by the screen of the records lead, by the tests that walk every address, and by the doors where a rule of
it decides. Nothing here asks the database: a change of what somebody may do starts in this file.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from isva.access.roles import Role


class Relation(models.TextChoices):
    """How somebody stands to a case. The later ones outrank the earlier ones."""

    OWN = "own", _("A case that they carry, or keep in touch with")
    COVER = "cover", _("A case that they cover")
    READ_ONLY = "read_only", _("A case that they cover or are named on, to read")
    INTAKE = "intake", _("A case on its way to an ISVA")
    STEPPED_DOWN = "stepped_down", _("A stepped-down case of somebody else")
    OTHER = "other", _("An active case of somebody else")
    CLOSED = "closed", _("A closed case")
    EMERGENCY = "emergency", _("A case opened in an emergency, for an hour")
    RESTRICTED = "restricted", _("A restricted client, when not named")
    CONFLICT = "conflict", _("A client with whom they have a conflict")
    OTHER_SERVICE = "other_service", _("A case of another service")
    MISSING = "missing", _("A case that does not exist")


class Action(models.TextChoices):
    VIEW = "view", _("read")
    CHANGE = "change", _("record and change")
    INTAKE = "intake", _("handle referral, triage and waiting")
    DECIDE = "decide", _("allocate, restrict, approve endings")
    TAKE_OUT = "take_out", _("print and export")


class Answer(StrEnum):
    YES = "yes"
    REFUSED = "refused"  # 403, with a reason: in sight, but not for this role
    NOT_THERE = "not there"  # 404, the same as for a case that does not exist
    EMERGENCY = "emergency"  # 404, until they open it in an emergency


#: Walls through which nothing leads, not even an emergency.
NO_WAY_IN = (Relation.RESTRICTED, Relation.CONFLICT, Relation.OTHER_SERVICE, Relation.MISSING)

_READ = frozenset({Action.VIEW, Action.TAKE_OUT})
_WORK = _READ | {Action.CHANGE}
_INTAKE = _WORK | {Action.INTAKE}
_ALL = frozenset(Action)
#: What an emergency opening lets anybody do.
IN_AN_EMERGENCY = frozenset({Action.VIEW})

#: What each role may do to a case that it sees. A relation that is not named is out of its sight.
_SEEN: dict[str, dict[str, frozenset]] = {
    Role.ISVA: {Relation.OWN: _WORK, Relation.COVER: _WORK, Relation.READ_ONLY: _READ},
    Role.TRAINEE: {Relation.OWN: _WORK, Relation.COVER: _WORK, Relation.READ_ONLY: _READ},
    Role.COORDINATOR: {
        Relation.OWN: _INTAKE, Relation.COVER: _INTAKE, Relation.READ_ONLY: _READ,
        Relation.INTAKE: _INTAKE, Relation.STEPPED_DOWN: _INTAKE,
    },
    Role.MANAGER: dict.fromkeys((Relation.OWN, Relation.COVER, Relation.READ_ONLY, Relation.INTAKE, Relation.STEPPED_DOWN, Relation.OTHER, Relation.CLOSED, Relation.EMERGENCY), _ALL),
    Role.CLINICAL_SUPERVISOR: {},
    Role.COMMISSIONER: {},
    Role.RECORDS_LEAD: {},
}  # fmt: skip

#: Roles that may open a case in an emergency which they do not see.
OPEN_IN_AN_EMERGENCY = (Role.ISVA, Role.TRAINEE, Role.COORDINATOR, Role.MANAGER)


def answer(role: str, relation: str, action: str) -> Answer:
    """What somebody in ``role`` who stands so to a case is answered when they try ``action``."""
    if relation in NO_WAY_IN:
        return Answer.NOT_THERE
    may = _SEEN[role].get(relation)
    if may is None and relation == Relation.EMERGENCY and role in OPEN_IN_AN_EMERGENCY:
        may = IN_AN_EMERGENCY
    if may is not None:
        return Answer.YES if action in may else Answer.REFUSED
    if role in OPEN_IN_AN_EMERGENCY:
        return Answer.EMERGENCY
    return Answer.NOT_THERE


def best(roles, relation: str, action: str) -> Answer:
    """The answer to somebody in several roles: roles add up, and walls stand before all of them."""
    order = (Answer.YES, Answer.REFUSED, Answer.EMERGENCY, Answer.NOT_THERE)
    return min((answer(role, relation, action) for role in roles), key=order.index)
