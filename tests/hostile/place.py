"""What hostile clients come for: written into the place that the environment names, and told as JSON."""

from __future__ import annotations

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beside.config.settings")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402 -- these import models
from django.conf import settings  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import parsers, photographs, slow_place  # noqa: E402
from beside.people import invitations  # noqa: E402
from beside.people.models import Account  # noqa: E402
from beside.posts.models import Authorship, Post  # noqa: E402

# Enough to take every slot for streams, of which one person has four.
SLOW_PEOPLE, ORIGINAL_MB = 9, 8
PATHS = (
    "account_login",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_signup",
    "account_email_verification_sent",
    "account_reauthenticate",
    "share_link_visit",
    "deposit",
    "undo_account_change",
)
PASSWORD = "three quiet words"
LONGEST = 1_000_000
# Each took a worker for minutes, or would in a parser that looks back.
HARD_TEXTS = ("[signed ", "[signed {}\n", "**a", "> ", "&amp;", "*a **b* c**", "- - ", "a\n")


def main() -> None:
    """Make it and print it."""
    told = slow_place.make(SLOW_PEOPLE, ORIGINAL_MB)
    told["original_bytes"] = ORIGINAL_MB << 20
    rose, iris = _person("rose"), _person("iris")
    told["rose"] = {"email": rose.email, "cookie": _cookie(rose)}
    told["iris"] = {"email": iris.email, "cookie": _cookie(iris)}
    told["paths"] = {name: reverse(name) for name in PATHS}
    told["letters"] = [_letter(rose, text) for text in HARD_TEXTS]
    told["invitation"] = invitations.make(rose, name="Nan", at=timezone.now())[1]
    print(json.dumps(told))


def _person(name: str) -> Account:
    account = photographs.person(name)
    account.set_password(PASSWORD)
    account.save()
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


def _cookie(account: Account) -> str:
    key = photographs.session(account, backend=slow_place.BACKEND)
    return f"{settings.SESSION_COOKIE_NAME}={key}"


def _letter(author: Account, text: str) -> str:
    """A letter with a million characters of what parsers find hard; returns its path."""
    now = timezone.now()
    post = Post.objects.create(
        state=Post.State.PUBLISHED,
        words=parsers.text_of(text, LONGEST),
        begun_at=now,
        saved_at=now,
        published_at=now,
        written_on=now.date(),
    )
    Authorship.objects.create(post=post, account=author, joined_at=now)
    return f"/posts/{post.pk}/"


if __name__ == "__main__":
    main()
