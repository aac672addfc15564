"""Set-ups of a place that are broken, each really set up: what is done to a place that was well, and what the doctor says of it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests import smtp_peer
from tests.serving import PATIENCE_S, free_port

ROOT = Path(__file__).parents[2]
SOMEBODY_ELSE = 65533
IS_ROOT = os.geteuid() == 0
# Whoever runs a place isn't root, who may read everything. Without these, root may no more than others.
_AS_OTHERS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
_UNSHARE = ["unshare", "--mount"] if IS_ROOT else ["unshare", "--mount", "--map-root-user"]
_HOLDS = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('PRAGMA locking_mode=EXCLUSIVE'); c.execute('BEGIN IMMEDIATE'); c.execute('CREATE TABLE held (x)'); print(flush=True); sys.stdin.read()"


@cache
def _has_private_mounts() -> bool:
    """A chroot's root is no mount, and so its mounts can't be made private."""
    return subprocess.run([*_UNSHARE, "true"], capture_output=True).returncode == 0


class Done(NamedTuple):
    """A command that has ended."""

    code: int
    said: str
    complained: str
    changed: bool


@dataclass
class SetUp:
    """One place, and how its commands are run. `ends` undoes what the test's own process did for it."""

    folder: Path
    ends: ExitStack
    environ: dict[str, str] = field(default_factory=dict)
    # A script of mounts that only the place's own processes see, where there are mounts of one's own.
    mounts: str = ""
    files: int = 0

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def key(self) -> Path:
        return self.folder / "key" / "root.key"

    @property
    def database(self) -> Path:
        return self.data / "beside.sqlite3"

    def execute(self, statement: str) -> None:
        """Change the database, and leave nothing beside it."""
        changed = sqlite3.connect(self.database, isolation_level=None)
        changed.execute(statement)
        changed.close()

    def run(self, commands: Sequence[Sequence[str]]) -> list[Done]:
        """Run each command."""
        done = subprocess.run(
            self._command(
                [sys.executable, "-m", "tests.cli.forked", self.folder, json.dumps(commands)]
            ),
            cwd=ROOT,
            env=self._environ(),
            capture_output=True,
            text=True,
            timeout=PATIENCE_S * 3,
        )
        assert done.returncode == 0, done.stderr
        return [Done(*one) for one in json.loads(done.stdout)]

    def _command(self, words: list[str | Path]) -> list[str | Path]:
        limited = ["prlimit", f"--nofile={self.files}", *words] if self.files else words
        if IS_ROOT:
            limited = [*_AS_OTHERS, *limited]
        if not self.mounts:
            return limited
        if IS_ROOT and not _has_private_mounts():
            subprocess.run(["sh", "-ec", self.mounts], check=True)
            self.ends.callback(subprocess.run, ["umount", "--lazy", self.data], check=True)
            return limited
        return [*_UNSHARE, "sh", "-ec", f'{self.mounts}; exec "$@"', "sh", *limited]

    def _environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BESIDE_")}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        return kept | {
            "BESIDE_DATA": str(self.data),
            "BESIDE_ROOT_KEY_FILE": str(self.key),
            "BESIDE_BIND": f"127.0.0.1:{free_port()}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": "/",
            **self.environ,
        }


def sets(**environ: str) -> Callable[[SetUp], None]:
    """A set-up with these settings."""
    return lambda place: place.environ.update(
        {f"BESIDE_{name}": value for name, value in environ.items()}
    )


def executes(statement: str) -> Callable[[SetUp], None]:
    return lambda place: place.execute(statement)


def _missing_file(place: SetUp) -> None:
    place.environ["BESIDE_SMTP_URL_FILE"] = str(place.folder / "no-secret")


def _unreadable_file(place: SetUp) -> None:
    secret = place.folder / "secret"
    secret.write_text("smtps://mail.example")
    secret.chmod(0)
    place.environ["BESIDE_SMTP_URL_FILE"] = str(secret)


def _pipe_of_a_secret(place: SetUp) -> None:
    os.mkfifo(place.folder / "pipe")
    place.environ["BESIDE_SMTP_URL_FILE"] = str(place.folder / "pipe")


def _port_taken(place: SetUp) -> None:
    taken = place.ends.enter_context(socket.socket())
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    place.environ["BESIDE_BIND"] = f"127.0.0.1:{taken.getsockname()[1]}"


def _no_data(place: SetUp) -> None:
    shutil.rmtree(place.data)


