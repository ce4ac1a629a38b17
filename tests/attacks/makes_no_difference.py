"""Places whose check makes no difference that anybody could see, each with the reason: the exceptions of the run."""

_ALREADY_IN_SIGHT = (
    "A client and their cases are of one service by a composite key of the database, so the cases in sight, which are of "
    "the acting service, say it already; the condition lets the database begin with the index of the service."
)
_NOTHING_SENT = (
    "Nothing is kept where nothing was sent (typed.keep asks by itself); the condition saves a query."
)
_AT_THE_START = "Runs once, while the views are loaded, before anything can be taken away; the doors are tried on their own."
_ASKED_AGAIN = "Narrows whom the hourly job asks about; end_all_grants_of ends live grants of this service only, whoever is asked about."
_ONLY_FEWER_ROWS = "Fetches fewer rows: what is found is looked up by its key afterwards, and what nobody asked for is never looked up."
_ONE_SERVICE = (
    "A case is of one service, and the case stands in the same condition: another service has no row of it."
)
_NO_POSTCODE = (
    "No address has an empty postcode, so one that was not given never fits; the condition saves a query."
)
_AGREES_ANYWAY = (
    "What it finds is only who is looked at: _agree and _end ask anew what is live now, and change nothing where that is so "
    "already. The conditions keep a quiet minute cheap."
)
_OF_THE_ACT = "Asked inside an act of one service: the database shows no row of another one; the condition names the index."
_EVERY_ROUTE_HAS_A_DOOR = (
    "Every route has a door (a guard test sees to it); the condition is for one that was forgotten."
)
_SAVES_WORK = "Where there is nothing to do, what follows does nothing either; the condition saves a question or a lock."
_AS_IT_IS_ALREADY = "guardian gives what is held already once, and takes what is not held from nobody; the condition saves a write."
_BOTH_A_MANAGERS = "Whoever opens this page may do that too: both are a manager's, of the same service."
_ONCE_WHOEVER_COMES = "Each letter is claimed before it is sent: the round of another service that finds it sends it once as well."
_STANDS_ALREADY = "A conflict that was declared before stands as it is, whoever declares it again; the condition saves a lock and a question."
_NO_TWO_WORDS = "Only names of two words and more are compared: an empty one falls out there; the condition fetches fewer rows."
_CARRIED_BY_SOMEBODY = "A case that is carried has an ISVA, by a constraint of the database; the condition is for the type checker."
_SAID_TWICE = (
    "The arrangement and its member are of one service, and each is asked for by it: either says it alone."
)
_DOOR_SAYS_IT = "The door asks for the permission that carrying cases gives, and it is given to nobody else: who comes in is found."
_CHANGES_IT_TOO = (
    "Whoever this page opens to changes every case of these stages: intake and managers do, and an emergency opening "
    "goes through none of its doors."
)

