"""Every address that the application has in a test place (`tests.web.place`)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from beside.photos.models import Photo
from tests.web.place import Place


def routes(patterns=None) -> Iterator[URLPattern]:
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        else:
            yield pattern


def kinds_of_ids(route: URLPattern) -> list[str]:
    return list(route.pattern.converters)


def addresses(route: URLPattern, ids: dict[str, list]) -> list[str]:
    """The route's addresses for every combination of the ids."""
    kinds = kinds_of_ids(route)
    chosen = itertools.product(*(ids[kind] for kind in kinds))
    return [reverse(route.name, kwargs=dict(zip(kinds, some, strict=True))) for some in chosen]


def fit_together(route: URLPattern) -> bool:
    return kinds_of_ids(route) != ["post_id", "photo_id"]


def all_addresses(place: Place) -> list[tuple[URLPattern, str]]:
    found = []
    for route in routes():
        if fit_together(route):
            found += [(route, path) for path in addresses(route, place.ids)]
        else:
            pairs = Photo.objects.filter(pk__in=place.ids["photo_id"]).values_list(
                "placed__post_id", "pk"
            )
            found += [(route, reverse(route.name, args=pair)) for pair in pairs]
    return found