def _moved_away(place: SetUp) -> None:
    """What it leaves once the host has deleted its rows; and then the old settings are used again."""
    place.database.unlink()
    for slot in (place.data / "keyring").iterdir():
        slot.unlink()


def _data_is_a_file(place: SetUp) -> None:
    shutil.rmtree(place.data)
    place.data.write_text("")


def _of_another(path: str) -> Callable[[SetUp], None]:
    def give(place: SetUp) -> None:
        os.chown(place.folder / path, SOMEBODY_ELSE, SOMEBODY_ELSE)

    return give


def _read_only(place: SetUp) -> None:
    place.mounts = f"mount --bind {place.data} {place.data}; mount -o remount,bind,ro {place.data}"


def _in_memory(options: str) -> Callable[[SetUp], None]:
    def mount(place: SetUp) -> None:
        copied = place.folder / "copied"
        place.mounts = (
            f"mkdir {copied}; mount -t tmpfs -o mode=700,{options.replace('DATA', str(place.data))} none {copied};"
            f" cp -a {place.data}/. {copied}/; mount --bind {copied} {place.data}; umount {copied}; rmdir {copied}"
        )

    return mount


def _torn(place: SetUp) -> None:
    (place.data / "keyring" / "epoch.b").write_bytes(b"torn")


def _overwritten(place: SetUp) -> None:
    place.database.write_bytes(b"not a database, whatever its name says" * 400)


def _damaged(place: SetUp) -> None:
    with place.database.open("r+b") as file:
        file.seek(5 * 4096)
        file.write(bytes(range(256)) * 160)


def _locked(place: SetUp) -> None:
    holding = place.ends.enter_context(
        subprocess.Popen(
            [sys.executable, "-c", _HOLDS, place.database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
    )
    place.ends.callback(holding.stdin.close)
    holding.stdout.readline()


def _table_gone(place: SetUp) -> None:
    place.execute("DROP TABLE photos_hold")


def _database_is_a_folder(place: SetUp) -> None:
    place.database.unlink()
    place.database.mkdir()


def _key(change: Callable[[Path], object]) -> Callable[[SetUp], None]:
    def act(place: SetUp) -> None:
        change(place.key)

    return act


def _short(key: Path) -> None:
    key.chmod(0o600)
    key.write_bytes(bytes(31))


def _other(key: Path) -> None:
    key.chmod(0o600)
    key.write_bytes(bytes(32))


def _folder(key: Path) -> None:
    key.unlink()
    key.mkdir()


def _loop(key: Path) -> None:
    key.unlink()
    key.symlink_to(key)


def _pipe(key: Path) -> None:
    key.unlink()
    os.mkfifo(key)


def _endless(key: Path) -> None:
    key.unlink()
    key.symlink_to("/dev/zero")


def _key_inside(place: SetUp) -> None:
    shutil.copy(place.key, place.data / "root.key")
    place.environ["BESIDE_ROOT_KEY_FILE"] = str(place.data / "root.key")


def _silent(place: SetUp) -> None:
    long_ago = (datetime.now(UTC) - timedelta(hours=1)).timestamp()
    os.utime(place.data / "worker.heartbeat", (long_ago, long_ago))


def _old_backup(place: SetUp) -> None:
    written = {"at": (datetime.now(UTC) - timedelta(days=30)).isoformat(), "to": "/mnt/b"}
    (place.data / "backup.last").write_text(json.dumps(written))


def _mail(
    scheme: str, name: str = "", sender: str = "beside@place.example"
) -> Callable[[SetUp], None]:
    def set_up(place: SetUp) -> None:
        peer = place.ends.enter_context(smtp_peer.running())
        sets(SMTP_URL=f"{scheme}://{name}127.0.0.1:{peer.port}", MAIL_FROM=sender)(place)

    return set_up


def _newer(place: SetUp) -> None:
    place.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('posts', '0099_later', '2026-01-01')"
    )
    place.execute("UPDATE django_migrations SET name = 'runs-from-99.0.0' WHERE app = 'beside'")


def _no_driver(place: SetUp) -> None:
    hidden = place.folder / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import sys\nsys.modules['psycopg'] = sys.modules['psycopg2'] = None\n"
    )
    sets(DATABASE_URL="postgres://beside:geheim@127.0.0.1:1/beside")(place)
    place.environ["PYTHONPATH"] = str(hidden)


@dataclass(frozen=True)
class Broken:
    """`says` is in what the doctor finds wrong about `about`. `stops` says whether a place like this can't be served either."""

    name: str
    breaks: Callable[[SetUp], None]
    about: str
    says: str
    stops: bool = False
    needs_root: bool = False

    @contextmanager
    def at(self, place: SetUp) -> Iterator[SetUp]:
        with place.ends:
            self.breaks(place)
            yield place


