from __future__ import annotations

import os
import re
import shutil
import signal
import site
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
from flit_core.wheel import make_wheel_in

from beside.cli.process.older_versions import OLDEST
from beside.cli.upgrades import served_place
from beside.cli.upgrades.installation import Installation
from beside.cli.upgrades.served_place import ServedPlace
from beside.cli.upgrades.upgrade import Stopped, Upgrade
from beside.cli.upgrades.wheel import Wheel
from tests.earlier_places import ROOT, environment
from tests.serving import PATIENCE_S, free_port

pytestmark = pytest.mark.thorough

OLD, NEW = OLDEST, f"{OLDEST}.1"

LATER = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("thanks", "{last}")]
    operations = [migrations.CreateModel("Later", [("id", models.BigAutoField(primary_key=True))])]
"""
# The server goes on in the background, as a service manager's would.
RESTART = """\
cd "{folder}"
[ -e pid ] && kill $(cat pid) && while kill -0 $(cat pid) 2>/dev/null; do sleep 0.1; done
setsid "{folder}/current/bin/beside" serve >>log 2>&1 </dev/null &
echo $! >pid
"""


def release(folder: Path, version: str, *, starts: bool = True) -> Wheel:
    """A later version with one more table, whose server starts or doesn't."""
    source = folder / f"source-{version}"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", source / "src", ignore=ignored)
    for name in ("README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    numbered = re.sub(r'^version = ".*"', f'version = "{version}"', project, flags=re.MULTILINE)
    (source / "pyproject.toml").write_text(numbered, "utf-8")
    migrations = source / "src/beside/thanks/migrations"
    last = max(path.stem for path in migrations.glob("0*.py"))
    if version != OLD:
        (migrations / "0777_later.py").write_text(LATER.format(last=last))
    if not starts:
        (source / "src/beside/cli/serve.py").write_text("raise SystemExit('no')\n")
    made = make_wheel_in(source / "pyproject.toml", folder)
    return Wheel.read(made.file)


def install(wheel: Wheel, into: Path) -> None:
    """As `Wheel.install`, but with the packages that these tests have: `make release` fetches them."""
    venv.create(into, symlinks=True)
    packages = next(into.glob("lib/python3*/site-packages"))
    with ZipFile(wheel.path) as opened:
        opened.extractall(packages)
    (packages / "others.pth").write_text("\n".join(site.getsitepackages()))
    program = into / "bin" / "beside"
    program.write_text(
        f"#!{into}/bin/python\nfrom beside.cli import main\nif __name__ == '__main__':\n    main()\n"
    )
    program.chmod(0o755)


@pytest.fixture
def environ(tmp_path, monkeypatch) -> dict[str, str]:
    port = free_port()
    told = environment(
        tmp_path,
        BESIDE_BIND=f"127.0.0.1:{port}",
        BESIDE_URL=f"http://localhost:{port}",
        BESIDE_SERVER_WORKERS="1",
    )
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return told


@pytest.fixture
def upgrade(tmp_path, environ, monkeypatch) -> Iterator[Upgrade]:
    """A served place of an older version, which can be restarted."""
    monkeypatch.setattr(Wheel, "install", install)
    monkeypatch.setattr(served_place, "STARTING_S", 5 * PATIENCE_S)
    installation = Installation(tmp_path)
    install(release(tmp_path, OLD), installation.environment(OLD))
    installation.remember_whole(OLD)
    installation.switch(OLD)
    (tmp_path / "restart").write_text(RESTART.format(folder=tmp_path))
    place = ServedPlace((), ("sh", str(tmp_path / "restart")))
    assert place.start_again(installation.program(OLD))

    yield Upgrade(installation, place, print)

    server = int((tmp_path / "pid").read_text())
    os.kill(server, signal.SIGTERM)
    subprocess.run([sys.executable, "-c", _UNTIL_GONE, str(server)], check=True)


_UNTIL_GONE = """
import os, sys, time
while os.path.exists(f"/proc/{sys.argv[1]}/task"):
    if open(f"/proc/{sys.argv[1]}/stat").read().rpartition(")")[2].split()[0] == "Z": break
    time.sleep(0.1)
"""


def version_of(upgrade: Upgrade) -> str | None:
    return upgrade.installation.current


def is_served(environ: dict[str, str]) -> bool:
    return urlopen(f"http://{environ['BESIDE_BIND']}/healthz", timeout=10).status == 200


def test_a_place_is_upgraded_and_goes_back_with_its_tables(upgrade, environ, tmp_path):
    backup = tmp_path / "backup"

    upgrade.to(release(tmp_path, NEW), backup=backup, may_be_one_way=False)
    assert version_of(upgrade) == NEW
    assert is_served(environ)
    assert len(list((backup / "dumps").glob("*.dump"))) == 1

    upgrade.back()
    assert version_of(upgrade) == OLD
    assert is_served(environ)


def test_a_version_that_does_not_start_is_gone_back_from(upgrade, environ, tmp_path, monkeypatch):
    answers = ServedPlace._answers
    # It has ended long before; nobody waits for it to the end.
    monkeypatch.setattr(
        ServedPlace,
        "_answers",
        lambda place, *listens_at: version_of(upgrade) == OLD and answers(place, *listens_at),
    )

    with pytest.raises(Stopped, match=r"doesn't answer\. .* runs again"):
        upgrade.to(
            release(tmp_path, NEW, starts=False), backup=tmp_path / "backup", may_be_one_way=False
        )

    assert version_of(upgrade) == OLD
    assert is_served(environ)
