from __future__ import annotations

from beside.notices.groups import GROUPS
from beside.notices.models import Notice


def test_every_kind_of_notice_has_a_group():
    assert set(GROUPS) == set(Notice.Kind)
