"""The access app."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Names the app."""

    name = "beside.access"
    label = "access"
