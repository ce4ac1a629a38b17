"""What templates need of the design system and cannot say in plain template language."""

from django import template
from django.utils.translation import gettext as _

from isva.interface import marks, words
from isva.interface.way_out import way_out

register = template.Library()

register.simple_tag(way_out)
register.simple_tag(marks.tag)
register.simple_tag(marks.risk_mark)
register.simple_tag(marks.urgency_mark)
register.simple_tag(marks.complexity_mark)
register.simple_tag(marks.stage_tag)
register.simple_tag(marks.clock_mark)
register.filter(words.long_date)
register.filter(words.short_when)
register.filter(words.time_24)
register.filter(words.ago)
register.filter(words.days_words)
register.filter(words.minutes_words)


@register.simple_tag
def is_filtered(filters) -> bool:
    """Whether any filter of a list is set, so that there is something to show all of."""
    return any(one["value"] for one in filters)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms):
    """Every mistake of the forms (and formsets) given, each linked to where it is put right; nothing where all is well.

    The texts are those beside the questions, in the order of the page.
    """
    errors = []
    for form in forms:
        if not form or not getattr(form, "is_bound", False):
            continue
        if hasattr(form, "management_form"):
            errors += [{"text": text, "url": ""} for text in form.non_form_errors()]
            errors += [error for one in form.forms for error in form_errors(one)]
        else:
            errors += form_errors(form)
    return {"errors": errors}


def form_errors(form):
    """The mistakes of one form: those of the whole first, then question by question, hidden ones without a link."""
    found = [{"text": text, "url": ""} for text in form.non_field_errors()]
    for name in form.fields:
        question = form[name]
        url = "" if question.is_hidden else f"#{question.first_input_id}"
        found += [{"text": text, "url": url} for text in question.errors]
    return found


@register.simple_tag
def title_prefix(*forms):
    """“Error: ” for the page's title where a form came back with mistakes, so that it is heard first."""
    return (
        _("Error: ")
        if any(form and getattr(form, "is_bound", False) and form.errors for form in forms)
        else ""
    )
