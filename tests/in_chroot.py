"""Run what the handbook and the Dockerfile say in a bare Debian 12, word by word: `python -m tests.in_chroot FOLDER`.

For root, with `debootstrap`; it takes some minutes and fetches Debian and all packages, so it isn't part of `make test`. Where
FOLDER has a Debian already, that one is used. Nothing outside of FOLDER is changed.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path

from tests.dockerfile import ROOT, environment, instructions, of

STARTING_S = 180
# How this machine reaches the archives of packages.
OF_THIS_MACHINE = ("/etc/resolv.conf", "/etc/hosts")
TRUSTED = "/etc/ssl/certs/ca-certificates.crt"
MOUNTED = ("proc", "sys", "dev")


class Chroot:
    """A Debian in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: dict[str, str] = {}

    def make(self) -> None:
        if not (self.folder / "etc" / "debian_version").exists():
            command = ["debootstrap", "--variant=minbase", "bookworm", str(self.folder)]
            subprocess.run(command, check=True)
        for name in OF_THIS_MACHINE:
            if Path(name).exists():
                self.put(Path(name), name)
        self._tell_pip()
        sources = Path("/etc/apt/sources.list.d")
        if (sources / "debian.sources").exists():
            self.put(sources / "debian.sources", "/etc/apt/sources.list.d/debian.sources")
            (self.folder / "etc/apt/sources.list").write_text("")

    def _tell_pip(self) -> None:
        """As on this machine: `sudo` hands on no environment."""
        told = ConfigParser()
        told.read(["/etc/pip.conf", Path.home() / ".config/pip/pip.conf"])
        told.setdefault("global", {})
        if Path(TRUSTED).exists():
            self.put(Path(TRUSTED), "/etc/ssl/of-this-machine.crt")
            told["global"]["cert"] = "/etc/ssl/of-this-machine.crt"
        with (self.folder / "etc/pip.conf").open("w", encoding="utf-8") as written:
            told.write(written)

    def put(self, source: Path, name: str) -> None:
        target = self.folder / name.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)

    @contextmanager
    def mounted(self) -> Iterator[None]:
        for name in MOUNTED:
            subprocess.run(["mount", "--bind", f"/{name}", self.folder / name], check=True)
        try:
            yield
        finally:
            for name in MOUNTED:
                subprocess.run(["umount", "--lazy", self.folder / name], check=True)

    def command(self, words: str, user: str = "root") -> list[str]:
        inside = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        inside |= {"HOME": "/root", "DEBIAN_FRONTEND": "noninteractive", **self.told}
        told = [f"{name}={value}" for name, value in inside.items()]
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        entered = ["chroot", str(self.folder), "env", "-i", *told]
        return [*entered, *(as_user if user != "root" else []), "sh", "-ec", words]

    def run(self, words: str, user: str = "root") -> None:
        print(f"+ {words}", flush=True)
        subprocess.run(self.command(words, user), check=True, stdin=subprocess.DEVNULL)

    def serve(self, words: str, healthy: str, user: str) -> None:
        """Start it, wait until it is healthy, and end it."""
        print(f"+ {words} &", flush=True)
        server = subprocess.Popen(self.command(f"exec {words}", user))
        ends = time.monotonic() + STARTING_S
        try:
            while subprocess.run(
                self.command(healthy), check=False, stderr=subprocess.DEVNULL
            ).returncode:
                if time.monotonic() > ends or server.poll() is not None:
                    sys.exit("it doesn't come up")
                time.sleep(1)
            print("it is healthy", flush=True)
        finally:
            server.terminate()
            print(f"it ended with {server.wait(60)}", flush=True)


def blocks(page: str, heading: str) -> list[str]:
    """The commands that a page shows below a heading."""
    text = (ROOT / page).read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"```\n(.*?)```", text, re.DOTALL)


def health(port: str = "8000") -> str:
    ask = f"import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/healthz')"
    return shlex.join(["python3", "-c", ask])


def follow_the_handbook(debian: Chroot) -> None:
    """docs/hosting.md, Installing; then what deploy/README.md says as far as it needs no systemd."""
    debian.run("apt-get update -qq && apt-get install -qq -y sudo >/dev/null")
    shutil.rmtree(debian.folder / "opt", ignore_errors=True)
    shutil.rmtree(debian.folder / "root/beside", ignore_errors=True)
    shutil.rmtree(debian.folder / "root/upstream", ignore_errors=True)
    clone = ["git", "clone", "--quiet", "--bare", str(ROOT), str(debian.folder / "root/upstream")]
    subprocess.run(clone, check=True)
    first, *others = blocks("docs/hosting.md", "Installing")
    *steps, serve = first.replace("ADDRESS", "/root/upstream").strip().splitlines()
    steps = [step.replace("apt install", "apt-get install -qq -y") for step in steps]
    (debian.folder / "root/.gitconfig").write_text("[safe]\n\tdirectory = *\n")
    debian.run("\n".join(["cd /root", *steps]))
    assert not others
    debian.serve(f"sh -c 'cd /tmp && exec {serve}'", health(), "root")
    for block in blocks("deploy/README.md", "With systemd, on Debian"):
        for line in block.strip().splitlines():
            if not re.search(
                r"systemctl|journalctl|systemd|^BESIDE_|^/opt/beside/as-service", line
            ):
                debian.run(f"cd /root/beside; {line}")


def follow_the_dockerfile(debian: Chroot) -> None:
    """Each instruction, with Debian's own Python in the place of the image's."""
    debian.run("apt-get update -qq && apt-get install -qq -y python3-venv >/dev/null")
    debian.run(
        "ln -sf /usr/bin/python3 /usr/local/bin/python; userdel -r beside 2>/dev/null || true"
    )
    shutil.rmtree(debian.folder / "opt", ignore_errors=True)
    user = "root"
    for one in instructions():
        if one.name == "RUN":
            debian.run(one.words, user)
        elif one.name == "COPY":
            copy_context(debian.folder / "src")
        elif one.name == "USER":
            user = one.words
        elif one.name == "ENV":
            debian.told |= environment()
    asked = shlex.join(of("HEALTHCHECK")[0].listed())
    debian.serve(shlex.join(of("CMD")[0].listed()), asked, user)


def copy_context(target: Path) -> None:
    """What .dockerignore leaves."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in [line[1:].rstrip("/") for line in lines if line.startswith("!")]:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=ignored, dirs_exist_ok=True)
        else:
            target.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, target / name)


def main(folder: str) -> None:
    debian = Chroot(Path(folder))
    debian.make()
    with debian.mounted():
        follow_the_handbook(debian)
        follow_the_dockerfile(debian)
    print("Both came up.")


if __name__ == "__main__":
    main(*sys.argv[1:])
