"""Who may do what, written out by hand from the design: roles, and the matrix that doors, screen and tests read."""

import pytest

from isva.access.matrix import Action, Answer, Relation, answer, best
from isva.access.roles import ROLE_PERMISSIONS, Role

#: V view, C change, I intake, D decide, T take out; the rest is refused. "-" not there, "!" not there but for an emergency.
SEEN = {
    Role.ISVA: {"own": "VCT", "cover": "VCT", "read_only": "VT", "emergency": "V"},
    Role.TRAINEE: {"own": "VCT", "cover": "VCT", "read_only": "VT", "emergency": "V"},
    Role.COORDINATOR: {"own": "VCIT", "cover": "VCIT", "read_only": "VT", "intake": "VCIT", "stepped_down": "VCIT",
                       "emergency": "V"},
    Role.MANAGER: dict.fromkeys(("own", "cover", "read_only", "intake", "stepped_down", "other", "closed", "emergency"), "VCIDT"),
    Role.CLINICAL_SUPERVISOR: {}, Role.COMMISSIONER: {}, Role.RECORDS_LEAD: {},
}  # fmt: skip
LETTERS = {"V": Action.VIEW, "C": Action.CHANGE, "I": Action.INTAKE, "D": Action.DECIDE, "T": Action.TAKE_OUT}
WALLED = {"restricted", "conflict", "other_service", "missing"}
DO_CASEWORK = {Role.ISVA, Role.TRAINEE, Role.COORDINATOR, Role.MANAGER}


def by_hand(role, relation, letter):
    if relation in WALLED:
        return Answer.NOT_THERE
    if relation in SEEN[role]:
        return Answer.YES if letter in SEEN[role][relation] else Answer.REFUSED
    return Answer.EMERGENCY if role in DO_CASEWORK else Answer.NOT_THERE


@pytest.mark.parametrize("role", Role)
def test_the_matrix_answers_as_the_design_says(role):
    assert {(relation, letter): answer(role, relation, action) for relation in Relation for letter, action in LETTERS.items()} == {
        (relation, letter): by_hand(role, relation, letter) for relation in Relation for letter in LETTERS
    }  # fmt: skip


def test_roles_add_up_and_walls_stand_before_all_of_them():
    both = (Role.ISVA, Role.COORDINATOR)
    assert best(both, Relation.INTAKE, Action.CHANGE) == Answer.YES
    assert best(both, Relation.OTHER, Action.VIEW) == Answer.EMERGENCY
    assert best((Role.COORDINATOR, Role.RECORDS_LEAD), Relation.INTAKE, Action.DECIDE) == Answer.REFUSED
    assert best(tuple(Role), Relation.CONFLICT, Action.VIEW) == Answer.NOT_THERE


def test_each_role_holds_these_permissions_and_no_other():
    assert {role: set(held) for role, held in ROLE_PERMISSIONS.items()} == {
        Role.ISVA: {"hold_cases"},
        Role.TRAINEE: {"hold_cases"},
        Role.COORDINATOR: {"handle_intake"},
        Role.MANAGER: {
            "see_all_cases", "allocate", "approve_closure", "publish_report", "supervise", "see_workforce",
        },
        Role.CLINICAL_SUPERVISOR: {"give_clinical_supervision"},
        Role.COMMISSIONER: {"read_reports"},
        Role.RECORDS_LEAD: {"keep_records"},
    }  # fmt: skip
