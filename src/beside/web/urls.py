"""The addresses of pages. They are nouns, and every act is a row made or ended."""

from __future__ import annotations

from django.urls import URLPattern, path

from beside.web.views import health, light, manifest, pages

urlpatterns: list[URLPattern] = [
    path("healthz", health.show, name="healthz"),
    path("away", pages.away, name="away"),
    path("help", pages.how_it_works, name="help"),
    path("help/kept", pages.what_is_kept, name="privacy"),
    path("light", light.edit, name="light"),
    path("manifest.webmanifest", manifest.show, name="manifest"),
    # Until their pages are here, these names have no page of their own.
    path("", pages.first, name="home"),
    path("write", pages.not_here, name="write"),
    path("drawer", pages.not_here, name="drawer"),
    path("you", pages.not_here, name="you"),
    path("news", pages.not_here, name="news"),
    path("people/<uuid:account_id>", pages.not_here, name="person"),
    path("posts/<uuid:post_id>", pages.not_here, name="post"),
    path("share", pages.not_here, name="share_target"),
]
