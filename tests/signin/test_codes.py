"""One-time codes: whom they let in, how often, and what a stranger can do about it: nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from api.pages import web_sessions
from api.signin import codes
from ledger.application import OPERATOR
from ledger.errors import NotSignedIn, Refused
from ledger.journal.sign_in_tables import sign_in_codes
from ledger.parties.commands import ErasePersonalData, GrantRole, LeaveCommunity, RevokeRole
from tests.signin.house import LEDGER, House, at_once


def wrong(code: str) -> str:
    """Another code of the same length."""
    return str((int(code[0]) + 1) % 10) + code[1:]


def test_the_code_of_a_phone_proves_its_owner(house: House) -> None:
    _, proved = house.proved("138 1111 0001")

    assert (proved.members, proved.staff) == ([house.ids["wang"]], False)


def test_a_code_has_six_digits_and_may_be_typed_with_blanks(house: House) -> None:
    asked = codes.ask(house.store, LEDGER, "13811110001")

    assert (len(asked.code), asked.code.isdigit()) == (6, True)
    assert codes.answer(house.store, LEDGER, asked.ticket, f" {asked.code[:3]} {asked.code[3:]} ").members


def test_a_phone_that_two_share_leaves_the_choice(house: House) -> None:
    assert house.proved("13811110002")[1].members == [house.ids["li"], house.ids["nai"]]


def test_staff_with_a_password_are_not_let_in_by_phone(house: House) -> None:
    house.enrol("zhao")
    asked = codes.ask(house.store, LEDGER, "13811110003")
    proved = codes.answer(house.store, LEDGER, asked.ticket, asked.code)

    assert (proved.all, proved.staff) == ([], True)


def test_staff_without_a_password_are_let_in_by_phone_to_set_one(house: House) -> None:
    _, proved = house.proved("13811110003")

    assert (proved.members, proved.beginners, proved.staff) == ([], [house.ids["zhao"]], False)


def test_who_holds_no_office_any_more_signs_in_by_phone_again_with_or_without_a_password(house: House) -> None:
    house.enrol("zhao")
    for role in ("community_worker", "auditor"):
        if role == "auditor":
            house.do(OPERATOR, GrantRole(holder=house.ids["zhao"], role=role))
        house.do(OPERATOR, RevokeRole(holder=house.ids["zhao"], role=role))

        assert house.proved("13811110003")[1].members == [house.ids["zhao"]]


def test_what_is_no_number_is_refused_before_anything_is_written(house: House) -> None:
    with pytest.raises(Refused, match="phone_unreadable"):
        codes.ask(house.store, LEDGER, "王阿姨")
    with house.store.database.engine.connect() as connection:
        assert connection.execute(select(sign_in_codes)).all() == []


def test_after_five_wrong_codes_the_right_one_comes_too_late(house: House) -> None:
    asked = codes.ask(house.store, LEDGER, "13811110001")
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(NotSignedIn) as refused:
            codes.answer(house.store, LEDGER, asked.ticket, wrong(asked.code))
        assert (refused.value.code, refused.value.details["left"]) == ("code_wrong", left)

    with pytest.raises(NotSignedIn, match="code_over"):
        codes.answer(house.store, LEDGER, asked.ticket, asked.code)


def test_a_strangers_tries_spend_nothing_of_the_owners(house: House) -> None:
    asked = codes.ask(house.store, LEDGER, "13811110001")
    for _ in range(30):
        strange = codes.ask(house.store, LEDGER, "13811110001")
        for _ in range(6):
            with pytest.raises(NotSignedIn):
                codes.answer(house.store, LEDGER, strange.ticket, wrong(strange.code))

    assert codes.answer(house.store, LEDGER, asked.ticket, asked.code).members == [house.ids["wang"]]


def test_the_code_of_one_browser_is_worth_nothing_in_another(house: House) -> None:
    asked, other = (codes.ask(house.store, LEDGER, "13811110001") for _ in range(2))

    if asked.code != other.code:
        with pytest.raises(NotSignedIn, match="code_wrong"):
            codes.answer(house.store, LEDGER, other.ticket, asked.code)


def test_codes_grow_longer_for_a_phone_that_is_asked_for_often_and_shorter_after_a_day(house: House) -> None:
    lengths = [len(codes.ask(house.store, LEDGER, "13811110001").code) for _ in range(22)]
    other = len(codes.ask(house.store, LEDGER, "13811110002").code)
    house.clock.minutes += 24 * 60 + 1

    assert lengths == [6] * 5 + [8] * 15 + [10] * 2
    assert (other, len(codes.ask(house.store, LEDGER, "13811110001").code)) == (6, 6)


def test_a_code_counts_for_ten_minutes(house: House) -> None:
    asked = codes.ask(house.store, LEDGER, "13811110001")
    house.clock.minutes += codes.MINUTES

    assert codes.phone_of(house.store, LEDGER, asked.ticket) == ""
    with pytest.raises(NotSignedIn, match="code_over"):
        codes.answer(house.store, LEDGER, asked.ticket, asked.code)


def test_a_code_to_a_number_nobody_has_lets_nobody_in_even_if_it_is_guessed(house: House) -> None:
    asked = codes.ask(house.store, LEDGER, "13900000000")

    with pytest.raises(NotSignedIn, match="code_wrong"):
        codes.answer(house.store, LEDGER, asked.ticket, asked.code)


def test_neither_phone_nor_code_nor_ticket_stands_in_the_database(house: House) -> None:
    asked = codes.ask(house.store, LEDGER, "13811110001")
    with house.store.database.engine.connect() as connection:
        stored = str(connection.execute(select(sign_in_codes)).all())

    assert [secret for secret in (asked.phone, asked.ticket) if secret in stored] == []
    assert f"'{asked.code}'" not in stored


def test_codes_are_forgotten_after_a_day(house: House) -> None:
    codes.ask(house.store, LEDGER, "13811110001")
    house.clock.minutes += 24 * 60 + 1
    codes.ask(house.store, LEDGER, "13811110002")

    with house.store.database.engine.connect() as connection:
        assert len(connection.execute(select(sign_in_codes)).all()) == 1


def test_a_ticket_begins_one_session_however_many_ask_at_once(either_house: House) -> None:
    store, wang = either_house.store, either_house.ids["wang"]
    ticket, _ = either_house.proved("13811110001")

    came = at_once(
        6,
        lambda: web_sessions.begin(
            store, LEDGER, wang, via="code", claim=lambda cursor: codes.redeem(store, cursor, LEDGER, ticket)
        ),
    )

    assert sorted(map(str, came)).count("code_over") == 5
    assert len(web_sessions.listed(store, LEDGER, wang)) == 1


def test_tries_at_once_are_five_and_no_more(either_house: House) -> None:
    asked = codes.ask(either_house.store, LEDGER, "13811110001")

    came = at_once(12, lambda: codes.answer(either_house.store, LEDGER, asked.ticket, wrong(asked.code)))

    assert (came.count("code_wrong"), came.count("code_over")) == (5, 7)


def test_who_left_still_reaches_their_own_and_who_was_erased_nothing(house: House) -> None:
    house.do(house.ids["wang"], LeaveCommunity(member_id=house.ids["wang"]))
    assert house.proved("13811110001")[1].members == [house.ids["wang"]]

    asked = codes.ask(house.store, LEDGER, "13811110001")
    house.do(OPERATOR, ErasePersonalData(subject=house.ids["wang"]))
    house.store.catch_up(LEDGER)

    with pytest.raises(NotSignedIn, match="code_wrong"):
        codes.answer(house.store, LEDGER, asked.ticket, asked.code)


def test_who_becomes_staff_between_code_and_choice_is_not_let_in(house: House) -> None:
    ticket, _ = house.proved("13811110002")
    house.do(OPERATOR, GrantRole(holder=house.ids["li"], role="treasurer"))

    proved = codes.proved(house.store, LEDGER, ticket)
    assert (proved.members, proved.beginners) == ([house.ids["nai"]], [house.ids["li"]])
