from __future__ import annotations

import hashlib
import json
import os
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import click
import pytest

from beside.cli.upgrade import _words
from beside.cli.upgrades.installation import Installation, NotInstalledSo, UpgradeBusy
from beside.cli.upgrades.served_place import ServedPlace
from beside.cli.upgrades.upgrade import NothingBefore, NoWayBack, Stopped, Upgrade
from beside.cli.upgrades.wheel import SUMS, Altered, NotInstalled, NotListed, NotOurs, Wheel, _run

# Answers like `beside`, as the files beside it say, and writes down what it was asked.
PROGRAM = """\
#!/bin/sh
here=$(dirname "$0")
echo "$(basename "$(dirname "$here")") $*" >>"{asked}"
[ -e "$here/lost-$1" ] && {{ echo "✗ photo 1: Its original is gone."; exit 3; }}
[ -e "$here/cannot-$1" ] && {{ echo "Error: it can't $1." >&2; cat "$here/cannot-$1" >&2; exit 1; }}
[ "$1 $2 $3" = "migrate --check --json" ] && cat "$here/todo"
[ "$1" = settings ] && cat "{settings}"
exit 0
"""
TODO = {"version": "0.3.0", "steps": 2, "oldest": "0.2.0"}


class Folder:
    """Two versions that are installed already, each a script that answers as it is told."""

    def __init__(self, folder: Path) -> None:
        self.installation = Installation(folder)
        self.asked, self.said = folder / "asked", []
        self.add("0.2.0")
        self.installation.switch("0.2.0")
        self.add("0.3.0")
        self.tell("0.3.0", **TODO)

    def add(self, version: str) -> None:
        program = self.installation.program(version)
        program.parent.mkdir(parents=True)
        settings = self.installation.folder / "settings"
        program.write_text(PROGRAM.format(asked=self.asked, settings=settings))
        program.chmod(0o755)
        self.installation.remember_whole(version)

    def tell(self, whose: str, **todo: object) -> None:
        self.installation.program(whose).with_name("todo").write_text(json.dumps(todo))

    def forbid(self, version: str, word: str, *, says: str = "") -> None:
        self.installation.program(version).with_name(f"cannot-{word}").write_text(says)

    def upgrade(self, restart: tuple[str, ...] = ()) -> Upgrade:
        return Upgrade(self.installation, ServedPlace((), restart), self.said.append)

    def to(self, version: str = "0.3.0", *, may_be_one_way: bool = False, **how) -> None:
        wheel = Wheel(Path("beside.whl"), version)
        self.upgrade(**how).to(wheel, backup=Path("/backup"), may_be_one_way=may_be_one_way)

    def asked_of(self) -> list[str]:
        return self.asked.read_text().splitlines() if self.asked.exists() else []


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path)


def test_it_looks_backs_up_with_the_old_version_and_migrates_with_the_new(folder):
    folder.to()

    assert folder.asked_of() == [
        "0.3.0 migrate --check --json",
        "0.2.0 doctor",
        "0.2.0 migrate --check",
        "0.2.0 backup /backup",
        "0.3.0 migrate",
        "0.3.0 doctor",
    ]
    assert (folder.installation.current, folder.installation.previous) == ("0.3.0", "0.2.0")


@pytest.mark.parametrize("version", ["0.2.0", "0.1.9", "0.1"])
def test_an_older_version_or_the_same_is_no_upgrade(folder, version):
    with pytest.raises(Stopped, match="Nothing has been changed"):
        folder.to(version)

    assert folder.asked_of() == []


@pytest.mark.parametrize(
    ("version", "word", "says"),
    [
        ("0.3.0", "migrate", "0.2.0 still runs, and nothing has been changed"),
        ("0.2.0", "backup", "0.2.0 still runs, and nothing has been changed"),
        ("0.3.0", "doctor", "0.2.0 still runs"),
    ],
)
def test_whatever_a_version_cannot_do_leaves_the_one_before(folder, version, word, says):
    folder.forbid(version, word)

    with pytest.raises(Stopped, match=says):
        folder.to()

    assert folder.installation.current == "0.2.0"
    assert ("0.3.0 migrate" in folder.asked_of()) is (word == "doctor")


def test_a_version_that_cannot_run_on_changed_tables_is_not_said_to_run(folder):
    folder.tell("0.3.0", **TODO | {"oldest": "0.3.0"})
    folder.forbid("0.3.0", "doctor")
    folder.forbid("0.2.0", "migrate", says="This data folder was last used by a newer Beside")

    with pytest.raises(Stopped, match=r"0\.2\.0 can't start again on the tables as they are now\."):
        folder.to(may_be_one_way=True)


