"""A signed-in browser, and asking it for pages by their URL names."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')


def as_(account) -> Client:
    client = Client()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def page(client: Client, name: str, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return written(answer)


def written(answer: HttpResponse) -> str:
    """The page without its form's token, in which any short name may stand by chance."""
    return _TOKEN.sub(r"\1", answer.content.decode())


def status(client: Client, name: str, *args) -> int:
    return client.get(reverse(name, args=args)).status_code


def post(client: Client, url_name: str, /, *args, **data):
    return client.post(reverse(url_name, args=args), data)
