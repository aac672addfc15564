"""Where a bucket is and how it is reached. Needs the extra `objects`, so only what needs a bucket imports it.

Every call ends within five seconds, whatever the store does: it refuses, stalls, or isn't there; those of a command that
copies much may take minutes. What it then
raises is an `OSError`, so that whoever waits for a disk that refuses waits for a store in the same way.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from obstore.exceptions import BaseError
from obstore.store import AzureStore, GCSStore, S3Store, from_url

from beside.photos.vault.bucket_places import BucketPlace
from beside.photos.vault.store import StoreUnavailable
from beside.photos.vault.store_waits import about_to_wait

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

log = logging.getLogger(__name__)


class BucketMisread(Exception):
    """A bucket can't even be asked as its settings are."""

    def __init__(self, place: BucketPlace, why: str) -> None:
        super().__init__(f"{place.url} can't be reached as it is set: {why}.")


Bucket = S3Store | GCSStore | AzureStore
# A page says something within five seconds; so a request is tried again only while that can still be done.
ANSWERS_WITHIN = timedelta(seconds=4)
# A write of a slot whose answer doesn't come is followed by a read.
SMALL_WITHIN = timedelta(seconds=2)
_CONNECTS_WITHIN = timedelta(seconds=2)
_TRIED_AGAIN_WITHIN = timedelta(milliseconds=800)
# A large original over a slow line, for a command that nobody waits for on a page.
_PATIENTLY_WITHIN = timedelta(minutes=5)
_PATIENTLY_TRIED_WITHIN = timedelta(seconds=20)
_FIRST_PAUSE = timedelta(milliseconds=50)


def bucket_at(place: BucketPlace, *, is_small: bool = False, is_patient: bool = False) -> Bucket:
    """The bucket of `place`, for objects that are all small, or not, or with nobody waiting. Nothing is asked of it yet.

    Raises `BucketMisread`.
    """
    endpoint = place.identity[-1]
    if endpoint and not endpoint.startswith(("http://", "https://")):
        raise BucketMisread(place, "AWS_ENDPOINT_URL doesn't begin with https:// or http://")
    within = SMALL_WITHIN if is_small else ANSWERS_WITHIN
    client: ClientConfig = {
        "connect_timeout": _CONNECTS_WITHIN,
        "timeout": _PATIENTLY_WITHIN if is_patient else within,
    }
    if place.endpoint.startswith("http://"):
        client["allow_http"] = True
    retry: RetryConfig = {
        "max_retries": 3,
        "retry_timeout": _PATIENTLY_TRIED_WITHIN if is_patient else _TRIED_AGAIN_WITHIN,
        "backoff": {"init_backoff": _FIRST_PAUSE, "max_backoff": _TRIED_AGAIN_WITHIN},
    }
    try:
        return _made(place, client, retry)
    except BaseError as wrong:
        raise BucketMisread(place, _first_line(wrong)) from None


def _made(place: BucketPlace, client: ClientConfig, retry: RetryConfig) -> Bucket:
    if place.is_s3:
        keys = _s3(place)
        return S3Store.from_url(place.url, config=keys, client_options=client, retry_config=retry)
    made = from_url(place.url, client_options=client, retry_config=retry)
    assert isinstance(made, Bucket)
    return made


def _s3(place: BucketPlace) -> S3Config:
    said: S3Config = {
        "endpoint": place.endpoint,
        "region": place.region,
        "access_key_id": place.key,
        "secret_access_key": place.secret,
    }
    return cast("S3Config", {name: value for name, value in said.items() if value})


@contextmanager
def answering(place: BucketPlace, *, may_lack: bool = False) -> Iterator[None]:
    """Turn whatever the store says into `StoreUnavailable`, unless it `may_lack` the object and says that.

    It may stall for seconds; so others can use this thread's connection to the database meanwhile.
    """
    about_to_wait()
    try:
        yield
    except (BaseError, OSError) as wrong:
        if may_lack and isinstance(wrong, FileNotFoundError):
            raise
        log.warning("the object store at %s: %s", place.url, _first_line(wrong))
        raise StoreUnavailable(place.url) from None
    except BaseException as wrong:
        # What stops obstore itself is no Exception, and would end a worker.
        if type(wrong).__name__ != "PanicException":
            raise
        log.warning("the object store at %s: its address can't be asked", place.url)
        raise StoreUnavailable(place.url) from None


def _first_line(wrong: Exception) -> str:
    """What is wrong, without the answer's body."""
    return f"{type(wrong).__name__}: {str(wrong).partition(chr(10))[0]}"
