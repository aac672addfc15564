"""The settings of the server, in a folder of the tests' own.

With BESIDE_TEST_DATABASE=postgresql the same tests run on a PostgreSQL that is started for them, and with
BESIDE_TEST_STORE=s3 they keep photographs in an object store.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from tests import objects
from tests.postgres import Cluster

_folder = Path(tempfile.mkdtemp(prefix="beside-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("BESIDE_")]:
    if not _name.startswith(("BESIDE_TEST_", "BESIDE_CORPUS")):
        del os.environ[_name]
os.environ["BESIDE_DATA"] = str(_folder / "data")
os.environ["BESIDE_ROOT_KEY_FILE"] = str(_folder / "root.key")
_on_postgresql = os.environ.get("BESIDE_TEST_DATABASE", "sqlite") == "postgresql"
if _on_postgresql:
    # Whoever reads this first starts it; the other workers find its address.
    if "BESIDE_TEST_DATABASE_URL" not in os.environ:
        _cluster = Cluster()
        _cluster.start()
        atexit.register(_cluster.stop)
        os.environ["BESIDE_TEST_DATABASE_URL"] = _cluster.url()
    os.environ["BESIDE_DATABASE_URL"] = os.environ["BESIDE_TEST_DATABASE_URL"]
if objects.are_used():
    if "BESIDE_TEST_STORE_ENDPOINT" not in os.environ:
        _objects = objects.Objects()
        _objects.start()
        atexit.register(_objects.stop)
        os.environ["BESIDE_TEST_STORE_ENDPOINT"] = _objects.endpoint
    os.environ |= objects.environment_at(os.environ["BESIDE_TEST_STORE_ENDPOINT"])
    from beside.photos.vault import buckets

    # An honest store that shares its machine with other tests is only slow.
    buckets.ANSWERS_WITHIN = buckets.SMALL_WITHIN = timedelta(seconds=objects.STARTING_S)

from beside.config.settings import *  # noqa: E402, F403
from beside.config.settings import DATABASES, STATIC_ROOT  # noqa: E402

if not _on_postgresql:
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(parents=True)
