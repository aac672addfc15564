"""The keyring: whether the root key opens it, and both of its slots are whole."""

from __future__ import annotations

import time
from collections.abc import Iterator

from beside.cli.checks.findings import Finding, note, well, wrong
from beside.photos.models import KeyEpoch
from beside.photos.vault.epoch import EpochFile, NoSuchEpoch, OtherRoot
from beside.photos.vault.keyring import KeyringWithoutDatabase, keyring_of
from beside.photos.vault.slots import Slots, slots

_RESTORE = "docs/hosting.md says what to do, under Restoring."
# While keys are replaced the slots differ for a moment.
_LOOKS, _LOOK_S = 5, 0.3


def look() -> Iterator[Finding]:
    """Read the slots, and write nothing."""
    about = "keyring"
    epoch = KeyEpoch.objects.first()
    if epoch is None:
        yield _without_database(slots())
        return
    epochs = keyring_of(epoch.instance).epochs
    try:
        epochs.read(epoch.generation)
    except (NoSuchEpoch, OtherRoot) as closed:
        yield wrong(about, str(closed), _RESTORE)
        return
    if _is_settled(epochs):
        yield well(about, "The root key opens the keyring.")
        return
    yield wrong(
        about,
        f"The root key opens the keyring, but only one of its two copies in {epochs.place} is whole.",
        "Restart beside serve: it writes the other again from the one that is left.",
    )


def _without_database(here: Slots) -> Finding:
    if "epoch.b" in here.names():
        return wrong("keyring", str(KeyringWithoutDatabase(here.place)), _RESTORE)
    return note("keyring", "There is no keyring yet.", "Start beside serve once.")


def _is_settled(epochs: EpochFile) -> bool:
    for _ in range(_LOOKS):
        epoch = KeyEpoch.objects.get()
        if epochs.is_settled(epoch.generation):
            return True
        time.sleep(_LOOK_S)
    return False
