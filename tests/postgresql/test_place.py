from __future__ import annotations

import re
from urllib.request import urlopen

from tests.cli.test_serve import is_well, until


def test_a_place_is_made_served_and_found_whole(server, beside, port, place):
    until(lambda: is_well(port))
    said = place / "message"
    link = until(lambda: re.search(r"http://localhost:\d+(/join/\S+)", said.read_text("utf-8")))

    page = urlopen(f"http://127.0.0.1:{port}{link[1]}", timeout=30)
    examined, proved = beside("doctor"), beside("verify")

    assert page.status == 200
    assert "✓ version: The database has this version's tables." in examined.stdout
    assert "✓ worker: A worker is running." in examined.stdout
    assert (proved.returncode, proved.stdout.strip()) == (0, "Everything opens and is whole.")


def test_a_commit_that_may_be_lost_is_found_by_the_doctor(server, beside, port):
    until(lambda: is_well(port))

    examined = beside("doctor")

    assert examined.returncode == 1
    assert "PostgreSQL doesn't sync each commit to disk (fsync," in examined.stdout


def test_a_place_that_is_served_is_backed_up(server, beside, port, place, tmp_path):
    until(lambda: is_well(port))

    done = beside("backup", str(tmp_path / "copy"))

    assert done.returncode == 0, done.stdout
    assert len(list((tmp_path / "copy" / "dumps").glob("*.dump"))) == 1
    assert not list((place / "data").glob("snapshot-*"))
    assert is_well(port)


def test_a_restore_over_a_place_that_is_served_is_refused(server, beside, port, tmp_path):
    until(lambda: is_well(port))
    beside("backup", str(tmp_path / "copy"))

    refused = beside("restore", str(tmp_path / "copy"))

    assert refused.returncode == 1
    assert "isn't empty" in refused.stdout
    assert is_well(port)
