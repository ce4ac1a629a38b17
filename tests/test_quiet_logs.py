"""Logs say what failed and where, and nothing of what an error quoted: in the pages and in the worker."""

import logging
import sys

from celery.signals import setup_logging
from django.conf import settings

from isva.quiet_logs import NothingPersonal, PlainFormatter

CANARY = "ada.testperson@example.org"


def written(record) -> str:
    """What a handler of ours writes of a record."""
    assert NothingPersonal().filter(record)
    return PlainFormatter().format(record)


def failed(name, message, *args, **extra):
    try:
        raise ValueError(CANARY)
    except ValueError:
        record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, sys.exc_info())
    for key, value in extra.items():
        setattr(record, key, value)
    return written(record)


def test_a_task_that_failed_is_named_and_its_error_is_not_quoted():
    text = failed(
        "celery.app.trace",
        "Task %(name)s[%(id)s] raised unexpected: %(exc)s",
        {"name": "referrals.tasks.acknowledge_referral", "id": "1", "exc": f"ValueError({CANARY!r})"},
    )
    assert "referrals.tasks.acknowledge_referral failed" in text
    assert "ValueError" in text
    assert CANARY not in text


def test_a_task_that_is_tried_again_is_not_called_done():
    told = {
        "name": "isva.accounts.tasks.send_word",
        "id": "1",
        "exc": f"Retry in 30s: ValueError({CANARY!r})",
    }
    record = logging.LogRecord("celery.app.trace", logging.INFO, __file__, 1, "retry: %(exc)s", (told,), None)
    text = written(record)
    assert "isva.accounts.tasks.send_word is tried again" in text
    assert CANARY not in text


def test_a_page_that_failed_is_named_and_its_error_is_not_quoted():
    text = failed(
        "django.request", "%s: %s", "Internal Server Error", f"/search/?q={CANARY}", request=object()
    )
    assert "Request failed" in text
    assert CANARY not in text


def test_celery_leaves_the_logs_as_the_settings_have_them():
    assert list(setup_logging.receivers)
    assert settings.LOGGING["root"]["handlers"] == ["console"]
