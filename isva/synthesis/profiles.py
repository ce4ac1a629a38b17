"""How large a made-up service is: the profiles that figures are measured with."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Profile:
    """So many services, each with so many referrals a year over so many years; ``seed`` decides all that is drawn."""

    name: str
    services: int
    referrals_per_year: int
    years: int
    contacts_per_case: int = 20
    seed: int = 1
    exactly: int | None = None

    @property
    def cases(self) -> int:
        """How many cases there are in all services together."""
        return self.exactly or self.services * self.referrals_per_year * self.years

    @property
    def isvas(self) -> int:
        """ISVAs of one service: one for about 75 referrals a year keeps caseloads at what a person can carry."""
        return max(3, round(self.cases / self.years / self.services / 75))

    @property
    def database(self) -> str:
        """The name of the database that this profile fills."""
        return f"isva_bench_{self.name.lower()}"

    @property
    def marked(self) -> str:
        """What the database says of itself, so that one that is there already can be told from another."""
        return (
            f"made up: {self.services} services, {self.cases} cases in {self.years} years, "
            f"{self.contacts_per_case} contacts a case, seed {self.seed}"
        )

    def with_changes(self, *, seed: int | None, cases: int | None) -> "Profile":
        """The same profile with another seed, or with another number of cases."""
        return replace(self, seed=seed or self.seed, exactly=cases or self.exactly)


PROFILES = {
    # One service of ordinary size: what a page costs where it is used.
    "S": Profile(name="S", services=1, referrals_per_year=1_800, years=5),
    # Twenty services in one database, 200,000 cases.
    "M": Profile(name="M", services=20, referrals_per_year=2_000, years=5),
}
