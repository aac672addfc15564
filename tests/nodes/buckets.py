"""The buckets of a place, put back to how they were kept: by a client that isn't Beside's own, and has no threads."""

from __future__ import annotations

from hashlib import md5
from typing import Any
from urllib.parse import urlsplit

from tests.objects import client_at, everything_in


class Buckets:
    """What is below these addresses, such as s3://photographs/some-prefix."""

    def __init__(self, endpoint: str, addresses: list[str]) -> None:
        self._client: Any = client_at(endpoint)
        self._places = [(at.netloc, at.path.strip("/") + "/") for at in map(urlsplit, addresses)]
        self._kept: dict[str, dict[str, bytes]] = {}

    def keep(self) -> None:
        """Remember what is there."""
        for bucket, prefix in self._places:
            self._kept[bucket] = dict(everything_in(self._client, bucket, prefix))

    def put_back(self) -> None:
        """Have there what was remembered, and nothing else."""
        for bucket, prefix in self._places:
            kept, there = self._kept[bucket], self._tags(bucket, prefix)
            for name in there.keys() - kept.keys():
                self._client.delete_object(Bucket=bucket, Key=name)
            for name, content in kept.items():
                if there.get(name) != md5(content).hexdigest():
                    self._client.put_object(Bucket=bucket, Key=name, Body=content)

    def _tags(self, bucket: str, prefix: str) -> dict[str, str]:
        """The store's ETag is the content's MD5."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return {
            one["Key"]: one["ETag"].strip('"') for page in pages for one in page.get("Contents", ())
        }
