"""The names of hosts, as the network knows them."""

from __future__ import annotations

import re
from ipaddress import ip_address

# The DNS has room for 63 letters between two points, and for 253 in all (RFC 1035, 2.3.4). Networks of containers have names with _.
_PART = re.compile(r"(?!-)[a-z0-9_-]{1,63}")
_LONGEST = 253
HOSTS = "A host has letters from a to z, digits, hyphens and points between them, and at most 63 letters between two points. One with other letters is written as browsers send it: xn--…"


def is_host(name: str) -> bool:
    """Whether it is an address of IPv4 or IPv6, or a name that can be looked up, in small letters."""
    try:
        ip_address(name)
    except ValueError:
        return len(name) <= _LONGEST and all(map(_PART.fullmatch, name.split(".")))
    return True