BECAUSE: dict[str, str] = {
    "triage.cover: carried_by: filter without case__in=[case.pk for case in cases]": _ONLY_FEWER_ROWS,
    "triage.load_history: _figures: filter without service=service": _OF_THE_ACT,
    "triage.load_history: _figures: filter without service=service (2)": _OF_THE_ACT,
    "triage.load_history: _figures: filter without service=service (3)": _OF_THE_ACT,
    "triage.people: manager_for: filter without service=case.service": _OF_THE_ACT,
    "triage.views.triage: _page: without context['frame']['may_change']": _CHANGES_IT_TOO,
    "triage.views.triage: _page: without context['frame']['may_change'] (2)": _CHANGES_IT_TOO,
    "supervision.views.opt_out: _own: if member is None: never": _DOOR_SAYS_IT,
    "isva.clock.letters: _last_rounds: filter without service=service": _ONLY_FEWER_ROWS,
    "isva.clock.people: Rota._members: filter without service=self.service (2)": _ONLY_FEWER_ROWS,
    "isva.clock.tick: _snoozed: filter without service=service": _ONLY_FEWER_ROWS,
    "reporting.views.figures: show_figures: without request.acting.can(Permission.PUBLISH_REPORT)": _BOTH_A_MANAGERS,
    "supervision.clinical: dates_of_supervised: without visible_to(person.user)": _SAID_TWICE,
    "supervision.clinical: dates_of_supervised: filter without service=person.service": _SAID_TWICE,
    "referrals.conflicts: _wall_off: exclude without client__in=walled": _STANDS_ALREADY,
    "referrals.conflicts: _wall_off: filter without client__in=cases.values('client')": _ONLY_FEWER_ROWS,
    "referrals.conflicts: _wall_off: exclude without person_name=''": _NO_TWO_WORDS,
    "referrals.duplicates: _clients_with: filter without service=client.service": _ONLY_FEWER_ROWS,
    "referrals.status: _allocated_words: and without case.lead_isva": _CARRIED_BY_SOMEBODY,
    "isva.clock.letters: _to_send: filter without service=service": _ONCE_WHOEVER_COMES,
    "isva.accounts.views.workforce: _kind: without request.acting.can(Permission.SUPERVISE)": _BOTH_A_MANAGERS,
    "casework.reminded: kept_away: filter without service=service": _ONE_SERVICE,
    "casework.reminded: kept_away: filter without service=service (3)": _ONLY_FEWER_ROWS,
    "isva.access.middleware: _opens_before_a_service: and without door is not None": _EVERY_ROUTE_HAS_A_DOOR,
    "isva.accounts.membership: refuse_to_empty: if not needed: never": _SAVES_WORK,
    "isva.accounts.permissions: agree_with_roles: and without permission not in held": _AS_IT_IS_ALREADY,
    "isva.accounts.permissions: agree_with_roles: and without permission in held": _AS_IT_IS_ALREADY,
    "isva.accounts.joining: when_joined: if act not in _when_joined: never": _AT_THE_START,
    "isva.accounts.joining: when_joined: if act not in _when_joined: always": _AT_THE_START,
    "isva.accounts.role_changes: before_giving: if check not in _before_giving: never": _AT_THE_START,
    "isva.accounts.role_changes: before_giving: if check not in _before_giving: always": _AT_THE_START,
    "isva.accounts.role_changes: after_changing: if act not in _after_changing: never": _AT_THE_START,
    "isva.accounts.role_changes: after_changing: if act not in _after_changing: always": _AT_THE_START,
    "casework.access: _ran_out: filter without service=service": _OF_THE_ACT,
    "casework.access: _ran_out: filter without ended_at__isnull=True": _AGREES_ANYWAY,
    "casework.access: _begun_unseen: filter without content_object=OuterRef('case')": _AGREES_ANYWAY,
    "casework.access: _begun_unseen: filter without permission__codename='view_case'": _AGREES_ANYWAY,
    "casework.access: _begun_unseen: filter without service=service": _OF_THE_ACT,
    "casework.access: _begun_unseen: filter without ended_at__isnull=True": _AGREES_ANYWAY,
    "casework.access: _begun_unseen: filter without starts_at__lte=moment": _AGREES_ANYWAY,
    "casework.access: _begun_unseen: filter without starts_at__gt=F('recorded_at')": _AGREES_ANYWAY,
    "casework.access: _begun_unseen: & without Q(read_only=False)": _AGREES_ANYWAY,
    "casework.access: _begun_unseen: & without ~changes": _AGREES_ANYWAY,
    "casework.access: _begun_unseen: filter without ~sees | Q(read_only=False) & ~changes": _AGREES_ANYWAY,
    "casework.access: grants_and_guardian_disagree: filter without service=service": _OF_THE_ACT,
    "casework.access: grants_and_guardian_disagree: filter without content_object__service=service": _OF_THE_ACT,
    "casework.alerts: raise_alerts: filter without mark__in=found": _ONLY_FEWER_ROWS,
    "casework.alerts: _often: each without entry.what == What.OPENED": _ONLY_FEWER_ROWS,
    "casework.alerts: _often: filter without service=service": _ONE_SERVICE,
    "casework.alerts: _family_names: filter without pk__in=keys": _ONLY_FEWER_ROWS,
    "casework.alerts: _unusual: homes else: always": _ONLY_FEWER_ROWS,
    "casework.alerts: _postcodes: filter without client__in={entry.client for entry in entries}": _ONLY_FEWER_ROWS,
    "casework.alerts: _connections: filter without membership__user__in=users": _ONLY_FEWER_ROWS,
    "casework.alerts: _homes: filter without membership__user__in=users": _ONLY_FEWER_ROWS,
    "casework.alerts: _homes: exclude without home_postcode=''": _NO_POSTCODE,
    "casework.leaving: _holding: filter without ended_at__isnull=True": _ASKED_AGAIN,
    "casework.leaving: _holding: filter without service=service": _ASKED_AGAIN,
    "casework.reminded: covers: filter without service=service": _ONE_SERVICE,
    "casework.querysets: ClientQuerySet.visible_to: filter without service=person.service": _ALREADY_IN_SIGHT,
    "isva.access.limits: _end: if request.method == 'POST': always": _NOTHING_SENT,
    "isva.access.doors: recently_confirmed.decorator.door: if sends: always": _NOTHING_SENT,
    "isva.access.doors: recently_confirmed: view is not None else: always": _AT_THE_START,
}
