"""Places whose check makes no difference that anybody could see, each with the reason: the exceptions of the run."""

_ALREADY_IN_SIGHT = (
    "A client and their cases are of one service by a composite key of the database, so the cases in sight, which are of "
    "the acting service, say it already; the condition lets the database begin with the index of the service."
)
_NOTHING_SENT = (
    "Nothing is kept where nothing was sent (typed.keep asks by itself); the condition saves a query."
)
_AT_THE_START = "Runs once, while the views are loaded, before anything can be taken away; the doors are tried on their own."

BECAUSE: dict[str, str] = {
    "casework.querysets: ClientQuerySet.visible_to: filter without service=person.service": _ALREADY_IN_SIGHT,
    "isva.access.limits: _end: if request.method == 'POST': always": _NOTHING_SENT,
    "isva.access.doors: recently_confirmed.decorator.door: if sends: always": _NOTHING_SENT,
    "isva.access.doors: recently_confirmed: view is not None else: always": _AT_THE_START,
}
