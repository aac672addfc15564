from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

ASK = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
answers = [
    Client(SERVER_NAME="beside.example.org", **{"wsgi.url_scheme": "http"}, **proxy).get("/you/")
    for proxy in ({"HTTP_X_FORWARDED_PROTO": "https"}, {"HTTP_X_FORWARDED_PROTO": "http"})
]
print(json.dumps([
    [answer.headers.get(name) for name in ("Strict-Transport-Security", "Referrer-Policy")]
    for answer in answers
] + [[settings.DEVICE_COOKIE_NAME, settings.SESSION_COOKIE_SECURE]]))
"""


@pytest.mark.thorough
def test_behind_tls_a_browser_is_told_to_come_by_https_only(tmp_path):
    place = {
        "BESIDE_URL": "https://beside.example.org",
        "BESIDE_DATA": str(tmp_path / "data"),
        "BESIDE_ROOT_KEY_FILE": str(tmp_path / "root.key"),
        "DJANGO_SETTINGS_MODULE": "beside.config.settings",
    }
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("BESIDE_", "DJANGO_"))}

    told = subprocess.run(
        [sys.executable, "-c", ASK], env=inherited | place, capture_output=True, text=True
    )

    assert told.returncode == 0, told.stderr
    by_https, by_http, cookies = json.loads(told.stdout.splitlines()[-1])
    assert by_https == ["max-age=31536000", "same-origin"]
    assert by_http == [None, "same-origin"]
    assert cookies == ["__Host-device", True]
