"""What the nodes show: written into the place that the environment names, and told as JSON."""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beside.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 -- these import models
from django.utils import timezone  # noqa: E402

from bench import people  # noqa: E402
from beside.access import capability  # noqa: E402
from beside.access.models import Consent  # noqa: E402
from beside.access.policy import Viewer, photographs_of  # noqa: E402
from beside.cli.process.setup import prepare  # noqa: E402
from beside.people.models import Account, Circle  # noqa: E402
from beside.posts.models import Post  # noqa: E402
from tests.cast import make_post, make_sealed_photo  # noqa: E402

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


def name(account: Account) -> str:
    """By which tests call them."""
    return account.email.partition("@")[0]


def main(letters: int) -> None:
    """Rose has written so many letters, each with a photograph that Nan and Ada have opened, and a draft. Ines follows her."""
    prepare()
    rose, nan, ada, ines = (people.person(who) for who in ("rose", "nan", "ada", "ines"))
    circle = people.family(rose, nan)
    people.join(circle, ada)
    people.follow(rose, ines)
    keys = {one: people.session(one, backend=BACKEND) for one in (rose, nan, ada, ines)}
    told = {
        "cookies": {
            name(one): f"{settings.SESSION_COOKIE_NAME}={key}" for one, key in keys.items()
        },
        "ids": {name(one): str(one.pk) for one in keys},
        "members": f"/circles/{circle.pk}/members/",
        "draft": f"/posts/{make_post(rose, words_for=[circle], state=Post.State.DRAFT).pk}/",
        "letters": [
            _letter(rose, circle, {nan: keys[nan], ada: keys[ada]}) for _ in range(letters)
        ],
    }
    print(json.dumps(told))


def _letter(rose: Account, circle: Circle, readers: dict[Account, str]) -> dict[str, object]:
    photo, now = make_sealed_photo(rose), timezone.now()
    post: Post = make_post(rose, words_for=[circle], photographs_for=[circle], photos=[photo])
    photographs = {}
    for reader, key in readers.items():
        Consent.objects.create(photo=photo, account=reader)
        viewer = Viewer(reader.pk, key)
        seen = photographs_of(post, viewer, at=now).get(pk=photo.pk)
        photographs[name(reader)] = capability.issue(seen, "w1080", viewer=viewer, at=now)
    return {"page": f"/posts/{post.pk}/", "photographs": photographs}


if __name__ == "__main__":
    main(int(sys.argv[1]))