def test_one_that_was_cut_off_while_it_migrated_is_begun_again(folder):
    folder.forbid("0.2.0", "migrate", says="This data folder was last used by a newer Beside")
    folder.forbid("0.2.0", "backup")

    folder.to()

    assert "0.3.0 backup /backup" in folder.asked_of()
    assert folder.installation.current == "0.3.0"


def test_why_a_version_could_not_be_asked_is_said_and_nothing_is_made_of_it(folder):
    folder.forbid("0.3.0", "doctor")
    folder.forbid("0.2.0", "migrate", says="PostgreSQL can't be reached")

    with pytest.raises(Stopped, match=r"(?s)isn't known: .*PostgreSQL can't be reached"):
        folder.to()


@pytest.mark.parametrize("restart", ["systemctll restart beside", "systemctl restart beside'"])
def test_a_mistyped_restart_is_told_of_before_anything_is_changed(restart):
    with pytest.raises(click.UsageError, match="--restart"):
        _words("--restart", restart)


def test_what_the_place_had_lost_before_is_said_and_stops_no_upgrade(folder):
    folder.installation.program("0.2.0").with_name("lost-backup").touch()
    # The backup has recorded it, so that the doctor knows of it from now on.
    folder.forbid("0.3.0", "doctor")

    folder.to()

    assert "✗ photo 1: Its original is gone." in folder.said
    assert folder.installation.current == "0.3.0"


def test_what_the_doctor_found_before_stops_no_upgrade(folder):
    folder.forbid("0.2.0", "doctor")
    folder.forbid("0.3.0", "doctor")

    folder.to()

    assert folder.installation.current == "0.3.0"


def test_where_there_is_no_way_back_it_is_said_before_anything_is_changed(folder):
    folder.tell("0.3.0", **TODO | {"oldest": "0.3.0"})

    with pytest.raises(NoWayBack, match="no way back"):
        folder.to()
    assert folder.asked_of() == ["0.3.0 migrate --check --json"]

    folder.to(may_be_one_way=True)
    assert folder.installation.current == "0.3.0"


def test_a_version_that_changes_no_table_has_a_way_back(folder):
    folder.tell("0.3.0", **TODO | {"steps": 0, "oldest": "0.3.0"})

    folder.to()

    assert folder.installation.current == "0.3.0"


def test_a_server_that_cannot_be_restarted_goes_back(folder):
    with pytest.raises(Stopped, match=r"0.3.0 doesn't answer\. 0\.2\.0 is current again"):
        folder.to(restart=("false",))

    assert folder.installation.current == "0.2.0"


def test_going_back_asks_the_version_before_whether_it_can_run(folder):
    folder.to()

    folder.upgrade().back()

    assert folder.asked_of()[-1] == "0.2.0 migrate --check"
    assert (folder.installation.current, folder.installation.previous) == ("0.2.0", "0.3.0")


def test_a_version_that_cannot_run_is_not_gone_back_to(folder):
    folder.to()
    folder.forbid("0.2.0", "migrate")

    with pytest.raises(Stopped, match=r"0\.3\.0 still runs"):
        folder.upgrade().back()

    assert folder.installation.current == "0.3.0"


def test_without_a_version_before_there_is_nothing_to_go_back_to(folder):
    with pytest.raises(NothingBefore):
        folder.upgrade().back()


def test_commands_that_reach_the_data_go_through_what_was_named(folder):
    through = folder.installation.folder / "through"
    through.write_text(f'#!/bin/sh\necho through >>"{folder.asked}"\nexec "$@"\n')
    through.chmod(0o755)

    ServedPlace((str(through),), ()).must(folder.installation.program("0.2.0"), "doctor")

    assert folder.asked_of() == ["through", "0.2.0 doctor"]


def test_two_upgrades_do_not_run_at_once(folder):
    other = Installation(folder.installation.folder)

    with folder.installation.taken(), pytest.raises(UpgradeBusy), other.taken():
        pytest.fail("both have it")


def test_a_version_that_was_cut_off_while_it_was_installed_is_made_anew(folder, monkeypatch):
    (folder.installation.environment("0.3.0") / "installed").unlink()
    made = []

    def install(wheel, into):
        made.append(into.exists())
        raise NotInstalled("no room")

    monkeypatch.setattr(Wheel, "install", install)

    with pytest.raises(NotInstalled, match="no room"):
        folder.to()

    assert made == [False]
    assert folder.installation.current == "0.2.0"


def test_only_a_folder_of_versions_is_upgraded(folder, tmp_path):
    assert Installation.around(tmp_path / "current") == folder.installation

    with pytest.raises(NotInstalledSo, match="Nothing has been changed"):
        Installation.around(tmp_path)


