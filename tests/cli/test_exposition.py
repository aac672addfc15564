from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr, ValidationError

from beside.cli.process.exposition import exposed, registry
from beside.config import env as env_
from beside.moderation.last_runs import LastBackup, remember
from tests.cli.conftest import Made
from tests.serving import PATIENCE_S, free_port, running, until

# All that may ever be told, and by what it may be told apart: a host must not read from it who looks at what.
MAY_BE_TOLD = {
    "beside_requests": {"kind", "status"},
    "beside_request_seconds": {"kind", "le"},
    "beside_requests_waiting": set(),
    "beside_photographs_waiting": set(),
    "beside_mails_waiting": set(),
    "beside_disk_free_bytes": set(),
    "beside_disk_size_bytes": set(),
    "beside_backup_age_seconds": set(),
    "beside_worker_reported_timestamp_seconds": set(),
}
KINDS = {"page", "photograph", "upload", "static"}
STATUSES = {"1xx", "2xx", "3xx", "4xx", "5xx"}
# A process counts as the server's do.
COUNTS = """
import sys
from beside.front.metrics import Kind, Metrics
counted = Metrics()
counted.answered(Kind.PAGE, 200, seconds=0.03)
counted.answered(Kind.PHOTOGRAPH, 404, seconds=0.003)
counted.wait(int(sys.argv[1]))
print(flush=True)
sys.stdin.read()
"""


def told_on(bind: str) -> str:
    with urlopen(f"http://{bind}/metrics", timeout=30) as answer:
        return answer.read().decode()


def number(told: str, name: str, **labels: str) -> float | None:
    for family in text_string_to_metric_families(told):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return sample.value
    return None


def require_nothing_else(told: str) -> None:
    for family in text_string_to_metric_families(told):
        assert family.name in MAY_BE_TOLD, family.name
        for sample in family.samples:
            assert set(sample.labels) <= MAY_BE_TOLD[family.name]
            assert sample.labels.get("kind", "page") in KINDS
            assert sample.labels.get("status", "2xx") in STATUSES


@pytest.fixture
def asked_for(tmp_path) -> env_.Env:
    (tmp_path / "data").mkdir()
    return env_.load(
        {"BESIDE_DATA": str(tmp_path / "data"), "BESIDE_METRICS": f"127.0.0.1:{free_port()}"}
    )


