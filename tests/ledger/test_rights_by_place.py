"""Roles that are held for one place: they count there and below, and nowhere else; nobody else pays for the looking."""

from __future__ import annotations

from contextlib import suppress

import pytest

from ledger.actors import Actor
from ledger.audit.judging import judge
from ledger.audit.story import Story
from ledger.base import Command, Fact
from ledger.errors import NotYours
from ledger.hours.commands import DepositSession, GiveHours, VerifySession
from ledger.hours.facts import SessionRecorded
from ledger.journal.recorded import Envelope
from ledger.parties.commands import GrantRole, RegisterMember
from ledger.parties.facts import PublicationAgreed
from ledger.places.commands import AddPlace
from ledger.places.facts import LedgerOpened, PlaceAdded
from ledger.policy.commands import SetPolicy
from ledger.requests.commands import PublishRequest
from ledger.requests.facts import RequestEscalated, RequestPosted
from ledger.rights import authorise, serves
from ledger.rights_table import RIGHTS
from ledger.whereabouts import place_of
from tests.ledger.cast import AIXIN, HOUSE, LI, OPERATOR, PEOPLE, SUN, WANG, YARD, ZHAO, granted, registered
from tests.ledger.given import NOW, TODAY, Folded

STREET, ELSEWHERE = "place_street", "place_elsewhere"
WISH, SESSION = "req_wish", "ses_1"
PLACES: tuple[Fact, ...] = (
    PlaceAdded(place_id=STREET, kind="street", name="方兴街"),
    PlaceAdded(place_id=ELSEWHERE, kind="courtyard", name="别院", parent=STREET),
)
STORY: tuple[Fact, ...] = (
    *PEOPLE,
    *PLACES,
    RequestPosted(request_id=WISH, kind="wish", requester=WANG, place=None, channel="counter", day=TODAY),
    SessionRecorded(
        session_id=SESSION,
        volunteer=LI,
        day=TODAY,
        last_day=TODAY,
        minutes=60,
        origin="offered",
        place=HOUSE,
        recorder=LI,
    ),
)


def role_of(command: Command, *held: Fact, actor: str = ZHAO) -> str:
    """In which role the actor gives a command who holds these."""
    return authorise(Folded(*STORY, *held), RIGHTS[command.NAME], command, Actor(actor))[0]


def may(command: Command, *held: Fact, actor: str = ZHAO) -> bool:
    """Whether a role lets the actor give it."""
    try:
        return bool(role_of(command, *held, actor=actor))
    except NotYours:
        return False


PUBLISH, VERIFY = PublishRequest(request_id=WISH), VerifySession(session_id=SESSION)
DEPOSIT = DepositSession(volunteer=WANG, day=TODAY, minutes=60)


