from __future__ import annotations

import pytest

from beside.photos.broken_rows import all_that_can, going_on
from beside.photos.vault.epoch import NoSuchEpoch
from beside.photos.vault.store import StoreUnavailable


@pytest.mark.parametrize("broken", [set(), {0}, {6}, {2, 3}, set(range(7))])
def test_all_are_done_but_those_that_are_broken(db, broken, caplog):
    done = []

    def act(rows):
        if broken & set(rows):
            raise ValueError
        done.extend(rows)

    all_that_can(range(7), act, "it could not be done")

    assert done == [row for row in range(7) if row not in broken]
    assert caplog.messages == ["it could not be done"] * len(broken)


@pytest.mark.parametrize("wrong", [StoreUnavailable("here"), NoSuchEpoch(2), OSError(28, "full")])
def test_what_would_stop_all_others_too_stops_at_once(db, wrong, caplog):
    tried = []

    def act(rows):
        tried.append(list(rows))
        raise wrong

    with pytest.raises(type(wrong)):
        all_that_can(range(7), act, "it could not be done")
    with pytest.raises(type(wrong)), going_on("it could not be done"):
        raise wrong

    assert tried == [list(range(7))]
    assert caplog.messages == []
