"""Printing for a community of the tests, and reading what anybody is told of a number."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from api.papers.ordered import Ordered
from api.papers.paper import Paper
from ledger.clock import day_of
from projections.asof.past import past_at
from projections.books import queries as books
from tests.pages.cast import LEDGER, Community

HOME = "https://nuanlin.example"


def order(community: Community, lang: str = "zh") -> Ordered:
    """Whoever prints now."""
    store = community.store
    past = past_at(store.database, store.codec.decode, LEDGER)
    today = day_of(community.clock())
    return Ordered(
        store=store, past=past, lang=lang, community="祥云社区", zone="Asia/Shanghai", today=today, home=HOME
    )  # fmt: skip


def number_on(paper: Paper) -> str:
    """The number that stands on a paper."""
    return str(paper.values["number"])


def read(client: TestClient, number: str, lang: str = "zh") -> str:
    """What anybody is told of a number, as text without markup."""
    answer = client.get(f"/{LEDGER}/verify/{number}?lang={lang}")
    assert answer.status_code == 200, answer.text
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def plaque_of(community: Community) -> str:
    """The plaque of 绿云物业."""
    return str(books.plaques(community.store.database, LEDGER, limit=1).rows[0]["plaque_id"])
