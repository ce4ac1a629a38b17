"""How large made-up services are: the profiles that figures are measured with."""

import random
from dataclasses import dataclass, replace

#: Referrals a year of services that publish theirs (service delivery report).
REFERRALS = (193, 1_800)


@dataclass(frozen=True)
class Profile:
    """So many services over so many years; ``seed`` decides all that is drawn.

    Each has ``referrals_per_year``, or, without them, as many as are drawn for it. ``scored`` is the share of closed cases
    whose scores are kept too: they are most of all rows, and few figures read them.
    """

    name: str
    services: int
    referrals_per_year: int | None
    years: int
    contacts_per_case: int = 20
    seed: int = 1
    exactly: int | None = None
    scored: float = 1.0

    @property
    def sizes(self) -> list[int]:
        """How many cases each service has in all its years."""
        rng = random.Random(f"{self.seed}:sizes")  # noqa: S311 - stories, not secrets
        a_year = [self.referrals_per_year or rng.randint(*REFERRALS) for _ in range(self.services)]
        if self.exactly is None:
            return [one * self.years for one in a_year]
        sizes = [self.exactly * one // sum(a_year) for one in a_year]
        for place in range(self.exactly - sum(sizes)):
            sizes[place] += 1
        return sizes

    @property
    def cases(self) -> int:
        """How many cases there are in all services together."""
        return sum(self.sizes)

    @property
    def database(self) -> str:
        """The name of the database that this profile fills."""
        return f"isva_bench_{self.name.lower()}"

    @property
    def marked(self) -> str:
        """What the database says of itself, so that one that is there already can be told from another."""
        return (
            f"made up: {self.services} services, {self.cases} cases in {self.years} years, "
            f"{self.contacts_per_case} contacts a case, seed {self.seed}, by published ranges"
        )

    def with_changes(
        self,
        *,
        seed: int | None = None,
        cases: int | None = None,
        services: int | None = None,
        referrals_per_year: int | None = None,
        years: int | None = None,
    ) -> "Profile":
        """The same profile with what is given changed; another shape has a database of its own."""
        wanted = replace(self, seed=seed or self.seed, exactly=cases or self.exactly)
        if services or referrals_per_year or years:
            size = referrals_per_year or (None if services else self.referrals_per_year)
            wanted = replace(
                wanted, name="own", services=services or self.services, referrals_per_year=size, years=years or self.years
            )  # fmt: skip
        return wanted


PROFILES = {
    # One service of ordinary size: what a page costs where it is used.
    "S": Profile(name="S", services=1, referrals_per_year=1_800, years=5),
    # Twenty services in one database, 200,000 cases.
    "M": Profile(name="M", services=20, referrals_per_year=2_000, years=5),
    # A country: two hundred services of every size, a million cases, twenty million contacts.
    "L": Profile(name="L", services=200, referrals_per_year=None, years=5, exactly=1_000_000, scored=0.1),
}
