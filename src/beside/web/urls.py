"""The addresses of pages. They are nouns, and every act is a row made or ended."""

from __future__ import annotations

from django.urls import URLPattern, path

from beside.web.views import (
    addenda,
    audience,
    closing,
    ending,
    health,
    history,
    joining,
    light,
    manifest,
    pages,
    publishing,
    writing,
)

urlpatterns: list[URLPattern] = [
    path("healthz", health.show, name="healthz"),
    path("away", pages.away, name="away"),
    path("help", pages.how_it_works, name="help"),
    path("help/kept", pages.what_is_kept, name="privacy"),
    path("light", light.edit, name="light"),
    path("manifest.webmanifest", manifest.show, name="manifest"),
    path("join/<str:secret>/", joining.join, name="join"),
    path("write/", writing.new, name="write"),
    path("letters/", writing.kept, name="letters"),
    path("closing/", closing.everything, name="close_everything"),
    path("posts/<uuid:post_id>/edit/", writing.edit, name="edit"),
    path("posts/<uuid:post_id>/keep/", writing.keep, name="keep"),
    path("posts/<uuid:post_id>/others/<uuid:keeping_id>/", writing.other, name="other"),
    path("posts/<uuid:post_id>/publication/", publishing.publish, name="publish"),
    path("posts/<uuid:post_id>/audience/", audience.edit, name="audience"),
    path("posts/<uuid:post_id>/addenda/", addenda.edit, name="addenda"),
    path("posts/<uuid:post_id>/closing/", closing.edit, name="closing"),
    path("posts/<uuid:post_id>/taking-back/", ending.take_back, name="taking_back"),
    path("posts/<uuid:post_id>/destruction/", ending.destroy, name="destruction"),
    path("posts/<uuid:post_id>/history/", history.show, name="history"),
    # Until their pages are here, these names have no page of their own.
    path("", pages.first, name="home"),
    path("drawer", pages.not_here, name="drawer"),
    path("you", pages.not_here, name="you"),
    path("news", pages.not_here, name="news"),
    path("people/<uuid:account_id>", pages.not_here, name="person"),
    path("posts/<uuid:post_id>", pages.not_here, name="post"),
    path("share", pages.not_here, name="share_target"),
]
