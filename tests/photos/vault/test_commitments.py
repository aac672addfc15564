from __future__ import annotations

import os

import pytest

from beside.photos.vault.commitments import OtherKey, commitment, require_commitment

KEY = os.urandom(32)


def test_a_commitment_belongs_to_one_key():
    require_commitment(KEY, commitment(KEY))

    with pytest.raises(OtherKey):
        require_commitment(os.urandom(32), commitment(KEY))
