"""The stage of the walk: one case for each way of standing to it, and how everybody stands to each."""

from dataclasses import dataclass, field

from casework import emergency, restricting
from casework.access import declare_conflict, grant
from casework.models import Case, Grant
from isva.access.acting import act, acting_person
from isva.access.matrix import Relation
from isva.access.roles import ROLE_PERMISSIONS
from isva.demo.cast import PERSONAS
from isva.pathway import Stage
from tests.factories import make_case

#: One persona of every role, two where it matters which, and nobody.
VISITORS = ("anonymous", "isva", "second_isva", "trainee", "coordinator", "manager", "second_manager", "supervisor",
            "commissioner", "records_lead", "harbour_manager", "harbour_isva")  # fmt: skip
ROLES = {persona.key: persona.parts for persona in PERSONAS}
EMERGENCY = {"category": "danger", "reason": "The client called from the street."}


@dataclass(frozen=True)
class Standing:
    """How people stand to one case: ``default`` for the service's own, ``others`` for who stands otherwise."""

    service: str
    default: str
    others: dict = field(default_factory=dict)

    def of(self, visitor: str) -> str:
        """How a visitor stands to the case; whoever belongs to the other service stands outside."""
        if self.service not in ROLES[visitor]:
            return Relation.MISSING if self.default == Relation.MISSING else Relation.OTHER_SERVICE
        return self.others.get(visitor, self.default)


#: Every case of the stage, by the relation that it is there for.
STANDINGS = {
    "carried and covered": Standing("rowan", Relation.OTHER, {
        "isva": Relation.OWN, "second_isva": Relation.READ_ONLY, "trainee": Relation.COVER, "coordinator": Relation.COVER}),
    "another's": Standing("rowan", Relation.OTHER),
    "opened in an emergency": Standing("rowan", Relation.OTHER, {
        "isva": Relation.EMERGENCY, "trainee": Relation.EMERGENCY, "coordinator": Relation.EMERGENCY}),
    "in triage": Standing("rowan", Relation.INTAKE),
    "waiting": Standing("rowan", Relation.INTAKE, {"second_isva": Relation.OWN}),
    "stepped down": Standing("rowan", Relation.STEPPED_DOWN),
    "closed": Standing("rowan", Relation.CLOSED),
    "restricted": Standing("rowan", Relation.RESTRICTED, {"second_isva": Relation.READ_ONLY, "second_manager": Relation.OTHER}),
    "in conflict": Standing("rowan", Relation.STEPPED_DOWN, dict.fromkeys(("isva", "second_isva", "trainee", "coordinator", "manager"), Relation.CONFLICT)),
    "harbour's": Standing("harbour", Relation.OTHER, {"harbour_isva": Relation.OWN}),
    "missing": Standing("rowan", Relation.MISSING),
}  # fmt: skip
NAMES = {name: f"Zed{number} Quillfeather{number}" for number, name in enumerate(STANDINGS)}


def permissions_of(visitor):
    """What a visitor's roles let them do on their service."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for roles in ROLES[visitor].values() for role in roles))


def service_of(visitor: str) -> str:
    """The service that a visitor acts in on the walk: the records lead of both looks in from Rowan."""
    return next(iter(ROLES[visitor])) if visitor != "anonymous" else "rowan"


def set_scene(people, services) -> dict:
    """Make the cases of ``STANDINGS``, each through the product's own functions; returns them by name."""
    rowan, manager, second = services["rowan"], people["manager"], people["second_manager"]

    def made(name, stage, isva=None, service=rowan, by=manager):
        return make_case(service, by=by, stage=stage, isva=isva and people[isva], name=NAMES[name])

    cases = {
        "carried and covered": made("carried and covered", Stage.ACTIVE, "isva"),
        "another's": made("another's", Stage.ACTIVE, "chisva"),
        "opened in an emergency": made("opened in an emergency", Stage.ACTIVE, "chisva"),
        "in triage": made("in triage", Stage.TRIAGE),
        "waiting": made("waiting", Stage.INTERIM),
        "stepped down": made("stepped down", Stage.STEPPED_DOWN, "chisva"),
        "closed": made("closed", Stage.CLOSED),
        "restricted": made("restricted", Stage.ACTIVE, "isva"),
        "in conflict": made("in conflict", Stage.STEPPED_DOWN, "isva"),
        "harbour's": made(
            "harbour's", Stage.ACTIVE, "harbour_isva", services["harbour"], people["harbour_manager"]
        ),
    }
    with act(manager, rowan):
        covered = cases["carried and covered"]
        grant(covered, to=people["second_isva"], why=Grant.Why.COVER, by=manager, read_only=True)
        grant(covered, to=people["trainee"], why=Grant.Why.COVER, by=manager)
        grant(covered, to=people["coordinator"], why=Grant.Why.COVER, by=manager)
        grant(cases["waiting"], to=people["second_isva"], why=Grant.Why.INTERIM, by=manager)
        grant(cases["in conflict"], to=people["second_isva"], why=Grant.Why.COVER, by=manager)
    for key in ("isva", "trainee", "coordinator"):
        _open(people[key], rowan, cases["opened in an emergency"])
    # What was opened in an emergency before a wall went up is behind the wall, too.
    _open(people["trainee"], rowan, cases["in conflict"])
    _open(people["trainee"], rowan, cases["restricted"])
    with act(second, rowan):
        for key in ("isva", "second_isva", "trainee", "coordinator", "manager"):
            declare_conflict(cases["in conflict"].client, user=people[key], reason="a relative", by=second)
        restricting.restrict_client(
            cases["restricted"].client, reason="a colleague", named=[people["second_isva"]], by=second
        )
    return cases


def read_anew(cases: dict) -> dict:
    """The cases of the scene as they lie in the database: nothing that another test did to them in memory."""
    return {
        name: Case._base_manager.select_related("client", "service").get(pk=case.pk)
        for name, case in cases.items()
    }


def _open(user, service, case):
    with act(user, service):
        emergency.open_in_emergency(acting_person(), reference=case.reference, **EMERGENCY)
