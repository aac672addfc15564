"""The settings that say where a place keeps what it has: its data folder, and a store and a keyring elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from beside.config import addresses
from beside.config.paths import NamedPath, named_or_not
from beside.photos.vault import bucket_places
from beside.photos.vault.bucket_places import BucketPlace


class StorageSettings(BaseModel):
    """The first of the settings in `env.Env`."""

    data: Annotated[
        NamedPath,
        Field(description="The folder for the database, the photographs and the epoch key."),
    ] = Path("var/data")
    store: Annotated[
        str,
        Field(
            description="Where sealed photographs are kept: s3://bucket/prefix, gs://bucket/prefix or az://container/prefix; empty means the data folder. Needs the extra objects."
        ),
    ] = ""
    store_endpoint: Annotated[
        str,
        AfterValidator(addresses.endpoint_or_not),
        Field(
            description="The address of an S3 store other than Amazon's, such as https://s3.example.org. Empty: what AWS_ENDPOINT_URL says."
        ),
    ] = ""
    store_region: Annotated[
        str, Field(description="The S3 store's region. Empty: what AWS_REGION says, or us-east-1.")
    ] = ""
    store_key: Annotated[
        SecretStr,
        Field(
            description="The name of the S3 store's key. Empty: AWS_ACCESS_KEY_ID, or what the machine itself is given. For gs:// and az:// the environment has it: GOOGLE_APPLICATION_CREDENTIALS, or AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY."
        ),
    ] = SecretStr("")
    store_secret: Annotated[
        SecretStr, Field(description="The secret that belongs to BESIDE_STORE_KEY.")
    ] = SecretStr("")
    keyring: Annotated[
        str,
        AfterValidator(named_or_not),
        Field(
            description="Where the epoch key is kept: a folder, or a bucket that holds nothing else, such as s3://keyring, reached like the store. It may have no versions, no copies and no locks. Empty: the folder keyring in the data folder."
        ),
    ] = ""

    backup_endpoint: Annotated[
        str,
        AfterValidator(addresses.endpoint_or_not),
        Field(
            description="The address of the S3 store that backups go to, if it isn't the one that photographs are in."
        ),
    ] = ""
    backup_region: Annotated[
        str, Field(description="Its region. Empty: as with BESIDE_STORE_REGION.")
    ] = ""
    backup_key: Annotated[
        SecretStr,
        Field(
            description="The name of its key: one that can't delete photographs where they are. Empty: backups use the store's own."
        ),
    ] = SecretStr("")
    backup_secret: Annotated[
        SecretStr, Field(description="The secret that belongs to BESIDE_BACKUP_KEY.")
    ] = SecretStr("")

    @field_validator("store", "keyring")
    @classmethod
    def _is_a_bucket(cls, place: str, before: ValidationInfo) -> str:
        """Only the keyring may be a folder as well."""
        if bucket_places.is_address(place) or (place and before.field_name == "store"):
            bucket_places.require_bucket(place, other_than=before.data.get("store", ""))
        return place

    @model_validator(mode="after")
    def _has_both_or_neither(self) -> Self:
        """A key without its secret would be refused by the store, and at the first photograph."""
        for of in ("STORE", "BACKUP"):
            key, secret = (getattr(self, f"{of.lower()}_{what}") for what in ("key", "secret"))
            if bool(key) != bool(secret):
                raise ValueError(
                    f"BESIDE_{of}_KEY and BESIDE_{of}_SECRET belong together. Set both, or neither."
                )
        return self

    @property
    def store_place(self) -> BucketPlace | Path:
        """Where blobs are: a bucket, or the data folder."""
        return self._bucket_at(self.store) if self.store else self.data

    @property
    def keyring_place(self) -> BucketPlace | Path:
        """Where the epoch key's slots are: a bucket of their own, or a folder."""
        if bucket_places.is_address(self.keyring):
            return self._bucket_at(self.keyring)
        return Path(self.keyring) if self.keyring else self.data / "keyring"

    def backup_at(self, url: str) -> BucketPlace:
        """The bucket that backups go to or come from."""
        key, secret = self.backup_key.get_secret_value(), self.backup_secret.get_secret_value()
        if not (self.backup_endpoint or key):
            return self._bucket_at(url)
        if not self.backup_endpoint:
            region = self.backup_region or self.store_region
            return BucketPlace(url, self.store_endpoint, region, key, secret)
        return BucketPlace(url, self.backup_endpoint, self.backup_region, key, secret)

    def _bucket_at(self, url: str) -> BucketPlace:
        key, secret = self.store_key.get_secret_value(), self.store_secret.get_secret_value()
        return BucketPlace(url, self.store_endpoint, self.store_region, key, secret)
