"""Signing in and what belongs to it: by a code, a card, a password, a token; one's own sessions; cards and links for others.

Pages only: how each way is proved stands in `api.signin`. May touch everything that pages may.
"""

from __future__ import annotations

from fastapi import APIRouter

from api.pages.signin.cards import add_cards
from api.pages.signin.choosing import add_choosing
from api.pages.signin.codes import add_codes
from api.pages.signin.door import Door
from api.pages.signin.links import add_links
from api.pages.signin.mine import add_mine
from api.pages.signin.passwords import add_passwords
from api.pages.signin.people import add_people
from api.pages.signin.proving import add_proving
from api.pages.signin.staff import add_staff
from api.store import Store


def add_signin(pages: APIRouter, store: Store) -> None:
    """`/sign-in…`, `/sign-out`, `/{ledger}/card/…`, `…/begin/…`, `…/sign-ins…`, `…/password`, `…/recovery`, `…/staff…` and
    `…/members/{member}/card…`. One door for all, since they share their counts of tries."""
    door = Door(store)
    for add in (
        add_choosing,
        add_codes,
        add_staff,
        add_cards,
        add_links,
        add_people,
        add_mine,
        add_passwords,
        add_proving,
    ):
        add(pages, door)
