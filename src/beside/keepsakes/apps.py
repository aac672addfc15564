"""The keepsakes app."""

from __future__ import annotations

from django.apps import AppConfig


class KeepsakesConfig(AppConfig):
    """Names the app."""

    name = "beside.keepsakes"
    label = "keepsakes"
