"""The courier over HTTP: with a token of its own on either side, which reads what it carries and nothing of people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api import tokens
from api.app import create_app
from api.crossing import Carried, carry
from api.crossing_http import HttpSide
from api.outgoing import Unreachable
from ledger.crossings.commands import AgreeCrossing, ConfirmArrival
from ledger.errors import Conflict, NotFound, NotSignedIn, Unusable
from tests.crossing.two import AWAY, HOME, PEER_AWAY, PEER_HOME, Town, on_the_way, two_towns
from tests.house.serving import serving
from tests.house.stores import AT_THE_DESK


def _agree(town: Town, other: Town) -> str:
    """Agree with a courier that is a service of its own; gives its token."""
    secret, courier = tokens.create(town.store, town.ledger, label="courier", roles=("community_worker",))
    vkey = other.store.seals.vkey(other.ledger)
    command = AgreeCrossing(peer=town.peer, here=other.peer, vkey=vkey, courier=courier)
    town.store.application.execute(town.ledger, command, actor=AT_THE_DESK)
    return secret


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Town, Town, HttpSide, HttpSide]]:
    """Both towns, each behind a server of its own."""
    home_url, away_url = f"sqlite:///{tmp_path / 'home.db'}", f"sqlite:///{tmp_path / 'away.db'}"
    with two_towns(home_url, away_url, tmp_path) as (home, away):
        keys = _agree(home, away), _agree(away, home)
        with serving(create_app(home.store)) as here, serving(create_app(away.store)) as there:
            yield (
                home,
                away,
                HttpSide(f"{here}/api/v1/{HOME}", keys[0]),
                HttpSide(f"{there}/api/v1/{AWAY}/", keys[1]),
            )
        home.check()
        away.check()


def test_hours_go_there_and_come_home_over_http(served: tuple[Town, Town, HttpSide, HttpSide]) -> None:
    home, away, here, there = served
    home.send(away.members[0], 30)
    home.send("mem_nobody", 20)
    away.send(home.members[1], 10)

    assert carry(here, there, PEER_AWAY) == Carried(0, 0, 2, 0)
    rounds = []
    for _ in range(2):
        home.seal()
        away.seal()
        rounds.append((carry(here, there, PEER_AWAY), carry(there, here, PEER_HOME)))

    assert rounds == [
        (Carried(0, 0, 2, 0), Carried(0, 0, 1, 0)),
        (Carried(1, 1, 0, 0), Carried(1, 0, 0, 0)),
    ]
    assert (home.crossed(), away.crossed(), on_the_way(home, away)) == (20, -20, 0)


def test_what_the_other_refuses_is_the_same_error_here(served: tuple[Town, Town, HttpSide, HttpSide]) -> None:
    home, away, here, there = served
    transfer = home.send(away.members[0], 30)
    with pytest.raises(NotFound, match="no_such_peer"):
        there.agreement("peer_dunhua")
    with pytest.raises(NotFound, match="no_such_transfer"):
        here.give(ConfirmArrival(transfer_id="cross_none", peer=PEER_AWAY))
    assert there.answered(transfer) is None
    assert here.answered(transfer) is None, "what was sent is no answer"
    for _ in range(2):
        home.seal()
        away.seal()
        carry(here, there, PEER_AWAY)
    with pytest.raises(Conflict, match="transfer_settled"):
        here.give(ConfirmArrival(transfer_id=transfer, peer=PEER_AWAY))
    with pytest.raises(NotFound, match="no_such_seal_receipt"):
        here.evidence(10**6)


def test_a_wrong_token_is_no_courier(served: tuple[Town, Town, HttpSide, HttpSide]) -> None:
    home, _, here, _ = served
    home.send("mem_nobody", 1)
    with serving(create_app(home.store)) as address, pytest.raises(NotSignedIn):
        HttpSide(f"{address}/api/v1/{HOME}", "nl_wrong").waiting(PEER_AWAY)
    assert len(here.waiting(PEER_AWAY)) == 1


def test_an_answer_that_makes_no_sense_is_said_to_be_one() -> None:
    async def strange(_request: object) -> PlainTextResponse:
        return PlainTextResponse("<html>")

    odd = Starlette(routes=[Route("/{rest:path}", strange)])
    with serving(odd) as address, pytest.raises(Unusable, match="peer_answers_strangely"):
        HttpSide(address, "nl_any").agreement(PEER_AWAY)
    with pytest.raises(Unreachable):
        HttpSide(address, "nl_any").agreement(PEER_AWAY)
