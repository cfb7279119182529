"""Where things are, from options, the environment (`NUANLIN_…`) and defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_DATABASE = "nuanlin.db"


class Settings(BaseSettings):
    """What the environment says; `--db` and `--ledger` override the first two.

    `database_url`: a path of an SQLite file or a SQLAlchemy URL. `vault_url` and `vault_key_file` default to files beside
    the SQLite file; for PostgreSQL the vault defaults to the database `<name>_vault` on the same server, and the key file
    to `nuanlin.key` in the working folder.

    `seal_name`: what the names of this installation's logs begin with (`<name>/<ledger>`), best a host name of one's own;
    never to be changed once checkpoints were given away. `seal_key_file`: `<name>.seal.key` beside the SQLite file, or
    `nuanlin.seal.key` in the working folder. `seal_sm3`: name a second root, by SM3, in every checkpoint.
    `address`: where people reach the pages, `https://host`, as it goes into the codes on paper; empty: as whoever orders the
    paper reached them. `witnesses`: who cosigns checkpoints, `<vkey> <address>` each, one a line or with commas between
    (`api.witnessing`).

    `proxies`: from which addresses or networks (commas between) the headers `X-Forwarded-For` and `X-Forwarded-Proto` are
    believed: this machine alone unless said otherwise, never everybody.

    `code_delivery`: how one-time codes reach phones: `console`, `none`, or `package.module:name` (`api.signin.delivery`).
    """

    model_config = SettingsConfigDict(env_prefix="NUANLIN_")

    database_url: str = DEFAULT_DATABASE
    ledger: str = "fangxing"
    vault_url: str | None = None
    vault_key_file: Path | None = None
    lang: str = ""
    seal_name: Annotated[str, Field(pattern=r"^[^\s+/\x00-\x1f][^\s+\x00-\x1f]{0,199}$")] = "nuanlin"
    seal_key_file: Path | None = None
    seal_sm3: bool = False
    witnesses: str = ""
    address: str = ""
    proxies: Annotated[str, Field(pattern=r"^[0-9A-Fa-f:./, ]*$")] = "127.0.0.1,::1"
    code_delivery: str = "console"
