"""The notices app."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Names the app."""

    name = "beside.notices"
    label = "notices"
