"""What an object store on the same machine costs beside the folder. Run: `python -m bench.objects`.

Each size is written and read in both by turns, and so is a slot of the keyring; what counts is the ratio.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from beside.photos.vault.bucket_places import BucketPlace  # noqa: E402
from beside.photos.vault.folder_store import FolderStore  # noqa: E402
from beside.photos.vault.object_slots import ObjectSlots  # noqa: E402
from beside.photos.vault.object_store import ObjectStore  # noqa: E402
from beside.photos.vault.slots import FolderSlots, Slots  # noqa: E402
from beside.photos.vault.store import Store  # noqa: E402
from tests import objects  # noqa: E402

SIZES = (30_000, 200_000, 1 << 20)
TIMES = 60
SLOT = 4096


def seconds(act: Callable[[], object]) -> float:
    """How long `act` takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def by_turns(stores: dict[str, Store], size: int) -> dict[str, list[float]]:
    """Seconds of each write and read."""
    taken: dict[str, list[float]] = {}
    data = os.urandom(size)
    for _ in range(TIMES):
        for name, store in stores.items():
            blob = uuid4()
            put: Callable[[Store, UUID], None] = lambda at, b: at.put(b, data)  # noqa: E731
            taken.setdefault(f"{name} write", []).append(seconds(lambda: put(store, blob)))  # noqa: B023
            taken.setdefault(f"{name} read", []).append(seconds(lambda: store.get(blob)))  # noqa: B023
    return taken


def of_slots(slots: dict[str, Slots]) -> dict[str, list[float]]:
    """Seconds to read a slot, to replace it, and to read it back."""
    taken: dict[str, list[float]] = {}
    for _ in range(TIMES):
        for name, at in slots.items():
            held = at.read("epoch.a")
            taken.setdefault(f"{name} read", []).append(seconds(lambda: at.read("epoch.a")))  # noqa: B023
            new = os.urandom(SLOT)
            taken.setdefault(f"{name} write", []).append(
                seconds(lambda: at.write("epoch.a", new, over=held))  # noqa: B023
            )
    return taken


def say(what: str, taken: dict[str, list[float]]) -> None:
    """The medians in milliseconds, and how many times the folder's the store's is."""
    for act in ("write", "read"):
        folder, store = (statistics.median(taken[f"{at} {act}"]) for at in ("folder", "store"))
        print(
            f"{what:>9} {act:5}  folder {folder * 1e3:7.2f} ms  store {store * 1e3:7.2f} ms"
            f"  {store / folder:5.1f} times"
        )


def main() -> None:
    """Print it."""
    with tempfile.TemporaryDirectory() as folder, objects.Objects() as server:
        said = objects.settings_at(server.endpoint)
        place = BucketPlace(
            said["store"], server.endpoint, "us-east-1", objects.KEY, objects.SECRET
        )
        print(f"load {os.getloadavg()[0]:.1f}, {TIMES} of each, by turns, medians")
        for size in SIZES:
            stores: dict[str, Store] = {
                "folder": FolderStore(Path(folder)),
                "store": ObjectStore(place),
            }
            say(f"{size:,}", by_turns(stores, size))
        slots: dict[str, Slots] = {
            "folder": FolderSlots(Path(folder) / "keyring"),
            "store": ObjectSlots(place._replace(url=said["keyring"])),
        }
        say("slot", of_slots(slots))
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
