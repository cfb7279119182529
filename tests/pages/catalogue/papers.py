"""Verifying papers, and plaques."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.papers.certificate import certificate
from api.papers.ordered import Ordered
from api.papers.plaque import plaque
from ledger.clock import DEFAULT_ZONE, day_of
from projections.asof.past import past_at
from tests.pages.catalogue.seen import Seen

if TYPE_CHECKING:
    from tests.pages.world import World


def _order(world: World) -> Ordered:
    store = world.store
    past = past_at(store.database, store.codec.decode, world.ledger)
    return Ordered(
        store=store, past=past, lang="zh", community="", zone=DEFAULT_ZONE, today=day_of(store.clock()),
        home="https://nuanlin.example",
    )  # fmt: skip


def _certificate(world: World) -> str:
    return f"verify/{certificate(_order(world), world.people['volunteer']).values['number']}"


def _plaque(world: World) -> str:
    return f"verify/{plaque(_order(world), world.first('plaques')).values['number']}"


PAGES = (
    Seen("verify", "verify"),
    Seen("verify-certificate", _certificate),
    Seen("verify-plaque", _plaque),
    Seen("verify-unknown", "verify/0000-1111", status=404),
    Seen("plaque", lambda world: f"plaques/{world.first('plaques')}"),
    Seen("plaque-worker", lambda world: f"plaques/{world.first('plaques')}", "worker"),
    Seen("plaque-pdf", lambda world: f"plaques/{world.first('plaques')}.pdf", status=404),
    Seen("unit-statement-pdf", "units/{unit}/statement.pdf", status=404),
)
