"""The second wall by itself: what the database shows and takes, asked in plain SQL, with no filter of ours in the way."""

import contextlib
import uuid

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError, ProgrammingError

from casework.models import Case, Client, Note
from isva.access.acting import act, nobody
from isva.access.matrix import Relation
from isva.clock.moment import now
from isva.db.checks import tables_outside_the_wall
from isva.db.wall.signing import expiry, sign
from isva.db.wall.tables import CASE, walled_tables
from tests.access.any_record import any_record
from tests.access.scene import STANDINGS, read_anew, set_scene
from tests.once import once_a_module

pytestmark = pytest.mark.django_db

PEOPLE = ("isva", "second_isva", "trainee", "coordinator", "manager", "second_manager", "supervisor", "commissioner",
          "records_lead", "harbour_manager", "harbour_isva")  # fmt: skip


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def service_of(person, services):
    return services["harbour" if person.startswith("harbour") else "rowan"]


def _full(people, services):
    cases = set_scene(people, services)
    for name, case in cases.items():
        by = people["harbour_manager" if STANDINGS[name].service == "harbour" else "second_manager"]
        with act(by, case.service):
            for row in walled_tables():
                if not hasattr(row.model, "instance_type"):
                    any_record(row.model, case, by=by)
    return cases


cases_of_the_scene = once_a_module(_full)


@pytest.fixture
def full(cases_of_the_scene, db):
    """The scene of the walk, with one row more of every kind on every case: no table is empty."""
    return read_anew(cases_of_the_scene)


#: What a person sees for a grant, and what a role sees without one.
BY_GRANT = {Relation.OWN, Relation.COVER, Relation.READ_ONLY, Relation.EMERGENCY}
BY_ROLE = {
    "manager": {Relation.OTHER, Relation.INTAKE, Relation.STEPPED_DOWN, Relation.CLOSED},
    "second_manager": {Relation.OTHER, Relation.INTAKE, Relation.STEPPED_DOWN, Relation.CLOSED},
    "harbour_manager": {Relation.OTHER},
    "coordinator": {Relation.INTAKE, Relation.STEPPED_DOWN},
}


def in_sight(person):
    """The names of the cases of the scene that somebody sees: by hand, and not by what the product says."""
    wanted = BY_GRANT | BY_ROLE.get(person, set())
    return {name for name in STANDINGS if name != "missing" and STANDINGS[name].of(person) in wanted}


def seen_in(row):
    return {key for (key,) in ask(f'SELECT "{row.column}" FROM "{row.table}"')}


def test_every_table_of_cases_and_clients_is_behind_the_wall():
    assert tables_outside_the_wall() == []


def test_every_table_has_rows_of_every_case_so_that_nothing_is_shown_for_want_of_rows(full):
    empty = [
        row.table
        for row in walled_tables()
        if len(seen_in(row)) < len(full) and "emergencyattempt" not in row.table
    ]
    assert empty == []


@pytest.mark.parametrize("person", PEOPLE)
def test_a_table_shows_a_person_the_rows_of_the_cases_they_see_and_no_others(person, full, people, services):
    cases = {full[name].pk for name in in_sight(person)}
    clients = {full[name].client_id for name in in_sight(person)}
    whole = {row.table: seen_in(row) for row in walled_tables()}
    wrong = []
    with act(people[person], service_of(person, services)):
        for row in walled_tables():
            of_scene = whole[row.table] & (
                {case.pk for case in full.values()}
                if row.of == CASE
                else {case.client_id for case in full.values()}
            )
            expected = of_scene & (cases if row.of == CASE else clients)
            found = seen_in(row)
            if found & of_scene != expected or (
                person in ("supervisor", "commissioner", "records_lead") and found
            ):
                wrong.append(
                    f"{row.table}: {len(found - expected)} too many, {len(expected - found)} too few"
                )
    assert wrong == []


def test_nobody_acting_sees_no_row_of_any_table(full):
    with nobody():
        assert [row.table for row in walled_tables() if seen_in(row)] == []
        assert ask('SELECT count(*) FROM "casework_caseuserobjectpermission"') == [(0,)]


def test_who_belongs_to_another_service_sees_nothing_of_this_one(full, people, services):
    with act(people["harbour_manager"], services["rowan"]):
        assert [row.table for row in walled_tables() if seen_in(row)] == []


def refused(sql, *values):
    """Whether the database refuses this, or finds no row to do it to."""
    try:
        with transaction.atomic():
            return ask(sql, *values) == 0
    except DatabaseError:
        return True


