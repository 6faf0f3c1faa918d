"""Settings of the console: every one can be given as an environment variable `CHUHE_CONSOLE_<NAME>`."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ConsoleSettings(BaseSettings):
    """What an operator may change."""

    model_config = SettingsConfigDict(env_prefix="CHUHE_CONSOLE_", frozen=True, extra="forbid")

    language: Literal["zh", "en"] = Field(
        default="zh", description="Language of the pages for whoever has not chosen one."
    )
    https: bool = Field(
        default=False, description="The console stands behind HTTPS: cookies are sent over it only."
    )
    idle_minutes: int = Field(
        default=30, gt=0, description="A session that does nothing for so long is ended."
    )
    session_hours: int = Field(
        default=12, gt=0, description="A session is ended after so long in any case."
    )
    login_failures: int = Field(
        default=5, gt=0, description="Wrong passwords in a row after which an account is locked."
    )
    lock_minutes: int = Field(default=15, gt=0, description="How long an account stays locked.")
    lease_minutes: int = Field(
        default=20, gt=0, description="How long a claimed dossier is kept for who claimed it."
    )
    reveal_minutes: int = Field(
        default=10,
        gt=0,
        description="How long masked values stay revealed after a reason is given.",
    )
    sample_dossiers: float = Field(
        default=0.05, ge=0, le=1, description="Share of cleared dossiers that a person reads blind."
    )
    sample_fields: float = Field(
        default=0.01, ge=0, le=1, description="Share of accepted fields that a person reads blind."
    )
    prepare_ahead: int = Field(
        default=40,
        ge=0,
        description="Dossiers at the head of each queue whose pages are covered before anybody "
        "opens them; 0: none, each page is covered when it is looked at.",
    )
    inbox: Path | None = Field(
        default=None,
        description="Intake folder that dossiers pushed over the API are written to; none: no push.",
    )
    oidc_issuer: str | None = Field(
        default=None, description="Issuer URL of an OpenID provider; none: local accounts only."
    )
    oidc_client_id: str = Field(default="", description="Client id at the OpenID provider.")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Client secret at the OpenID provider."
    )
