"""The cast of the fictional services: who signs in to the demo, and whom the tests play. All names are invented."""

from dataclasses import dataclass, field

from isva.access.roles import Role
from isva.codes import Language, Sex, Specialism

#: Everybody in the demo signs in with it; nobody else does.
DEMO_PASSWORD = "seven-fictional-hedges"  # noqa: S105 - shown on the demo's first page


@dataclass(frozen=True)
class FictionalService:
    key: str
    name: str
    phone: str
    hours: str
    areas: tuple[str, ...]
    elsewhere: str
    age_from: int = 0


@dataclass(frozen=True)
class Persona:
    """One fictional person: a key for tests, a name, and their part in each service."""

    key: str
    name: str
    parts: dict[str, tuple[str, ...]]
    cap: int = 35
    hours: float = 37.5
    specialisms: tuple[str, ...] = ()
    languages: tuple[str, ...] = (Language.ENGLISH,)
    areas: tuple[str, ...] = ()
    sex: str = ""
    on_leave: bool = False
    note: str = field(default="")

    @property
    def email(self) -> str:
        first, last = self.name.lower().split()
        return f"{first}.{last}@{next(iter(self.parts))}.example"


SERVICES = (
    FictionalService(
        "rowan", "Rowan ISVA Service", "01632 960100", "Monday to Friday, 9:00 to 17:00",
        ("Eastmere", "Northfold", "Westbeck", "Southholm"),
        "If you are in danger now, call 999. You can also talk to a national helpline for survivors, day or night.",
    ),
    FictionalService(
        "harbour", "Harbour ISVA Service", "01632 960200", "Monday to Friday, 9:00 to 17:00",
        ("Kelpton", "Saltwick"),
        "If you are in danger now, call 999. The Rowan ISVA Service supports children in the next county.",
        age_from=18,
    ),
)  # fmt: skip

PERSONAS = (
    Persona("manager", "Meera Maple", {"rowan": (Role.MANAGER,)}, sex=Sex.FEMALE),
    Persona("second_manager", "Morgan Mallow", {"rowan": (Role.MANAGER,)}, sex=Sex.MALE),
    Persona("coordinator", "Cora Clover", {"rowan": (Role.COORDINATOR,)}, sex=Sex.FEMALE),
    Persona("isva", "Iris Ivy", {"rowan": (Role.ISVA,)}, cap=40, areas=("Eastmere", "Northfold"), sex=Sex.FEMALE,
            specialisms=(Specialism.MENTAL_HEALTH, Specialism.COURT)),
    Persona("second_isva", "Imran Ilex", {"rowan": (Role.ISVA,)}, cap=36, areas=("Westbeck",), sex=Sex.MALE,
            specialisms=(Specialism.MALE, Specialism.BY_AND_FOR),
            languages=(Language.ENGLISH, Language.URDU, Language.PUNJABI)),
    Persona("chisva", "Isla Indigo", {"rowan": (Role.ISVA,)}, cap=30, areas=("Eastmere", "Southholm"),
            sex=Sex.FEMALE, specialisms=(Specialism.CHILDREN,), note="supports children"),
    Persona("isva_on_leave", "Ivor Ironwood", {"rowan": (Role.ISVA,)}, areas=("Northfold",), sex=Sex.MALE,
            on_leave=True, note="on leave"),
    Persona("trainee", "Ida Inkberry", {"rowan": (Role.TRAINEE,)}, cap=15, areas=("Westbeck",), sex=Sex.FEMALE,
            note="in training"),
    Persona("fourth_isva", "Isaac Iceplant", {"rowan": (Role.ISVA,)}, hours=22.5, cap=22, areas=("Southholm",),
            sex=Sex.MALE, specialisms=(Specialism.LGBT, Specialism.TECHNOLOGY)),
    Persona("supervisor", "Sunita Sorrel", {"rowan": (Role.CLINICAL_SUPERVISOR,)}),
    Persona("commissioner", "Carys Campion", {"rowan": (Role.COMMISSIONER,)}),
    Persona("records_lead", "Rhona Rush", {"rowan": (Role.RECORDS_LEAD,), "harbour": (Role.RECORDS_LEAD,)},
            note="works for both services"),
    Persona("harbour_manager", "Mina Marram", {"harbour": (Role.MANAGER,)}, sex=Sex.FEMALE),
    Persona("harbour_coordinator", "Colin Cedar", {"harbour": (Role.COORDINATOR,)}, sex=Sex.MALE),
    Persona("harbour_isva", "Ingrid Irisroot", {"harbour": (Role.ISVA,)}, areas=("Kelpton",), sex=Sex.FEMALE),
    Persona("second_harbour_isva", "Ifan Ivyleaf", {"harbour": (Role.ISVA,)}, areas=("Saltwick",), sex=Sex.MALE,
            languages=(Language.ENGLISH, Language.WELSH)),
    Persona("harbour_commissioner", "Corin Cowslip", {"harbour": (Role.COMMISSIONER,)}),
)  # fmt: skip
