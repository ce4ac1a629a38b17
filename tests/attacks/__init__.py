"""Attacks on the walls: short in the suite, in full with ``--full-attack``."""
