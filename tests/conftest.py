from __future__ import annotations

import gc
import io
import os
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zlib import crc32

import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate
from hypothesis import HealthCheck, settings
from PIL import Image

from beside.photos.models import Photo
from beside.photos.originals import pieces_of
from beside.photos.vault.keyring import open_keyring
from tests import objects
from tests.cast import Cast, make_cast

# Each test that commits is followed by a flush, which would make the rows of both anew in a fifth of a second. Nothing here reads one.
post_migrate.disconnect(create_contenttypes)
post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")

# What ignores a signal, as a run in the background or by nohup does, hands that on to each process that it starts. A handler isn't handed on.
for _number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, lambda *_: None)

settings.register_profile(
    "everyday",
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# `make test` draws 40 in place of the 12 of `make everyday`. Each run draws new ones, so many see many.
# 500 in each took two minutes longer on two cores. Long searches are `bench.worlds`.
settings.register_profile("whole", settings.get_profile("everyday"), max_examples=40)
# The many examples are held on one database; the other is asked the same questions, fewer times.
settings.register_profile("postgresql", settings.get_profile("everyday"), max_examples=12)
if os.environ.get("BESIDE_TEST_DATABASE", "sqlite") == "postgresql":
    settings.load_profile("postgresql")
else:
    settings.load_profile(os.environ.get("BESIDE_TEST_EXAMPLES", "everyday"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With BESIDE_TEST_SHARE=3 about a third of the tests, each run's seed (`--randomly-seed`) another, so that many runs try all."""
    parts = int(os.environ.get("BESIDE_TEST_SHARE", "1"))
    seed = config.getoption("randomly_seed", 0)
    others = [
        item
        for item in items
        if crc32(f"{seed} {item.nodeid}".encode()) % parts
        and not item.get_closest_marker("every_run")
    ]
    if others:
        items[:] = [item for item in items if item not in set(others)]
        config.hook.pytest_deselected(items=others)


def pytest_collection_finish() -> None:
    """Let the garbage collector look past ten thousand tests: it took a ninth of the time."""
    gc.collect()
    gc.freeze()


_FOUND = pytest.StashKey[dict[str, object]]()
# pytest's own, and what pytest-django sets for all tests, once.
_OF_THE_RUN = {"PYTEST_CURRENT_TEST", "ALLOWED_HOSTS", "MIGRATION_MODULES"}


def _shared() -> dict[str, object]:
    """What all tests of a process share, by name. Django's settings are read past its lookup, as this is asked twice for each test."""
    of_django = django_settings._wrapped
    return {**os.environ, **vars(of_django), "layer": id(of_django), "folder": os.getcwd()}


def _changed(found: dict[str, object], left: dict[str, object]) -> set[str]:
    if found == left:
        return set()
    names = {name for name in found | left if found.get(name) != left.get(name)}
    return names - _OF_THE_RUN


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> object:
    item.stash[_FOUND] = _shared()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> object:
    """Refuse a test that leaves a setting or the environment other than it found it: another would fail for it, in some orders only."""
    done = yield
    found, left = item.stash[_FOUND], _shared()
    if changed := _changed(found, left):
        pytest.fail(f"This test leaves changed: {', '.join(sorted(changed))}", pytrace=False)
    return done


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


@pytest.fixture
def own_place(tmp_path: Path, settings) -> Path:
    """A data folder of this test's own, as its keyring has to fit the test's database."""
    settings.BESIDE = settings.BESIDE.model_copy(
        update={"data": tmp_path / "data", **objects.a_place_of_its_own()}
    )
    return tmp_path / "data"


@pytest.fixture
def data(own_place: Path, db) -> Path:
    """The same, with its keyring."""
    open_keyring()
    return own_place


@pytest.fixture
def limits(settings) -> Callable[..., None]:
    """Give this test's place other limits."""

    def give(**limits: int) -> None:
        settings.BESIDE = settings.BESIDE.model_copy(update=limits)

    return give


@pytest.fixture
def whole() -> Callable[[Photo], bytes]:
    """An original as its holder gets it back."""

    def read(photo: Photo) -> bytes:
        with closing(pieces_of(Photo.objects.get(pk=photo.pk))) as pieces:
            return b"".join(pieces)

    return read


@pytest.fixture
def jpeg() -> Callable[..., bytes]:
    """A small real photograph."""

    def make(colour: str = "teal", size: tuple[int, int] = (160, 120)) -> bytes:
        file = io.BytesIO()
        Image.new("RGB", size, colour).save(file, "JPEG")
        return file.getvalue()

    return make
