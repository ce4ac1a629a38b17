"""The person's own details, as they change while support goes on."""

from casework.models import Client
from casework.sas.complexity import reckon_complexity
from casework.search_tokens import keep_tokens
from isva.clock.moment import today
from isva.pathway import CARRIED_STAGES
from isva.stale import refuse_stale


def edit_client(client: Client, *, by, seen: str | None = None, **values) -> Client:
    """Change details of a person. ``values`` are fields of the client, ``seen`` the mark of what they said on the page.

    Raises ChangedMeanwhile where they say something else by now. An age without a birth date counts from today. Complexity follows where a child or an interpreter is in it.
    """
    locked = Client.objects.select_for_update().get(pk=client.pk)
    refuse_stale(locked, values, seen=seen)
    if values.get("age_given") != locked.age_given and "age_given" in values:
        locked.age_given_on = today() if values["age_given"] is not None else None
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save(update_fields=[*values, "age_given_on"])
    keep_tokens(locked)
    for case in locked.cases.filter(stage__in=sorted(CARRIED_STAGES)).select_related("client", "service"):
        reckon_complexity(case, by=by)
    return locked
