"""The composition root: opens a store (database, vault, application, books, boards, seals) and closes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Self

import structlog
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

import migrations
from api.settings import Settings
from ledger.application import Application
from ledger.clock import MICROS_PER_MINUTE, Clock, system_clock
from ledger.cycles import search_seldom
from ledger.errors import NuanlinError, Unusable
from ledger.journal.codec import Codec
from ledger.journal.followers import Follower, FollowerThread
from ledger.journal.sql import Database
from ledger.seal.keys import Keys
from ledger.seal.merkle import SM3
from ledger.seal.sealer import Sealer
from ledger.seal.seals import Seals, any_checkpoint
from ledger.sweeping import Sweeper
from ledger.vault import Vault, load_master_key
from ledger.vault_photos import Photos
from projections.boards import Boards
from projections.books import Books

_log = structlog.get_logger("nuanlin.store")
_SWEEP_MINUTES = 60


def database_url(text: str) -> URL:
    """A path or a URL as a URL; raises Unusable `bad_database` for what is neither."""
    try:
        url = make_url(text) if "://" in text else URL.create("sqlite", database=str(Path(text).absolute()))
    except ArgumentError:
        raise Unusable("bad_database") from None
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise Unusable("bad_database")
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return url


class Store:
    """An open store. `with Store.open(settings) as store: store.application.execute(…)`."""

    def __init__(
        self, database: Database, vault_database: Database, vault: Vault, clock: Clock, keys: Keys, *, sm3: bool = False
    ) -> None:
        search_seldom()
        self.database, self.vault, self.clock = database, vault, clock
        self._vault_database = vault_database
        self.codec = Codec()
        self.books = Books(database)
        self.boards = Boards(database)
        self.application = Application(
            database,
            vault,
            clock=clock,
            codec=self.codec,
            books=lambda ledger: (self.book, lambda: self.books.forget(ledger)),
        )
        self.board_follower = Follower(database, self.codec, self.boards)
        self.keys = keys
        self.seals = Seals(database, keys)
        self.sealer = Sealer(database, keys, clock, second=SM3 if sm3 else None)
        self.sweeper = Sweeper(database, vault)
        self.photos = Photos(vault)
        self._sweep_at = 0
        self._thread: FollowerThread | None = None
        self.settings: Settings | None = None
        """What it was opened with, so that another process can open it too; None for one put together by hand."""

    @classmethod
    def open(cls, settings: Settings, *, clock: Clock = system_clock) -> Self:
        """Open a store, making it ready if it is new (tables by Alembic); raises Unusable where that cannot be."""
        url = database_url(settings.database_url)
        vault_url, key_file = vault_of(settings)
        try:
            for one in (url, vault_url):
                if one.get_backend_name() == "sqlite" and one.database:
                    Path(one.database).parent.mkdir(parents=True, exist_ok=True)
            database = Database(url.render_as_string(hide_password=False))
            migrations.upgrade(database)
            vault_database = Database(vault_url.render_as_string(hide_password=False), pool_size=4)
            migrations.upgrade_vault(vault_database)
            key = load_master_key(key_file, create=not migrations.vault_in_use(vault_database))
            seed = settings.seal_key_file or _key_beside(url, ".seal.key")
            keys = Keys(seed, settings.seal_name, lambda: any_checkpoint(database))
            store = cls(database, vault_database, Vault(vault_database, key), clock, keys, sm3=settings.seal_sm3)
            store.settings = settings
            # What a crash, or an old copy of the vault, left to be destroyed is gone before anybody reads.
            store.application.eraser.catch_up()
            return store
        except (SQLAlchemyError, OSError) as error:
            raise Unusable("store_unreachable", reason=type(error).__name__) from error

    def book(self, cursor: object, ledger: str, events: object, continuous: bool) -> None:
        """Write the books in the append's transaction."""
        self.books.apply(cursor, ledger, events, continuous=continuous)  # type: ignore[arg-type]  # the port's types are the journal's

    def start_followers(self, *more: Callable[[], None]) -> None:
        """Let erasures, boards, sweeps, `more` work and the seals follow in a thread of this process."""
        self._thread = FollowerThread(
            [self.application.eraser.catch_up, self.board_follower.catch_up, self.sweep, *more, self.sealer.follow],
            lambda error: _log.error("follower_failed", error=type(error).__name__, code=getattr(error, "code", "")),
        )
        self._thread.start()

    def ring_for(self, ledger: str) -> None:
        """Wake the followers after commits to this ledger."""
        if self._thread is not None:
            self.application.desk(ledger).recorder.listen(self._thread.bell)

    def catch_up(self, ledger: str) -> None:
        """Bring the vault and the boards up to the journal's head before reading them."""
        self.application.eraser.catch_up(ledger)
        self.board_follower.catch_up(ledger)

    def sweep(self) -> None:
        """Once an hour drop words that never came to a fact; what is wrong with one ledger's is reported and stops nobody."""
        now_at = self.clock()
        if now_at < self._sweep_at:
            return
        self._sweep_at = now_at + _SWEEP_MINUTES * MICROS_PER_MINUTE
        for ledger in self.application.ledgers():
            try:
                swept = self.sweeper.sweep(ledger, now_at) + self.photos.sweep(self.database, ledger, now_at)
            except NuanlinError as error:
                _log.error("sweep_failed", ledger=ledger, code=error.code)
            else:
                _log.info("vault_swept", ledger=ledger, documents=swept) if swept else None

    def close(self) -> None:
        """Stop followers and give back connections."""
        if self._thread is not None:
            self._thread.stop()
            self._thread = None
        self.database.close()
        self._vault_database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def vault_of(settings: Settings) -> tuple[URL, Path]:
    """Where the vault's database is (made if missing on a server), and the file of its master key."""
    url = database_url(settings.database_url)
    vault_url = database_url(settings.vault_url) if settings.vault_url else migrations.vault_beside(url)
    return vault_url, settings.vault_key_file or _key_beside(url)


def _key_beside(url: URL, suffix: str = ".key") -> Path:
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return Path(url.database).with_suffix(suffix)
    return Path(f"nuanlin{suffix}")
