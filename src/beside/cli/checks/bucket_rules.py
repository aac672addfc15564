"""What a bucket keeps of what was replaced or deleted. Needs the extra `objects`, and is asked in S3's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from beside.photos.vault.bucket_places import BucketPlace

_NONE_THERE = {
    "ReplicationConfigurationNotFoundError",
    "ObjectLockConfigurationNotFoundError",
    "NoSuchLifecycleConfiguration",
}
_WAITS = Config(connect_timeout=2, read_timeout=4, retries={"total_max_attempts": 1})
_OLD = (
    "NoncurrentVersionExpiration",
    "NoncurrentVersionTransition",
    "NoncurrentVersionTransitions",
)


class CannotAsk(Exception):
    """The store doesn't say what it keeps; `what` names the rule that was asked for."""

    def __init__(self, what: str) -> None:
        super().__init__(f"It doesn't say whether it has {what}.")


class Rules:
    """What one bucket of S3's kind is told to keep. Every question raises `CannotAsk`."""

    def __init__(self, place: BucketPlace) -> None:
        self._bucket = place.bucket
        self._client: Any = botocore.session.get_session().create_client(
            "s3",
            region_name=place.region or None,
            endpoint_url=place.endpoint or None,
            aws_access_key_id=place.key or None,
            aws_secret_access_key=place.secret or None,
            config=_WAITS,
        )

    def has_versions(self) -> bool:
        """Whether it keeps earlier versions, or has done so once."""
        return "Status" in self._ask("versions", self._client.get_bucket_versioning)

    def has_copies(self) -> bool:
        """Whether it is copied elsewhere as it changes."""
        said = self._ask("copies in other buckets", self._client.get_bucket_replication)
        return bool(said.get("ReplicationConfiguration", {}).get("Rules"))

    def has_locks(self) -> bool:
        """Whether its objects may be locked against being replaced or deleted."""
        said = self._ask("locks on objects", self._client.get_object_lock_configuration)
        return bool(said.get("ObjectLockConfiguration"))

    def keeps_old_versions(self) -> bool:
        """Whether a rule says for how long versions are kept that aren't current any more."""
        return self._has_rule(_OLD)

    def deletes(self) -> bool:
        """Whether a rule deletes objects by itself."""
        return any(
            {"Days", "Date"} & rule.get("Expiration", {}).keys() for rule in self._lifecycle()
        )

    def _has_rule(self, names: tuple[str, ...]) -> bool:
        return any(name in rule for rule in self._lifecycle() for name in names)

    def _lifecycle(self) -> list[dict[str, Any]]:
        said = self._ask("rules of lifecycle", self._client.get_bucket_lifecycle_configuration)
        return [rule for rule in said.get("Rules", ()) if rule.get("Status") == "Enabled"]

    def _ask(self, what: str, question: Callable[..., dict[str, Any]]) -> dict[str, Any]:
        try:
            return question(Bucket=self._bucket)
        except ClientError as refused:
            if refused.response.get("Error", {}).get("Code") in _NONE_THERE:
                return {}
            raise CannotAsk(what) from None
        except BotoCoreError:
            raise CannotAsk(what) from None