def written(sql, *values):
    """How many rows a write would reach that gives something back for each; 0 where it is refused. It is undone."""
    rows = []
    with contextlib.suppress(DatabaseError, _Undone), transaction.atomic():
        rows = ask(sql, *values)
        raise _Undone
    return len(rows)


class TestWriting:
    def test_nobody_changes_or_removes_a_row_of_a_case_they_do_not_see(self, full, people, rowan):
        case = full["another's"]
        taken = []
        with act(people["isva"], rowan):
            for row in walled_tables():
                key = case.pk if row.of == CASE else case.client_id
                for sql in (
                    f'UPDATE "{row.table}" SET service_id = service_id WHERE "{row.column}" = %s',
                    f'DELETE FROM "{row.table}" WHERE "{row.column}" = %s',
                ):
                    if not refused(sql, key):
                        taken.append(sql)
        assert taken == []

    def test_nobody_adds_a_row_to_a_case_they_do_not_see(self, full, people, rowan, services):
        """The rows of a case in sight, copied onto one that is not: by every table."""
        own, others = full["carried and covered"], (full["another's"], full["harbour's"])
        taken = []
        with act(people["isva"], rowan):
            for row in walled_tables():
                columns = [field.column for field in row.model._meta.concrete_fields]
                for other in others:
                    key = other.pk if row.of == CASE else other.client_id
                    values = ", ".join(
                        "gen_random_uuid()"
                        if name == "id" and row.column != "id"
                        else "%s"
                        if name in (row.column, "service_id")
                        else f"nextval(pg_get_serial_sequence('{row.table}', 'history_id'))"
                        if name == "history_id"
                        else f'"{name}"'
                        for name in columns
                    )
                    order = [
                        key if name == row.column else other.service_id
                        for name in columns
                        if name in (row.column, "service_id")
                    ]
                    source = own.pk if row.of == CASE else own.client_id
                    sql = (
                        f'INSERT INTO "{row.table}" ({", ".join(f"{chr(34)}{name}{chr(34)}" for name in columns)}) '
                        f'SELECT {values} FROM "{row.table}" WHERE "{row.column}" = %s'
                    )
                    if not refused(sql, *order, source):
                        taken.append(f"{row.table} of {other}")
        assert taken == []

    def test_who_covers_read_only_changes_nothing(self, full, people, rowan):
        case = full["carried and covered"]
        with act(people["second_isva"], rowan):
            assert Note._base_manager.filter(case=case).exists()
            assert refused("UPDATE casework_note SET text = 'changed' WHERE case_id = %s", case.pk)
            assert refused("UPDATE casework_client SET name = 'changed' WHERE id = %s", case.client_id)
            assert refused("UPDATE casework_case SET urgent = true WHERE id = %s", case.pk)

    def test_an_isva_gives_nobody_sight_of_a_case_not_even_their_own(self, full, people, rowan):
        give = (
            "INSERT INTO casework_grant (id, service_id, case_id, user_id, why, read_only, reason, starts_at, end_reason, "
            "recorded_by_id, recorded_at, category) "
            "SELECT gen_random_uuid(), %s, %s, %s, 'cover', false, '', now(), '', %s, now(), ''"
        )
        iris, imran = people["isva"], people["second_isva"]
        with act(iris, rowan):
            for case, to in ((full["carried and covered"], imran), (full["another's"], iris)):
                assert refused(give, rowan.pk, case.pk, to.pk, iris.pk)
                assert refused(
                    "INSERT INTO casework_caseuserobjectpermission (user_id, permission_id, content_object_id) "
                    "SELECT %s, id, %s FROM auth_permission WHERE codename = 'view_case'", to.pk, case.pk,
                )  # fmt: skip
            assert refused(
                "UPDATE casework_grant SET until = NULL, ended_at = NULL WHERE case_id = %s",
                full["carried and covered"].pk,
            )

    def test_a_case_cannot_be_moved_to_another_service(self, full, people, rowan, services):
        with act(people["manager"], rowan):
            assert refused("UPDATE casework_case SET service_id = %s", services["harbour"].pk)

    def test_opening_gives_nobody_a_case_that_exists(self, full, people, rowan):
        case = full["another's"]
        with act(people["isva"], rowan):
            ask("SELECT wall.opening(%s, %s)", case.pk, case.client_id)
            assert not Case._base_manager.filter(pk=case.pk).exists()
            assert not Client._base_manager.filter(pk=case.client_id).exists()


