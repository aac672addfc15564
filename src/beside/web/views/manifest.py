"""The web app manifest, with which a phone puts Beside on its home screen and shares photographs with it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

GROUND = "#f0efe9"


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def show(request: HttpRequest) -> JsonResponse:
    """The manifest. It says nothing about this place or anybody, so anyone may read it."""
    manifest = {
        "id": "/",
        "name": "Beside",
        "short_name": "Beside",
        "lang": get_language(),
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": _icons(),
        "share_target": _share_target(),
    }
    return JsonResponse(manifest, content_type="application/manifest+json")


def _share_target() -> dict[str, object]:
    files = [{"name": "photographs", "accept": ["image/*", ".heic", ".heif"]}]
    return {
        "action": reverse("share_target"),
        "method": "POST",
        "enctype": "multipart/form-data",
        "params": {"files": files},
    }


def _icons() -> list[dict[str, str]]:
    return [
        {"src": static("beside/img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("beside/img/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {
            "src": static("beside/img/icon-maskable.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ]