def wheel(folder: Path, *, name="beside-server", version="0.3.0", needs=True) -> Path:
    path = folder / "beside_server-0.3.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("beside_server.dist-info/METADATA", f"Name: {name}\nVersion: {version}\n\n")
        if needs:
            made.writestr("beside/requirements.txt", "")
    return path


def test_a_release_says_its_version(tmp_path):
    path = wheel(tmp_path)
    sums = f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
    (tmp_path / SUMS).write_text(sums)

    assert Wheel.read(path) == Wheel(path, "0.3.0")


@pytest.mark.parametrize("other", [{"name": "beside"}, {"version": "../x"}, {"needs": False}])
def test_what_is_no_release_is_refused(tmp_path, other):
    with pytest.raises(NotOurs, match="Nothing has been changed"):
        Wheel.read(wheel(tmp_path, **other))


def test_what_is_installed_is_for_the_service_to_read_whatever_this_process_keeps_to_itself(
    tmp_path,
):
    made, before = tmp_path / "made", os.umask(0o077)
    try:
        _run([sys.executable, "-c", f"open({str(made)!r}, 'w')"])
    finally:
        os.umask(before)

    assert made.stat().st_mode & 0o777 == 0o644


def test_what_is_no_wheel_is_refused(tmp_path):
    (tmp_path / "a.whl").write_bytes(b"no")

    with pytest.raises(NotOurs):
        Wheel.read(tmp_path / "a.whl")


def test_a_pipe_is_no_release_and_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(NotOurs, match="no regular file"):
        Wheel.read(tmp_path / "pipe")


@pytest.mark.parametrize(
    "sums", ["", f"{'0' * 64}  debian-13.iso\n", "no list at all = x\n", "\0\n"]
)
def test_a_list_of_sums_that_is_about_something_else_is_said_to_be(tmp_path, sums):
    path = wheel(tmp_path)
    (tmp_path / SUMS).write_text(sums)

    with pytest.raises(NotListed, match="doesn't list"):
        Wheel.read(path)


@pytest.mark.parametrize(
    "line",
    [
        "{sum}  ./{name}",
        "{sum} *dist/{name}",
        "SHA256 ({name}) = {sum}",
        "SHA256 (dist/{name}) = {sum}",
    ],
)
def test_sums_may_have_been_made_in_another_folder_or_on_another_system(tmp_path, line):
    path = wheel(tmp_path)
    said = hashlib.sha256(path.read_bytes()).hexdigest()
    (tmp_path / SUMS).write_text(line.format(sum=said, name=path.name) + "\n")
    assert Wheel.read(path).version == "0.3.0"

    (tmp_path / SUMS).write_text(line.format(sum="0" * 64, name=path.name) + "\n")
    with pytest.raises(Altered):
        Wheel.read(path)


@pytest.mark.parametrize("sums", [f"{'0' * 64}  beside_server-0.3.0-py3-none-any.whl\n"])
def test_a_release_that_is_not_what_its_sums_say_is_refused(tmp_path, sums):
    path = wheel(tmp_path)
    (tmp_path / SUMS).write_text(sums)

    with pytest.raises(Altered, match="Fetch both again"):
        Wheel.read(path)


@pytest.mark.parametrize("words", [[], ["--back", "pyproject.toml"], ["pyproject.toml"]])
def test_a_release_and_a_backup_are_named_or_the_way_back(beside, words):
    said = beside("upgrade", *words)

    assert said.exit_code == 2
    assert "Name a WHEEL" in said.output


def test_a_checkout_is_no_folder_of_versions(beside):
    said = beside("upgrade", "--back")

    assert said.exit_code == 1
    assert "docs/hosting.md" in said.output


def test_a_release_with_any_changed_byte_is_refused_in_words(tmp_path):
    path = wheel(tmp_path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(
            "beside_server.dist-info/METADATA", "Name: beside-server\nVersion: 0.3.0\n\n" + "x" * 99
        )
        made.writestr("beside/requirements.txt", "a==1\n" * 99)
    whole = path.read_bytes()

    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with suppress(NotOurs):
            # What no sum is over, such as a date, may change.
            assert Wheel.read(path).version == "0.3.0"


@pytest.mark.parametrize("written", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_sums_are_read_however_they_were_written(tmp_path, written, case):
    path = wheel(tmp_path)
    digest = case(hashlib.sha256(path.read_bytes()).hexdigest())
    (tmp_path / SUMS).write_bytes(f"{digest}  {path.name}\r\n".encode(written))

    assert Wheel.read(path).version == "0.3.0"
