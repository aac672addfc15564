"""The responses app."""

from __future__ import annotations

from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    """Names the app."""

    name = "beside.responses"
    label = "responses"
