"""Canaries: a word in every personal field, the whole application driven, errors too; then it is looked for where it may not be.

Logs (the database's own among them, where it is ours), mails, the queue's messages, the cache, addresses and titles of pages, files and their names, the rows of
sessions, drafts and access entries: none of them may hold it.
"""

import datetime as dt
import io
import logging
import pickle
import re
import tempfile
import uuid
from html import unescape
from pathlib import Path

import pytest
from celery.app.task import Task
from django import forms
from django.conf import settings as given
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, models, transaction
from django.test import Client as Browser
from django.urls import reverse

from casework.models import Case, Client, SafeContact
from isva.access.acting import act
from isva.accounts.models import Service
from isva.bootstrap import postgres
from isva.clock import letters
from isva.clock.models import Letter
from isva.clock.moment import LONDON, at, today
from isva.clock.tick import tick
from isva.interface import forms as ui
from isva.pathway import Stage
from referrals.ways_in import PROFESSIONAL as PROFESSIONAL_FORM
from referrals.ways_in import SELF as SELF_FORM
from tests.access.records import records_of, records_on
from tests.access.table import TABLE, OnCase, Public
from tests.access.test_every_url import parameters_of
from tests.factories import make_case
from tests.referrals.conftest import PROFESSIONAL, SELF, Visitor

pytestmark = pytest.mark.django_db

BIRD, NUMBER = "Kanarienvogel", "07700 900987"
MAIL = "kanarienvogel@birds.example"
TRACES = re.compile(rb"kanarienvogel|0?7700\W{0,3}900\W?987", re.IGNORECASE)
#: Each stage of the pathway: forms ask for a case of their own stage.
STAGES = (
    Stage.REFERRAL,
    Stage.TRIAGE,
    Stage.INTERIM,
    Stage.ALLOCATION,
    Stage.ACTIVE,
    Stage.STEPPED_DOWN,
    Stage.CLOSED,
)
ROLES = ("manager", "coordinator", "isva", "records_lead")
#: Pages whose forms would end the drive itself.
LEFT_OUT = {"sign_out", "end_membership", "demo_sign_in", "change_password"}


class Watch:
    """Looks where the word may not be."""

    def __init__(self):
        self.found: list[str] = []
        self.sent = self.taken = 0

    def look(self, where: str, what) -> None:
        """Note where the word stands in ``what``: text, bytes, or anything that can be written down."""
        if isinstance(what, str):
            what = what.encode("utf-8", "replace")
        elif not isinstance(what, (bytes, bytearray)):
            what = repr(what).encode("utf-8", "replace")
        if trace := TRACES.search(what):
            self.found.append(f"{where}: {bytes(what[max(0, trace.start() - 60) : trace.end() + 30])!r}")

    def page(self, name: str, response) -> None:
        """Addresses, titles and headers of an answer; what the page itself shows is for who may see it."""
        self.look(f"headers of {name}", dict(response.items()))
        for cookie in response.cookies.values():
            self.look(f"cookie of {name}", cookie.OutputString())
        if response.get("Content-Type", "").startswith("text/html"):
            text = unescape(response.content.decode())
            self.look(f"title of {name}", " ".join(re.findall(r"<title>(.*?)</title>", text, re.DOTALL)))
            led = re.findall(r"""\s(?:href|action|formaction|src|data-[a-z-]*url)\s*=\s*["']([^"']*)""", text)
            self.look(f"addresses on {name}", " ".join(led))


