"""Runs acts as a node again and again, each time killed at another step, and prints what another node found then.

    python -m tests.nodes.killed /tmp/folder 1/3 publish destroy      one line of JSON for each act

A step is whatever the node says to PostgreSQL or to the object store or hears from either, and whatever it writes to a disk. The acts, and
what must hold afterwards, are those of `tests.crash.acts`; rows, objects and files are put back for each point.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import obstore
import psycopg

from tests.crash.disk import DiskThatKills
from tests.crash.folder import Folder
from tests.nodes.buckets import Buckets
from tests.nodes.in_children import in_children
from tests.nodes.rows import Rows

# The settings ask whether there is a keyring.
with in_children():
    from tests.crash.runner import Runner

_wait = psycopg.Connection.wait


class NodeThatDies(DiskThatKills):
    """The node dies just before its nth step; with n = 0 it never does."""

    def take_over(self) -> None:
        self.take_over_python()
        for name in ("put", "get", "delete", "list"):
            setattr(obstore, name, self._between(getattr(obstore, name)))
        psycopg.Connection.wait = self._between(_wait)

    def _between(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def acting(*arguments: Any, **how: Any) -> Any:
            self.before("said", "", 0)
            answer = act(*arguments, **how)
            self.before("heard", "", 0)
            return answer

        return acting


class Shared(Folder):
    """What nodes share: the rows and the buckets that the environment names; and a folder with the root key."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        addresses = [os.environ["BESIDE_STORE"], os.environ["BESIDE_KEYRING"]]
        self._buckets = Buckets(os.environ["BESIDE_STORE_ENDPOINT"], addresses)
        self._rows = Rows(os.environ["BESIDE_DATABASE_URL"])

    def keep(self) -> None:
        super().keep()
        self._buckets.keep()
        self._rows.keep()

    def put_back(self) -> None:
        super().put_back()
        self._buckets.put_back()
        self._rows.put_back()


class OneOfSeveral(Runner):
    """A node, where another goes on."""

    keeps = Shared
    kills = NodeThatDies

    def _make(self) -> None:
        with in_children():
            super()._make()


def main(folder: str, share: str, *acts: str) -> None:
    tempfile.tempdir = folder
    first, *others = acts
    node = OneOfSeveral(first, Path(folder))
    print(json.dumps(node.killed(share)))
    for act in others:
        print(json.dumps(node.acting(act).killed(share)))


if __name__ == "__main__":
    main(*sys.argv[1:])
