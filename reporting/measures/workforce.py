"""Workforce: supervision, absence, training; as bands, and never a name (quality standards; report, Workforce)."""

from django.utils.translation import gettext_lazy as _

from isva.access.roles import ROLE_PERMISSIONS, Permission
from reporting.measures.kinds import Keyed, Measure, MoreIs, Section, Source, own
from reporting.tables import Kind
from supervision.models import Training

_HOLDERS = ", ".join(
    f"'{role}'" for role, permissions in ROLE_PERMISSIONS.items() if Permission.HOLD_CASES in permissions
)
#: Who may carry cases, and was a member when the period ended; today, where it is not over.
_CARRYING = (
    "SELECT m.id, m.user_id AS worker FROM accounts_membership m WHERE m.service_id = %(service)s "
    f"AND m.roles && ARRAY[{_HOLDERS}]::varchar[] AND m.starts_on <= %(until_day)s "
    "AND (m.ends_on IS NULL OR m.ends_on >= %(until_day)s)"
)
#: Days without clinical supervision after which it is a breach (guidance: more than a quarter), and the usual rhythm of the other.
CLINICAL_DAYS, MANAGEMENT_DAYS = 91, 28
DAYS_AWAY = (("0", 0, _("None")), ("1", 1, _("1 to 5 days")), ("6", 6, _("6 to 20 days")), ("21", 21, _("More than 20 days")))  # fmt: skip
_AWAY = (
    "CASE "
    + " ".join(f"WHEN away >= {least} THEN '{key}'" for key, least, _words in reversed(DAYS_AWAY))
    + " END"
)


def _supervised(table: str, condition: str, days: int) -> str:
    return (
        f"SELECT w.worker, EXISTS (SELECT FROM {table} s JOIN supervision_arrangement a ON a.id = s.arrangement_id "
        f"WHERE a.membership_id = w.id AND s.held_on <= %(until_day)s AND s.held_on > %(until_day)s::date - {days}{condition}) AS hit "
        f"FROM ({_CARRYING}) w"
    )


MEASURES = (
    Measure(
        key="clinical_supervision", section=Section.WORKFORCE, name=_("Clinical supervision held within a quarter"),
        kind=Kind.SHARE, unit="workers", keyed=Keyed.WORKER, source=Source.STANDARDS, more_is=MoreIs.BETTER,
        counted="workers_with_clinical", out_of="workers",
        definition=_("Of those who carry cases: who attended clinical supervision in the 91 days before the period ended."),
        numerator=_("ISVAs with a session"), denominator=_("ISVAs and trainees of the service when the period ended"),
        sql=_supervised("supervision_clinicalsession", " AND s.outcome = 'attended'", CLINICAL_DAYS),
    ),
    Measure(
        key="management_supervision", section=Section.WORKFORCE, name=_("Management supervision held within four weeks"),
        kind=Kind.SHARE, unit="workers", keyed=Keyed.WORKER, source=Source.STANDARDS, more_is=MoreIs.BETTER,
        counted="workers_with_management", out_of="workers",
        definition=_("Of those who carry cases: who had management supervision in the 28 days before the period ended."),
        numerator=_("ISVAs with a session"), denominator=_("ISVAs and trainees of the service when the period ended"),
        sql=_supervised("supervision_managementsession", "", MANAGEMENT_DAYS),
    ),
    Measure(
        key="absence", section=Section.WORKFORCE, name=_("ISVAs by days away"), kind=Kind.COUNT, unit="workers",
        keyed=Keyed.WORKER, source=Source.REPORT, counted="workers",
        definition=_("Of those who carry cases: on how many days of the period they were away, training and leave among them."),
        numerator=_("ISVAs and trainees of the service when the period ended"),
        own=(own("away", _("Days away"), [(key, words) for key, _least, words in DAYS_AWAY]),),
        sql=f"SELECT worker, {_AWAY} AS away FROM (SELECT w.worker, coalesce(sum(least(l.last_day, %(until_day)s) "
        "- greatest(l.first_day, %(first_day)s) + 1) FILTER (WHERE l.id IS NOT NULL), 0) AS away "
        f"FROM ({_CARRYING}) w LEFT JOIN accounts_leave l ON l.membership_id = w.id AND l.first_day <= %(until_day)s "
        "AND l.last_day >= %(first_day)s AND %(first_day)s <= %(until_day)s GROUP BY w.worker) w",
    ),
    Measure(
        key="qualified", section=Section.WORKFORCE, name=_("Accredited qualification in date"), kind=Kind.SHARE,
        unit="workers", keyed=Keyed.WORKER, source=Source.STANDARDS, more_is=MoreIs.BETTER, counted="workers_qualified",
        out_of="workers",
        definition=_("Of those who carry cases: who held an accredited ISVA qualification that was in date when the period ended."),
        numerator=_("ISVAs with the qualification"), denominator=_("ISVAs and trainees of the service when the period ended"),
        sql=f"SELECT w.worker, EXISTS (SELECT FROM supervision_training t WHERE t.membership_id = w.id AND t.kind = 'qualification' "
        "AND t.status = 'held' AND t.taken_on <= %(until_day)s AND (t.expires_on IS NULL OR t.expires_on >= %(until_day)s)) AS hit "
        f"FROM ({_CARRYING}) w",
    ),
    Measure(
        key="training_lost", section=Section.WORKFORCE, name=_("Training cancelled"), kind=Kind.COUNT, unit="workers",
        keyed=Keyed.WORKER, source=Source.STANDARDS, more_is=MoreIs.WORSE, counted="workers_training_lost",
        definition=_("Members of staff who lost a training of the period, by why it was cancelled; once for each reason."),
        numerator=_("members of staff"), own=(own("why", _("Why"), Training.Why.choices, splits=True),),
        sql="SELECT DISTINCT m.user_id AS worker, t.cancelled_why AS why FROM supervision_training t "
        "JOIN accounts_membership m ON m.id = t.membership_id WHERE t.service_id = %(service)s AND t.status = 'cancelled' "
        "AND t.taken_on BETWEEN %(first_day)s AND %(last_day)s",
    ),
    Measure(
        key="vacancies", section=Section.WORKFORCE, name=_("Vacancies"), kind=Kind.COUNT, unit="workers", keyed=Keyed.WORKER,
        source=Source.REPORT, more_is=MoreIs.WORSE, definition=_("Posts that nobody held when the period ended."),
        not_recorded=_("Posts are not kept yet."),
    ),
)  # fmt: skip
