"""Why an act of triage or of the waiting list is refused, in words a person can act on."""

from isva.pathway import WrongStage


class Refused(WrongStage):
    """Something that must come first has not been done. Its text says what; nothing has been saved."""