@pytest.fixture
def watch(monkeypatch, tmp_path, settings):
    """Everything that could hold a word is set up to be looked into at the end."""
    seen, log, tasks = Watch(), io.StringIO(), []
    root = logging.getLogger()
    handlers = {
        handler
        for logger in (root, *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict)))
        for handler in logger.handlers
        if type(handler) is logging.StreamHandler
    }
    assert handlers, "the product's own handlers write the log"
    for handler in handlers:
        monkeypatch.setattr(handler, "stream", log)
    level = root.level
    root.setLevel(logging.DEBUG)
    queued = Task.apply_async

    def queue(self, args=None, kwargs=None, **options):
        tasks.append((self.name, args, kwargs))
        return queued(self, args, kwargs, **options)

    monkeypatch.setattr(Task, "apply_async", queue)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    settings.PUBLIC_FORMS_AN_HOUR = dict.fromkeys(settings.PUBLIC_FORMS_AN_HOUR, 10**6)
    cache.clear()
    database_log = _log_of_the_database()
    written_before = database_log.stat().st_size if database_log else 0
    yield seen
    root.setLevel(level)
    seen.look("the log", log.getvalue())
    assert "Request failed" in log.getvalue(), "the log was watched, and a failure reached it"
    if database_log:
        written = database_log.read_bytes()[written_before:]
        seen.look("the log of the database", written)
        assert b"division by zero" in written, "the log of the database was watched, and a failure reached it"
    for task in tasks:
        seen.look("a message of the queue", task)
    for letter in mail.outbox:
        seen.look("a mail", f"{letter.subject}\n{letter.body}\n{letter.attachments}\n{letter.extra_headers}")
    for key, value in _cached().items():
        seen.look("a key of the cache", key)
        seen.look("a value of the cache", pickle.dumps(value) if not isinstance(value, bytes) else value)
    for folder in (
        temporary,
        given.DOCUMENTS_ROOT,
        Path(given.STATIC_ROOT),
        Path(given.MEDIA_ROOT or temporary),
    ):
        for path in folder.rglob("*"):
            seen.look("the name of a file", str(path.relative_to(folder)))
            if path.is_file() and folder != Path(given.STATIC_ROOT):
                seen.look("a file", path.read_bytes())
    _look_into_tables(seen)
    assert seen.found == []


def _log_of_the_database() -> Path | None:
    """The log of the server that is this machine's own; None where another one is used, whose log lies elsewhere."""
    port = str(connection.settings_dict["PORT"])
    for folder in postgres.servers_home(postgres.runner()).glob("postgres-*"):
        started = folder / "postmaster.pid"
        if started.exists() and started.read_text().splitlines()[3] == port:
            return folder / "server.log"
    return None


def _cached() -> dict:
    backend = cache._connections["default"] if hasattr(cache, "_connections") else cache
    return dict(getattr(backend, "_cache", {}))


