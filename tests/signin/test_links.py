"""One-time links: the first administrator, staff after that; used once, over after a day, worth nothing to others."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from api import tokens
from api.signin import links, passwords
from api.signin.links import FIRST
from ledger.application import OPERATOR
from ledger.errors import NotFound, NotSignedIn, NotYours, NuanlinError, Refused
from ledger.journal.sign_in_tables import sign_in_links
from ledger.parties.commands import ErasePersonalData, LeaveCommunity
from ledger.parties.state import roles_of
from tests.signin.house import LEDGER, PASSWORD, House, at_once


def begun(house: House, actor: str = FIRST, **who: str) -> tuple[str, str]:
    """A link on which everything but the authenticator's code was entered: (its secret, the authenticator's)."""
    secret = links.create(house.store, LEDGER, actor, by=OPERATOR)
    link = links.look(house.store, LEDGER, secret)
    return secret, links.enter(house.store, LEDGER, link, password=PASSWORD, **who).totp


def finish(house: House, secret: str, totp: str) -> str:
    """Prove the authenticator; gives the actor."""
    return links.complete(house.store, LEDGER, links.look(house.store, LEDGER, secret), house.digits(totp))[0]


def test_the_first_administrator_is_registered_and_appointed(house: House) -> None:
    actor = finish(house, *begun(house, name="吴书记", phone="13811110009"))

    assert ("administrator", "") in roles_of(house.store.application.view(LEDGER), actor).held
    assert passwords.account_named(house.store, LEDGER, "13811110009") == actor


def test_the_first_administrator_who_is_in_the_register_is_not_taken_in_twice(house: House) -> None:
    assert finish(house, *begun(house, name="周主任", phone="138 1111 0004")) == house.ids["zhou"]


def test_the_first_link_ends_as_soon_as_an_administrator_can_sign_in(house: House) -> None:
    secret, totp = begun(house, name="吴书记")
    assert not links.somebody_administers(house.store, LEDGER)
    house.enrol("zhou")

    assert links.somebody_administers(house.store, LEDGER)
    with pytest.raises(NotFound, match="bad_link"):
        finish(house, secret, totp)


def test_an_administrators_token_counts_until_it_is_ended(house: House) -> None:
    token, _ = tokens.create(house.store, LEDGER, actor=house.ids["zhou"])
    assert links.somebody_administers(house.store, LEDGER)

    tokens.revoke(house.store, LEDGER, token)
    assert not links.somebody_administers(house.store, LEDGER)


def test_an_administrator_who_left_administers_nothing(house: House) -> None:
    house.enrol("zhou")
    house.do(house.ids["zhou"], LeaveCommunity(member_id=house.ids["zhou"]))

    assert not links.somebody_administers(house.store, LEDGER)


def test_a_link_works_once(house: House) -> None:
    secret, totp = begun(house, house.ids["zhao"])
    finish(house, secret, totp)

    with pytest.raises(NotFound, match="bad_link"):
        links.look(house.store, LEDGER, secret)


def test_of_two_who_finish_at_once_one_is_first(either_house: House) -> None:
    house = either_house
    secret, totp = begun(house, name="吴书记")
    link, digits = links.look(house.store, LEDGER, secret), house.digits(totp)

    came = at_once(4, lambda: links.complete(house.store, LEDGER, link, digits)[0])

    assert came.count("bad_link") == 3


def test_a_link_is_over_after_a_day_and_when_a_new_one_is_given(house: House) -> None:
    old = links.create(house.store, LEDGER, house.ids["zhao"], by=OPERATOR)
    late = links.create(house.store, LEDGER, house.ids["zhao"], by=OPERATOR)
    with pytest.raises(NotFound, match="bad_link"):
        links.look(house.store, LEDGER, old)
    links.look(house.store, LEDGER, late)

    house.clock.minutes += links.HOURS * 60
    for secret in (late, "", "x" * 32, "x" * 1000):
        with pytest.raises(NotFound, match="bad_link"):
            links.look(house.store, LEDGER, secret)


def test_nothing_is_set_before_the_authenticator_has_shown_that_it_works(house: House) -> None:
    secret, totp = begun(house, house.ids["zhao"])

    with pytest.raises(NotSignedIn, match="bad_second"):
        links.complete(house.store, LEDGER, links.look(house.store, LEDGER, secret), "000000")
    assert not passwords.has_password(house.store, LEDGER, house.ids["zhao"])
    assert finish(house, secret, totp) == house.ids["zhao"]


def test_what_was_entered_is_hidden_and_gone_afterwards(house: House) -> None:
    secret, totp = begun(house, name="吴书记", phone="13811110009")
    with house.store.database.engine.connect() as connection:
        stored = str(connection.execute(select(sign_in_links)).all())
    assert [one for one in (secret, totp, "吴书记", "13811110009", "argon2") if one in stored] == []

    finish(house, secret, totp)
    with house.store.database.engine.connect() as connection:
        assert [row.pending for row in connection.execute(select(sign_in_links)).all()] == [""]


@pytest.mark.parametrize(
    ("who", "by", "refusal", "code"),
    [
        ("wang", "zhou", Refused, "link_for_staff"), ("zhou", "zhou", NotYours, "link_for_oneself"),
        ("nobody", "zhou", NotFound, "no_such_member"),
    ],
)  # fmt: skip
def test_links_are_for_other_members_of_the_staff(
    house: House, who: str, by: str, refusal: type[NuanlinError], code: str
) -> None:
    with pytest.raises(refusal, match=code):
        links.create(house.store, LEDGER, house.ids.get(who, "mem_nobody"), by=house.ids[by])


def test_a_link_goes_with_who_is_erased(house: House) -> None:
    secret = links.create(house.store, LEDGER, house.ids["zhao"], by=OPERATOR)
    house.do(OPERATOR, ErasePersonalData(subject=house.ids["zhao"], cause="own_wish"))
    house.store.catch_up(LEDGER)

    with pytest.raises(NotFound, match="bad_link"):
        links.look(house.store, LEDGER, secret)


def test_a_phone_that_cannot_be_read_is_refused_before_the_link_is_used_up(house: House) -> None:
    secret = links.create(house.store, LEDGER, FIRST, by=OPERATOR)
    with pytest.raises(Refused, match="phone_unreadable"):
        links.enter(
            house.store, LEDGER, links.look(house.store, LEDGER, secret), password=PASSWORD, name="吴书记", phone="电话"
        )

    assert links.look(house.store, LEDGER, secret).pending is None


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "王13812341234"])
def test_the_first_administrator_needs_a_name_that_may_be_read(house: House, name: str) -> None:
    with pytest.raises(Refused):
        begun(house, name=name)
