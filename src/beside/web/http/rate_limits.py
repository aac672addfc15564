"""When something that was done too often may be done again."""

from __future__ import annotations

import math
import time

from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import ngettext


def minutes_until_open(request: HttpRequest, action: str, *, key: str | None = None) -> int:
    """How many minutes from now `action` is allowed again; 1 at the least.

    allauth keeps, for each rate, the times of what was done, newest first.
    """
    now = time.time()
    waits = [0.0]
    for rate in get_rates(app="allauth.account", action=action):
        cache_key = get_cache_key(request, app="allauth.account", action=action, rate=rate, key=key)
        done_at: list[float] = cache.get(cache_key, [])
        if len(done_at) >= rate.amount:
            waits.append(done_at[rate.amount - 1] + rate.duration - now)
    return max(1, math.ceil(max(waits) / 60))


def in_minutes(minutes: int) -> str:
    """That wait, in words. A time of day would be wrong wherever clocks differ from the server's."""
    return ngettext("in a minute", "in %(minutes)d minutes", minutes) % {"minutes": minutes}
