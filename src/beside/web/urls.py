"""The addresses of pages. They are nouns, and every act is a row made or ended."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
