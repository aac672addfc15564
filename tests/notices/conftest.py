from __future__ import annotations

import pytest

from tests import smtp_peer


@pytest.fixture
def peer(settings):
    """A mail server that mails are really sent to."""
    with smtp_peer.running() as running:
        settings.MAIL_CARRIER = "beside.notices.carrier.Carrier"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield running
