"""Where things are, from options, the environment (`NUANLIN_…`) and defaults."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_DATABASE = "nuanlin.db"


class Settings(BaseSettings):
    """What the environment says; `--db` and `--ledger` override the first two.

    `database_url`: a path of an SQLite file or a SQLAlchemy URL. `vault_url` and `vault_key_file` default to files beside
    the SQLite file; for PostgreSQL the vault defaults to the database `<name>_vault` on the same server, and the key file
    to `nuanlin.key` in the working folder.
    """

    model_config = SettingsConfigDict(env_prefix="NUANLIN_")

    database_url: str = DEFAULT_DATABASE
    ledger: str = "fangxing"
    vault_url: str | None = None
    vault_key_file: Path | None = None
    lang: str = ""
