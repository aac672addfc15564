"""What is logged, and how: by level, as lines of words or of JSON, and with nothing in it that names a letter or opens anything.

Which person asked for which letter is nobody's to read. So a line of Django's about a request says which kind of page it was for,
and from every other line, tracebacks included, ids and whatever could be a secret are taken out.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation

SECRET = re.compile(r"(/(?:join|t|p|mails)/)[^/\s'\"]+")
_ID = re.compile(
    r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b", re.IGNORECASE
)
# A session, a capability, a digest: long, of letters and digits.
_TOKEN = re.compile(r"(?<![\w/.-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{22,}(?![\w/.-])")
_LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
_FOREIGN = "django.security.DisallowedHost"
_REQUESTS = ("django.request", "django.security")
_LONGEST_HOST = 80


def of_server(kind: str) -> dict[str, Any]:
    """What the server's own configuration of logging is to be changed to."""
    lines = f"{__name__}.{'JsonLines' if kind == 'json' else 'Lines'}"
    handler = {"class": "logging.StreamHandler", "formatter": "generic"}
    return {
        "formatters": {"generic": {"()": lines}},
        "handlers": {"console": handler, "access": handler},
    }


def settings(level: str, kind: str) -> dict[str, Any]:
    """The configuration of Python's logging."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {"()": f"{__name__}.Lines"},
            "json": {"()": f"{__name__}.JsonLines"},
        },
        "filters": {"without_secrets": {"()": f"{__name__}.WithoutSecrets"}},
        "handlers": {
            "terminal": {
                "class": "logging.StreamHandler",
                "formatter": kind,
                "filters": ["without_secrets"],
            }
        },
        # It would write a line for each request.
        "loggers": {"psycopg.pool": {"level": "WARNING"}},
        "root": {"handlers": ["terminal"], "level": level.upper()},
    }


class WithoutSecrets(logging.Filter):
    """Says of a request only which kind of page it was for, and takes ids and secrets out of every other line."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == _FOREIGN:
            _in_one_line(record)
        elif record.name.startswith(_REQUESTS) and getattr(record, "request", None) is not None:
            if _is_about_foreign_host(record):
                return False
            _by_kind(record)
        message = record.getMessage()
        cleaned = clean(message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True


class Lines(logging.Formatter):
    """A line of words for each record, and its traceback below it."""

    def __init__(self) -> None:
        super().__init__(_LINE)

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802 - as logging names and types it
        return clean(super().formatException(ei))


class JsonLines(Lines):
    """One JSON object a line: when (UTC), level, logger, message, and the traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def clean(text: str) -> str:
    """`text` without ids, the secrets of addresses, and tokens."""
    return _TOKEN.sub("…", _ID.sub("…", SECRET.sub(r"\1…", text)))


def _in_one_line(record: logging.LogRecord) -> None:
    """Django logs a traceback for each robot that asks for another host."""
    host = getattr(record, "request", None)
    named = host.META.get("HTTP_HOST", "") if host is not None else ""
    record.levelno, record.levelname = logging.WARNING, "WARNING"
    record.msg = "A request for another host was refused: %r isn't the one in BESIDE_URL."
    record.args = (named[:_LONGEST_HOST],)
    record.exc_info = record.exc_text = None


def _is_about_foreign_host(record: logging.LogRecord) -> bool:
    """Whether it is Django's second line about the same request."""
    is_bad = getattr(record, "status_code", 0) == HTTPStatus.BAD_REQUEST
    try:
        record.request.get_host()  # type: ignore[attr-defined]
    except SuspiciousOperation:
        return is_bad
    return False


def _by_kind(record: logging.LogRecord) -> None:
    """Name the kind of page, as `urls.py` writes it, in place of the address."""
    request, status = record.request, getattr(record, "status_code", 0)  # type: ignore[attr-defined]
    match = request.resolver_match
    kind = f"/{match.route}" if match is not None else "an address that there isn't"
    record.msg, record.args = "%s for %s %s", (status, request.method, kind)
