"""What may not be done now. A refusal says why, in words that stand beside what was typed."""


class Refusal(Exception):
    """An act that the service's rules do not allow as things stand. ``reasons`` are why, one sentence each."""

    def __init__(self, *reasons: object):
        self.reasons = [str(reason) for reason in reasons]
        super().__init__(" ".join(self.reasons))
