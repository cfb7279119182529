"""What a partner unit sees and does: its board, delivering with photos, its own page, what it is asked to put right, its
yearly statement."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages.partner.board import add_units_board
from api.pages.partner.proving import add_proving
from api.pages.partner.putting_right import add_putting_right
from api.pages.partner.statement import add_statement
from api.pages.partner.unit import add_unit
from api.pages.photos import add_photos
from api.store import Store


def add_partner(pages: APIRouter, store: Store) -> None:
    """Every page of the face."""
    for add in (add_units_board, add_proving, add_photos, add_putting_right, add_unit, add_statement):
        add(pages, store)
