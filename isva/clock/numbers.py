"""The numbers by which the rules reckon, each with its default, its limits and its words. A service sets its own."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Number:
    """One number that a service may set for itself (a tick, where the default is True or False)."""

    key: str
    default: int
    words: Any
    hint: Any = ""
    lowest: int = 1
    highest: int = 366

    @property
    def is_tick(self) -> bool:
        """Whether it is a yes or no."""
        return isinstance(self.default, bool)


_numbers: dict[str, tuple[Any, Number]] = {}


def register_numbers(section, *numbers: Number) -> None:
    """Add numbers under a section of the screen of settings (``isva.clock.rules.Section``); said once, at the start."""
    for number in numbers:
        _numbers[number.key] = (section, number)


def all_numbers() -> dict[str, Number]:
    """Every number by its key, those of the rules included."""
    return {number.key: number for _section, number in numbers_by_section()}


def numbers_by_section() -> list[tuple[Any, Number]]:
    """Every number with its section: those registered by themselves, then those of the rules; each key once."""
    from isva.clock.rules import all_rules

    found = dict(_numbers)
    for rule in all_rules():
        for number in rule.numbers:
            found.setdefault(number.key, (rule.section, number))
    return list(found.values())


def default_of(key: str) -> int:
    """The default of a number. Raises KeyError for one that nobody registered."""
    return all_numbers()[key].default