@pytest.mark.parametrize(
    ("command", "where"),
    [(PUBLISH, "where the one who asked lives"), (VERIFY, "where it was done"), (DEPOSIT, "where the volunteer lives")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_worker_for_a_place_works_there_and_below(command: Command, where: str) -> None:
    assert may(command, granted(ZHAO, "community_worker", HOUSE)), where
    assert may(command, granted(ZHAO, "community_worker", YARD)), f"above {where}"
    assert not may(command, granted(ZHAO, "community_worker", ELSEWHERE)), f"not {where}"
    assert may(command, granted(ZHAO, "community_worker"))


def test_a_place_that_is_named_counts_before_where_somebody_lives() -> None:
    at = DepositSession(volunteer=WANG, day=TODAY, minutes=60, place=ELSEWHERE)

    assert may(at, granted(ZHAO, "community_worker", ELSEWHERE))
    assert not may(at, granted(ZHAO, "community_worker", HOUSE))


def test_a_request_is_where_it_has_gone_up_to() -> None:
    up = RequestEscalated(
        request_id=WISH, kind="issue", from_place=HOUSE, to_place=YARD, responsible=None, reason="overdue",
        escalated_by=OPERATOR, day=TODAY,
    )  # fmt: skip

    assert may(PUBLISH, up, granted(ZHAO, "community_worker", YARD))
    assert not may(PUBLISH, up, granted(ZHAO, "community_worker", HOUSE))


@pytest.mark.parametrize(
    "command",
    [
        SetPolicy(name="requests.lease_days", value=7, from_day=TODAY),
        GrantRole(holder=WANG, role="administrator"),
        GrantRole(holder=WANG, role="treasurer", scope="fund_nuanxing"),
        AddPlace(kind="street", name="新街"),
        RegisterMember(),
        PublishRequest(request_id="req_nowhere"),
        DepositSession(volunteer=SUN, day=TODAY, minutes=60),
    ],
    ids=lambda command: command.NAME,
)
def test_what_happens_nowhere_in_particular_is_for_roles_of_the_whole_community(command: Command) -> None:
    everywhere = (granted(ZHAO, "administrator"), granted(ZHAO, "community_worker"))
    at_the_top = (granted(ZHAO, "administrator", STREET), granted(ZHAO, "community_worker", STREET))

    assert may(command, *everywhere)
    assert not may(command, *at_the_top, registered(SUN))


def test_who_keeps_a_place_appoints_for_it_and_below() -> None:
    keeper = granted(ZHAO, "administrator", YARD)

    for scope, allowed in ((YARD, True), (HOUSE, True), (STREET, False), (ELSEWHERE, False), ("", False)):
        assert may(GrantRole(holder=WANG, role="community_worker", scope=scope), keeper) is allowed, scope


def test_a_role_for_a_unit_team_or_fund_is_none_for_a_place() -> None:
    assert not may(
        PUBLISH, granted(ZHAO, "community_worker", AIXIN), granted(ZHAO, "community_worker", "fund_nuanxing")
    )


def test_ones_own_affairs_and_roles_for_the_whole_community_come_first() -> None:
    gift = GiveHours(giver=WANG, receiver=LI, minutes=10)
    here = granted(ZHAO, "community_worker", HOUSE)

    assert role_of(gift, granted(WANG, "community_worker", HOUSE), actor=WANG) == ""
    assert role_of(gift, here) == "community_worker"
    assert role_of(AddPlace(kind="building", name="8号楼", parent=YARD), granted(ZHAO, "administrator", YARD),
                   granted(ZHAO, "community_worker")) == "community_worker"  # fmt: skip


@pytest.mark.parametrize("held", [("community_worker", ""), ("treasurer", ""), ("auditor", HOUSE)])
def test_the_place_is_looked_for_only_where_a_role_for_one_place_could_decide(held: tuple[str, str]) -> None:
    more = (granted(ZHAO, "community_worker", HOUSE),) if held == ("community_worker", "") else ()
    view = Folded(*STORY, granted(ZHAO, *held), *more)

    with suppress(NotYours):
        authorise(view, RIGHTS[VERIFY.NAME], VERIFY, Actor(ZHAO))

    assert view.looked_at == {ZHAO, f"role_{ZHAO}"}


def test_what_was_looked_at_is_a_condition_of_the_append() -> None:
    view = Folded(*STORY, granted(ZHAO, "community_worker", YARD))

    authorise(view, RIGHTS[VERIFY.NAME], VERIFY, Actor(ZHAO))

    assert {SESSION, HOUSE, YARD} <= view.looked_at


def test_whether_somebody_serves_a_place_beside_their_own_affairs() -> None:
    view = Folded(*STORY, granted(ZHAO, "community_worker", YARD))

    assert serves(view, ZHAO, "community_worker", HOUSE)
    assert serves(view, ZHAO, "community_worker", WISH)
    assert not serves(view, ZHAO, "community_worker", ELSEWHERE)
    assert not serves(view, ZHAO, "community_worker")
    assert not serves(view, ZHAO, "administrator", HOUSE)


def test_what_is_unknown_is_nowhere() -> None:
    view = Folded(*STORY)

    for thing in (None, "", "req_nowhere", "mem_nobody", "fund_nuanxing", "nonsense", "zzz_1", AIXIN):
        assert place_of(view, thing) is None, thing
    assert place_of(view, WANG) == HOUSE


@pytest.mark.parametrize(("scope", "finding"), [("", None), (YARD, None), (ELSEWHERE, "rule_broken")])
def test_an_auditor_judges_a_role_by_its_place_too(scope: str, finding: str | None) -> None:
    opened = LedgerOpened(name="方兴", zone="Asia/Shanghai", operator=OPERATOR)
    view = Folded(opened, *STORY, granted(ZHAO, "community_worker", scope))
    envelope = Envelope(at=NOW, by=ZHAO, role="community_worker", behalf=None, key="", body="", salt=b"")

    found = judge(view, Story(1, envelope, (PublicationAgreed(member_id=WANG, where="wall"),)))

    assert (found and found.code) == finding