def counting(waiting: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", COUNTS, str(waiting)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    process.stdout.readline()
    return process


@pytest.mark.thorough
def test_what_several_processes_counted_is_added_up_and_outlives_them(asked_for):
    with exposed(asked_for):
        first, second = counting(2), counting(3)
        together = told_on(asked_for.metrics)
        first.kill()
        first.wait()
        afterwards = told_on(asked_for.metrics)
        for process in (first, second):
            process.stdin.close()
            process.stdout.close()
            process.wait()

    assert number(together, "beside_requests_total", kind="page", status="2xx") == 2
    assert number(together, "beside_requests_waiting") == 5
    assert number(afterwards, "beside_requests_total", kind="photograph", status="4xx") == 2
    assert number(afterwards, "beside_requests_waiting") == 3
    require_nothing_else(together)


def test_room_and_ages_are_told_where_they_are_known(asked_for):
    with exposed(asked_for):
        at_first = told_on(asked_for.metrics)
        remember(asked_for.data, LastBackup(datetime.now(UTC) - timedelta(days=2), "/mnt/rose"))
        later = told_on(asked_for.metrics)

    assert number(at_first, "beside_disk_free_bytes") > 0
    assert number(at_first, "beside_backup_age_seconds") is None
    assert number(later, "beside_backup_age_seconds") >= 2 * 24 * 3600
    assert "/mnt/rose" not in later
    require_nothing_else(later)


def test_no_room_is_told_of_a_folder_that_may_be_lost(asked_for, tmp_path):
    spare = asked_for.model_copy(
        update={
            "database_url": SecretStr("postgres://beside@db.example.org/beside"),
            "store": "s3://photographs",
            "keyring": str(tmp_path / "slots"),
        }
    )

    with exposed(spare):
        told = told_on(spare.metrics)

    assert number(told, "beside_disk_free_bytes") is None
    assert number(told, "beside_disk_size_bytes") is None


def test_without_the_setting_there_is_nothing(tmp_path):
    before = dict(os.environ)

    with exposed(env_.load({"BESIDE_DATA": str(tmp_path)})):
        assert dict(os.environ) == before


def test_nothing_is_left_behind(asked_for):
    with exposed(asked_for):
        folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
        assert folder.stat().st_mode & 0o077 == 0

    assert not folder.exists()
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ


def test_a_port_that_is_taken_is_said_to_be(asked_for):
    host, _, port = asked_for.metrics.partition(":")
    with socket.socket() as taken:
        taken.bind((host, int(port)))
        taken.listen()
        with pytest.raises(Exception, match="BESIDE_METRICS"), exposed(asked_for):
            pass


@pytest.mark.parametrize("bind", ["0.0.0.0:9464", "192.0.2.1:9464", "[::]:9464"])
def test_an_address_that_others_reach_is_refused_unless_that_is_meant(bind):
    with pytest.raises(ValidationError, match="BESIDE_METRICS_FOR_NETWORK"):
        env_.load({"BESIDE_METRICS": bind})

    meant = {"BESIDE_METRICS": bind, "BESIDE_METRICS_FOR_NETWORK": "true"}
    assert env_.load(meant).metrics == bind


@pytest.mark.parametrize("bind", ["127.0.0.1:9464", "localhost:9464", "[::1]:9464", "127.3.3.3:1"])
def test_an_address_of_this_machine_is_taken(bind):
    assert env_.load({"BESIDE_METRICS": bind}).metrics == bind


def test_the_servers_own_port_is_refused():
    with pytest.raises(ValidationError, match="the same port"):
        env_.load({"BESIDE_METRICS": "127.0.0.1:8000", "BESIDE_BIND": "8000"})


@pytest.mark.thorough
def test_a_served_place_tells_kinds_and_no_person_letter_or_address(as_made, tmp_path):
    """With a place of people and letters, and requests that name them."""
    port, metrics = free_port(), f"127.0.0.1:{free_port()}"
    secret = "11111111-2222-4333-8444-555555555555"
    with serving_(as_made, tmp_path, port, metrics):
        for path in (f"/posts/{secret}/", f"/p/{secret}", "/static/none.css", f"/{secret}"):
            ask(port, path)
        told = until_told(metrics, "beside_photographs_waiting")

    assert number(told, "beside_requests_total", kind="page", status="4xx") >= 1
    assert number(told, "beside_requests_total", kind="photograph", status="4xx") == 1
    assert number(told, "beside_requests_total", kind="static", status="4xx") == 1
    assert number(told, "beside_mails_waiting") == 0
    assert number(told, "beside_worker_reported_timestamp_seconds") > 0
    require_nothing_else(told)
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|rose|nan@|Rose", told)


def test_the_registry_has_nothing_of_the_machines(asked_for, tmp_path):
    told = {family.name for family in registry(asked_for, tmp_path).collect()}

    assert told <= set(MAY_BE_TOLD)
    assert settings.BESIDE.metrics == ""


@contextmanager
def serving_(as_made: Made, folder: Path, port: int, metrics: str) -> Iterator[None]:
    shutil.copytree(as_made.folder, folder / "place")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BESIDE_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    environ = kept | {
        "BESIDE_DATA": str(folder / "place" / "data"),
        "BESIDE_ROOT_KEY_FILE": str(folder / "place" / "root.key"),
        "BESIDE_BIND": f"127.0.0.1:{port}",
        "BESIDE_URL": f"http://localhost:{port}",
        "BESIDE_SERVER_WORKERS": "2",
        "BESIDE_METRICS": metrics,
    }
    with running([sys.executable, "-m", "beside.start", "serve"], environ):
        until(lambda: ask(port, "/healthz") == 200)
        yield


def ask(port: int, path: str) -> int:
    asking = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        asking.request("GET", path, headers={"Host": "localhost"})
        return asking.getresponse().status
    except OSError:
        return 0
    finally:
        asking.close()


def until_told(metrics: str, name: str) -> str:
    until(lambda: number(told_on(metrics), name) is not None)
    return told_on(metrics)
