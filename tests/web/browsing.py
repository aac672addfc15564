"""Browsers of the cast, and what their pages say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import Client
from django.urls import reverse

from beside.posts.models import (
    ApprovalRequest,
    Post,
)
from tests.cast import make_post

# Words and addresses of the photographs in the fixture `post`.
FORBIDDEN = ("Two hands on a sheet.", "In the second week.", "Said of this one.", "/p/")


def browser(account) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(account)
    return client


def said_by(response):
    return response.content.decode()


def question_of(post):
    return reverse("approval", args=[post.pk])


def answer(client, post, do):
    asked = ApprovalRequest.objects.get(post=post, ended_at=None)
    return client.post(question_of(post), {"do": do, "asked": str(asked.pk)}, follow=True)


def ask_to_publish(client, post):
    data = {"do": "ask", "message": "It’s all right if it’s no."}
    return client.post(reverse("publish", args=[post.pk]), data, follow=True)


def widening(client, post):
    data = {"words_for": "here", "photographs_for": "us"}
    return client.post(reverse("audience", args=[post.pk]), data | {"do": "change"})


def make_draft(*authors, **fields):
    return make_post(*authors, state=Post.State.DRAFT, **fields)


def url(name: str, post: Post) -> str:
    return reverse(name, args=[post.pk])


def page(client: Client, name: str, post: Post) -> str:
    answer = client.get(url(name, post))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    return answer.content.decode()


def state_of(post):
    post.refresh_from_db()
    return post.state


@contextmanager
def coming_before(turn: int, act: Callable[[], object]) -> Iterator[None]:
    """Do `act` just before the statement with this number, as another request would."""
    count = 0

    def wrapper(execute, sql, params, many, context):
        nonlocal count
        if count == turn:
            count += 1
            act()
        else:
            count += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield
