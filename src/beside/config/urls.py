"""Every address. `tests/web/test_every_door.py` has a line for each of them."""

from __future__ import annotations

from django.urls import include, path

from beside.web import account_urls
from beside.web import urls as web

handler404 = "beside.web.views.errors.not_found"
handler500 = "beside.web.views.errors.server_error"

urlpatterns = [
    path("account/", include(account_urls)),
    path("", include(web)),
]