def _look_into_tables(seen) -> None:
    """Tables of the machinery, which hold nothing personal (or only encrypted)."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor)
                  if name.startswith(("django_", "drafts_", "audit_accessentry", "mfa_", "guardian_"))]  # fmt: skip
        for table in tables:
            cursor.execute("SAVEPOINT looking")
            try:
                cursor.execute(f'SELECT * FROM "{table}"')
                rows = cursor.fetchall()
            except Exception:  # a table that this role may not read
                cursor.execute("ROLLBACK TO SAVEPOINT looking")
                continue
            for row in rows:
                seen.look(f"table {table}", [bytes(v) if isinstance(v, memoryview) else v for v in row])
            if table == "django_session":
                from django.contrib.sessions.backends.db import SessionStore

                for row in rows:
                    seen.look("a session", SessionStore().decode(row[1]))


def answer_to(question, name: str):
    """What is typed into a question: the word wherever words go, else something that may stand there."""
    if isinstance(question, ui.OnceField):
        return str(uuid.uuid4())
    if isinstance(question, ui.DayMonthYearField):
        day = today().replace(year=today().year + (-1 if question.past else 1), day=3)
        parts = {"day": day.day, "month": day.month, "year": day.year, "time": "10:00"}
        return {f"{name}_{part}": str(parts[part]) for part in question.widget.parts}
    if isinstance(question, forms.FileField):
        return SimpleUploadedFile(f"{BIRD}.txt", f"{BIRD} sang. {NUMBER}".encode())
    if isinstance(question, (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)):
        return [str(value) for value, _label in _options(question)[:1]]
    if isinstance(question, (forms.ChoiceField, forms.ModelChoiceField)):
        options = [str(value) for value, _label in _options(question) if str(value)]
        return options[0] if options else BIRD
    if isinstance(question, forms.BooleanField):
        return "on"
    if isinstance(question, forms.EmailField):
        return MAIL
    if isinstance(question, ui.PhoneField):
        return NUMBER
    if isinstance(question, ui.ClockTimeField):
        return "10:00"
    if isinstance(question, (forms.IntegerField, forms.DecimalField)):
        return str(max(1, question.min_value or 1))
    if isinstance(question, forms.UUIDField):
        return str(uuid.uuid4())
    return BIRD if name != "reference" else "K7-4PQ2"


def _options(question) -> list:
    flat = []
    for value, label in question.choices:
        flat += label if isinstance(label, (list, tuple)) else [(value, label)]
    return flat


def filled_in(form) -> dict:
    """Answers to every question of a form."""
    data = {}
    for name, question in form.fields.items():
        said = answer_to(question, name)
        data |= said if isinstance(said, dict) else {form.add_prefix(name): said}
    return data


def drive(watch, browser, name, address) -> None:
    """Look at a page; where it has a form, send it filled with the word, and once more so that nothing in it is right."""
    page = browser.get(address)
    watch.page(name, page)
    context = page.context or {}
    form = context.get("form")
    if form is None or not hasattr(form, "fields"):
        watch.page(name, browser.post(address, {"q": BIRD, "reason": BIRD, "name": BIRD}))
        return
    wrong = {key: BIRD for key in filled_in(form) if key != "once"}
    watch.page(f"{name} with mistakes", browser.post(address, wrong))
    reply = browser.post(address, filled_in(form))
    watch.page(f"{name} sent", reply)
    watch.sent += 1
    if reply.status_code == 302:
        watch.taken += 1
        watch.page(f"after {name}", browser.get(reply.url))


def put_the_word_into(record, by, service) -> None:
    """Every field of words of a record that is there already."""
    for question in record._meta.local_fields:
        if isinstance(question, (models.TextField, models.CharField)) and not question.choices:
            if question.name in ("reference", "token_hash", "language", "value"):
                continue
            setattr(record, question.name, BIRD[: question.max_length or None])
    with act(by, service):
        record.save()


@pytest.fixture
def cases(people, rowan):
    """A case at each stage, whose people carry the word in every field."""
    manager, made = people["manager"], {}
    for stage in STAGES:
        case = make_case(rowan, by=manager, stage=stage, isva=people["isva"], name=BIRD)
        client = Client.objects.get(pk=case.client_id)
        put_the_word_into(client, manager, rowan)
        put_the_word_into(case.referral, manager, rowan)
        contact = SafeContact.objects.get(client=client)
        contact.value = NUMBER
        with act(manager, rowan):
            contact.save()
        made[stage] = case
    return made


def test_the_word_is_nowhere_but_in_the_record(watch, people, rowan, services, signed_in, cases, monkeypatch,
                                               django_capture_on_commit_callbacks):  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        _public_forms(watch)
        _every_page(watch, people, rowan, signed_in, cases)
        _searches(watch, signed_in, rowan)
        _failures(watch, signed_in, rowan, cases, monkeypatch)
        _the_clock(rowan, people)
    assert Case.objects.filter(client__name__icontains=BIRD).count() > len(STAGES)
    assert len(mail.outbox) > 0
    assert watch.taken >= 20, f"{watch.taken} of {watch.sent} forms were taken"


def _the_clock(rowan, people) -> None:
    """The letters of the clock about these cases: at once, of the day and of the week, some days later."""
    before = len(mail.outbox)
    with at(dt.datetime.combine(today() + dt.timedelta(days=20), dt.time(23, 30), tzinfo=LONDON)):
        tick(Service.objects.get(pk=rowan.pk))
        for letter in Letter.objects.filter(sent_at__isnull=True):
            letters.send(letter.pk)
    kinds = set(Letter.objects.filter(tries__gt=0).values_list("kind", flat=True))
    assert {"at_once"} <= kinds
    assert len(mail.outbox) > before


def _public_forms(watch) -> None:
    for form, steps, answers in (
        ("professional", PROFESSIONAL_FORM, PROFESSIONAL),
        ("self", SELF_FORM, SELF),
    ):
        person = Visitor(form)
        everything = {
            "who": "me",
            "more": "yes",
            "wants_link": "yes",
            "ways": ["phone", "email", "address", "person"],
        }
        for _ in range(60):
            look = person.look()
            watch.page(f"{form} form", look)
            if (here := person.at) == "check":
                break
            step = next(one for one in steps.steps if one.name == here)
            shown = look.context["form"]
            data = filled_in(shown) | answers.get(here, {})
            for name, question in shown.fields.items():
                if type(question) in (forms.CharField, ui.LongTextField, ui.PhoneField, forms.EmailField):
                    data[name] = answer_to(question, name)
            data |= {name: said for name, said in everything.items() if name in shown.fields}
            watch.page(
                f"{form} {here} with mistakes",
                person.post(step=step.name, **dict.fromkeys(shown.fields, BIRD * 2000)),
            )
            reply = person.post(step=step.name, **data)
            if reply.status_code != 302:
                reply = person.post(step=step.name, **answers.get(here, {}))
            watch.page(f"{form} {here}", reply)
            assert reply.status_code == 302, (here, reply.context["form"].errors)
        reply = person.send()
        watch.page(f"{form} sent", reply)
        watch.page(f"{form} confirmation", person.browser.get(reply.url))
        watch.page(f"{form} left", person.browser.get(f"{person.address}leave/"))


def _every_page(watch, people, rowan, signed_in, cases) -> None:
    browsers = {role: signed_in(role, rowan) for role in ROLES}
    stranger = Browser()
    for name, rule in TABLE.items():
        if name in LEFT_OUT:
            continue
        if isinstance(rule, OnCase):
            for stage, case in cases.items():
                keys = records_on(case, parameters_of(name) - {"case_id"}, by=people["manager"])
                address = reverse(name, kwargs={"case_id": case.pk, **keys})
                for role in ("isva",) if stage is Stage.ACTIVE and "CHANGE" in str(rule) else ("manager",):
                    drive(watch, browsers[role], name, address)
        else:
            keys = records_of(rowan, parameters_of(name), route=name, by=people["manager"])
            visitors = [stranger] if isinstance(rule, Public) else browsers.values()
            for browser in visitors:
                drive(watch, browser, name, reverse(name, kwargs=keys))


def _searches(watch, signed_in, rowan) -> None:
    for role in ("manager", "coordinator", "isva"):
        browser = signed_in(role, rowan)
        for said in (BIRD, BIRD.lower()[:8], NUMBER, MAIL):
            watch.page("search", browser.post(reverse("search"), {"q": said}))
        watch.page("list", browser.get(reverse("list_cases")))


def _failures(watch, signed_in, rowan, cases, monkeypatch) -> None:
    """A failure of ours with the word in it, requests that cannot be read, addresses that are not there."""

    def fail(*_args, **told):
        raise RuntimeError(f"{BIRD} {NUMBER} {told}")

    browser = signed_in("isva", rowan)
    browser.raise_request_exception = False
    address = reverse("write_note", kwargs={"case_id": cases[Stage.ACTIVE].pk})
    with monkeypatch.context() as broken:
        broken.setattr("casework.contacts.write_note", fail)
        reply = browser.post(f"{address}?q={BIRD}", {"text": f"{BIRD} {NUMBER}", "once": str(uuid.uuid4())})
        assert reply.status_code == 500
        watch.page("a failure", reply)
        broken.setattr("referrals.stages.referral.receive_from_public", fail)
        person = Visitor("self").go_through(SELF | {"name": {"known_as": BIRD}})
        person.browser.raise_request_exception = False
        reply = person.send()
        assert reply.status_code == 500
        watch.page("a failure of the public form", reply)
    for wrong in ("SELECT %s, 1 / 0", "INSERT INTO accounts_user (email) VALUES (%s)"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(wrong, [MAIL])
    too_many = {f"{BIRD}{n}": BIRD for n in range(600)}
    for told, reply in (
        ("too many answers", browser.post(address, too_many)),
        ("a wrong host", browser.get("/sign-in/", HTTP_HOST=f"{BIRD}.example")),
        ("too much", browser.post(address, BIRD * 200_000, content_type="application/x-www-form-urlencoded")),
        ("a broken file", browser.post(address, f"--x\r\n{BIRD}".encode(), content_type="multipart/form-data; boundary=x")),
        ("no such page", browser.get(f"/{BIRD}/")),
        ("no such link", Browser().get(f"/status/{BIRD}/")),
        ("no token", Browser(enforce_csrf_checks=True).post("/refer/rowan/self/", {"known_as": BIRD}, HTTP_REFERER=f"http://{BIRD}/")),
        ("a sign-in that fails", Browser().post("/sign-in/", {"email": MAIL, "password": BIRD})),
    ):  # fmt: skip
        watch.look(
            f"title at {told}", " ".join(re.findall(rb"<title>.*?</title>", reply.content).__repr__().split())
        )
