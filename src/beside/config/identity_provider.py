"""The settings of the organisation's own identity provider (OpenID Connect). `env` has all the others."""

from __future__ import annotations

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator

from beside.config import addresses

_ISSUER = "Write the issuer as an https address, without ? and #, and without a name before an @."


class IdentityProviderSettings(BaseModel):
    """Which provider there is, and what this place is called there. Without an address there is none."""

    oidc_url: Annotated[
        str,
        Field(
            description="The issuer of your organisation's own identity provider (OpenID Connect), exactly as it names itself and beginning with https. Empty: nobody signs in that way."
        ),
    ] = ""
    oidc_client_id: Annotated[
        str, Field(description="What this place is called there (client ID).")
    ] = ""
    oidc_secret: Annotated[
        SecretStr, Field(description="The secret that this place shows there (client secret).")
    ] = SecretStr("")
    oidc_name: Annotated[
        str,
        Field(description="What people call it, as on the button: Sign in with Lindholm Hospital."),
    ] = ""

    @field_validator("oidc_url")
    @classmethod
    def _is_an_issuer(cls, url: str) -> str:
        if not url:
            return url
        parts = urlsplit(addresses.service(url, says=_ISSUER))
        if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError(_ISSUER)
        return url

    @model_validator(mode="after")
    def _is_known_there(self) -> Self:
        if self.oidc_url and not (self.oidc_client_id and self.oidc_secret and self.oidc_name):
            raise ValueError(
                "With BESIDE_OIDC_URL, set BESIDE_OIDC_CLIENT_ID, BESIDE_OIDC_SECRET and BESIDE_OIDC_NAME too. Without a secret anybody"
                " could pass for this place there."
            )
        return self
