"""Runs one act as a node again and again, each time killed at another step, and prints what another node found then.

    python -m tests.nodes.killed "take back" /tmp/folder 1/3      one line of JSON

A step is whatever the node says to PostgreSQL or hears from it, and whatever it writes to a disk. The acts, and what must hold
afterwards, are those of `tests.crash.acts`; rows and files are put back for each point.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from tests.crash.disk import DiskThatKills
from tests.crash.folder import Folder
from tests.crash.runner import Runner

_wait = psycopg.Connection.wait


class NodeThatDies(DiskThatKills):
    """The node dies just before its nth step; with n = 0 it never does."""

    def take_over(self) -> None:
        self.take_over_python()

        def wait(connection: psycopg.Connection[Any], *arguments: Any, **how: Any) -> Any:
            self.before("said", "", 0)
            answer = _wait(connection, *arguments, **how)
            self.before("heard", "", 0)
            return answer

        psycopg.Connection.wait = wait


class FolderAndRows(Folder):
    """The folder, and the database that the environment names."""

    def keep(self) -> None:
        super().keep()
        self._say("ALTER DATABASE place RENAME TO as_made")

    def put_back(self) -> None:
        super().put_back()
        # Whoever was killed is still connected for a moment.
        self._say("DROP DATABASE IF EXISTS place WITH (FORCE)")
        self._say("CREATE DATABASE place TEMPLATE as_made")

    def _say(self, sql: str) -> None:
        cluster = os.environ["BESIDE_DATABASE_URL"].rpartition("/")[0]
        with psycopg.connect(f"{cluster}/postgres", autocommit=True) as saying:
            saying.execute(sql)


class OneOfSeveral(Runner):
    """A node, where another goes on."""

    keeps = FolderAndRows
    kills = NodeThatDies


def main(act: str, folder: str, share: str) -> None:
    tempfile.tempdir = folder
    print(json.dumps(OneOfSeveral(act, Path(folder)).killed(share)))


if __name__ == "__main__":
    main(*sys.argv[1:])
