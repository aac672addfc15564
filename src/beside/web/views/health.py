"""Whether this place can do its work. It says nothing about what is in it."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from beside.photos import disk_full, worker_beats
from beside.photos.models import KeyEpoch
from beside.photos.vault.epoch import NoSuchEpoch, OtherRoot
from beside.photos.vault.keyring import keyring_of
from beside.photos.vault.store import store
from beside.querysets import shared_clock

log = logging.getLogger(__name__)


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """200 while database, keyring and store answer; otherwise 503, and the log says which is missing.

    507 while the disk is full: everything can be read, and nothing more can be put in. Where no worker of this place has
    reported lately, the words say so and the status doesn't: pages need none, and every machine would be taken out at once.
    """
    missing = _missing()
    if missing:
        log.warning("not ready: %s is missing", missing)
        return HttpResponse("not ready\n", status=503, content_type="text/plain")
    if disk_full.is_full(settings.BESIDE.data):
        log.warning("the disk is full: nothing more can be kept")
        return HttpResponse("the disk is full\n", status=507, content_type="text/plain")
    if not worker_beats.is_alive(settings.BESIDE.data, at=shared_clock.now()):
        log.warning("no worker has reported for three minutes: photographs aren't being developed")
        return HttpResponse("ready, without a worker\n", content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


def _missing() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        epoch = KeyEpoch.objects.get()
        keyring_of(epoch.instance).epochs.read(epoch.generation)
    except (DatabaseError, KeyEpoch.DoesNotExist):
        return "database"
    except (NoSuchEpoch, OtherRoot, OSError):
        return "keyring"
    try:
        store().require_there()
    except OSError:
        return "store"
    return ""
