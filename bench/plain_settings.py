"""Settings of the plain Django site that `bench.delivery` compares with: as few parts as such a site has."""

from __future__ import annotations

from beside.config.settings import *  # noqa: F403 -- the same database and sessions
from beside.config.settings import INSTALLED_APPS

INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("allauth")]
ROOT_URLCONF = "bench.plain_view"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
