"""What volunteers see and do on their phones: shifts, the code of the place, using hours, receipts, certificates.

`add_volunteer(pages, store)` adds its addresses; its forms are in `api.pages.volunteer.forms`.
"""

from __future__ import annotations

from fastapi import APIRouter

from api.pages.volunteer.certificate import add_certificate
from api.pages.volunteer.coming import add_coming
from api.pages.volunteer.here import add_here
from api.pages.volunteer.receipts import add_receipts
from api.pages.volunteer.screen import add_screen
from api.pages.volunteer.shift import add_shift
from api.pages.volunteer.using import add_using
from api.store import Store


def add_volunteer(pages: APIRouter, store: Store) -> None:
    """Every page of this face."""
    for add in (add_coming, add_shift, add_here, add_screen, add_using, add_receipts, add_certificate):
        add(pages, store)
