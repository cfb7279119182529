"""Staff: a password and a second factor, each proved; what a thief of one of them can do, and what they cannot do to others."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from api.pages import web_sessions
from api.signin import happenings, passwords, second
from ledger.errors import NotSignedIn, Refused
from ledger.journal.sign_in_tables import sign_in_passwords, sign_in_recovery
from ledger.journal.tables import web_sessions as sessions_table
from tests.signin.house import LEDGER, PASSWORD, House, at_once


def ticket_of(house: House, who: str = "zhao") -> str:
    """A browser at which the password was right."""
    passwords.check(house.store, LEDGER, house.ids[who], PASSWORD)
    return passwords.begin(house.store, LEDGER, house.ids[who])


def miss(house: House, times: int, *, known: bool = False) -> list[str]:
    """Wrong second factors, and what was answered to each."""
    answers, ticket = [], ""
    for number in range(times):
        if number % passwords.TRIES == 0:
            ticket = ticket_of(house)
        with pytest.raises(NotSignedIn) as refused:
            passwords.finish(house.store, LEDGER, ticket, "000000", known=known)
        answers.append(refused.value.code)
    return answers


@pytest.mark.parametrize("typed", ["13811110003", "赵社工", " 138-1111-0003 "])
def test_staff_name_themselves_as_others_do(house: House, typed: str) -> None:
    house.enrol("zhao")

    assert passwords.account_named(house.store, LEDGER, typed) == house.ids["zhao"]


def test_who_has_no_password_is_nobody_here(house: House) -> None:
    assert passwords.account_named(house.store, LEDGER, "13811110001") == ""
    with pytest.raises(NotSignedIn, match="bad_password"):
        passwords.check(house.store, LEDGER, "", PASSWORD)


def test_password_and_authenticator_let_in(house: House) -> None:
    totp, _ = house.enrol("zhao")

    assert passwords.finish(house.store, LEDGER, ticket_of(house), house.digits(totp), known=False) == house.ids["zhao"]


def test_as_much_is_reckoned_for_an_account_that_does_not_exist(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.enrol("zhao")
    hasher = passwords._hasher()
    reckoned: list[str] = []

    class Counting:
        def hash(self, password: str) -> str:
            return hasher.hash(password)

        def verify(self, stored: str, password: str) -> bool:
            reckoned.append(stored.rpartition("$")[0].rpartition("$")[0])
            return hasher.verify(stored, password)

    passwords._nobodys()
    monkeypatch.setattr(passwords, "_hasher", Counting)
    for actor in (house.ids["zhao"], house.ids["wang"], ""):
        with pytest.raises(NotSignedIn, match="bad_password"):
            passwords.check(house.store, LEDGER, actor, "a wrong password")

    assert reckoned == ["$argon2id$v=19$m=19456,t=2,p=1"] * 3


def test_a_wrong_password_is_refused(house: House) -> None:
    house.enrol("zhao")

    for wrong in ("", PASSWORD[:-1], PASSWORD + " ", "x" * 500):
        with pytest.raises(NotSignedIn, match="bad_password"):
            passwords.check(house.store, LEDGER, house.ids["zhao"], wrong)


def test_neither_password_nor_secret_nor_recovery_code_stands_in_the_database(house: House) -> None:
    totp, recovery = house.enrol("zhao")

    with house.store.database.engine.connect() as connection:
        stored = str([connection.execute(select(table)).all() for table in (sign_in_passwords, sign_in_recovery)])
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in stored
    assert [one for one in (PASSWORD, totp, recovery[0], recovery[0].replace("-", "")) if one in stored] == []


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_short"), ("short", "password_short"), ("aaaaaaaaaaaaaa", "password_simple"),
        ("123456789012", "password_simple"), ("Password1234", "password_simple"), ("abababababab", "password_simple"),
        ("王阿姨" * 4, "password_simple"),
        ("好" * 201, "password_long"),
    ],
)  # fmt: skip
def test_a_password_that_is_easily_guessed_is_refused(password: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        passwords.hash_of(password, "王阿姨")


def test_a_sentence_is_a_good_password(house: House) -> None:
    assert passwords.matches(passwords.hash_of("每天六点去河边打太极", "王阿姨"), "每天六点去河边打太极")


def test_a_code_of_the_authenticator_counts_once(house: House) -> None:
    totp, _ = house.enrol("zhao")
    digits = house.digits(totp)
    passwords.finish(house.store, LEDGER, ticket_of(house), digits, known=False)

    with pytest.raises(NotSignedIn, match="bad_second"):
        passwords.finish(house.store, LEDGER, ticket_of(house), digits, known=False)


def test_a_code_seen_over_the_shoulder_lets_one_in_of_those_who_come_at_once(either_house: House) -> None:
    totp, _ = either_house.enrol("zhao")
    digits = either_house.digits(totp)
    tickets = iter([ticket_of(either_house) for _ in range(6)])

    came = at_once(6, lambda: passwords.finish(either_house.store, LEDGER, next(tickets), digits, known=True))

    assert (came.count(either_house.ids["zhao"]), came.count("bad_second")) == (1, 5)


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(house: House, steps: int, fits: bool) -> None:
    totp, at = second.new_totp(), house.clock()

    assert bool(second.step_of(totp, house.digits(totp, steps=steps), at)) is fits


def test_digits_of_another_script_and_blanks_are_the_same_code(house: House) -> None:
    totp, at = second.new_totp(), house.clock()
    digits = house.digits(totp)

    wide = "".join(chr(ord(one) + 0xFEE0) for one in digits)
    assert second.step_of(totp, f"{wide[:3]} {wide[3:]}", at) == second.step_of(totp, digits, at) != 0


def test_a_recovery_code_stands_in_once_also_when_it_is_copied_badly(house: House) -> None:
    _, recovery = house.enrol("zhao")
    copied = recovery[0].upper().replace("-", " ").replace("0", "O").replace("1", "I")

    assert passwords.finish(house.store, LEDGER, ticket_of(house), copied, known=False) == house.ids["zhao"]
    with pytest.raises(NotSignedIn, match="bad_second"):
        passwords.finish(house.store, LEDGER, ticket_of(house), recovery[0], known=False)
    assert second.recovery_left(house.store, LEDGER, house.ids["zhao"]) == second.RECOVERY_CODES - 1


def test_new_recovery_codes_end_the_earlier(house: House) -> None:
    _, recovery = house.enrol("zhao")
    with house.store.database.writing() as cursor:
        fresh = second.new_recovery(house.store, cursor, LEDGER, house.ids["zhao"])

    assert not second.use_recovery(house.store, LEDGER, house.ids["zhao"], recovery[0])
    assert second.use_recovery(house.store, LEDGER, house.ids["zhao"], fresh[0])


def test_a_ticket_has_five_tries_and_ten_minutes(house: House) -> None:
    totp, _ = house.enrol("zhao")
    worn = ticket_of(house)
    for _ in range(passwords.TRIES):
        with pytest.raises(NotSignedIn, match="bad_second"):
            passwords.finish(house.store, LEDGER, worn, "000000", known=True)
    old = ticket_of(house)
    house.clock.minutes += passwords.TICKET_MINUTES

    for ticket in (worn, old, "", "never given"):
        with pytest.raises(NotSignedIn, match="ticket_over"):
            passwords.finish(house.store, LEDGER, ticket, house.digits(totp), known=True)


def test_a_thief_of_the_password_is_held_up_and_its_owner_is_not(house: House) -> None:
    totp, recovery = house.enrol("zhao")

    answers = miss(house, passwords.MISSES_A_DAY + 5)

    assert answers == ["bad_second"] * passwords.MISSES_A_DAY + ["second_held_up"] * 5
    finish = passwords.finish
    assert finish(house.store, LEDGER, ticket_of(house), house.digits(totp), known=True) == house.ids["zhao"]
    assert finish(house.store, LEDGER, ticket_of(house), recovery[3], known=False) == house.ids["zhao"]
    house.clock.minutes += 24 * 60
    assert finish(house.store, LEDGER, ticket_of(house), house.digits(totp), known=False) == house.ids["zhao"]


def test_who_does_not_know_the_password_counts_for_nothing(house: House) -> None:
    totp, _ = house.enrol("zhao")
    for _ in range(passwords.MISSES_A_DAY + 5):
        with pytest.raises(NotSignedIn, match="bad_password"):
            passwords.check(house.store, LEDGER, house.ids["zhao"], "x" * 201)

    assert passwords.finish(house.store, LEDGER, ticket_of(house), house.digits(totp), known=False)


def test_its_owner_sees_that_the_password_is_known_to_somebody(house: House) -> None:
    house.enrol("zhao")
    miss(house, 1)

    told = happenings.latest(house.store, LEDGER, house.ids["zhao"])
    assert [one.what for one in told] == ["second_missed", "password_set", "link_issued"]


def test_a_changed_password_ends_half_way_browsers(house: House) -> None:
    totp, _ = house.enrol("zhao")
    half_way = ticket_of(house)
    with house.store.database.writing() as cursor:
        hashed = passwords.hash_of("一年四季都爱包饺子吃")
        passwords.change_password(house.store, cursor, LEDGER, house.ids["zhao"], hashed)

    with pytest.raises(NotSignedIn, match="ticket_over"):
        passwords.finish(house.store, LEDGER, half_way, house.digits(totp), known=True)
    with pytest.raises(NotSignedIn, match="bad_password"):
        passwords.check(house.store, LEDGER, house.ids["zhao"], PASSWORD)


def test_staff_sign_in_each_working_day(house: House) -> None:
    session = web_sessions.begin(house.store, LEDGER, house.ids["zhao"], via="password")
    house.clock.minutes += web_sessions.STAFF_HOURS * 60 - 1
    assert web_sessions.find(house.store, session.cookie) is not None

    house.clock.minutes += 1
    assert web_sessions.find(house.store, session.cookie) is None


def test_sessions_long_over_are_swept_when_their_owner_signs_in_again(house: House) -> None:
    wang = house.ids["wang"]
    web_sessions.begin(house.store, LEDGER, wang, via="code")
    house.clock.minutes += (web_sessions.DAYS + web_sessions.KEPT_DAYS) * 24 * 60 + 1
    web_sessions.begin(house.store, LEDGER, wang, via="code")

    with house.store.database.engine.connect() as connection:
        rows = connection.execute(select(sessions_table.c.actor)).all()
    assert [row.actor for row in rows] == [wang]


def test_fifty_happenings_are_kept_and_no_more(house: House) -> None:
    with house.store.database.writing() as cursor:
        for _ in range(happenings.KEPT + 5):
            happenings.note(house.store, cursor, LEDGER, house.ids["wang"], "by_code", agent="Chrome · Android")

    told = happenings.latest(house.store, LEDGER, house.ids["wang"], most=100)
    assert len(told) == happenings.KEPT
    assert {one.agent for one in told} == {"Chrome · Android"}
