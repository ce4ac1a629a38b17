"""Who may open what: every route of the project, by name, written out by hand.

A route that is not in this table fails the tests, and so does a table entry without a route. The table does
not ask the doors; it says what they must answer.
"""

from dataclasses import dataclass

from isva.access.roles import Permission as P


@dataclass(frozen=True)
class Public:
    """Anybody, also somebody who is nobody here."""


@dataclass(frozen=True)
class SignedIn:
    """Anybody signed in, whatever their role."""


@dataclass(frozen=True)
class Staff:
    """Members who hold one of these permissions on the service; none named: every member."""

    permissions: tuple = ()


@dataclass(frozen=True)
class OnCase:
    """Who sees the case and holds one of these."""

    permissions: tuple


PUBLIC, SIGNED_IN = Public(), SignedIn()
VIEW, CHANGE = OnCase((P.VIEW_CASE,)), OnCase((P.CHANGE_CASE,))
CASEWORK = Staff((P.HOLD_CASES, P.HANDLE_INTAKE, P.SEE_ALL_CASES))
INTAKE = Staff((P.HANDLE_INTAKE, P.SEE_ALL_CASES))
INTAKE_ON_CASE = OnCase((P.HANDLE_INTAKE, P.SEE_ALL_CASES))
DECIDES_ENDINGS = OnCase((P.APPROVE_CLOSURE,))
ALLOCATES_ON_CASE = OnCase((P.ALLOCATE,))
KEEPS_RECORDS = Staff((P.KEEP_RECORDS,))

TABLE: dict[str, object] = {}
