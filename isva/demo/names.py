"""Names and numbers of the fictional clients and agencies: every one of them is invented.

Telephone numbers come from the range that is kept free for drama (07700 900000 to 900999), e-mail addresses
from a domain that belongs to nobody.
"""

import random
from collections.abc import Iterator

WOMEN = (
    "Aurelia", "Briony", "Celandine", "Damaris", "Elowen", "Fenella", "Ginevra", "Hesper", "Ianthe", "Jessamy",
    "Keziah", "Linnet", "Marigold", "Nerys", "Ottoline", "Perdita", "Quilla", "Rosalba", "Seraphina", "Tamsin",
    "Undine", "Verity", "Winifred", "Xanthe", "Yarrow", "Zenobia", "Amabel", "Bettany", "Clemency", "Dorothea",
    "Emmeline", "Flora", "Guinevere", "Honor", "Isolde", "Juniper",
)  # fmt: skip
MEN = (
    "Ambrose", "Barnaby", "Caspian", "Dunstan", "Evander", "Fergus", "Gideon", "Hartley", "Inigo", "Jolyon",
    "Kester", "Lysander", "Merrick", "Nathaniel", "Orlando", "Peregrine", "Quentin", "Rufus", "Silvan", "Tristram",
)  # fmt: skip
EITHER = ("Ash", "Bay", "Cove", "Dale", "Ember", "Fable", "Gale", "Haven", "Indigo", "Jay")
SURNAMES = (
    "Applethorn", "Birdwhistle", "Cloudesley", "Dandelyon", "Elderfield", "Featherstitch", "Goosander", "Hollowoak",
    "Inkpenny", "Juniperus", "Kingcup", "Larkspurr", "Meadowsweet", "Nettlebed", "Oxlip", "Periwinkle", "Quickthorn",
    "Ragwort", "Saltmarsh", "Tanglewood", "Underbough", "Vetchling", "Willowherb", "Yellowhammer", "Amberley-Fen",
    "Brackenbury-Wold", "Cuckooflower", "Duckweed", "Eveningprim", "Foxgrove", "Greenfinch", "Harebell-Moss",
    "Ivorybell", "Jackdaw-Lane", "Kittiwake", "Lapwing-Reed",
)  # fmt: skip
OFFICERS = ("DC Fictional", "DC Invented", "DS Madeup", "PC Pretend", "DC Notreal")
REFERRERS = (
    "Alma Referring", "Bertram Sendsworth", "Cressida Forward", "Desmond Passalong", "Edwina Handover",
    "Florian Signpost", "Greta Introduce", "Humphrey Enclosed",
)  # fmt: skip
TOWNS = {"rowan": "Eastmere", "harbour": "Kelpton"}

AGENCIES = (
    ("Fernbank SARC", "health"), ("Mereside Sexual Health", "health"), ("Westbeck Surgery", "health"),
    ("Stillwater Talking Therapies", "counselling"), ("Alder Trauma Counselling", "counselling"),
    ("Northfold Mental Health Team", "mental_health"), ("Countywide Children and Families", "social_care"),
    ("Hearthstone Housing", "housing"), ("Plain Words Money Advice", "money"), ("Lantern Legal Advice", "legal"),
    ("Harvest Recovery", "substances"), ("Sanctuary Domestic Abuse Service", "domestic_abuse"),
    ("Many Rivers Community Project", "community"), ("Serious Crime Team, fictional police", "police"),
)  # fmt: skip


def clients(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yields (name, sex) for ever; no name comes twice before all have come once."""
    while True:
        women = [(f"{first} {last}", "female") for first in WOMEN for last in SURNAMES]
        men = [(f"{first} {last}", "male") for first in MEN for last in SURNAMES]
        others = [(f"{first} {last}", "not_said") for first in EITHER for last in SURNAMES]
        for names in (women, men, others):
            rng.shuffle(names)
        while women and men and others:
            chance = rng.random()
            yield (women if chance < 0.86 else men if chance < 0.97 else others).pop()


def phones(rng: random.Random) -> Iterator[str]:
    """Yields telephone numbers from the range for drama; they come again after a thousand."""
    while True:
        ends = list(range(1000))
        rng.shuffle(ends)
        for end in ends:
            yield f"07700 900{end:03d}"


def address_of(name: str) -> str:
    """An e-mail address for a fictional person."""
    return name.lower().replace(" ", ".").replace("-", "") + "@example.org"
