"""A request of the server's, as WSGI (PEP 3333) describes it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, overload

from beside.front.limits import Refused

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, WSGIEnvironment


LONGEST_HEADER = 8 * 1024
_OF_PHOTOGRAPHS = (("cookie", "HTTP_COOKIE"), ("sec-fetch-site", "HTTP_SEC_FETCH_SITE"))


class Headers(Protocol):
    """The headers of a request, by their names in lower case."""

    def items(self) -> list[tuple[str, str]]: ...
    @overload
    def get(self, key: str) -> str | None: ...
    @overload
    def get(self, key: str, default: str) -> str: ...


class Scope(Protocol):
    """What the server knows of a request before its body."""

    @property
    def http_version(self) -> str: ...
    @property
    def scheme(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def query_string(self) -> str: ...
    @property
    def server(self) -> str: ...
    @property
    def client(self) -> str: ...
    @property
    def headers(self) -> Headers: ...


def environ_of(scope: Scope, *, body: InputStream, length: int) -> WSGIEnvironment:
    """What a WSGI application is called with, for a body of `length` bytes."""
    host, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **_variables(scope.headers),
    }
    if length or scope.headers.get("content-length") is not None:
        environ["CONTENT_LENGTH"] = str(length)
    return environ


def environ_of_photograph(scope: Scope, headers: Headers) -> WSGIEnvironment:
    """As much of it as a photograph is decided by: the other headers would be read in vain each time."""
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path,
        "QUERY_STRING": scope.query_string,
        "wsgi.url_scheme": scope.scheme,
    }
    for name, variable in _OF_PHOTOGRAPHS:
        if (value := headers.get(name)) is not None:
            environ[variable] = value
    return environ


def content_length(headers: Headers) -> int:
    """How many bytes follow. Raises `Refused` where a body has no length beforehand, or a nonsensical one."""
    if headers.get("transfer-encoding") is not None:
        raise Refused(411, "A request with a body must say how long it is (Content-Length).")
    said = headers.get("content-length", "0")
    if not (said.isascii() and said.isdecimal() and len(said) < 20):
        raise Refused(400, "The length of this request can't be read.")
    return int(said)


def require_short(headers: Headers) -> None:
    """Raise `Refused` where a header, or all of one name together, is longer than `LONGEST_HEADER`.

    Django reads `Accept` and `Content-Type` with Python's mail parser, whose time grows with the square of their
    length. Other cookies of the same host may be long, and cookies are read in step with their length.
    """
    characters: Counter[str] = Counter()
    for name, value in headers.items():
        characters[name] += len(value)
    characters.pop("cookie", None)
    if any(length > LONGEST_HEADER for length in characters.values()):
        raise Refused(431, "A header of this request is too long.")


def address_of(scope: Scope, *, trusted_proxies: int) -> str:
    """The client's address: the connection's, or what the outermost trusted proxy has seen."""
    if trusted_proxies:
        seen = scope.headers.get("x-forwarded-for", "").split(",")
        if len(seen) >= trusted_proxies and seen[-trusted_proxies].strip():
            return str(seen[-trusted_proxies].strip())
    return scope.client.rpartition(":")[0]


def _variables(headers: Headers) -> Mapping[str, str]:
    """The headers as WSGI names them. One with an underscore is left out.

    `X_Forwarded_For` would otherwise pass for the `X-Forwarded-For` that only a proxy may set.
    """
    variables: dict[str, str] = {}
    for name, value in headers.items():
        if "_" in name or name == "content-length":
            continue
        key = name.upper().replace("-", "_")
        if key != "CONTENT_TYPE":
            key = f"HTTP_{key}"
        if key in variables:
            value = f"{variables[key]}{';' if name == 'cookie' else ','}{value}"
        variables[key] = value
    return variables
