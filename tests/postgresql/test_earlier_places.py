from __future__ import annotations

import subprocess

import pytest

from tests.earlier_places import environment, unpack, versions, walked
from tests.postgres import programs


@pytest.mark.parametrize("version", versions())
def test_a_place_of_an_earlier_version_comes_up_on_postgresql(version, database, tmp_path):
    place = unpack(version, "postgresql", tmp_path)
    subprocess.run(
        [programs() / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", place / "place.sql", database],
        check=True,
        stdout=subprocess.DEVNULL,
    )

    found = walked(environment(place, BESIDE_DATABASE_URL=database))

    assert found["broken"] == []
    assert {"letter", "drawer", "desk"} <= set(found["pages"])
    assert found["photographs"] >= 5
