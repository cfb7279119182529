"""Stories for the exports: with tags and envelopes as the journal has them, and with names that mean something to programs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date

import msgspec
from hypothesis import strategies as st
from sqlalchemy import text

from ledger.base import Fact, tags_of
from ledger.funds import facts as fund
from ledger.hours import facts as hours
from ledger.journal.recorded import Envelope, Recorded
from ledger.parties import facts as party
from ledger.partners import facts as partner
from ledger.places import facts as place
from projections.books import queries
from tests.projections.cast import FIRST_DAY, FUND
from tests.projections.shelf import Shelf
from tests.projections.teller import Teller, recorded

Balances = dict[tuple[str, str], int]
"""(account, unit) → whole number of the unit."""

FORMULAS = (
    "=1+1", "@SUM(A1)", "+86", "-1+1", "\t=1+1", "\r=1+1", " =1+1", "＝1+1", "＋1", "－1", "＠SUM", "\ufeff=1", "'=1", "−1",
    '=HYPERLINK("http://x","y")', '=cmd|"/C calc"!A0', "\n=1", "\u200b+1",
)  # fmt: skip
"""Texts that some spreadsheet or other takes for a formula, as they are or after a look behind blanks."""

SIGNS = (
    'a"b',
    "a\\b",
    "a;b",
    "a:b",
    "a::b",
    "x",
    "X",
    "X41",
    "Xx",
    "_",
    "a_b",
    "-",
    "a  b",
    " a ",
    "(a)",
    "大米",
    "%41",
    "é",
    "😀",
    "",
)
"""Texts that mean something to plain-text journals."""

NAMES = st.one_of(
    st.sampled_from((*FORMULAS, *SIGNS)),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6),
    st.text(st.sampled_from("xX_-:;\"'=@%\\ \t\n大aB1"), max_size=6),
)
"""Anything a database can hold; decisions let much less in, but no export may rely on that."""

_ledgers = itertools.count()


def fresh_ledger() -> str:
    """A ledger that no other example has."""
    return f"l{next(_ledgers)}"


def written(shelf: Shelf, facts: Sequence[Fact], *, ledger: str, envelope: Envelope | None = None) -> list[Recorded]:
    """Write facts with their tags and an envelope; gives their events."""
    events = [
        msgspec.structs.replace(
            one,
            tags=(*tags_of(one.fact), f"key_{one.position}"),
            envelope=envelope or msgspec.structs.replace(one.envelope, at=one.recorded_at, key=f"k{one.position:015}"),
        )
        for one in recorded(list(facts), ledger)
    ]
    shelf.write(events, boards=False)
    return events


def awkward(names: Sequence[str], start: date = FIRST_DAY) -> list[Fact]:
    """A story in which everything that can have a name has one of these: goods, units, places, items, categories."""
    teller = Teller()
    teller.beginning()
    facts = list(teller.facts)
    for number, name in enumerate(names):
        unit, grant = f"unit_{number}", f"grant_{number}"
        facts += [
            place.PlaceAdded(place_id=f"place_{number}", kind="courtyard", name=name),
            party.UnitRegistered(unit_id=unit, kind="enterprise", name=name),
            partner.PartnerContributed(
                contribution_id=f"con_{number}", unit=unit, kind="goods", item=name, quantity=number + 2,
                day=start.replace(day=28 - number % 28), accepted_by="mem_worker",
            ),
            partner.GoodsOffered(offer_id=f"offer_{number}", unit=unit, item=name, quantity=number + 3, day=start),
            fund.DonationReceived(
                receipt_id=f"rcp_{number}", fund=FUND, donor=name, item="general", amount_fen=1_000_01 + number, method="cash",
                handler="mem_worker", day=start,
            ),
            fund.GrantProposed(
                grant_id=grant, fund=FUND, item="general", category=name, amount_fen=7 + number, proposer="mem_li", day=start
            ),
            fund.GrantApproved(grant_id=grant, fund=FUND, item="general", amount_fen=7 + number, approver="mem_wang"),
            fund.GrantPaid(
                grant_id=grant, fund=FUND, item="general", category=name, amount_fen=7 + number, payer="mem_sun", day=start
            ),
            hours.HoursGiven(giver=f"{name}1", receiver=f"{name}1:held", minutes=5),
        ]  # fmt: skip
    return facts


def ours(shelf: Shelf, ledger: str, position: int | None = None) -> Balances:
    """The balances of our books, without accounts at zero."""
    found = queries.balances(shelf.database, ledger, position=position)
    return {(one.account, one.unit): one.balance for one in found if one.balance}


def spoil(shelf: Shelf, statement: str) -> None:
    """Change the database behind everybody's back."""
    with shelf.database.engine.begin() as connection:
        connection.execute(text(statement))
