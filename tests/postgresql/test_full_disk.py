"""PostgreSQL whose disk is really full: a small file system in memory, which only root can mount."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.cli.disks import fill, small_disk
from tests.crash.folder import environment
from tests.nodes import faults
from tests.nodes.several import Door
from tests.postgres import HASTY, Cluster, somebody_unprivileged
from tests.serving import BESIDE, free_port, running, until

ROOT = Path(__file__).parents[2]
# What was told is with the kernel, whatever becomes of the server. Nothing cuts the power here.
KEPT = HASTY | {"synchronous_commit": "on"}
BYTES = "application/offset+octet-stream"
FULL = "This place is full at the moment"
NOT_KEPT = ("What was here before is safe", "What has arrived is safe", "Nothing is lost")
# More than any table has room for in pages that it has already.
MANY = 400
PHOTOGRAPH = b"x" * 100


@pytest.fixture
def disk() -> Iterator[Path]:
    """An empty file system of 192 MiB, where PostgreSQL's user may go too."""
    with tempfile.TemporaryDirectory(prefix="beside-disk-") as folder:
        Path(folder).chmod(0o755)
        with small_disk(Path(folder) / "disk", "192m") as mounted:
            mounted.chmod(0o755)
            yield mounted


class Place(Door):
    """A served place, of which `told` is what `tests.nodes.place` has said."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(free_port())
        self.environ = environment(folder, database=url) | {
            "BESIDE_BIND": f"127.0.0.1:{self.port}",
            "BESIDE_URL": f"http://localhost:{self.port}",
            "BESIDE_SERVER_WORKERS": "1",
            # A database that shares its machine with other tests is only slow.
            "BESIDE_DATABASE_PATIENCE_S": "20",
        }
        making = [sys.executable, "-m", "tests.nodes.place", "4"]
        made = subprocess.run(
            making, cwd=ROOT, env=self.environ, check=True, stdout=subprocess.PIPE
        )
        told = json.loads(made.stdout)
        self.rose, self.nan = told["cookies"]["rose"], told["cookies"]["nan"]
        self.letters: list[dict] = told["letters"]
        self.faults = faults.found(self.environ)

    def shown(self) -> list[tuple[int, int]]:
        """What Nan is answered of each letter and its photograph."""
        return [
            (
                self.ask(letter["page"], self.nan).status,
                self.ask(letter["photographs"]["nan"], self.nan).status,
            )
            for letter in self.letters
        ]

    def begin(self) -> tuple[int, str, str]:
        """Tell it of one more photograph: the status, where it goes, and what was said."""
        answer = self.ask(
            "/uploads/",
            self.rose,
            method="POST",
            Upload_Length=str(len(PHOTOGRAPH)),
            Tus_Resumable="1.0.0",
        )
        return answer.status, answer.headers.get("Location", ""), answer.body.decode()

    def arrives(self, where: str) -> bool:
        """Whether a photograph that it was told of arrives whole."""
        head = {"Content_Type": BYTES, "Upload_Offset": "0", "Tus_Resumable": "1.0.0"}
        return self.ask(where, self.rose, method="PATCH", body=PHOTOGRAPH, **head).status == 204

    def take_back(self, number: int) -> int:
        """The status; whoever is refused is told so kindly."""
        answer = self.post(f"{self.letters[number]['page']}taking-back/", self.rose)
        if answer.status != 302:
            assert answer.status in (503, 507)
            assert any(said in answer.body.decode() for said in NOT_KEPT)
        return answer.status


def test_a_disk_without_room_for_rows_costs_a_sentence_and_nothing_else(disk, tmp_path):
    rows = disk / "rows"
    rows.mkdir()
    if who := somebody_unprivileged():
        shutil.chown(rows, who["user"], who["group"])
    with Cluster(KEPT) as cluster:
        _say(cluster, f"CREATE TABLESPACE small LOCATION '{rows}'")
        _say(cluster, "CREATE DATABASE place TABLESPACE small")
        place = Place(tmp_path, cluster.url("place"))
        with running([BESIDE, "serve"], place.environ):
            until(place.is_well)
            assert place.shown() == [(200, 200)] * 4
            fill(disk)

            begun = list(_until_refused(place))

            assert {status for status, *_ in begun} <= {201, 507}
            assert FULL in begun[-1][2]
            assert place.shown() == [(200, 200)] * 4
            first = place.take_back(0)
            assert place.shown() == [_after(first), *[(200, 200)] * 3]

            (disk / "full").unlink()
            _goes_on(place, first, [where for status, where, _said in begun if status == 201])


def test_a_disk_without_room_for_its_log_costs_a_sentence_and_nothing_else(disk, tmp_path):
    with Cluster(KEPT, within=disk) as cluster:
        place = Place(tmp_path, cluster.make("place"))
        with running([BESIDE, "serve"], place.environ):
            until(place.is_well)
            assert place.shown() == [(200, 200)] * 4
            fill(disk)
            _use_up_log(cluster)

            begun = [place.begin() for _ in range(4)]
            assert {status for status, *_ in begun} <= {201, 503, 507}
            first = place.take_back(0)
            assert {status for pair in place.shown() for status in pair} <= {200, 404, 503}

            (disk / "full").unlink()
            # Whoever looks after it starts it again.
            if not cluster.is_running():
                cluster.run()
            _goes_on(place, first, [where for status, where, _said in begun if status == 201])


def _until_refused(place: Place) -> Iterator[tuple[int, str, str]]:
    """One photograph after the other."""
    for _ in range(MANY):
        begun = place.begin()
        yield begun
        if begun[0] != 201:
            return
    pytest.fail("it never became full")


def _goes_on(place: Place, first: int, begun: list[str]) -> None:
    """There is room again: what was told holds, and what was refused is done now."""
    until(place.is_well)
    # Delivery has connections of its own, and asks again for one that failed only after a moment.
    until(lambda: place.shown() == [_after(first), *[(200, 200)] * 3])
    assert all(place.arrives(where) for where in begun)
    assert [place.take_back(number) for number in (0, 1)] == [302, 302]
    assert place.shown() == [(404, 404)] * 2 + [(200, 200)] * 2
    status, where, _said = place.begin()
    assert status == 201
    assert place.arrives(where)
    assert faults.found(place.environ) <= place.faults


def _after(status: int) -> tuple[int, int]:
    return (404, 404) if status == 302 else (200, 200)


def _say(cluster: Cluster, sql: str) -> None:
    with psycopg.connect(cluster.url(), autocommit=True) as saying:
        saying.execute(sql)


def _use_up_log(cluster: Cluster) -> None:
    """Write to its log until it can't."""
    with pytest.raises(psycopg.OperationalError):
        _write_for_ever(cluster)


def _write_for_ever(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url()) as writing:
        while True:
            writing.execute("SELECT pg_logical_emit_message(false, 'full', repeat('x', 1000000))")
