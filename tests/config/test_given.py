from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from beside.cli.failures.sentences import where
from beside.config import env
from beside.config.refused_settings import NotText, UnreadableSetting
from tests.serving import PATIENCE_S

PATIENT = {"timeout": PATIENCE_S, "capture_output": True, "text": True}
LATIN_1 = os.fsdecode("das Team Müller".encode("latin-1"))


@pytest.mark.parametrize("name", ["KEEPER", "PLACE_NAME", "HELPLINE_SAYS", "CONTACT", "KEYRING"])
def test_a_value_that_no_page_could_show_is_refused(name):
    with pytest.raises(NotText, match=f"BESIDE_{name} isn't text in UTF-8"):
        env.load({f"BESIDE_{name}": LATIN_1})


@pytest.mark.parametrize("name", ["DATA", "ROOT_KEY_FILE"])
def test_a_folder_may_be_called_anything(name):
    found = env.load({f"BESIDE_{name}": f"/srv/{LATIN_1}"})

    assert getattr(found, name.lower()) == Path(f"/srv/{LATIN_1}")


@pytest.mark.parametrize("sign", ["\0", "\x01", "\n", "\t", "\x7f", "\x85"])
@pytest.mark.parametrize("name", ["KEEPER", "DATA", "URL"])
def test_a_control_character_is_refused_wherever_it_stands(tmp_path, name, sign):
    value = f"a{sign}b"
    (tmp_path / "value").write_bytes(value.encode())

    for given in (
        {f"BESIDE_{name}": value},
        {f"BESIDE_{name}_FILE": str(tmp_path / "value")},
    ):
        with pytest.raises(NotText, match=rf"BESIDE_{name} has a .*U\+{ord(sign):04X}"):
            env.load(given)


def _loop(folder: Path) -> Path:
    (folder / "loop").symlink_to(folder / "loop")
    return folder / "loop"


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def _endless(_folder: Path) -> Path:
    return Path("/dev/zero")


def _long(folder: Path) -> Path:
    (folder / "long").write_bytes(b"a" * 65_537)
    return folder / "long"


@pytest.mark.parametrize("makes", [_loop, _pipe, _endless, _long])
def test_a_file_that_would_hang_or_has_no_end_is_refused(tmp_path, makes):
    with pytest.raises(UnreadableSetting, match="BESIDE_KEEPER_FILE"):
        env.load({"BESIDE_KEEPER_FILE": str(makes(tmp_path))})


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("makes", "says"),
    [(_loop, "back to itself"), (_pipe, "Not a regular file"), (_endless, "Not a regular file")],
)
def test_a_key_that_would_hang_or_has_no_end_is_a_sentence(tmp_path, makes, says):
    asks = f"""
import os
os.environ |= {{"BESIDE_DATA": {str(tmp_path / "data")!r}, "BESIDE_ROOT_KEY_FILE": {str(makes(tmp_path))!r}}}
try:
    import beside.config.settings
except (OSError, ValueError) as refused:
    print(refused)
"""
    done = subprocess.run(
        [sys.executable, "-c", asks], env={"PATH": "/usr/bin"}, check=False, **PATIENT
    )

    assert says in done.stdout, done.stderr
    assert not (tmp_path / "data").exists()


def test_what_is_said_of_the_database_is_where_the_settings_have_it(tmp_path, monkeypatch):
    (tmp_path / "said").write_text("/srv/elsewhere\n")
    monkeypatch.delenv("BESIDE_DATA")
    monkeypatch.delenv("BESIDE_DATABASE_URL", raising=False)
    monkeypatch.setenv("BESIDE_DATA_FILE", str(tmp_path / "said"))

    assert where() == "/srv/elsewhere/beside.sqlite3"