class TestForging:
    def test_settings_written_by_hand_open_nothing(self, full, rowan, people):
        everything = "{" + ",".join(str(case.pk) for case in full.values()) + "}"
        who = f"{people['manager'].pk}|{rowan.pk}|awigb"
        forgeries = (who, "0" * 64 + who, "f" * 64 + who, "")
        for forged in forgeries:
            with nobody():
                ask("SELECT set_config('isva.who', %s, true)", forged or "nobody")
                ask("SELECT set_config('isva.cases', %s, true)", "0" * 64 + everything)
                assert [row.table for row in walled_tables() if seen_in(row)] == []

    @pytest.mark.parametrize("with_what", ["", "{}", "0" * 64 + "{}"])
    def test_what_somebody_is_kept_from_cannot_be_taken_away(self, with_what, full, people, rowan):
        kept_from = {case.pk for name, case in full.items() if name not in in_sight("manager")}
        with act(people["manager"], rowan):
            for name in ("denied", "denied_clients", "all_but", "all_but_clients"):
                with contextlib.suppress(_Undone), transaction.atomic():
                    ask(f"SELECT set_config('isva.{name}', %s, true)", with_what)
                    for row in walled_tables():
                        assert not seen_in(row) & kept_from, (name, row.table)
                    assert refused(
                        "UPDATE casework_case SET urgent = true WHERE id = ANY (%s)", list(kept_from)
                    )
                    for case in full.values():
                        if case.pk in kept_from:
                            assert ask("SELECT wall.case_behind_glass(%s)", case.reference) == [(None,)]
                    raise _Undone

    @pytest.mark.parametrize("person", ["manager", "isva", "coordinator"])
    @pytest.mark.parametrize("part", ["user", "service", "powers", "all"])
    def test_who_acts_cannot_be_written_over_while_what_they_see_stays(
        self, part, person, full, people, services
    ):
        harbour = services["harbour"]
        with act(people[person], services["rowan"]):
            [(kept,)] = ask("SELECT current_setting('isva.who')")
            seal, (user, service, powers) = kept[:64], kept[64:].split("|")
            forged = {
                "user": (people["second_manager"].pk, service, powers),
                "service": (user, harbour.pk, powers),
                "powers": (user, service, "awigbx"),
                "all": (people["harbour_manager"].pk, harbour.pk, "awigb"),
            }[part]
            ask("SELECT set_config('isva.who', %s, true)", seal + "|".join(str(one) for one in forged))
            assert [row.table for row in walled_tables() if seen_in(row)] == []
            assert ask('SELECT count(*) FROM "casework_caseuserobjectpermission"') == [(0,)]
            assert refused("UPDATE casework_case SET urgent = true")
            assert refused("UPDATE casework_grant SET reason = 'mine'")
            assert refused("DELETE FROM casework_caseuserobjectpermission")
            assert {
                ask("SELECT wall.case_behind_glass(%s)", case.reference)[0] for case in full.values()
            } == {(None,)}

    def test_nor_in_the_middle_of_a_question(self, full, people, services):
        """Each thing that a policy asks of who acts is asked at a moment of its own: one must not be had by forging
        who acts for that moment, and the rest by putting it right for the next."""
        own, theirs = full["another's"], full["harbour's"]
        with act(people["manager"], services["rowan"]):
            [(kept,)] = ask("SELECT current_setting('isva.who')")
            forged = kept.replace(str(services["rowan"].pk), str(services["harbour"].pk))
            assert forged != kept
            for setting in ("hashjoin", "mergejoin", "seqscan", "material", "memoize"):
                ask(f"SET LOCAL enable_{setting} = off")
            found = ask(
                "SELECT c.id FROM (VALUES (%s, %s::uuid), (%s, %s::uuid)) AS step (who, id) "
                "CROSS JOIN LATERAL (SELECT set_config('isva.who', step.who, true), step.id OFFSET 0) AS told "
                "JOIN casework_case c ON c.id = told.id",
                forged, own.pk, kept, theirs.pk,
            )  # fmt: skip
            assert (theirs.pk,) not in found

    @pytest.mark.parametrize("person", ["isva", "second_isva", "manager"])
    def test_nor_between_the_rows_of_a_blind_write(self, person, full, people, services):
        """A write that reads nothing is held by the policies of writing alone, and what it gives back is a forgery."""
        harbour = services["harbour"]
        with act(people[person], services["rowan"]):
            [(kept,)] = ask("SELECT current_setting('isva.who')")
            forgeries = [
                kept.rsplit("|", 1)[0] + "|awigb",
                kept.replace(str(services["rowan"].pk), str(harbour.pk)),
            ]
            more = []
            for table in {row.table for row in walled_tables()}:
                honest = written(f'DELETE FROM "{table}" RETURNING 1')
                for forged in forgeries:
                    if (
                        written(f"DELETE FROM \"{table}\" RETURNING set_config('isva.who', %s, true)", forged)
                        > honest
                    ):
                        more.append(table)
            assert more == []

    def test_an_array_kept_from_one_person_opens_nothing_for_another(self, full, people, rowan):
        with act(people["isva"], rowan):
            [(kept,)] = ask("SELECT current_setting('isva.cases')")
        with act(people["trainee"], rowan):
            ask("SELECT set_config('isva.cases', %s, true)", kept)
            assert not Case._base_manager.filter(pk=full["carried and covered"].pk).exists()

    def test_the_applications_role_reads_no_key_and_seals_nothing(self):
        for sql in (
            "SELECT * FROM wall.keys",
            "SELECT wall.put('who', 'x')",
            "SELECT wall.mac('seal', 'x')",
            "SELECT wall.sealed('who', 'x')",
            "SELECT wall.fix(NULL, NULL, 'aw', NULL, NULL, NULL, NULL, NULL, NULL)",
            "SELECT wall.denied_clients(NULL, NULL)",
            "SET ROLE isva_definer",
            "SET ROLE isva_owner",
            "SET row_security = off; SELECT * FROM casework_case",
            "ALTER TABLE casework_case DISABLE ROW LEVEL SECURITY",
            "DROP POLICY wall_select ON casework_case",
            "CREATE POLICY mine ON casework_case USING (true)",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                ask(sql)

    @pytest.mark.parametrize("change", ["user", "service", "moment", "expired", "signature"])
    def test_an_act_that_the_application_did_not_sign_so_is_refused(self, change, people, rowan, services):
        connection.ensure_connection()
        told = [str(people["trainee"].pk), str(rowan.pk), now().isoformat(), expiry()]
        if change == "expired":
            told[3] = "1000000000"
        signature = sign("act", str(connection.connection.info.backend_pid), *told)
        if change == "user":
            told[0] = str(people["manager"].pk)
        if change == "service":
            told[1] = str(services["harbour"].pk)
        if change == "moment":
            told[2] = "2001-01-01T00:00:00+00:00"
        if change == "signature":
            signature = "0" * 64
        with pytest.raises(DatabaseError, match=r"signed|run out"), transaction.atomic():
            ask("SELECT wall.act(%s, %s, %s, %s, %s)", *told, signature)


class _Undone(Exception):
    """What was tried is undone."""


@contextlib.contextmanager
def another_connection():
    kept = connections["default"].settings_dict
    with psycopg.connect(
        host=kept["HOST"],
        port=kept["PORT"],
        user=kept["USER"],
        password=kept["PASSWORD"],
        dbname=kept["NAME"],
    ) as raw:
        yield raw


def _acts(raw, user, service):
    told = [str(user.pk), str(service.pk), now().isoformat(), expiry()]
    signature = sign("act", str(raw.info.backend_pid), *told)
    raw.execute("SELECT wall.act(%s, %s, %s, %s, %s)", [*told, signature])
    return [*told, signature]


def test_a_signature_serves_one_connection_alone(people, rowan):
    with another_connection() as one, another_connection() as other:
        told = _acts(one, people["manager"], rowan)
        with pytest.raises(psycopg.Error, match="not signed"):
            other.execute("SELECT wall.act(%s, %s, %s, %s, %s)", told)


def test_what_was_told_ends_with_its_transaction_and_cannot_be_told_again(people, rowan):
    with another_connection() as raw:
        _acts(raw, people["manager"], rowan)
        assert raw.execute("SELECT wall.acting_service()").fetchone() == (rowan.pk,)
        kept = raw.execute("SELECT wall.standing()").fetchone()[0]
        raw.rollback()
        assert raw.execute("SELECT wall.acting_service()").fetchone() == (None,)
        raw.execute("SELECT wall.restore(%s)", [kept])
        assert raw.execute("SELECT wall.acting_service()").fetchone() == (None,)


def test_a_reference_of_any_service_is_taken(full, people, rowan):
    with act(people["isva"], rowan):
        assert ask("SELECT wall.reference_is_free(%s)", full["harbour's"].reference) == [(False,)]
        assert ask("SELECT wall.reference_is_free(%s)", f"ZZ-{uuid.uuid4().hex[:4]}") == [(True,)]
