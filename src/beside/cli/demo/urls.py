"""The addresses of a demonstration: the ordinary ones, and the way in by link."""

from __future__ import annotations

from django.urls import include, path

from beside.cli.demo import sign_in
from beside.config import urls as ordinary

handler404 = ordinary.handler404
handler500 = ordinary.handler500

urlpatterns = [
    path("demo/<str:link>/", sign_in.come_in, name="demo"),
    path("", include(ordinary.urlpatterns)),
]
