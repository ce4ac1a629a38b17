"""How a case begins: a client, their safe contacts and a case, made in one breath with its first stage."""

from casework.models import Case, Client, SafeContact
from casework.moving import open_at
from casework.references import new_reference
from casework.search_tokens import keep_tokens
from isva.clock.moment import now, today
from isva.db.wall.context import opening


def open_case(
    *, client: Client, contacts: list[SafeContact], by, reason: str, received_at=None, **fields
) -> Case:
    """Make a case for a client who was just told to us, at stage *referral*.

    ``client`` and ``contacts`` are unsaved (a client already saved is kept as it is). ``fields`` are other
    fields of the case. The caller holds the transaction.
    """
    moment = received_at or now()
    case = Case(
        service=client.service,
        client=client,
        reference=new_reference(),
        stage_since=moment,
        opened_at=moment,
        **fields,
    )
    opening(case_id=case.pk, client_id=client.pk)
    if client._state.adding:
        if client.age_given is not None and client.age_given_on is None:
            client.age_given_on = today()
        client.save(force_insert=True)
        keep_tokens(client)
    for contact in contacts:
        contact.client = client
        contact.recorded_by = by
        contact.save(force_insert=True)
    case.save(force_insert=True)
    open_at(case, by=by, reason=reason)
    return case
