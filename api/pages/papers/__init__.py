"""Papers at a browser: a plaque's page with its files, a unit's yearly statement, and the page on which anybody checks a paper
by the number on it, without signing in. (Certificates, cards and reports are ordered where they belong, by `api.papers`.)"""

from __future__ import annotations

from fastapi import APIRouter

from api.pages.papers.ordering import add_ordering
from api.pages.papers.plaques import add_plaques
from api.pages.papers.verify import add_verify
from api.store import Store


def add_papers(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/verify`, `…/verify/{number}`, `…/plaques/{plaque}` and `…/units/{unit}/statement.pdf`."""
    add_verify(pages, store)
    add_ordering(pages, store)
    add_plaques(pages, store)
