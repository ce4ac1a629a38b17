"""Where *Exit this page* leads: a page that anybody might be looking at, on another host."""

WAY_OUT = "https://www.bbc.co.uk/weather"


def way_out() -> str:
    """The address, for the link on pages that keep no draft. Forms go through an address of ours, which removes it."""
    return WAY_OUT
