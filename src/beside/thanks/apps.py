"""The thanks app."""

from __future__ import annotations

from django.apps import AppConfig


class ThanksConfig(AppConfig):
    """Names the app."""

    name = "beside.thanks"
    label = "thanks"
