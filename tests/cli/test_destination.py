from __future__ import annotations

from pathlib import Path

import pytest

from beside.cli.backups.destination import BackupBusy, alone
from beside.photos.vault.bucket_places import BucketPlace


@pytest.mark.parametrize(
    ("keyring", "other_name", "another"),
    [
        (Path("/backups/keyring"), Path("/backups/a/../keyring"), Path("/backups/keys")),
        (
            BucketPlace("s3://backups/keyring"),
            BucketPlace("s3://backups/keyring/"),
            BucketPlace("s3://backups/keys"),
        ),
    ],
)
def test_two_backups_to_two_places_never_write_one_keyring_at_once(
    own_place, transactional_db, keyring, other_name, another
):
    """The one that ends last would leave out the key of the other's dump."""
    own_place.mkdir()

    with alone(keyring):
        with pytest.raises(BackupBusy), alone(other_name):
            pass
        with alone(another):
            pass
    with alone(other_name):
        pass