OF_SETTINGS = [
    Broken("an unknown name", sets(URLL="x"), "settings", "Did you mean BESIDE_URL?", stops=True),
    Broken(
        "a word for a number",
        sets(SERVER_WORKERS="many"),
        "settings",
        "BESIDE_SERVER_WORKERS",
        stops=True,
    ),
    Broken("no such zone", sets(TIME_ZONE="Atlantis/West"), "settings", "no time zone", stops=True),
    Broken("a missing file of a secret", _missing_file, "settings", "No such file", stops=True),
    Broken(
        "an unreadable file of a secret",
        _unreadable_file,
        "settings",
        "Permission denied",
        stops=True,
    ),
    Broken("a pipe for a secret", _pipe_of_a_secret, "settings", "Not a regular file", stops=True),
    Broken(
        "a value in Latin-1",
        sets(KEEPER=os.fsdecode("das Team Müller".encode("latin-1"))),
        "settings",
        "BESIDE_KEEPER isn't text in UTF-8",
        stops=True,
    ),
    Broken(
        "a control character",
        sets(PLACE_NAME="Beside\x1b[2J"),
        "settings",
        "U+001B",
        stops=True,
    ),
    Broken(
        "an address with a stroke at its end",
        sets(URL="https://a.example/"),
        "settings",
        "without the stroke",
        stops=True,
    ),
    Broken(
        "an address with a folder",
        sets(URL="https://a.example/b"),
        "settings",
        "no folder of one",
        stops=True,
    ),
    Broken(
        "an address of another kind",
        sets(URL="ftp://a.example"),
        "settings",
        "http or https",
        stops=True,
    ),
    Broken(
        "no port to listen on",
        sets(BIND="127.0.0.1"),
        "settings",
        "BESIDE_BIND: Write it like",
        stops=True,
    ),
    Broken(
        "another kind of database",
        sets(DATABASE_URL="mysql://a:geheim@b/c"),
        "settings",
        "postgres://",
        stops=True,
    ),
    Broken(
        "another kind of mail server",
        sets(SMTP_URL="mail.example"),
        "settings",
        "smtp+tls://",
        stops=True,
    ),
]
OF_ADDRESSES = [
    Broken("unencrypted", sets(URL="http://a.example"), "address", "travel unencrypted"),
    Broken(
        "a proxy that isn't counted",
        sets(URL="https://a.example"),
        "address",
        "BESIDE_TRUSTED_PROXIES",
    ),
    Broken("open without a proxy", sets(BIND="0.0.0.0:9"), "listening", "without TLS"),
    Broken("a port of another's", _port_taken, "port", "Address already in use", stops=True),
    Broken(
        "another machine's address", sets(BIND="192.0.2.7:8000"), "port", "can't listen", stops=True
    ),
]
OF_FOLDERS = [
    Broken("an unmounted disk", _no_data, "place", "Mount its disk", stops=True),
    Broken("a place that has moved away", _moved_away, "place", "Mount its disk", stops=True),
    Broken(
        "photographs on an unmounted disk",
        lambda p: shutil.rmtree(p.data / "blobs"),
        "photographs",
        "Mount the disk",
        stops=True,
    ),
    Broken("a file for a folder", _data_is_a_file, "data folder", "is no folder", stops=True),
    Broken(
        "a folder that can't be written",
        lambda p: p.data.chmod(0o500),
        "owner",
        "can't write",
    ),
    Broken(
        "a folder open to others",
        lambda p: p.data.chmod(0o755),
        "data folder's rights",
        "chmod 700",
    ),
    Broken(
        "another's folder", _of_another("data"), "owner", "can't write", stops=True, needs_root=True
    ),
    Broken(
        "another's database",
        _of_another("data/beside.sqlite3"),
        "owner",
        "chown -R",
        needs_root=True,
    ),
    Broken("another's keyring", _of_another("data/keyring"), "owner", "chown -R", needs_root=True),
    Broken("a read-only disk", _read_only, "file system", "for reading only", stops=True),
    Broken("a full disk", _in_memory("size=32m"), "room", "The disk is full"),
    Broken("no inodes", _in_memory("size=99m,nr_inodes=$(find DATA | wc -l)"), "room", "no inodes"),
    Broken(
        "a folder in memory", _in_memory("size=99m"), "file system", "gone when the machine stops"
    ),
    Broken(
        "half a restore",
        lambda p: (p.data / "restoring").touch(),
        "restore",
        "restore again",
        stops=True,
    ),
    Broken(
        "no static files",
        lambda p: (p.data / "static" / ".made-from").unlink(),
        "static files",
        "again",
    ),
]
OF_KEYS = [
    Broken("no root key", lambda p: p.key.unlink(), "root key", "recovery copy", stops=True),
    Broken(
        "a short root key",
        _key(_short),
        "root key",
        "should be 32 bytes long and is 31",
        stops=True,
    ),
    Broken("a loop for a root key", _key(_loop), "root key", "can't be read", stops=True),
    Broken("a pipe for a root key", _key(_pipe), "root key", "can't be read", stops=True),
    Broken("a root key without an end", _key(_endless), "root key", "can't be read", stops=True),
    Broken("a folder for a root key", _key(_folder), "root key", "can't be read", stops=True),
    Broken(
        "a root key of another's",
        lambda p: p.key.chmod(0),
        "root key",
        "Permission denied",
        stops=True,
    ),
    Broken(
        "a root key others can read", lambda p: p.key.chmod(0o640), "root key's rights", "chmod 600"
    ),
    Broken(
        "a root key in the data",
        _key_inside,
        "root key's place",
        "BESIDE_ROOT_KEY_FILE",
        stops=True,
    ),
    Broken(
        "another place's root key", _key(_other), "keyring", "the key of another server", stops=True
    ),
    Broken(
        "no keyring", lambda p: shutil.rmtree(p.data / "keyring"), "keyring", "put back", stops=True
    ),
    Broken("a torn slot", _torn, "keyring", "only one of its two copies"),
    Broken(
        "an older keyring",
        executes("UPDATE photos_keyepoch SET generation = 7"),
        "keyring",
        "generation 7",
        stops=True,
    ),
]
OF_DATABASES = [
    Broken("no database", lambda p: p.database.unlink(), "database", "keyring for one", stops=True),
    Broken(
        "an empty database",
        lambda p: p.database.write_bytes(b""),
        "database",
        "is empty",
        stops=True,
    ),
    Broken("no database in the file", _overwritten, "database", "is no database", stops=True),
    Broken("a damaged database", _damaged, "database", "damaged"),
    Broken("a locked database", _locked, "database", "keeps the database"),
    Broken(
        "an unreadable database",
        lambda p: p.database.chmod(0),
        "database",
        "Permission denied",
        stops=True,
    ),
    Broken(
        "a folder for a database", _database_is_a_folder, "database", "Is a directory", stops=True
    ),
    Broken(
        "a newer database",
        _newer,
        "version",
        "newer Beside",
        stops=True,
    ),
    Broken(
        "half migrated",
        executes("DELETE FROM django_migrations WHERE app = 'thanks'"),
        "version",
        "brought up to date",
        stops=True,
    ),
    Broken("a table gone", _table_gone, "database", "lacks tables (photos_hold)"),
    Broken("no driver for PostgreSQL", _no_driver, "settings", "pip install", stops=True),
    Broken(
        "PostgreSQL away",
        sets(DATABASE_URL="postgres://beside:geheim@127.0.0.1:1/beside"),
        "database",
        "can't be reached",
        stops=True,
    ),
]
OF_RUNNING = [
    Broken("a silent worker", _silent, "worker", "No worker has reported"),
    Broken("no backup for long", _old_backup, "backup", "/mnt/b"),
    Broken(
        "a clock that is behind",
        executes("UPDATE people_account SET joined_at = '2199-01-01 00:00:00'"),
        "clock",
        "Correct the clock",
    ),
    Broken("few open files", lambda p: setattr(p, "files", 512), "open files", "LimitNOFILE"),
    Broken("no mail server", sets(SMTP_URL="smtp://127.0.0.1:1"), "mail", "can't be reached"),
    Broken("a wrong password for mail", _mail("smtp", "rose:falsch@"), "mail", "name and password"),
    Broken(
        "mail that isn't sent for us",
        _mail("smtp", sender="stranger@place.example"),
        "mail",
        "BESIDE_MAIL_FROM",
    ),
    Broken("mail without TLS", _mail("smtp+tls"), "mail", "doesn't offer"),
    Broken("mail from nobody's address", _mail("smtp", sender=""), "mail", "nobody's address"),
]
BROKEN = [*OF_SETTINGS, *OF_ADDRESSES, *OF_FOLDERS, *OF_KEYS, *OF_DATABASES, *OF_RUNNING]
