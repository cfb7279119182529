"""A fund begins with a purpose, a host charity, an odd committee and a supervisor who is not of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from ledger.errors import Conflict, NotFound, Refused
from ledger.funds.commands import OpenFund, ServiceItem
from ledger.funds.facts import FundOpened
from ledger.funds.shapes import fund_id
from ledger.parties.facts import MemberLeft
from ledger.policy.facts import PolicySet
from tests.ledger.funds.cast import CHARITY, COMMITTEE, FUND, LONG_AGO, LVYUN, OPEN, PEOPLE, SUPERVISOR, WANG
from tests.ledger.given import TODAY, given

OPENING = OpenFund(
    slug="nuanxing", name="暖兴", purpose="方兴社区救急济困", host_charity=CHARITY, committee=COMMITTEE,
    supervisor=SUPERVISOR, items=(ServiceItem(code="meals", name="助餐"), ServiceItem(code="clinic-2", name="义诊")),
)  # fmt: skip


def items(*codes: str) -> OpenFund:
    """The opening with other service items."""
    return replace(OPENING, items=tuple(ServiceItem(code=code, name="某项") for code in codes))


def test_a_fund_opens_under_its_short_name() -> None:
    given(*PEOPLE).when(OPENING, actor=WANG, role="host_charity").then(
        FundOpened(
            fund=FUND, name="暖兴", purpose="方兴社区救急济困", host_charity=CHARITY, committee=COMMITTEE,
            supervisor=SUPERVISOR, items=(("meals", "助餐"), ("clinic-2", "义诊")), opened_on=TODAY,
        )
    )  # fmt: skip


def test_short_name_and_id_are_two_ways_to_say_the_same_fund() -> None:
    assert fund_id("nuanxing") == fund_id(FUND) == FUND


@pytest.mark.parametrize("slug", ["nuanxing", FUND])
def test_a_fund_opens_once(slug: str) -> None:
    given(*OPEN).when(replace(OPENING, slug=slug), actor=WANG, role="administrator").refused("fund_exists", Conflict)


@pytest.mark.parametrize("slug", ["", "n", "1nuan", "Nuan", "nuan_xing", "nuan:xing", "暖兴", "n" * 33, "nuan\n"])
def test_a_short_name_has_2_to_32_small_letters_digits_and_hyphens(slug: str) -> None:
    given(*PEOPLE).when(replace(OPENING, slug=slug), actor=WANG, role="administrator").refused("bad_fund_name", Refused)


@pytest.mark.parametrize("slug", ["ab", "n" * 32, "le-zhi-2"])
def test_the_shortest_and_the_longest_short_name_will_do(slug: str) -> None:
    opened = given(*PEOPLE).when(replace(OPENING, slug=slug), actor=WANG, role="administrator").facts
    assert [happened.fund for happened in opened if isinstance(happened, FundOpened)] == [f"fund_{slug}"]


@pytest.mark.parametrize("field", ["name", "purpose", "host_charity"])
@pytest.mark.parametrize("text", ["", " ", "暖\u202e兴", "暖\n兴", "暖\x00兴", "暖\u2028兴", "暖" * 501])
def test_public_texts_are_neither_empty_nor_endless_nor_hide_characters(field: str, text: str) -> None:
    opening = replace(OPENING, **{field: text})
    given(*PEOPLE).when(opening, actor=WANG, role="administrator").refused("bad_name", Refused)


@pytest.mark.parametrize(("field", "most"), [("name", 80), ("purpose", 500), ("host_charity", 80)])
def test_public_texts_have_their_lengths(field: str, most: int) -> None:
    longest = replace(OPENING, **{field: "暖" * most})
    assert given(*PEOPLE).when(longest, actor=WANG, role="administrator").facts
    longer = replace(OPENING, **{field: "暖" * (most + 1)})
    given(*PEOPLE).when(longer, actor=WANG, role="administrator").refused("bad_name", Refused)


def test_blanks_around_public_texts_are_dropped() -> None:
    opening = replace(
        OPENING, name=" 暖兴 ", purpose=" 方兴社区救急济困", host_charity=f"{CHARITY} ",
        items=(ServiceItem(code="meals", name=" 助餐 "), ServiceItem(code="clinic-2", name="义诊")),
    )  # fmt: skip
    plain = given(*PEOPLE).when(OPENING, actor=WANG, role="administrator").facts
    given(*PEOPLE).when(opening, actor=WANG, role="administrator").then(*plain)


def test_the_name_of_a_service_item_is_a_public_text_too() -> None:
    opening = replace(OPENING, items=(ServiceItem(code="meals", name="助\u202e餐"),))
    given(*PEOPLE).when(opening, actor=WANG, role="administrator").refused("bad_name", Refused)


def test_a_host_charity_outside_the_ledger_is_known_by_its_name() -> None:
    opening = replace(OPENING, host_charity="郑州慈善总会")
    assert given(*PEOPLE).when(opening, actor=WANG, role="administrator").facts


@pytest.mark.parametrize("stranger", ["unit_nobody", WANG, FUND])
def test_a_host_charity_named_by_id_is_a_registered_unit(stranger: str) -> None:
    opening = replace(OPENING, host_charity=stranger)
    given(*PEOPLE).when(opening, actor=WANG, role="administrator").refused("no_such_unit", NotFound)


@pytest.mark.parametrize("size", [0, 1, 3, 4])
def test_a_committee_of_fewer_than_five_is_too_small(size: int) -> None:
    opening = replace(OPENING, committee=COMMITTEE[:size])
    given(*PEOPLE).when(opening, actor=WANG, role="administrator").refused("committee_too_small", Refused)


def test_policy_says_how_small_a_committee_may_be() -> None:
    rule = PolicySet(name="funds.committee_least", value=3, from_day=LONG_AGO)
    opening = replace(OPENING, committee=COMMITTEE[:3])
    assert given(*PEOPLE, rule).when(opening, actor=WANG, role="administrator").facts


def test_an_even_committee_cannot_decide() -> None:
    opening = replace(OPENING, committee=(*COMMITTEE, "mem_donor"))
    given(*PEOPLE).when(opening, actor=WANG, role="administrator").refused("committee_even", Refused)


def test_nobody_sits_in_a_committee_twice() -> None:
    opening = replace(OPENING, committee=(*COMMITTEE[:4], WANG))
    given(*PEOPLE).when(opening, actor=WANG, role="administrator").refused("committee_repeats", Refused)


def test_a_committee_supervises_nobody_of_its_own() -> None:
    opening = replace(OPENING, supervisor=WANG)
    given(*PEOPLE).when(opening, actor=WANG, role="administrator").refused("supervisor_in_committee", Refused)


def test_the_supervisor_is_registered() -> None:
    opening = replace(OPENING, supervisor="mem_nobody")
    given(*PEOPLE).when(opening, actor=WANG, role="administrator").refused("no_such_member", NotFound)


def test_a_unit_can_supervise() -> None:
    assert given(*PEOPLE).when(replace(OPENING, supervisor=LVYUN), actor=WANG, role="administrator").facts


@pytest.mark.parametrize("stranger", ["mem_nobody", LVYUN])
def test_a_committee_is_made_of_registered_members(stranger: str) -> None:
    opening = replace(OPENING, committee=(*COMMITTEE[:4], stranger))
    given(*PEOPLE).when(opening, actor=WANG, role="administrator").refused("no_such_member", NotFound)


def test_who_left_sits_in_no_new_committee() -> None:
    gone = MemberLeft(member_id=COMMITTEE[4])
    given(*PEOPLE, gone).when(OPENING, actor=WANG, role="administrator").refused("member_left", Refused)


@pytest.mark.parametrize("code", ["", "Meals", "me als", "meals:x", "助餐", "m" * 33, "meals_2"])
def test_a_service_item_has_a_short_code(code: str) -> None:
    given(*PEOPLE).when(items(code), actor=WANG, role="administrator").refused("bad_item", Refused)


def test_the_longest_code_of_a_service_item_has_32_letters() -> None:
    assert given(*PEOPLE).when(items("m" * 32), actor=WANG, role="administrator").facts


def test_service_items_do_not_share_a_code() -> None:
    given(*PEOPLE).when(items("meals", "meals"), actor=WANG, role="administrator").refused("item_repeats", Refused)
