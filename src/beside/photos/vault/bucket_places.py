"""The addresses of buckets. Nothing here needs a store, or the extra that reaches one."""

from __future__ import annotations

import os
import posixpath
import re
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

_SCHEMES = ("s3", "gs", "az")
# The extra `objects`: one reads and writes, the other is for `beside doctor`.
_PARTS = ("obstore", "botocore")
_BUCKET = re.compile(r"[A-Za-z0-9._-]+")
_PREFIX = re.compile(r"(/[A-Za-z0-9._-]+)*/?")


class NotABucket(ValueError):
    """An address names no bucket that could be meant, or nothing here can reach one."""


class BucketPlace(NamedTuple):
    """A bucket's address (s3://bucket/prefix), and how to get there; what is empty, the environment says."""

    url: str
    endpoint: str = ""
    region: str = ""
    key: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return f"BucketPlace({self.url})"

    @property
    def is_s3(self) -> bool:
        """Whether it speaks S3, whoever's it is."""
        return urlsplit(self.url).scheme == "s3"

    def below(self, name: str) -> BucketPlace:
        """A folder in it."""
        return self._replace(url=f"{self.url.rstrip('/')}/{name}")

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What tells it from any other, however it is spelled: scheme, bucket, folder, and the endpoint in force."""
        parts = urlsplit(self.url)
        endpoint = self.endpoint or (os.environ.get("AWS_ENDPOINT_URL", "") if self.is_s3 else "")
        folder = posixpath.normpath(f"/{parts.path.strip('/')}")
        return parts.scheme, parts.netloc, folder, endpoint.rstrip("/").lower()

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        return urlsplit(self.url).netloc


def where(place: BucketPlace | Path) -> str:
    """The address or the path of `place`, to be said."""
    return place.url if isinstance(place, BucketPlace) else str(place)


def identity_of(place: BucketPlace | Path) -> str:
    """The same for a bucket or a folder however it is spelled, and for no two of them."""
    if isinstance(place, BucketPlace):
        return " ".join(place.identity).rstrip()
    return str(place.resolve())


def is_address(text: str) -> bool:
    """Whether this is meant for a bucket's address, and not for a folder."""
    return "://" in text


def require_bucket(text: str, *, other_than: str) -> None:
    """Raise `NotABucket` unless `text` is the address of another bucket, and this installation can reach one."""
    parts = urlsplit(text)
    if parts.scheme not in _SCHEMES or not _BUCKET.fullmatch(parts.netloc):
        raise NotABucket(
            "It begins with s3://, gs:// or az://, and after that the bucket's name, such as s3://photographs/beside."
            " Names and secrets have settings of their own."
        )
    if parts.query or parts.fragment or not _PREFIX.fullmatch(parts.path):
        raise NotABucket(
            "After the bucket's name there may be folders of letters, digits, dots, hyphens and underscores."
        )
    if parts[:2] == urlsplit(other_than)[:2]:
        raise NotABucket(
            "It names the bucket of BESIDE_STORE. The keyring needs one of its own: a bucket may keep earlier versions of"
            " photographs, and never of keys."
        )
    if not all(find_spec(part) for part in _PARTS):
        raise NotABucket(
            "An object store needs a part of Beside that isn't installed: pip install 'beside[objects]'."
        )
