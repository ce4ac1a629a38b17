"""The forms of the clock."""
