"""What `bench.slow` reads and uploads: written into the place that the environment names, and told as JSON."""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beside.config.settings")
django.setup()

from bench import people, photographs  # noqa: E402 -- these import models
from beside.access import capability  # noqa: E402
from beside.access.models import Consent  # noqa: E402
from beside.access.policy import Viewer, photographs_of  # noqa: E402
from beside.archive import exports  # noqa: E402
from beside.cli.process.setup import prepare  # noqa: E402
from beside.people.models import Account, Circle  # noqa: E402
from beside.photos import uploads  # noqa: E402
from beside.photos.models import Photo  # noqa: E402
from beside.posts.models import Post  # noqa: E402

UPLOAD_BYTES = 1_000_000
BACKEND = settings.AUTHENTICATION_BACKENDS[0]
SIZES = {"30 KB": 30_000, "200 KB": 200_000, "1 MB": 1_000_000}


def main() -> None:
    """Make it for so many slow people, each with an original of so many megabytes, and print it."""
    slow_people, megabytes = (int(said) for said in sys.argv[1:])
    print(json.dumps(make(slow_people, megabytes)))


def make(slow_people: int, megabytes: int) -> dict[str, Any]:
    """A new place with an ordinary reader and so many slow people: their cookies, and the paths they ask for."""
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        made = photographs.make(SIZES, Path(folder), backend=BACKEND)
    paths = [made["paths"][size, "beside"] for size in SIZES]
    return {
        "cookie": made["cookie"],
        "ordinary": ["/", paths[0], "/help", paths[1]],
        "slow": [_slow_person(number, megabytes << 20) for number in range(slow_people)],
    }


def _slow_person(number: int, original_bytes: int) -> dict[str, str]:
    """An account with all that one can be slow at: its cookie, and the paths."""
    account, now = people.person(f"slow{number}"), timezone.now()
    session = people.session(account, backend=BACKEND)
    export = exports.request(account, with_originals=True, at=now)
    return {
        "cookie": f"{settings.SESSION_COOKIE_NAME}={session}",
        "upload": f"/uploads/{uploads.begin(account, UPLOAD_BYTES, at=now).pk}/",
        "photograph": _photograph(account, session),
        "original": f"/originals/{_original(account, original_bytes)}/",
        "archive": f"/archives/{export.pk}/",
    }


def _original(account: Account, size: int) -> str:
    upload = uploads.begin(account, size, at=timezone.now())
    source = io.BytesIO(os.urandom(size))
    uploads.receive(upload, source.read, offset=0, at=timezone.now())
    # It is no picture, and nobody needs to find that out.
    ready = {"state": Photo.State.READY, "kind": "jpeg", "width": 6000, "height": 4000}
    Photo.objects.filter(pk=upload.pk).update(**ready)
    return str(upload.pk)


def _photograph(account: Account, session: str) -> str:
    """The largest photograph of the ordinary readers' letter, which this one may see as well."""
    now, post, circle = timezone.now(), Post.objects.get(), Circle.objects.get()
    people.join(circle, account)
    largest = Photo.objects.filter(placed__post=post).order_by("-placed__position")[0]
    Consent.objects.create(photo=largest, account=account)
    viewer = Viewer(account.pk, session)
    seen = photographs_of(post, viewer, at=now).get(pk=largest.pk)
    return capability.issue(seen, "w1080", viewer=viewer, at=now)


if __name__ == "__main__":
    main()
