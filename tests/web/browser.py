"""A signed-in browser, and asking it for pages by their URL names."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from django.urls import reverse


def as_(account) -> Client:
    client = Client()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def page(client: Client, name: str, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def status(client: Client, name: str, *args) -> int:
    return client.get(reverse(name, args=args)).status_code


def post(client: Client, url_name: str, /, *args, **data):
    return client.post(reverse(url_name, args=args), data)
