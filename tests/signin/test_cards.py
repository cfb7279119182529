"""Printed cards: made by another's hand, one at a time, ended by one press with everything that began with them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from api.pages import web_sessions
from api.signin import cards, happenings
from api.signin.rows import digest_of
from ledger.application import OPERATOR
from ledger.errors import NotFound, NotSignedIn, NotYours, NuanlinError, Refused
from ledger.journal.sign_in_tables import sign_in_cards
from ledger.parties.commands import ErasePersonalData, GrantRole, LeaveCommunity
from tests.signin.house import LEDGER, House, at_once


def carded(house: House, who: str = "wang") -> str:
    """The secret of a new card, made by 赵社工."""
    return cards.issue(house.store, LEDGER, house.ids[who], by=house.ids["zhao"]).secret


def enter(house: House, secret: str) -> web_sessions.WebSession:
    """Sign in with a card."""
    member = cards.holder_of(house.store, LEDGER, secret)
    return web_sessions.begin(
        house.store, LEDGER, member, via="card", proof=digest_of(secret),
        claim=lambda cursor: cards.use(house.store, cursor, LEDGER, secret),
    )  # fmt: skip


def test_a_card_lets_its_holder_in_again_and_again_and_tells_when(house: House) -> None:
    secret = carded(house)
    assert cards.listed(house.store, LEDGER, house.ids["wang"])[0].used_at is None

    for _ in range(2):
        assert enter(house, secret).actor == house.ids["wang"]

    assert cards.listed(house.store, LEDGER, house.ids["wang"])[0].used_at is not None


def test_the_secret_of_a_card_is_nowhere_but_on_the_paper(house: House) -> None:
    secret = carded(house)

    with house.store.database.engine.connect() as connection:
        assert secret not in str(connection.execute(select(sign_in_cards)).all())


def test_a_new_card_ends_the_one_before_and_the_sessions_begun_with_it(house: House) -> None:
    lost = carded(house)
    finder = enter(house, lost)

    fresh = carded(house)

    with pytest.raises(NotSignedIn, match="bad_card"):
        cards.holder_of(house.store, LEDGER, lost)
    assert web_sessions.find(house.store, finder.cookie) is None
    assert enter(house, fresh).actor == house.ids["wang"]


def test_ending_a_card_ends_its_sessions_and_no_others(house: House) -> None:
    secret = carded(house)
    by_card = enter(house, secret)
    by_code = web_sessions.begin(house.store, LEDGER, house.ids["wang"], via="code")
    number = cards.listed(house.store, LEDGER, house.ids["wang"])[0].number

    cards.revoke(house.store, LEDGER, house.ids["wang"], number, by=house.ids["wang"])

    assert web_sessions.find(house.store, by_card.cookie) is None
    assert web_sessions.find(house.store, by_code.cookie) is not None
    with pytest.raises(NotSignedIn):
        enter(house, secret)


@pytest.mark.parametrize("number", ["", "0" * 12, "zz"])
def test_only_ones_own_card_is_ended(house: House, number: str) -> None:
    secret = carded(house)
    real = cards.listed(house.store, LEDGER, house.ids["wang"])[0].number

    for member, guess in ((house.ids["wang"], number), (house.ids["li"], real)):
        with pytest.raises(NotFound, match="no_such_card"):
            cards.revoke(house.store, LEDGER, member, guess, by=member)
    assert cards.holder_of(house.store, LEDGER, secret) == house.ids["wang"]


def test_a_card_runs_out_after_two_years(house: House) -> None:
    secret = carded(house)
    house.clock.minutes += cards.DAYS * 24 * 60

    with pytest.raises(NotSignedIn, match="bad_card"):
        cards.holder_of(house.store, LEDGER, secret)


@pytest.mark.parametrize(
    ("who", "by", "refusal", "code"),
    [
        ("zhao", "zhou", Refused, "card_for_staff"),
        ("wang", "wang", NotYours, "card_for_oneself"),
        ("nobody", "zhao", NotFound, "no_such_member"),
    ],
)
def test_no_card_for_staff_for_oneself_or_for_nobody(
    house: House, who: str, by: str, refusal: type[NuanlinError], code: str
) -> None:
    with pytest.raises(refusal, match=code):
        cards.issue(house.store, LEDGER, house.ids.get(who, "mem_nobody"), by=house.ids[by])


def test_a_card_opens_nothing_once_its_holder_is_staff(house: House) -> None:
    secret = carded(house)
    house.do(OPERATOR, GrantRole(holder=house.ids["wang"], role="auditor"))

    with pytest.raises(NotSignedIn, match="card_of_staff"):
        cards.holder_of(house.store, LEDGER, secret)


def test_nobody_who_left_gets_a_card(house: House) -> None:
    house.do(house.ids["wang"], LeaveCommunity(member_id=house.ids["wang"]))

    with pytest.raises(Refused, match="member_left"):
        carded(house)


def test_cards_happenings_and_sessions_go_with_who_is_erased(house: House) -> None:
    secret = carded(house)
    session = enter(house, secret)

    house.do(OPERATOR, ErasePersonalData(subject=house.ids["wang"]))
    house.store.catch_up(LEDGER)

    assert cards.listed(house.store, LEDGER, house.ids["wang"]) == []
    assert happenings.latest(house.store, LEDGER, house.ids["wang"]) == []
    assert web_sessions.find(house.store, session.cookie) is None
    with pytest.raises(NotSignedIn):
        cards.holder_of(house.store, LEDGER, secret)


def test_who_signs_in_while_the_card_is_ended_is_refused_or_ended(either_house: House) -> None:
    house = either_house
    secret = carded(house)
    number = cards.listed(house.store, LEDGER, house.ids["wang"])[0].number
    turn = iter(range(8))

    def enter_or_end() -> object:
        if next(turn) == 3:
            cards.revoke(house.store, LEDGER, house.ids["wang"], number, by=house.ids["zhao"])
            return None
        return enter(house, secret)

    at_once(8, enter_or_end)

    assert web_sessions.listed(house.store, LEDGER, house.ids["wang"]) == []


def test_its_owner_sees_who_made_it(house: House) -> None:
    carded(house)

    told = happenings.latest(house.store, LEDGER, house.ids["wang"])
    assert [(one.what, one.by) for one in told] == [("card_issued", house.ids["zhao"])]
