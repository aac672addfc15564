from __future__ import annotations

import pytest
from django.test import Client


@pytest.fixture
def phone() -> Client:
    return Client(HTTP_HOST="localhost")


def test_the_page_for_what_broke_asks_nothing_of_the_database(phone, monkeypatch):
    def breaks(request):
        raise RuntimeError("broke")

    monkeypatch.setattr("beside.web.views.appearance.render", lambda *given: breaks(None))
    phone.raise_request_exception = False

    answer = phone.get("/light")

    assert answer.status_code == 500
    assert "Something broke here" in answer.content.decode()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
