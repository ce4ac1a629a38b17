"""The pages of the clock that are not about one case."""
