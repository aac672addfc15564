from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture
def nothing_counted_yet(db):
    """Limits count in the cache, which no rollback empties."""
    cache.clear()
    yield
    cache.clear()
