"""Make the place of this version that later versions are tested with: `python -m tests.data.make_place`.

It is the demonstration with small photographs, once on SQLite and once on PostgreSQL, in
`tests/data/places/VERSION/`. Make it when a version is released, and never again.
"""

from __future__ import annotations

import lzma
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pyvips

import beside
from tests.postgres import Cluster, programs
from tests.serving import free_port, until

PLACES = Path(__file__).with_name("places")
LONGEST_SIDE, QUALITY = 360, 40
# What a server makes anew, and the mark that this was a demonstration.
LEFT_OUT = {"static", "parts", "reserve", "worker.heartbeat", "this-is-a-demonstration"}


def make(folder: Path) -> None:
    """Write both places into `folder`."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        source = small_source(Path(scratch) / "source")
        place = Path(scratch) / "sqlite"
        serve_once(source, place, {})
        pack(place, folder / "sqlite.tar.xz")
        place = Path(scratch) / "postgresql"
        with Cluster() as cluster:
            url = cluster.make("place")
            serve_once(source, place, {"BESIDE_DATABASE_URL": url})
            dump(url, place / "place.sql")
        pack(place, folder / "postgresql.tar.xz")


def small_source(folder: Path) -> Path:
    """A copy of the program, whose demonstration has small photographs."""
    package = Path(beside.__file__).parent
    shutil.copytree(package, folder / "beside", ignore=shutil.ignore_patterns("__pycache__"))
    for photograph in (folder / "beside/cli/demo/photographs").glob("*.webp"):
        image = pyvips.Image.thumbnail(str(photograph), LONGEST_SIDE)
        photograph.write_bytes(image.webpsave_buffer(Q=QUALITY))
    return folder


def serve_once(source: Path, place: Path, extra: Mapping[str, str]) -> None:
    """Serve the demonstration from `place` until its people have appeared, and end as a host does."""
    data, said, port = place / "data", place.with_suffix(".log"), free_port()
    data.mkdir(parents=True)
    (data / "this-is-a-demonstration").touch()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BESIDE_")}
    environ |= {
        "BESIDE_DATA": str(data),
        "BESIDE_ROOT_KEY_FILE": str(place / "root.key"),
        "BESIDE_BIND": f"127.0.0.1:{port}",
        "BESIDE_URL": f"http://localhost:{port}",
        "DJANGO_SETTINGS_MODULE": "beside.cli.demo.settings",
        "PYTHONPATH": str(source),
        **extra,
    }
    with said.open("wb") as log:
        command = [sys.executable, "-m", "beside.start", "serve"]
        server = subprocess.Popen(command, env=environ, cwd=source, stdout=log, stderr=log)
        until(lambda: b"Later sign in as" in said.read_bytes())
        until(lambda: (data / "worker.heartbeat").exists())
        server.send_signal(signal.SIGTERM)
        server.wait()


def dump(url: str, file: Path) -> None:
    """The tables as statements that any later psql reads."""
    options = ["--inserts", "--no-owner", "--no-privileges", f"--file={file}"]
    subprocess.run(
        [str(programs() / "pg_dump"), *options, url.replace("postgres:", "postgresql:")], check=True
    )


def pack(place: Path, target: Path) -> None:
    """The root key, the tables, the keyring and the sealed files, in one archive."""
    data = place / "data"
    if (database := data / "beside.sqlite3").exists():
        with closing(sqlite3.connect(database)) as opened:
            opened.execute("PRAGMA journal_mode = DELETE")
            opened.execute("VACUUM")
    if (tables := place / "place.sql").exists():
        # Two lines that only a psql of this very release knows.
        lines = tables.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(("\\restrict", "\\unrestrict"))]
        tables.write_text("".join(kept), "utf-8")
    with (
        lzma.open(target, "wb", preset=9) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w") as tar,
    ):
        for path in sorted(place.rglob("*")):
            name = path.relative_to(place)
            if path.is_file() and not LEFT_OUT & set(name.parts):
                tar.add(path, str(name), filter=_of_nobody)


def _of_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


if __name__ == "__main__":
    where = PLACES / beside.version()
    make(where)
    print(f"Written: {where}. Keep it as it is, and commit it.")
