"""Logs that say what went wrong and never about whom: no address with its query, no value, no local variable."""

import logging
import traceback


class NothingPersonal(logging.Filter):
    """Replaces the message of a failed request by its route and drops whatever was quoted from it."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            record.msg, record.args = "Request failed: %s", (match.view_name if match else "no route",)
            record.request = None
        elif record.name == "celery.app.trace" and isinstance(record.args, dict):
            # Celery's own message quotes the error of a task that failed, and an error may quote a record.
            again = "is tried again" if "exc" in record.args else "done"
            done = again if record.levelno < logging.WARNING else "failed"
            record.msg, record.args = "Task %s %s", (record.args.get("name"), done)
        return True


class PlainFormatter(logging.Formatter):
    """Where it failed and with which kind of error; the text of an error may quote a record, so it is left out."""

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei):  # noqa: N802 (the name is the standard library's)
        kind, _error, where = ei
        lines = [
            f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(where)
        ]
        return "\n".join([*lines, f"  {kind.__module__}.{kind.__qualname__}"])
