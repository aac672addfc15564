from __future__ import annotations

import os

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
