"""What a browser would send."""

from isva.interface.widgets import DateParts


def as_sent(response) -> dict:
    """What a browser would send of the form on a page, untouched."""
    sent = {}
    for bound in response.context["form"]:
        value, name, widget = bound.value(), bound.html_name, bound.field.widget
        if isinstance(widget, DateParts):
            typed = widget.typed(value)
            sent |= {f"{name}_{part}": typed.get(part, "") for part in widget.parts}
        elif value is not None and value is not False:
            sent[name] = value
    return sent
