from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nodes.several import Several, several

LETTERS = 60


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """Where each node has a folder of its own."""
    return tmp_path_factory.mktemp("place")


@pytest.fixture(scope="session")
def place(folder) -> Iterator[Several]:
    """Three nodes that were all started at the same moment, before an empty database."""
    with several(folder) as place:
        for node in place.nodes:
            node.start()
        place.wait_until_well()
        making = [sys.executable, "-m", "tests.nodes.place", str(LETTERS)]
        made = subprocess.run(
            making, env=place.nodes[0].environ, check=True, stdout=subprocess.PIPE
        )
        place.told = json.loads(made.stdout)
        place.unread = iter(place.told["letters"])
        yield place


@pytest.fixture
def nodes(place) -> Iterator[Several]:
    """The three of them, all well; and after the test again, whatever it has done to them."""
    said = [len(node.said()) for node in place.nodes]
    yield place
    # Which pytest shows where the test has failed.
    for node, before in zip(place.nodes, said, strict=True):
        print(f"{node.port}:\n{node.said()[before:]}")
    for node in place.nodes:
        node.mend()
    place.wait_until_well()


@pytest.fixture
def rose(place) -> str:
    """The cookie of who wrote the letters."""
    return place.told["cookies"]["rose"]


@pytest.fixture
def nan(place) -> str:
    """The cookie of who reads them."""
    return place.told["cookies"]["nan"]


@pytest.fixture
def letter(place) -> dict[str, str]:
    """One that no test has touched: its page, and where Nan finds its photograph."""
    return unread(place)


@pytest.fixture
def another(place) -> dict[str, str]:
    """One more, of which no node has fetched the photograph yet."""
    return unread(place)


def unread(place: Several) -> dict[str, str]:
    one = next(place.unread)
    return one | {"photograph": one["photographs"]["nan"]}
