from __future__ import annotations

import json
import logging
import sys
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from pydantic import ValidationError

from beside.config import env
from beside.config.logs import JsonLines, Lines, WithoutSecrets, clean
from tests.web.browser import as_

LETTER = UUID("11111111-2222-4333-8444-555555555555")
CAPABILITY = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6"


@pytest.fixture
def logged(caplog) -> list[str]:
    """What the handler writes of what is logged while the test runs."""
    lines: list[str] = []

    class Writing(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Writing()
    handler.setFormatter(Lines())
    handler.addFilter(WithoutSecrets())
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    "path",
    [
        f"/posts/{LETTER}/",
        f"/nowhere/{LETTER}/",
        f"/t/12345-{'2' * 5}/none/",
        "/join/s3cretsecretsecret0/none/",
        "/mails/s3cretsecretsecret0/end/",
        f"/p/{CAPABILITY}",
    ],
)
def test_a_page_that_is_not_there_is_logged_without_its_address(cast, logged, path):
    assert as_(cast.rose).get(path).status_code == 404

    assert len(logged) == 1
    assert "404 for GET" in logged[0]
    for secret in (str(LETTER), "12345", "s3cret", CAPABILITY):
        assert secret not in logged[0]


def test_a_request_for_another_host_is_one_line(db, logged):
    assert Client(headers={"host": "evil.example"}).get("/").status_code == 400

    assert len(logged) == 1
    assert "'evil.example' isn't the one in BESIDE_URL" in logged[0]
    assert "\n" not in logged[0]


def test_a_host_of_many_lines_is_one_line(db, logged):
    Client(headers={"host": "evil\n2026-01-01 ERROR all is lost" + "x" * 500}).get("/")

    assert len(logged) == 1
    assert "\n" not in logged[0]
    assert len(logged[0]) < 300


def test_no_id_or_token_is_in_a_traceback():
    try:
        raise LookupError(f"no photograph {LETTER} at /p/{CAPABILITY} for {CAPABILITY}")
    except LookupError:
        said = Lines().formatException(sys.exc_info())

    assert "LookupError" in said
    assert str(LETTER) not in said
    assert CAPABILITY not in said


def test_what_is_no_secret_stays_in_a_line():
    for said in (
        "a chore has to wait: database is locked",
        "/srv/beside/config/logs.py, line 12345, in test_what_is_no_secret_stays",
        "Error in django.contrib.sessions.middleware.SessionMiddleware2",
    ):
        assert clean(said) == said


def test_a_line_of_json_has_everything_in_it():
    try:
        raise ValueError("two\nlines")
    except ValueError:
        trace = sys.exc_info()
    record = logging.LogRecord("beside", logging.ERROR, "", 0, "It “fell”: %s", ("x\ny",), trace)

    line = JsonLines().format(record)

    assert "\n" not in line
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == (
        "error",
        "beside",
        "It “fell”: x\ny",
    )
    assert "ValueError: two" in told["traceback"]
    assert told["at"].endswith("+00:00")


def test_each_word_for_a_level_or_a_form_is_taken_and_no_other():
    assert env.load({"BESIDE_LOG_LEVEL": "WARNING"}).log_level == "warning"
    assert env.load({"BESIDE_LOG_FORMAT": "json"}).log_format == "json"
    with pytest.raises(ValidationError, match="It is one of: info, warning, error"):
        env.load({"BESIDE_LOG_LEVEL": "loud"})


def test_the_server_logs_this_way():
    assert "beside.config.logs.WithoutSecrets" in str(settings.LOGGING)
