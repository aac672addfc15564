from __future__ import annotations

import pytest

from beside.cli.process import health
from beside.cli.upgrades import served_place


@pytest.mark.parametrize(
    ("answer", "is_whole"),
    [
        ((200, b"ready\n"), True),
        ((507, b"the disk is full\n"), True),
        ((200, health.WITHOUT_WORKER), False),
        ((503, b"not ready\n"), False),
    ],
)
def test_a_version_has_come_up_once_its_worker_runs_too(answer, is_whole):
    assert served_place._is_whole(*answer) is is_whole
