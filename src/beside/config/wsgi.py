"""The two WSGI applications: delivery for photographs' bytes, Django for everything else.

The server loads them through `config.rsgi`; tests and WSGI tools call `application`.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from beside.config import databases
from beside.config.database_connections import give_back, lending
from beside.config.process import end_with_parent

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

if multiprocessing.parent_process() is not None:
    end_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beside.config.settings")
pages: WSGIApplication = get_wsgi_application()

# These import models, which only exist now that Django is set up.
from beside.access.capability import PREFIX  # noqa: E402
from beside.delivery.app import Delivery  # noqa: E402
from beside.delivery.memory import reuse_memory  # noqa: E402
from beside.photos.vault.store_waits import before_waiting  # noqa: E402

__all__ = ["PREFIX", "application", "pages", "photographs"]

reuse_memory()
photographs: WSGIApplication = Delivery()
_database = settings.DATABASES["default"]
if multiprocessing.parent_process() is not None and databases.is_postgresql(_database):
    databases.share(_database, settings.BESIDE)
    pages, photographs = lending(pages), lending(photographs)
    before_waiting(give_back)


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request."""
    if environ["PATH_INFO"].startswith(PREFIX):
        return photographs(environ, start_response)
    return pages(environ, start_response)
