from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import click
from django.urls import reverse

from beside.cli import main
from beside.config.env import Env
from tests.dockerfile import environment, instructions, of

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_an_image_is_built_from_nothing_but_what_it_names():
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    included = {line[1:].rstrip("/") for line in patterns if line.startswith("!")}

    assert patterns[0] == "*"
    assert included == {
        *("src", "LICENSE", "README.md", "pyproject.toml"),
        *("requirements.txt", "requirements-several.txt"),
    }


def test_the_images_settings_are_settings():
    told = {name.removeprefix("BESIDE_").lower() for name in environment() if name != "TMPDIR"}

    assert told == {"data", "root_key_file", "bind"} <= set(Env.model_fields)


def test_the_image_opens_the_port_that_is_served_and_asks_after_its_health_there():
    port = environment()["BESIDE_BIND"].rpartition(":")[2]
    asked = of("HEALTHCHECK")[0].listed()

    assert [one.words for one in of("EXPOSE")] == [port]
    assert f"http://127.0.0.1:{port}{reverse('healthz')}" in asked[-1]
    compile(asked[-1], "HEALTHCHECK", "exec")


def test_the_image_keeps_data_and_key_apart_and_private():
    volumes = of("VOLUME")[0].listed()
    told = environment()

    assert sorted(volumes) == ["/data", "/key"]
    assert told["BESIDE_DATA"].startswith("/data/")
    assert told["BESIDE_ROOT_KEY_FILE"].startswith("/key/")
    assert re.search(
        r"install -d -o beside -g beside -m 0700 /data /key /keyring /backup /backup-keyring$",
        of("RUN")[1].words,
    )


def test_the_image_runs_a_command_that_there_is_and_not_as_root():
    program, word = of("CMD")[0].listed()
    names = [one.name for one in instructions()]

    assert program == "/opt/beside/bin/beside"
    assert PROJECT["project"]["scripts"] == {"beside": "beside.start:main"}
    assert word in main.list_commands(click.Context(main))
    assert of("USER")[0].words == "beside"
    assert names.index("USER") > max(at for at, name in enumerate(names) if name == "RUN")


def test_the_image_is_built_with_what_the_package_says():
    steps = of("RUN")[1].words
    version = re.fullmatch(r"python:(\d+)\.(\d+)-slim", of("FROM")[0].words)

    assert f'"{PROJECT["build-system"]["requires"][0]}"' in steps
    assert of("ARG")[0].words == "REQUIREMENTS=requirements.txt"
    assert "--require-hashes --requirement /src/$REQUIREMENTS" in steps
    assert version is not None
    assert tuple(map(int, version.groups())) >= (3, 11)


def test_a_command_is_run_as_the_service_does(tmp_path):
    """With a `systemd-run` that only runs what it is given."""
    fake = tmp_path / "systemd-run"
    fake.write_text(
        '#!/bin/sh\nwhile [ "$1" != sh ]; do echo "$1"; shift; done\nCREDENTIALS_DIRECTORY=/run/it exec "$@"\n'
    )
    fake.chmod(0o755)
    unit = (ROOT / "deploy" / "beside.service").read_text("utf-8")
    asked = ["sh", "-c", "echo $BESIDE_ROOT_KEY_FILE; echo $0 $1", "beside", "two words"]

    said = subprocess.run(
        [ROOT / "deploy" / "as-service", *asked],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()

    assert said[-2:] == ["/run/it/root.key", "beside two words"]
    named = [line for line in said if "=" in line and not line.startswith("--")]
    for line in named:
        assert line in unit or f"Environment={line}" in unit
    assert len(named) == 6
