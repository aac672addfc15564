from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.cast import Cast, make_cast

settings.register_profile(
    "everyday",
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("ci", settings.get_profile("everyday"), max_examples=500)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "everyday")


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


@pytest.fixture
def own_place(tmp_path: Path, settings) -> Path:
    """A data folder of this test's own, as its keyring has to fit the test's database."""
    settings.BESIDE = settings.BESIDE.model_copy(update={"data": tmp_path / "data"})
    return tmp_path / "data"
