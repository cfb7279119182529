"""People are taken in under a number, units under their code; teams gather people."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, Refused
from ledger.parties.commands import (
    FormTeam,
    JoinTeam,
    LeaveCommunity,
    LeaveTeam,
    PersonWords,
    RegisterMember,
    RegisterUnit,
)
from ledger.parties.facts import (
    MemberLeft,
    MemberRegistered,
    ProxyRegistered,
    TeamFormed,
    TeamJoined,
    TeamLeft,
    UnitRegistered,
)
from ledger.parties.state import NumberTaken, Roles, Standing
from tests.ledger.cast import AIXIN, BAKERY, CHEN, HOUSE, LI, LONG_AGO, LVYUN, PEOPLE, WANG, YARD, ZHAO, left
from tests.ledger.given import TODAY, Outcome, given

HU = "mem_hu"
REGISTER = RegisterMember(member_id=HU, number="0417", words=PersonWords(name="胡姐"))


def ask(command: Any, *before: Fact) -> Outcome:
    """A community worker enters it."""
    return given(*PEOPLE, *before).when(command, actor=CHEN, role="community_worker", sealed="c1")


def numbered(number: str, member_id: str = "mem_first") -> MemberRegistered:
    """Somebody who has that number."""
    return MemberRegistered(member_id=member_id, number=number, joined_on=LONG_AGO)


def test_a_person_joins_under_a_number() -> None:
    outcome = ask(replace(REGISTER, place=HOUSE, party_member=True)).looking_at("num_0417", HU)
    outcome.then(
        MemberRegistered(member_id=HU, number="0417", place=HOUSE, party_member=True, joined_on=TODAY, words="c1")
    )
    standing = outcome.state(Standing, HU)
    assert (standing.kind, standing.number, standing.place) == ("mem", "0417", HOUSE)
    assert outcome.state(NumberTaken, "num_0417").member_id == HU


def test_a_number_is_taken_once() -> None:
    ask(REGISTER, numbered("0417")).refused("number_taken", Conflict, number="0417")
    ask(REGISTER, numbered("0417"), left("mem_first")).refused("number_taken", Conflict)
    ask(replace(REGISTER, number="０４１７"), numbered("0417")).refused("number_taken", Conflict)


def test_a_person_may_have_no_number() -> None:
    assert ask(replace(REGISTER, number=""), numbered("")).facts


@pytest.mark.parametrize(
    "number", ["7", "A-7.x_9", "x" * 32, "王07", "12345678901", "23812345678", "1381234567", "138123456789"]
)
def test_a_number_is_letters_digits_dots_and_hyphens(number: str) -> None:
    happened = ask(replace(REGISTER, number=number)).fact
    assert isinstance(happened, MemberRegistered)
    assert happened.number == number


@pytest.mark.parametrize("number", ["x" * 33, "a b", "a/b", "a\u202eb", "号:7"])
def test_another_text_is_no_number(number: str) -> None:
    ask(replace(REGISTER, number=number)).refused("bad_number", Refused)


@pytest.mark.parametrize(
    "number",
    ["13812345678", "19912345678", "138-1234-5678", "１３８１２３４５６７８", "8613812345678", "008613812345678"],
)
def test_a_mobile_phone_number_is_no_members_number(number: str) -> None:
    ask(replace(REGISTER, number=number)).refused("number_is_phone", Refused)


@pytest.mark.parametrize("number", ["11010519491231002X", "11010519491231002x", "110105-19491231-002X"])
def test_an_id_card_number_is_no_members_number(number: str) -> None:
    ask(replace(REGISTER, number=number)).refused("number_is_id_card", Refused)


def test_a_refusal_does_not_repeat_the_personal_number() -> None:
    for number in ("13812345678", "11010519491231002X", "王 阿姨"):
        error = ask(replace(REGISTER, number=number)).error
        assert error is not None
        assert error.details == {}


@pytest.mark.parametrize(
    ("changed", "code", "kind"),
    [
        ({"place": "place_nowhere"}, "no_such_place", NotFound),
        ({"team": "team_nobody"}, "no_such_team", NotFound),
        ({"unit": "unit_nobody"}, "no_such_unit", NotFound),
        ({"guardian": "mem_nobody"}, "no_such_member", NotFound),
        ({"team": LVYUN}, "bad_id", Refused),
        ({"unit": AIXIN}, "bad_id", Refused),
        ({"member_id": WANG}, "member_exists", Conflict),
        ({"member_id": "policy"}, "bad_id", Refused),
        ({"joined_on": date(2026, 5, 21)}, "implausible_date", Refused),
        ({"joined_on": date(1989, 12, 31)}, "implausible_date", Refused),
        ({"joined_on": date(2100, 1, 1)}, "implausible_date", Refused),
    ],
)
def test_what_is_said_of_a_person_has_to_exist(changed: dict[str, Any], code: str, kind: type) -> None:
    ask(replace(REGISTER, **changed)).refused(code, kind)


@pytest.mark.parametrize("joined_on", [TODAY, LONG_AGO, date(1990, 1, 1)])
def test_a_person_may_have_joined_before(joined_on: date) -> None:
    happened = ask(replace(REGISTER, joined_on=joined_on)).fact
    assert isinstance(happened, MemberRegistered)
    assert happened.joined_on == joined_on


@pytest.mark.parametrize(
    ("team", "unit", "counts_for"), [(AIXIN, None, LVYUN), (AIXIN, BAKERY, BAKERY), (None, BAKERY, BAKERY)]
)
def test_a_persons_unit_is_the_stated_one_or_the_teams(team: str | None, unit: str | None, counts_for: str) -> None:
    happened = ask(replace(REGISTER, team=team, unit=unit)).fact
    assert isinstance(happened, MemberRegistered)
    assert (happened.team, happened.unit) == (team, counts_for)


def test_a_minors_guardian_is_their_proxy() -> None:
    outcome = ask(replace(REGISTER, guardian=WANG)).then(
        MemberRegistered(member_id=HU, number="0417", guardian=WANG, joined_on=TODAY, words="c1"),
        ProxyRegistered(principal=HU, proxy=WANG),
    )
    standing = outcome.state(Standing, HU)
    assert (standing.guardian, standing.proxies) == (WANG, frozenset({WANG}))
    assert outcome.state(Roles, f"role_{WANG}").principals == {HU}


def test_a_guardian_is_here() -> None:
    ask(replace(REGISTER, guardian=WANG), left(WANG)).refused("member_left", Refused)


# ---- leaving -------------------------------------------------------------------------------------------------------


def test_a_member_leaves_once() -> None:
    outcome = ask(LeaveCommunity(member_id=WANG)).then(MemberLeft(member_id=WANG))
    assert outcome.state(Standing, WANG).left
    ask(LeaveCommunity(member_id=WANG), left(WANG)).refused("member_left", Refused)
    ask(LeaveCommunity(member_id="mem_nobody")).refused("no_such_member", NotFound)


# ---- teams ---------------------------------------------------------------------------------------------------------

FORM = FormTeam(team_id="team_new", name="巡逻队", unit=LVYUN, place=YARD)
OTHER_TEAM = TeamFormed(team_id="team_other", kind="volunteer_organisation", name="巡逻队")
OF_BAKERY = TeamFormed(team_id="team_other", kind="volunteer_organisation", name="巡逻队", unit=BAKERY)


def test_a_team_is_formed() -> None:
    outcome = ask(FORM).then(
        TeamFormed(team_id="team_new", kind="volunteer_organisation", name="巡逻队", unit=LVYUN, place=YARD)
    )
    standing = outcome.state(Standing, "team_new")
    assert (standing.kind, standing.unit, standing.place) == ("team", LVYUN, YARD)


def test_a_team_may_be_of_no_unit_and_no_place() -> None:
    assert ask(replace(FORM, unit=None, place=None, name="x" * 100)).facts


@pytest.mark.parametrize(
    ("changed", "code", "kind"),
    [
        ({"unit": "unit_nobody"}, "no_such_unit", NotFound),
        ({"unit": AIXIN}, "bad_id", Refused),
        ({"place": "place_nowhere"}, "no_such_place", NotFound),
        ({"name": ""}, "bad_name", Refused),
        ({"name": "x" * 101}, "bad_name", Refused),
        ({"team_id": AIXIN}, "team_exists", Conflict),
        ({"team_id": "unit_new"}, "bad_id", Refused),
    ],
)
def test_a_team_is_new_and_named(changed: dict[str, Any], code: str, kind: type) -> None:
    ask(replace(FORM, **changed)).refused(code, kind)


def join(member_id: str, team: str, *before: Fact) -> Outcome:
    """Somebody joins a team."""
    return ask(JoinTeam(member_id=member_id, team=team), *before)


def test_a_members_service_counts_for_the_team_and_its_unit() -> None:
    outcome = join(LI, AIXIN).then(TeamJoined(member_id=LI, team=AIXIN, unit=LVYUN))
    standing = outcome.state(Standing, LI)
    assert (standing.team, standing.unit) == (AIXIN, LVYUN)


def test_an_employee_in_a_team_without_unit_still_counts_for_the_employer() -> None:
    hu = MemberRegistered(member_id=HU, unit=BAKERY, joined_on=LONG_AGO)
    join(HU, "team_other", hu, OTHER_TEAM).then(TeamJoined(member_id=HU, team="team_other", unit=BAKERY))


@pytest.mark.parametrize(("team", "unit"), [(OTHER_TEAM, None), (OF_BAKERY, BAKERY)])
def test_joining_another_team_leaves_the_first(team: TeamFormed, unit: str | None) -> None:
    outcome = join(ZHAO, "team_other", team).then(
        TeamLeft(member_id=ZHAO, team=AIXIN), TeamJoined(member_id=ZHAO, team="team_other", unit=unit)
    )
    standing = outcome.state(Standing, ZHAO)
    assert (standing.team, standing.unit) == ("team_other", unit)


def test_who_joins_is_a_member_and_what_is_a_team() -> None:
    join(ZHAO, AIXIN).refused("already_in_team", Conflict)
    join("mem_nobody", AIXIN).refused("no_such_member", NotFound)
    join(LI, AIXIN, left(LI)).refused("member_left", Refused)
    join(LI, "team_nobody").refused("no_such_team", NotFound)
    join(LI, LVYUN).refused("bad_id", Refused)


def test_a_member_leaves_the_team() -> None:
    outcome = ask(LeaveTeam(member_id=ZHAO)).then(TeamLeft(member_id=ZHAO, team=AIXIN))
    standing = outcome.state(Standing, ZHAO)
    assert (standing.team, standing.unit) == (None, None)
    ask(LeaveTeam(member_id=LI)).refused("in_no_team", Conflict)
    ask(LeaveTeam(member_id="mem_nobody")).refused("no_such_member", NotFound)


# ---- units ---------------------------------------------------------------------------------------------------------

UNIT = RegisterUnit(
    unit_id="unit_new", kind="social_organisation", name="方兴慈善会", code="91350100M000100Y43", place=YARD
)


def test_a_unit_is_registered_with_its_kind_and_code() -> None:
    outcome = ask(UNIT).then(
        UnitRegistered(
            unit_id="unit_new",
            kind="social_organisation",
            name="方兴慈善会",
            code="91350100M000100Y43",
            place=YARD,
            words="c1",
        )
    )
    standing = outcome.state(Standing, "unit_new")
    assert (standing.kind, standing.place) == ("unit", YARD)


@pytest.mark.parametrize("code", ["91350100m000100y43", " 91350100M000100Y43 ", "９１３５０１００M000100Y43"])
def test_a_code_is_kept_in_its_plain_form(code: str) -> None:
    happened = ask(replace(UNIT, code=code)).fact
    assert isinstance(happened, UnitRegistered)
    assert happened.code == "91350100M000100Y43"


def test_a_unit_may_have_no_code_and_no_place() -> None:
    assert ask(replace(UNIT, code="", place=None, name="x" * 100)).facts


@pytest.mark.parametrize(
    ("changed", "code", "kind"),
    [
        ({"code": "91350100M000100Y44"}, "bad_unit_code", Refused),
        ({"code": "x"}, "bad_unit_code", Refused),
        ({"place": "place_nowhere"}, "no_such_place", NotFound),
        ({"name": " "}, "bad_name", Refused),
        ({"name": "x" * 101}, "bad_name", Refused),
        ({"unit_id": LVYUN}, "unit_exists", Conflict),
        ({"unit_id": "team_new"}, "bad_id", Refused),
    ],
)
def test_a_unit_is_new_and_its_code_right(changed: dict[str, Any], code: str, kind: type) -> None:
    ask(replace(UNIT, **changed)).refused(code, kind)
