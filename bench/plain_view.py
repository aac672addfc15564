"""The peer of `bench.delivery`: a photograph sent by a plain Django view, as many sites do it.

The session, the account and one row by the ORM, then a FileResponse of a plain file. It asks
far less than Beside does: no rule, no key, no decryption.
"""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.urls import path

from beside.photos.models import Rendition

FILES = Path(os.environ.get("BENCH_PLAIN_FILES", "."))


def show(request: HttpRequest, rendition_id: UUID) -> FileResponse:
    """Send the file if there is such a rendition and somebody is signed in."""
    if not request.user.is_authenticated:
        raise Http404
    rendition = Rendition.objects.get(pk=rendition_id)
    return FileResponse((FILES / rendition.pk.hex).open("rb"), content_type=rendition.media_type)


urlpatterns = [path("plain/<uuid:rendition_id>", show)]
