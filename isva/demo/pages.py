"""The demo's own door: the sign-in page lists the cast, and one press signs in as any of them."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from isva.access.doors import public_page
from isva.access.entry import Proof
from isva.access.roles import Role
from isva.accounts import directory, visits
from isva.accounts.views.pieces import onward
from isva.demo.cast import DEMO_PASSWORD, PERSONAS, SERVICES, Persona
from isva.interface.tables import Table, lines, table
from isva.interface.words import listed


@public_page
@require_POST
def demo_sign_in(request):
    """Sign in as one of the fictional cast, with one press. There is no such page outside the demo."""
    if not settings.DEMO:
        raise Http404
    email = request.POST.get("persona", "")
    user = directory.user_with(email) if email in {persona.email for persona in PERSONAS} else None
    if user is None:
        raise Http404
    visits.begin(request, user, proof=Proof.DEMO)
    return redirect(onward(request))


def personas(request) -> dict:
    """Context in the demo: the cast at the sign-in page, each with a button, and their password wherever it is asked for."""
    here = request.resolver_match
    if (
        not settings.DEMO
        or here is None
        or here.url_name not in ("sign_in", "confirm_it_is_me", "change_password")
    ):
        return {}
    shown = {"demo_password": DEMO_PASSWORD}
    return {**shown, "personas": _table()} if here.url_name == "sign_in" else shown


def _table() -> Table:
    names = {service.key: service.name for service in SERVICES}
    rows = [
        [
            format_html(
                '<button class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0" type="submit" name="persona"'
                ' value="{}">{}</button>', persona.email, persona.name,
            ),
            lines(listed([str(Role(role).label) for role in _all_roles(persona)]), persona.note),
            listed([names[key] for key in persona.parts]),
        ]
        for persona in PERSONAS
    ]  # fmt: skip
    return table(caption=_("Sign in as"), columns=[_("Who"), _("Role"), _("Service")], rows=rows)


def _all_roles(persona: Persona) -> list[str]:
    return list(dict.fromkeys(role for roles in persona.parts.values() for role in roles))
