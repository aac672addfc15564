"""Reading one cookie, in less time than it takes to read all of them."""

from __future__ import annotations

from django.http.cookie import parse_cookie


def cookie_in(header: str, name: str) -> str | None:
    """The value of the cookie `name`, just as Django's `parse_cookie` reads that header; None if it isn't there."""
    if '"' in header:
        return parse_cookie(header).get(name)
    # As for Django, the last one counts.
    for pair in reversed(header.split(";")):
        key, equals, value = pair.partition("=")
        if equals and key.strip() == name:
            return value.strip()
    return None
