"""The settings of a demonstration: the ordinary ones, and one more address, on this machine only."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from beside.cli.demo.place import MARKER
from beside.config.settings import *  # noqa: F403
from beside.config.settings import BESIDE

_LOOPBACK = ("127.0.0.1:", "localhost:", "[::1]:")

if not (BESIDE.data / MARKER).exists():
    raise ImproperlyConfigured(
        "These settings are only for a folder that `beside serve --demo` made."
    )
if not BESIDE.bind.startswith(_LOOPBACK):
    raise ImproperlyConfigured(
        "A demonstration lets in whoever has its links, so it listens on this machine only."
        " Set BESIDE_BIND to 127.0.0.1 and a port."
    )

ROOT_URLCONF = "beside.cli.demo.urls"
WHEN_READY = "beside.cli.demo.family.appear"
