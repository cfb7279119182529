"""The honour wall's face: a screen for a hall that turns its boards by itself and follows the journal, and the gallery of
plaques. (The wall that people read on a phone is `api.pages.wall`.)"""

from __future__ import annotations

from fastapi import APIRouter

from api.pages.hall.events import add_events
from api.pages.hall.gallery import add_gallery
from api.pages.hall.screen import add_screen
from api.store import Store


def add_hall(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/hall`, `/{ledger}/hall/events` and `/{ledger}/plaques`."""
    add_screen(pages, store)
    add_events(pages, store)
    add_gallery(pages, store)
