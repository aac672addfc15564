"""The addresses of pages, made once for each page and then filled in with ids: Django's `reverse` is slow."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, get_urlconf, reverse


def address_of(page: str, *ids: UUID) -> str:
    """The path of the page with this name in `urls`, as `reverse` gives it; raises `NoReverseMatch`."""
    parts = _around_ids(page, len(ids), get_script_prefix(), get_urlconf())
    return parts[0] + "".join(f"{one}{part}" for one, part in zip(ids, parts[1:], strict=True))


@lru_cache(maxsize=1024)
def _around_ids(page: str, how_many: int, _prefix: str, urlconf: str | None) -> tuple[str, ...]:
    """What stands before, between and after the ids."""
    stand_ins = [UUID(int=number + 1) for number in range(how_many)]
    rest, parts = reverse(page, urlconf, args=stand_ins), []
    for one in stand_ins:
        before, _, rest = rest.partition(str(one))
        parts.append(before)
    return (*parts, rest)
