"""Appointments, proxies and consent: who may do what, and who may be named."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.parties.commands import (
    AgreeToPublication,
    EndProxy,
    GrantRole,
    RegisterProxy,
    RevokeRole,
    WithdrawPublication,
)
from ledger.parties.facts import (
    ProxyEnded,
    PublicationAgreed,
    PublicationWithdrawn,
    RoleGranted,
    RoleRevoked,
)
from ledger.parties.state import Roles, Standing, acts_for, represents, works_for
from tests.ledger.cast import (
    AIXIN,
    BAKERY,
    CHEN,
    LI,
    LVYUN,
    OPERATOR,
    PEOPLE,
    SUN,
    WANG,
    YARD,
    ZHAO,
    granted,
    left,
    proxy,
)
from tests.ledger.given import Folded, Outcome, given

GRANT = GrantRole(holder=WANG, role="community_worker")
REVOKE = RevokeRole(holder=WANG, role="community_worker")


def ask(command: Any, *before: Fact, actor: str = OPERATOR, role: str = "administrator") -> Outcome:
    """The administrator asks."""
    return given(*PEOPLE, *before).when(command, actor=actor, role=role)


def test_somebody_is_appointed() -> None:
    outcome = ask(GRANT).then(RoleGranted(holder=WANG, role="community_worker", granted_by=OPERATOR))
    assert outcome.state(Roles, f"role_{WANG}").has("community_worker")
    assert not outcome.state(Roles, f"role_{WANG}").has("administrator")


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("representative", LVYUN),
        ("team_leader", AIXIN),
        ("community_worker", YARD),
        ("committee_member", "fund_nuanxing"),
        ("treasurer", "nuanxing"),
    ],
)
def test_an_appointment_may_be_for_one_unit_team_place_or_fund(role: Any, scope: str) -> None:
    outcome = ask(replace(GRANT, role=role, scope=scope))
    outcome.then(RoleGranted(holder=WANG, role=role, scope=scope, granted_by=OPERATOR))
    assert outcome.state(Roles, f"role_{WANG}").held == {(role, scope)}


@pytest.mark.parametrize(
    ("role", "scope", "code", "kind"),
    [
        ("representative", "", "scope_missing", Refused),
        ("representative", AIXIN, "scope_missing", Refused),
        ("representative", "unit", "scope_missing", Refused),
        ("team_leader", "", "scope_missing", Refused),
        ("team_leader", LVYUN, "scope_missing", Refused),
        ("representative", "unit_nobody", "no_such_unit", NotFound),
        ("team_leader", "team_nobody", "no_such_team", NotFound),
        ("community_worker", "place_nowhere", "no_such_place", NotFound),
        ("auditor", "unit_nobody", "no_such_unit", NotFound),
        ("treasurer", "a b", "bad_scope", Refused),
        ("treasurer", "王阿姨", "bad_scope", Refused),
    ],
)
def test_what_an_appointment_is_for_has_to_exist(role: Any, scope: str, code: str, kind: type) -> None:
    ask(replace(GRANT, role=role, scope=scope)).refused(code, kind)


@pytest.mark.parametrize(
    ("holder", "code", "kind"),
    [
        ("mem_nobody", "no_such_member", NotFound),
        (LVYUN, "no_such_member", NotFound),
        ("svc_ x", "bad_id", Refused),
        (OPERATOR, "grant_to_oneself", NotYours),
    ],
)
def test_who_is_appointed_is_somebody_else_who_is_known(holder: str, code: str, kind: type) -> None:
    ask(replace(GRANT, holder=holder)).refused(code, kind)


def test_a_service_may_be_appointed() -> None:
    assert ask(replace(GRANT, holder="svc_import")).facts


def test_who_left_is_not_appointed() -> None:
    ask(GRANT, left(WANG)).refused("member_left", Refused)


def test_an_appointment_is_made_once() -> None:
    ask(GRANT, granted(WANG, "community_worker")).refused("role_held", Conflict)
    assert ask(replace(GRANT, scope=YARD), granted(WANG, "community_worker")).facts


def test_an_appointment_ends() -> None:
    outcome = ask(REVOKE, granted(WANG, "community_worker")).then(
        RoleRevoked(holder=WANG, role="community_worker", revoked_by=OPERATOR)
    )
    assert outcome.state(Roles, f"role_{WANG}").held == frozenset()


def test_an_appointment_for_one_place_ends_alone() -> None:
    outcome = ask(
        replace(REVOKE, scope=YARD), granted(WANG, "community_worker"), granted(WANG, "community_worker", YARD)
    )
    outcome.then(RoleRevoked(holder=WANG, role="community_worker", scope=YARD, revoked_by=OPERATOR))
    assert outcome.state(Roles, f"role_{WANG}").held == {("community_worker", "")}


def test_an_appointment_ends_also_for_who_left() -> None:
    assert ask(REVOKE, granted(WANG, "community_worker"), left(WANG)).facts


def test_only_an_appointment_that_is_held_ends() -> None:
    ask(REVOKE).refused("role_not_held", NotFound)
    ask(replace(REVOKE, scope=YARD), granted(WANG, "community_worker")).refused("role_not_held", NotFound)


# ---- proxies -------------------------------------------------------------------------------------------------------

PROXY = RegisterProxy(principal=WANG, proxy=LI)
END = EndProxy(principal=WANG, proxy=LI)


@pytest.mark.parametrize(("actor", "role"), [(WANG, ""), (CHEN, "community_worker"), (OPERATOR, "administrator")])
def test_a_member_lets_another_act(actor: str, role: str) -> None:
    outcome = ask(PROXY, actor=actor, role=role).then(proxy(WANG, LI))
    assert outcome.state(Standing, WANG).proxies == {LI}
    assert outcome.state(Roles, f"role_{LI}").principals == {WANG}


def test_it_does_not_work_the_other_way_round() -> None:
    outcome = ask(PROXY)
    assert outcome.state(Standing, LI).proxies == frozenset()
    assert outcome.state(Roles, f"role_{WANG}").principals == frozenset()


@pytest.mark.parametrize(
    ("changed", "code", "kind"),
    [
        ({"proxy": WANG}, "proxy_of_oneself", Refused),
        ({"proxy": "mem_nobody"}, "no_such_member", NotFound),
        ({"principal": "mem_nobody"}, "no_such_member", NotFound),
    ],
)
def test_principal_and_proxy_are_two_members(changed: dict[str, Any], code: str, kind: type) -> None:
    ask(replace(PROXY, **changed)).refused(code, kind)


@pytest.mark.parametrize("who", [WANG, LI])
def test_who_left_neither_is_nor_has_a_proxy(who: str) -> None:
    ask(PROXY, left(who)).refused("member_left", Refused)


def test_no_worker_makes_themselves_a_proxy() -> None:
    ask(replace(PROXY, proxy=CHEN), actor=CHEN, role="community_worker").refused("grant_to_oneself", NotYours)


def test_a_proxy_names_no_other_proxy() -> None:
    story = proxy(WANG, SUN)
    ask(PROXY, story, actor=SUN, role="proxy").refused("proxy_names_proxy", NotYours)


def test_a_proxy_is_registered_once() -> None:
    ask(PROXY, proxy(WANG, LI)).refused("proxy_exists", Conflict)
    assert ask(PROXY, proxy(WANG, SUN)).facts


def test_a_proxy_ends() -> None:
    outcome = ask(END, proxy(WANG, LI)).then(ProxyEnded(principal=WANG, proxy=LI))
    assert outcome.state(Standing, WANG).proxies == frozenset()
    assert outcome.state(Roles, f"role_{LI}").principals == frozenset()
    ask(END).refused("no_such_proxy", NotFound)
    ask(END, proxy(WANG, SUN)).refused("no_such_proxy", NotFound)


def test_ending_one_proxy_leaves_the_others() -> None:
    story = given(*PEOPLE, proxy(WANG, LI), proxy(SUN, LI), proxy(WANG, ZHAO), ProxyEnded(principal=WANG, proxy=LI))
    assert story.state(Standing, WANG).proxies == {ZHAO}
    assert story.state(Roles, f"role_{LI}").principals == {SUN}


# ---- acting for somebody -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "party", "acts", "works"),
    [
        (LI, LI, True, True),
        (SUN, WANG, True, True),
        (WANG, SUN, False, False),
        (LI, LVYUN, True, True),
        (LI, AIXIN, True, True),
        (LI, BAKERY, False, False),
        (ZHAO, AIXIN, False, True),
        (ZHAO, LVYUN, False, False),
        (CHEN, AIXIN, False, False),
    ],
)
def test_who_acts_and_who_works_for_whom(actor: str, party: str, acts: bool, works: bool) -> None:
    roles = (granted(LI, "representative", LVYUN), granted(LI, "team_leader", AIXIN), granted(LI, "auditor", BAKERY))
    view = Folded(*PEOPLE, *roles, proxy(WANG, SUN))
    assert acts_for(view, actor, party) is acts
    assert works_for(view, actor, party) is works
    assert represents(view, actor, party) is (actor == LI and party in (LVYUN, AIXIN))


# ---- consent to be named -------------------------------------------------------------------------------------------

AGREE = AgreeToPublication(member_id=WANG, where="wall")
WITHDRAW = WithdrawPublication(member_id=WANG, where="wall")
AGREED = PublicationAgreed(member_id=WANG, where="wall")
WITHDRAWN = PublicationWithdrawn(member_id=WANG, where="wall")
HIDDEN = PublicationWithdrawn(member_id=WANG, where="wall", hidden=True)


def test_a_person_agrees_to_be_named_in_one_place() -> None:
    standing = ask(AGREE, actor=WANG, role="").then(AGREED).state(Standing, WANG)
    assert (standing.agreed, standing.hidden) == (frozenset({"wall"}), frozenset())
    ask(AGREE, AGREED).refused("already_agreed", Conflict)
    assert ask(replace(AGREE, where="donor"), AGREED).facts


def test_a_person_takes_the_consent_back() -> None:
    standing = ask(WITHDRAW, AGREED).then(WITHDRAWN).state(Standing, WANG)
    assert (standing.agreed, standing.hidden) == (frozenset(), frozenset())
    ask(WITHDRAW).refused("not_agreed", Conflict)
    ask(WITHDRAW, AGREED, WITHDRAWN).refused("not_agreed", Conflict)


def test_a_person_may_leave_the_wall_altogether_without_ever_having_agreed() -> None:
    hide = replace(WITHDRAW, hidden=True)
    standing = ask(hide).then(HIDDEN).state(Standing, WANG)
    assert standing.hidden == {"wall"}
    ask(hide, HIDDEN).refused("not_agreed", Conflict)
    assert ask(hide, AGREED, WITHDRAWN).facts


def test_who_agrees_again_is_hidden_no_more() -> None:
    standing = ask(AGREE, HIDDEN).state(Standing, WANG)
    assert (standing.agreed, standing.hidden) == (frozenset({"wall"}), frozenset())


def test_consent_is_given_by_who_is_here_and_taken_back_also_by_who_left() -> None:
    ask(AGREE, left(WANG)).refused("member_left", Refused)
    assert ask(WITHDRAW, AGREED, left(WANG)).facts
    ask(replace(AGREE, member_id="mem_nobody")).refused("no_such_member", NotFound)
    ask(replace(WITHDRAW, member_id="mem_nobody")).refused("no_such_member", NotFound)
    ask(replace(WITHDRAW, member_id=LVYUN)).refused("no_such_member", NotFound)
