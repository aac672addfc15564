"""What `bench.storm` needs: a letter, its author, and many who write; and afterwards, what of it all is there.

python -m bench.storm_place make PEOPLE WAITING WORDS      in the place that the environment names
python -m bench.storm_place check < ids.json
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beside.config.settings")
django.setup()

from django.db import connection  # noqa: E402 -- these need the settings
from django.db.models import Sum  # noqa: E402
from django.db.models.functions import Length  # noqa: E402

from bench import people, photographs  # noqa: E402
from beside.cli.process.setup import prepare  # noqa: E402
from beside.people.models import Account, Delegation, Profile  # noqa: E402
from beside.posts.models import Audience, Post  # noqa: E402
from beside.responses.likeness import likeness  # noqa: E402
from beside.responses.models import ReadFirst, RespondedBy, Response, ResponseChoice  # noqa: E402

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
SIZES = {"30 KB": 30_000, "200 KB": 200_000}
_LONG_AGO = timedelta(days=40)


def main() -> None:
    """Make the place, or look at what is in it, and print that as JSON."""
    if sys.argv[1] == "make":
        told = make(*(int(said) for said in sys.argv[2:]))
    else:
        told = look(json.load(sys.stdin))
    print(json.dumps(told))


def make(writers: int, waiting: int, length: int) -> dict[str, Any]:
    """A letter that anyone may read and respond to, with so many who can, and so many responses that wait."""
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        made = photographs.make(SIZES, Path(folder), backend=BACKEND)
    post = Post.objects.get()
    Post.objects.update(words_for=Audience.ANYONE, words="We knew from about four. " * 60)
    author = post.authorships.get().account
    screener = people.person("screener")
    now = timezone.now()
    Delegation.objects.create(
        author=author,
        delegate=screener,
        role=Delegation.Role.SCREENER,
        offered_at=now,
        signed_at=now,
    )
    ResponseChoice.objects.create(
        post=post,
        author=author,
        responded_by=RespondedBy.READERS,
        read_first=ReadFirst.AUTHORS,
    )
    accounts = _accounts(writers)
    _let_wait(post, accounts, waiting, length)
    return {
        "letter": f"/posts/{post.pk}/",
        "author": _cookie(author),
        "screener": _cookie(screener),
        "reader": made["cookie"],
        "photographs": [made["paths"][size, "beside"] for size in SIZES],
        "writers": [_cookie(one) for one in accounts],
    }


def look(ids: list[str]) -> dict[str, int]:
    """How many of these responses are not there, and how many bytes all words and the whole database have."""
    there = {str(key) for key in Response.objects.values_list("pk", flat=True)}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        [size] = cursor.fetchone()
    text = Response.objects.aggregate(text=Sum(Length("words")))["text"] or 0
    lost = sum(key not in there for key in ids)
    return {"lost": lost, "responses": len(there), "text": text, "database": size}


def _accounts(number: int) -> list[Account]:
    joined = timezone.now() - _LONG_AGO
    accounts = [
        Account(email=f"writer{one}@home.example", password="!", joined_at=joined)
        for one in range(number)
    ]
    Account.objects.bulk_create(accounts)
    Profile.objects.bulk_create(Profile(account=one, name="Someone") for one in accounts)
    return accounts


def _let_wait(post: Post, writers: list[Account], number: int, length: int) -> None:
    now = timezone.now()
    rows = []
    for place in range(number):
        words, at = words_of(f"before{place}", length), now - timedelta(seconds=1 + place / 33)
        rows.append(
            Response(
                post=post,
                writer=writers[place % len(writers)],
                words=words,
                sent_at=at,
                waits_since=at,
                likeness=likeness(words),
            )
        )
    Response.objects.bulk_create(rows, batch_size=500)


def words_of(name: str, length: int) -> str:
    """A response of so many characters, like no other."""
    return (f"To you both, from {name}. " + "I read it twice, and have said his name aloud. " * 99)[
        :length
    ]


def _cookie(account: Account) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={people.session(account, backend=BACKEND)}"


if __name__ == "__main__":
    main()
