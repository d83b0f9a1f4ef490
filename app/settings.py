"""Every setting, from the environment (prefix PEILWIJS_), with unit, default and reason."""

import os
import secrets
from functools import cache, cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import Invalid

ROOT = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix="PEILWIJS_", extra="ignore", frozen=True)

    var_folder: Path = Field(ROOT / "var", description="Folder for the SQLite files and the local secret.")
    database_url: str = Field(
        "", description="SQLAlchemy URL; empty = SQLite in the var folder, PostgreSQL for several machines."
    )
    public_url: str = Field(
        "http://localhost:8000", description="Address that links are built from; never the Host header."
    )
    office_url: str = Field("", description="Address of the office where it has a host of its own; empty = public_url.")
    secret_key: str = Field(
        "", description="At least 32 characters; encrypts contacts, signs cookies. Required behind https."
    )
    questionnaires_folder: Path = Field(ROOT / "questionnaires", description="Folder with the questionnaires.")
    audio_folder: Path = Field(ROOT / "audio", description="Folder with read-aloud clips.")
    gtts_url: str = Field(
        "https://translate.google.com", description="Where the gTTS voice is asked; a mirror, or a stand-in in tests."
    )
    voice_timeout_seconds: float = Field(15.0, description="Wait for one sentence of a voice service, then try again.")
    agency_name: str = Field("Peilwijs Onderzoek", description="Name of the research agency, on every page.")
    agency_address: str = Field(
        "Postbus 1000, 3500 AA Utrecht",
        description="Head of letters, foot of e-mails, address for post that returns; by comma.",
    )
    letter_window: Literal["left", "right"] = Field("left", description="Where the window envelopes have their window.")
    help_phone: str = Field("088 000 1234", description="Phone number for respondents who need help.")
    smtp_url: str = Field(
        "",
        description="Mail server, smtp://user:password@host:port or smtps://…; empty = no mail is sent. Beyond this "
        "machine TLS is required; ?starttls=no says that it is not, ?starttls=required that it always is.",
    )
    smtp_patience_seconds: float = Field(30.0, description="Wait for one answer of the mail server, then try later.")
    mail_per_second: float = Field(
        150.0, description="Most e-mails per second and process; lower it to what the mail server takes. 0 = no limit."
    )
    mail_from: str = Field("onderzoek@peilwijs.invalid", description="Address that e-mails come from.")
    mail_reply_to: str = Field("", description="Address that answers go to; empty = where e-mails come from.")
    mail_unsubscribe: str = Field("", description="Mailbox for opting out by e-mail, beside the link; empty = none.")
    bounce_url: str = Field(
        "",
        description="Mailbox of returned mail, imaps://user:password@host:port/INBOX; empty = none is read.",
    )
    bounce_secret: str = Field(
        "", description="At least 32 characters; signs what a mail provider posts to /bezorging. Empty = it is refused."
    )
    oidc_issuer: str = Field(
        "", description="Single sign-on: address of the OpenID Connect issuer, exactly as it names itself; empty = off."
    )
    oidc_client_id: str = Field("", description="By which name the issuer knows this office.")
    oidc_client_secret: str = Field("", description="The secret that the issuer gave with it.")
    sqlite_busy_seconds: float = Field(5.0, description="Wait for another writer; above a short lock, below patience.")
    request_threads: int = Field(8, description="Threads that answer requests; one more writes, so more only wait.")
    session_hours: int = Field(12, description="How long a respondent's cookie lives; the link opens it again.")
    office_session_hours: int = Field(12, description="A working day; then staff sign in again.")
    office_idle_minutes: int = Field(45, description="Staff left their desk; agents keep theirs alive by working.")
    max_body_kb: int = Field(64, description="Largest posted form in kB; the longest open answer fits many times.")
    runs_tasks: bool = Field(
        True, description="The served app does background tasks too; off where a `peilwijs worker` runs beside it."
    )
    is_demo: bool = Field(False, description="Set by `serve --demo`: shows the start page and the open office.")

    @model_validator(mode="after")
    def _complete(self) -> "Settings":
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.var_folder / 'peilwijs.sqlite3'}")
        return self

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def office_address(self) -> str:
        """What links to the office begin with."""
        return (self.office_url or self.public_url).rstrip("/")

    @cached_property
    def secret(self) -> bytes:
        """The secret; made and kept in the var folder on a local machine.

        Raises:
            Invalid: when a public server has none, or a weak one.
        """
        if self.secret_key:
            if len(self.secret_key) < 32:
                raise Invalid("PEILWIJS_SECRET_KEY is shorter than 32 characters; make one with: openssl rand -hex 32")
            return self.secret_key.encode()
        if urlsplit(self.public_url).hostname not in LOCAL_HOSTS:
            raise Invalid("PEILWIJS_SECRET_KEY is not set; make one with: openssl rand -hex 32")
        return _local_secret(self.var_folder / "secret.key")


@cache
def _local_secret(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_bytes()


@cache
def settings() -> Settings:
    """The settings of this process, read once; `settings.cache_clear()` reads them again."""
    try:
        return Settings()
    except ValidationError as error:  # not its own words: they repeat what was given, which may be a secret
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise Invalid(f"PEILWIJS_{name} cannot be used ({first['type'].replace('_', ' ')}); see README.md") from None
