"""Every BESIDE_ setting, once: its type, its default, and a sentence about it.

`docs/settings.md` is written from this file (`beside settings --markdown`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from beside.config import addresses, choices, given, mail_server
from beside.config.identity_provider import IdentityProviderSettings
from beside.config.mail_server import MailServer, address_or_not
from beside.config.paths import NamedPath
from beside.config.storage import StorageSettings
from beside.people import languages, time_zones

# A pebibyte. What is more fits into no column, and was mistyped.
MOST_BYTES = 1024**5


class Env(StorageSettings, IdentityProviderSettings):
    """What the host has set, read from the environment when the server starts."""

    # A refused value may be a secret, which isn't repeated.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    # Django looks for this on whatever is taken from its settings, and what isn't there takes pydantic ten times as long to say.
    _mask_wrapped: ClassVar[bool] = True

    root_key_file: Annotated[
        NamedPath,
        Field(
            description="The file with the root key. Keep it outside the data folder and outside its backups; whoever loses it loses every photograph."
        ),
    ] = Path("var/root.key")
    url: Annotated[
        str,
        AfterValidator(addresses.place),
        Field(description="The address that people use, such as https://beside.example.org."),
    ] = "http://localhost:8000"
    bind: Annotated[
        str,
        AfterValidator(addresses.listening),
        Field(description="The address and port that the server listens on."),
    ] = "127.0.0.1:8000"
    server_workers: Annotated[
        int, Field(ge=1, le=64, description="How many server processes there are.")
    ] = 2
    database_url: Annotated[
        SecretStr,
        AfterValidator(addresses.database),
        Field(
            description="PostgreSQL, as postgres://name:password@host/database; empty means SQLite in the data folder."
        ),
    ] = SecretStr("")
    database_connections: Annotated[
        int,
        Field(
            ge=1,
            le=10_000,
            description="How many connections to PostgreSQL one machine opens at most, for its server processes and its worker; seven are the worker's, and each process has at least three. SQLite isn't concerned.",
        ),
    ] = 20
    database_patience_s: Annotated[
        int,
        Field(
            ge=2,
            le=3600,
            description="How many seconds somebody waits for a PostgreSQL that doesn't answer, before a page says so.",
        ),
    ] = 5
    database_pooler: Annotated[
        str,
        AfterValidator(choices.one_of("transaction", "")),
        Field(
            description="What stands before PostgreSQL. Empty: nothing, or a pooler that keeps a connection for each client. transaction: one that gives a client another connection for each transaction, as PgBouncer does with pool_mode=transaction."
        ),
    ] = ""
    place_name: Annotated[str, Field(description="What this place is called.")] = "Beside"
    time_zone: Annotated[
        str,
        Field(
            description="The time zone of this place, such as Europe/London. Days begin and end by it for everybody whose own zone isn't known."
        ),
    ] = "UTC"
    language: Annotated[
        str,
        Field(
            description="The language of this place: en-gb, de, es or fr. People read their own, or what their browser asks for; this is for whoever has neither, and for the demonstration."
        ),
    ] = "en-gb"
    keeper: Annotated[
        str,
        Field(description="Who keeps this place, as a phrase: the bereavement team at Lindholm."),
    ] = ""
    helpline: Annotated[
        str,
        Field(
            description="A telephone number for someone who needs someone now; shown on every page."
        ),
    ] = ""
    helpline_says: Annotated[
        str, Field(description="A few words about the helpline: who answers, and when.")
    ] = ""
    contact: Annotated[
        str,
        AfterValidator(addresses.mail_or_not),
        Field(description="An e-mail address at which people can write to the host."),
    ] = ""
    open_sign_up: Annotated[
        bool, Field(description="Whether anybody may make an account without an invitation.")
    ] = False
    shelf_for_visitors: Annotated[
        bool,
        Field(
            description="Whether people without an account may read the open shelf: letters whose authors let anybody at all read them, and find them. Robots are turned away either way."
        ),
    ] = False
    anyone_invites: Annotated[
        bool, Field(description="Whether anybody signed in may invite; otherwise only the host.")
    ] = True
    smtp_url: Annotated[
        SecretStr,
        Field(
            description="The mail server: smtp+tls://name:password@host (STARTTLS, port 587), smtps://name:password@host (TLS from the first byte, port 465), or smtp://host (not encrypted, port 25, for one on this machine). Write @ in a name or a password as %40. Empty: mails are written to a folder and to the terminal."
        ),
    ] = SecretStr("")
    mail_from: Annotated[
        str,
        AfterValidator(address_or_not),
        Field(
            description="The address that mails come from. Empty: the mail server's user if that is an address, else beside@ and the host of BESIDE_URL."
        ),
    ] = ""
    upload_max_bytes: Annotated[
        int, Field(ge=1, le=MOST_BYTES, description="The largest photograph, in bytes.")
    ] = 100 * 1024 * 1024
    upload_max_pixels: Annotated[
        int,
        Field(
            ge=1,
            le=4_000_000_000,
            description="The largest photograph, in pixels. A JPEG may have four times as many, because it is decoded at a reduced size.",
        ),
    ] = 120_000_000
    risk_unlocked_darkroom: Annotated[
        bool,
        Field(
            description="Develop photographs although this machine offers neither seccomp nor Landlock. The risk: a photograph made to break its decoder could then read every key, photograph and letter here."
        ),
    ] = False
    upload_max_photographs: Annotated[
        int, Field(ge=1, le=500, description="How many photographs can be picked at once.")
    ] = 60
    upload_days: Annotated[
        int,
        Field(ge=1, le=90, description="How many days an interrupted upload can be resumed."),
    ] = 7
    room_bytes: Annotated[
        int, Field(ge=1, le=MOST_BYTES, description="How many bytes one person may keep here.")
    ] = 20 * 1024**3
    unfinished_bytes: Annotated[
        int,
        Field(
            ge=1024**3,
            le=MOST_BYTES,
            description="How many bytes of photographs may be on their way here at once, from everybody together. One person may have a quarter of it.",
        ),
    ] = 40 * 1024**3
    sealed_cache_bytes: Annotated[
        int,
        Field(
            ge=0,
            le=MOST_BYTES,
            description="Sealed bytes of a bucket that each process keeps in memory.",
        ),
    ] = 32 * 1024**2
    responses_an_hour: Annotated[
        int,
        Field(
            ge=1,
            le=1_000_000,
            description="How many responses may come to one letter within an hour before they close by themselves.",
        ),
    ] = 60
    seal_months: Annotated[
        int,
        Field(ge=1, le=120, description="How many months a sealed response is kept as evidence."),
    ] = 12
    trusted_proxies: Annotated[
        int,
        Field(
            ge=0,
            le=5,
            description="How many reverse proxies of yours stand in front of the server.",
        ),
    ] = 0
    log_level: Annotated[
        str,
        AfterValidator(choices.one_of("info", "warning", "error")),
        Field(description="From which level on something is logged: info, warning or error."),
    ] = "info"
    log_format: Annotated[
        str,
        AfterValidator(choices.one_of("text", "json")),
        Field(
            description="How it is logged: text for lines of words, json for one JSON object a line."
        ),
    ] = "text"
    metrics: Annotated[
        str,
        AfterValidator(addresses.listening_or_not),
        Field(
            description="The address and port at which Prometheus fetches numbers, such as 127.0.0.1:9464. Empty: there are none."
        ),
    ] = ""
    metrics_for_network: Annotated[
        bool,
        Field(
            description="Whether BESIDE_METRICS may be an address that others on the network reach. Whoever reaches it reads the numbers, unencrypted."
        ),
    ] = False
    debug: Annotated[
        bool,
        Field(
            description="Show technical pages when something breaks. Only for work on Beside itself."
        ),
    ] = False

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in time_zones.known():
            raise ValueError(f"There is no time zone {name!r}. Write it like Europe/London.")
        return name

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value():
            mail_server.of(url.get_secret_value())
        return url

    @model_validator(mode="after")
    def _keeps_metrics_here(self) -> Env:
        if self.metrics:
            addresses.require_apart(self.metrics, self.bind)
            if not self.metrics_for_network:
                addresses.require_here(self.metrics)
        return self

    @property
    def is_data_spare(self) -> bool:
        """Whether the data folder may be lost: rows, photographs and the epoch key are all kept elsewhere."""
        keyring = self.keyring_place
        if isinstance(keyring, Path) and keyring.resolve().is_relative_to(self.data.resolve()):
            return False
        return bool(self.database_url and self.store)

    @property
    def mail_server(self) -> MailServer | None:
        """The mail server; None if mails are only written down."""
        url = self.smtp_url.get_secret_value()
        return mail_server.of(url) if url else None

    @property
    def sender(self) -> str:
        """The address that mails come from."""
        return mail_server.sender(self.mail_from, server=self.mail_server, place=self.url)

    @field_validator("language")
    @classmethod
    def _is_spoken(cls, code: str) -> str:
        if code not in languages.NAMES:
            raise ValueError(
                f"Beside doesn't speak {code!r}. It speaks {', '.join(languages.NAMES)}."
            )
        return code


def load(environ: Mapping[str, str]) -> Env:
    """Read the settings. Raises what `given.values` raises, or pydantic's ValueError with a sentence each."""
    known = {f"BESIDE_{name.upper()}" for name in Env.model_fields}
    given_here = given.values(environ, known)
    return Env.model_validate(
        {name.removeprefix("BESIDE_").lower(): value for name, value in given_here.items()}
    )
