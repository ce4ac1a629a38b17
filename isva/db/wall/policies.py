"""The policies of the wall, as SQL: who reads a row, and who writes it (2-confidentiality, measured there).

Each thing asked of the acting person stands in a ``SELECT`` of its own, so that it is asked once a query and not once a
row, and each is looked at for its seal: it is asked at a moment of its own, and who runs a query may write the settings
between two of them. What most people need comes first, so that the rest is not asked. What was not put in force is NULL,
and no condition is true of it (``functions.sql``).
"""

from isva.db.wall.tables import CASE, Walled

_VISIBLE = {CASE: "cases", "client": "clients"}
_ALL_BUT = {CASE: "all_but", "client": "all_but_clients"}
_WRITABLE = {CASE: "writable", "client": "writable_clients"}
_DENIED = {CASE: "denied", "client": "denied_clients"}

#: The table of grants is written by who may give: else a worker could give their case away.
GRANTS = ("casework_grant", "casework_historicalgrant")
#: guardian's rows follow the grants. They name no service; a person asks for their own.
PERMISSIONS = "casework_caseuserobjectpermission"


_USER, _SERVICE = (f"(SELECT nullif(split_part(wall.got('who'), '|', {part}), '')::uuid)" for part in (1, 2))


def array(name: str) -> str:
    """The keys that are in force under a name."""
    return f"((SELECT wall.got('{name}')::uuid[])::uuid[])"


def _written(name: str) -> str:
    """The same keys, each as it is written."""
    return f"((SELECT string_to_array(btrim(wall.got('{name}'), '{{}}'), ',')))"


def may(what: str) -> str:
    """The acting person holds one of the wall's own powers (see ``wall.acting_may``)."""
    return f"(SELECT position('{what}' IN split_part(wall.got('who'), '|', 3)) > 0)"


def readable(row: Walled) -> str:
    """The rows that the acting person sees: all of the service but those they are kept from, or those of their keys.

    The keys were worked out within the service, and a row is always of its case's service (``TieToParent``), so that the
    service is asked only where there are no keys. What somebody is kept from comes first: for who sees by keys it is not
    there, which is known at once. Last stands what the array says already: the planner looks at the setting as it lies
    there, and knows whether to reckon with everything or with few rows.
    """
    all_but = _ALL_BUT[row.of]
    return (
        f"(({row.column} <> ALL {array(all_but)}) IS TRUE AND {_of_the_service()} AND current_setting('isva.{all_but}', true) <> '') "
        f"OR {_one_of(row, _VISIBLE[row.of])}"
    )


def _of_the_service() -> str:
    """The row is of the acting service. Turned round, so that no index answers it: the planner would weigh one for each
    table, and never take it, as whoever asks names the service as well."""
    return f"{_SERVICE} = ANY (ARRAY[service_id])"


def _one_of(row: Walled, name: str) -> str:
    """The row's key is in an array; looked up by hash in the tables of cases and clients, where lists pass many rows.

    An array is gone through for every row otherwise (1,000 open cases by 500 in sight: 7 ms, and 1.3 by hash), which costs
    less to plan for. By hash the keys are compared as they are written: to read one takes several times as long as to
    write it. They stand in a ``SELECT`` of their own there too, else the planner reads them as well, to reckon how many
    there are.
    """
    if row.column == "id":
        return f"id::text IN (SELECT unnest({_written(name)}))"
    return f"{row.column} = ANY {array(name)}"


def writable(row: Walled) -> str:
    """The rows that the acting person may add, change or remove."""
    return (
        f"service_id = {_SERVICE} AND ({row.column} = ANY {array(_WRITABLE[row.of])} "
        f"OR ({row.column} <> ALL {array(_DENIED[row.of])} AND {may('w')}))"
    )


def givable(row: Walled) -> str:
    """The grants that the acting person may give or end: any as a manager, that of an interim worker as intake."""
    return (
        f"service_id = {_SERVICE} AND case_id <> ALL {array('denied')} "
        f"AND ({may('g')} OR ({may('i')} AND why = 'interim' AND case_id = ANY {array('writable')}))"
    )


def permission_readable() -> str:
    """One's own permissions on cases; everybody's on the cases in sight.

    The latter by a function, though it is called for each row: nearly everything that asks, asks for one's own.
    """
    return f"user_id = {_USER} OR wall.sees(content_object_id)"


def permission_writable() -> str:
    """Who may give a grant may write the permission that follows from it."""
    return (
        f"({may('g')} AND wall.sees(content_object_id)) "
        f"OR ({may('i')} AND content_object_id = ANY {array('writable')})"
    )


def of_table(row: Walled) -> dict[str, tuple[str | None, str | None]]:
    """The policies of a table by command: (USING, WITH CHECK)."""
    seen = readable(row)
    written = givable(row) if row.table in GRANTS else writable(row)
    return {
        "SELECT": (seen, None),
        "INSERT": (None, written),
        "UPDATE": (written, written),
        "DELETE": (written, None),
    }


def of_permissions() -> dict[str, tuple[str | None, str | None]]:
    """The policies of guardian's table of permissions on cases."""
    seen, written = permission_readable(), permission_writable()
    return {
        "SELECT": (seen, None),
        "INSERT": (None, written),
        "UPDATE": (written, written),
        "DELETE": (written, None),
    }
