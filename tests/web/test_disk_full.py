from __future__ import annotations

import errno

import pytest
from django.db import OperationalError
from django.test import Client

from beside.posts import closing


@pytest.mark.parametrize(
    ("refused", "says"),
    [
        (OperationalError("database or disk is full"), "This place is full at the moment"),
        (OSError(errno.ENOSPC, "No space left on device"), "This place is full at the moment"),
        (OperationalError("attempt to write a readonly database"), "can’t keep anything"),
        (OSError(errno.EROFS, "Read-only file system"), "can’t keep anything"),
    ],
)
def test_a_disk_that_refuses_has_a_page_with_a_sentence(cast, monkeypatch, refused, says):
    def refuse(*_args, **_how):
        raise refused

    monkeypatch.setattr(closing, "close_everything", refuse)
    client = Client(raise_request_exception=False)
    client.force_login(cast.rose)

    answer = client.post("/closing/", {"which": "everything"})

    assert answer.status_code == 503
    assert says in answer.content.decode()
    assert "Go back to it" in answer.content.decode()
