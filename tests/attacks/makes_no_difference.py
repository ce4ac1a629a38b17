"""Places whose check makes no difference that anybody could see, each with the reason: the exceptions of the run."""

BECAUSE: dict[str, str] = {}
