"""The addresses among the settings: the place's own, the one that the server listens on, and the database's."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

from pydantic import SecretStr

_PORTS = range(1, 65536)
_HOST = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*")
_HOSTS = "A host has letters from a to z, digits, hyphens and points between them. One with other letters is written as browsers send it: xn--…"
_PLACE = "Write it like https://beside.example.org: http or https, a host, and a port if it isn't the usual one."
_BIND = "Write it like 127.0.0.1:8000, or [::1]:8000: an address of this machine and a port."
_ENDPOINT = (
    "Write it like https://s3.example.org: http or https, a host, and a port if it isn't the usual one. Names and secrets have settings"
    " of their own."
)
_MAIL = re.compile(r"[^@\s<>,;:?&\"]+@[^@\s<>,;:?&\"]+")
SIGNS = (
    "In a name or a password write # as %23, / as %2F, : as %3A, ? as %3F, @ as %40 and % as %25."
)
_DATABASE = (
    "Write it like postgres://name:password@host/database. PostgreSQL is the only other database; for SQLite leave"
    f" this empty. {SIGNS}"
)
_HIDDEN = "********"


def place(url: str) -> str:
    """`url`, if it is the root of a host: all links begin with it. Raises a ValueError with a sentence."""
    parts = _on_web(url, _PLACE)
    if parts.path == "/" and url.endswith("/"):
        raise ValueError(f"Write it without the stroke at its end. {_PLACE}")
    if parts.path or set("?#") & set(url) or any(map(str.isspace, url)):
        raise ValueError(f"A place has a host of its own, and no folder of one. {_PLACE}")
    host = parts.hostname or ""
    if not (_is_ip(host) or _HOST.fullmatch(host)):
        raise ValueError(f"{_HOSTS} {_PLACE}")
    return url


def endpoint_or_not(url: str) -> str:
    """`url`, if it is where a service answers, or nothing. Raises a ValueError with a sentence, which has nothing of it."""
    return url and service(url, says=_ENDPOINT)


def service(url: str, *, says: str) -> str:
    """`url`, if it is the address of a service on the web, maybe with a folder. Raises a ValueError that says `says`.

    A name and a password before an @ would be shown wherever the address is.
    """
    _on_web(url, says)
    if set("?#@") & set(url) or any(map(str.isspace, url)):
        raise ValueError(says)
    return url


def mail_or_not(address: str) -> str:
    """`address`, if mails can be written to it from a page, or nothing. Raises a ValueError with a sentence."""
    if address and not _MAIL.fullmatch(address):
        raise ValueError("Write one e-mail address, such as host@example.org.")
    return address


def _on_web(url: str, says: str) -> SplitResult:
    """The parts of an address of http or https with a host, and a port that can be one. Raises a ValueError that says `says`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(says) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError(says)
    if port == 0 or parts.netloc.endswith(":"):
        raise ValueError(says)
    return parts


def listening(bind: str) -> str:
    """`bind`, if it is an address and a port. Raises a ValueError with a sentence."""
    host_and_port(bind)
    return bind


def listening_or_not(bind: str) -> str:
    """The same, or nothing."""
    return bind and listening(bind)


def require_here(metrics: str) -> None:
    """Raise a ValueError with a sentence, unless only this machine reaches that address."""
    host, _port = host_and_port(metrics)
    if not ip_address(host).is_loopback:
        raise ValueError(
            f"BESIDE_METRICS: others on the network reach {host}. Write 127.0.0.1 and a port, or say with"
            " BESIDE_METRICS_FOR_NETWORK=true that they may read the numbers."
        )


def require_apart(metrics: str, bind: str) -> None:
    """Raise a ValueError with a sentence where the numbers are to be had at the server's own port."""
    if host_and_port(metrics)[1] == host_and_port(bind)[1]:
        raise ValueError("BESIDE_METRICS and BESIDE_BIND name the same port. Each needs its own.")


def host_and_port(bind: str) -> tuple[str, int]:
    """What the server listens on; a bare port means this machine only. Raises a ValueError with a sentence."""
    host, _colon, port = bind.rpartition(":")
    if not (port.isascii() and port.isdecimal() and int(port) in _PORTS):
        raise ValueError(_BIND)
    if ":" in host and not _is_in_brackets(host):
        raise ValueError(_BIND)
    host = "127.0.0.1" if host.lower() in ("", "localhost") else host.strip("[]")
    if not _is_ip(host):
        raise ValueError(_BIND)
    return host, int(port)


def database(url: SecretStr) -> SecretStr:
    """`url`, if it is empty or names a PostgreSQL. Raises a ValueError with a sentence, which has nothing of it."""
    if not url.get_secret_value():
        return url
    try:
        parts = urlsplit(url.get_secret_value())
        port = parts.port
    except ValueError:
        raise ValueError(_DATABASE) from None
    if (
        port == 0
        or parts.scheme not in ("postgres", "postgresql")
        or not _names_database(parts.path)
    ):
        raise ValueError(_DATABASE)
    return url


def _names_database(path: str) -> bool:
    """Where a stroke in a password isn't written as %2F, what follows it would be taken for the database."""
    return bool(path.strip("/")) and "/" not in path.strip("/") and "@" not in path


def without_password(url: str) -> str:
    """`url` as it may be shown: the password in it, and what might be one in its query, are left out."""
    try:
        parts = urlsplit(url)
        name, at, host = parts.netloc.rpartition("@")
    except ValueError:
        return _HIDDEN
    if parts.path.strip("/") and not _names_database(parts.path):
        return _HIDDEN
    user, colon, _password = name.partition(":")
    netloc = f"{user}{colon and f':{_HIDDEN}'}{at}{host}"
    query = "&".join(f"{one.partition('=')[0]}={_HIDDEN}" for one in parts.query.split("&") if one)
    return urlunsplit(parts._replace(netloc=netloc, query=query))


def _is_ip(host: str) -> bool:
    # With a zone, as in fe80::1%eth0, it can be neither listened on here nor be in an address that people use.
    if "%" in host:
        return False
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_in_brackets(host: str) -> bool:
    return host.startswith("[") and host.endswith("]")
