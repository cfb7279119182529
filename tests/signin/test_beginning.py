"""Who was given an office and has no password yet: a code to their phone lets them set one, once, and do nothing else."""

from __future__ import annotations

import pytest

from api.pages import web_sessions
from api.pages.web_sessions import WebSession
from api.signin import links, passwords
from api.signin.strength import BEGIN
from ledger.application import OPERATOR
from ledger.errors import NotFound, NotSignedIn
from ledger.parties.commands import ErasePersonalData, GrantRole, LeaveCommunity, RevokeRole
from tests.signin.house import LEDGER, PASSWORD, House, at_once

OTHER = "\u79cb\u5929\u7684\u6842\u82b1\u9999\u6ee1\u6574\u6761\u8857"


def begun(house: House, who: str = "zhao") -> WebSession:
    """The session that a code to their phone gives them."""
    return web_sessions.begin(house.store, LEDGER, house.ids[who], via=BEGIN)


def entered(house: House, session: WebSession, password: str = PASSWORD) -> links.Link:
    """Their link, the password entered."""
    links.enter(house.store, LEDGER, links.look(house.store, LEDGER, session.secret, own=True), password=password)
    return links.look(house.store, LEDGER, session.secret, own=True)


def completed(house: House, link: links.Link) -> str:
    """Whose password it became."""
    assert link.pending is not None
    return links.complete(house.store, LEDGER, link, house.digits(link.pending.totp))[0]


def test_a_code_to_the_phone_sets_the_first_password(house: House) -> None:
    link = entered(house, begun(house))

    assert completed(house, link) == house.ids["zhao"]
    passwords.check(house.store, LEDGER, house.ids["zhao"], PASSWORD)


def test_of_two_at_once_one_sets_the_password(either_house: House) -> None:
    house = either_house
    ready = [entered(house, begun(house), password) for password in (PASSWORD, OTHER)]
    came = at_once(2, lambda: completed(house, ready.pop()))

    assert sorted(map(str, came)) == sorted(["bad_link", house.ids["zhao"]])
    set_now = [one for one in (PASSWORD, OTHER) if is_password(house, one)]
    assert len(set_now) == 1


def is_password(house: House, password: str) -> bool:
    """Whether this is the worker's password."""
    try:
        passwords.check(house.store, LEDGER, house.ids["zhao"], password)
    except NotSignedIn:
        return False
    return True


def test_who_was_given_a_password_meanwhile_does_not_get_another_by_phone(house: House) -> None:
    session = begun(house)
    link = entered(house, session, OTHER)
    house.enrol("zhao")

    with pytest.raises(NotFound, match="bad_link"):
        links.look(house.store, LEDGER, session.secret, own=True)
    with pytest.raises(NotFound, match="bad_link"):
        completed(house, link)
    assert is_password(house, PASSWORD)


def test_once_the_password_is_set_every_other_way_to_set_it_ends(house: House) -> None:
    given = links.create(house.store, LEDGER, house.ids["zhao"], by=OPERATOR)
    other = begun(house)
    completed(house, entered(house, begun(house)))

    for secret, own in ((given, False), (other.secret, True)):
        with pytest.raises(NotFound, match="bad_link"):
            links.look(house.store, LEDGER, secret, own=own)


def test_a_code_to_the_phone_ends_no_link_of_an_administrator(house: House) -> None:
    given = links.create(house.store, LEDGER, house.ids["zhao"], by=OPERATOR)
    begun(house)

    assert links.look(house.store, LEDGER, given).actor == house.ids["zhao"]


@pytest.mark.parametrize("end", ["role", "left", "erased"])
def test_nobody_sets_a_password_once_they_hold_no_office(house: House, end: str) -> None:
    session, zhao = begun(house), house.ids["zhao"]
    command = {
        "role": RevokeRole(holder=zhao, role="community_worker"),
        "left": LeaveCommunity(member_id=zhao),
        "erased": ErasePersonalData(subject=zhao),
    }[end]
    house.do(zhao if end == "left" else OPERATOR, command)

    with pytest.raises(NotFound, match="bad_link"):
        links.look(house.store, LEDGER, session.secret, own=True)


def test_the_time_for_it_is_short(house: House) -> None:
    session = begun(house)
    house.clock.minutes += links.BEGIN_MINUTES

    assert web_sessions.find(house.store, session.cookie) is None
    with pytest.raises(NotFound, match="bad_link"):
        links.look(house.store, LEDGER, session.secret, own=True)


def test_the_secret_of_the_session_is_no_link_for_others(house: House) -> None:
    with pytest.raises(NotFound, match="bad_link"):
        links.look(house.store, LEDGER, begun(house).secret)


def test_an_office_at_one_place_or_at_all_is_the_same(house: House) -> None:
    assert not links.may_begin(house.store, LEDGER, house.store.application.view(LEDGER), house.ids["wang"])
    house.do(OPERATOR, GrantRole(holder=house.ids["wang"], role="auditor"))

    assert links.may_begin(house.store, LEDGER, house.store.application.view(LEDGER), house.ids["wang"])
