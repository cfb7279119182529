"""Self-dealing: what one person may not do alone, tried by every side door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from api.app import create_app
from api.store import Store
from ledger.application import Actor, Outcome
from ledger.base import Command
from ledger.errors import NotYours, NuanlinError
from ledger.hours.commands import ApproveCorrection, DepositSession, GiveHours, RequestCorrection
from ledger.ids import new_id
from ledger.parties.commands import FormTeam, GrantRole, JoinTeam, LeaveCommunity, RegisterProxy, RegisterUnit
from ledger.requests.commands import RecordPastRequest, RequestWords
from tests.api.house import Caller, House, code_of
from tests.house.stores import AT_THE_DESK, LEDGER, add_members, open_ledger, store_at

YESTERDAY = date.today() - timedelta(days=1)


@pytest.fixture
def store(sqlite_path: Path, tmp_path: Path) -> Iterator[Store]:
    with store_at(f"sqlite:///{sqlite_path}", tmp_path) as opened:
        open_ledger(opened)
        yield opened


def do(store: Store, command: Command, actor: str | None = None) -> Outcome:
    return store.application.execute(LEDGER, command, actor=Actor(actor) if actor else AT_THE_DESK)


def a_worker(store: Store) -> tuple[str, str, str]:
    """A community worker, and two members who are not."""
    worker, wang, li = add_members(store, 3)
    do(store, GrantRole(holder=worker, role="community_worker"))
    return worker, wang, li


def test_a_worker_does_not_give_other_peoples_hours_to_themselves(store: Store) -> None:
    worker, wang, _ = a_worker(store)
    with pytest.raises(NotYours, match="grant_to_oneself"):
        do(store, GiveHours(giver=wang, receiver=worker, minutes=60), worker)


def test_a_proxy_does_not_give_the_principals_hours_to_themselves(store: Store) -> None:
    wang, li = add_members(store, 2)
    do(store, RegisterProxy(principal=wang, proxy=li))
    with pytest.raises(NotYours, match="grant_to_oneself"):
        do(store, GiveHours(giver=wang, receiver=li, minutes=60), li)


@pytest.mark.parametrize("kind", ["representative", "team_leader", "team_member"])
def test_a_worker_does_not_enter_past_praise_for_those_they_act_for(store: Store, kind: str) -> None:
    worker, wang, _ = a_worker(store)
    if kind == "representative":
        claimant = do(store, RegisterUnit(kind="enterprise", name="绿云物业")).facts[0].unit_id  # type: ignore[attr-defined]  # the fact is known
        do(store, GrantRole(holder=worker, role="representative", scope=claimant))
    else:
        claimant = do(store, FormTeam(name="暖心队")).facts[0].team_id  # type: ignore[attr-defined]  # the fact is known
        if kind == "team_leader":
            do(store, GrantRole(holder=worker, role="team_leader", scope=claimant))
        else:
            do(store, JoinTeam(member_id=worker, team=claimant))
    praise = RecordPastRequest(
        kind="wish", requester=wang, day=YESTERDAY, outcome="fulfilled", claimant=claimant, score=5,
        words=RequestWords(title="修灯"),
    )  # fmt: skip
    with pytest.raises(NotYours, match="self_verification"):
        do(store, praise, worker)


def test_who_took_part_does_not_raise_the_others_hours(store: Store) -> None:
    worker, wang, _ = a_worker(store)
    activity = new_id("act")
    done = do(
        store, DepositSession(volunteer=wang, day=YESTERDAY - timedelta(days=1), minutes=60, activity_id=activity)
    )
    session = done.facts[0].session_id  # type: ignore[attr-defined]  # the fact is known
    do(store, DepositSession(volunteer=worker, day=YESTERDAY - timedelta(days=1), minutes=60, activity_id=activity))
    asked = do(store, RequestCorrection(session_id=session, volunteer=wang, minutes=120), wang)
    correction = asked.facts[0].correction_id  # type: ignore[attr-defined]  # the fact is known
    with pytest.raises(NotYours, match="verifier_took_part"):
        do(store, ApproveCorrection(session_id=session, correction_id=correction), worker)


def test_a_role_for_one_place_appoints_nobody_for_the_whole_community(store: Store) -> None:
    from ledger.places.commands import AddPlace

    place = do(store, AddPlace(kind="community", name="荣昌")).facts[0].place_id  # type: ignore[attr-defined]  # the fact is known
    keeper, friend = add_members(store, 2, minutes=0)
    do(store, GrantRole(holder=keeper, role="administrator", scope=place))
    with pytest.raises(NuanlinError):
        do(store, GrantRole(holder=friend, role="administrator"), keeper)


def test_a_worker_who_left_reads_nobodys_name_any_more(store: Store) -> None:
    house = House(store, create_app(store))
    member = house.member("王阿姨")
    former = house.caller(house.member("李师傅"), "community_worker")
    assert former.get(f"/members/{member}").status_code == 200
    do(store, LeaveCommunity(member_id=former.actor))

    answer = former.get(f"/members/{member}")

    assert answer.status_code in (401, 403, 404), answer.text
    assert "王阿姨" not in answer.text


def test_a_treasurer_of_one_fund_does_not_see_the_accounts_of_members(store: Store) -> None:
    house = House(store, create_app(store))
    member = house.member("王阿姨")
    treasurer = house.member("李师傅")
    do(store, GrantRole(holder=treasurer, role="treasurer", scope="fund_nuanxing"))
    caller = house.caller(treasurer)

    answer = caller.get("/balances")

    assert member not in answer.text


def test_odd_positions_and_times_are_answered_plainly(store: Store) -> None:
    house = House(store, create_app(store))
    house.bank(house.member("王阿姨"))
    treasurer: Caller = house.staff("auditor")
    for query in ("position=0", "position=-1", "position=999999999", "position=99999999999999999999",
                  "at=1970-01-01T00:00:00Z", "at=0001-01-01T00:00:00Z", "at=9999-12-31T23:59:59Z", "position=x"):  # fmt: skip
        answer = treasurer.get(f"/balances?{query}")
        assert answer.status_code in (200, 400, 404, 422), (query, answer.text)
        if query == "position=0":
            assert answer.status_code != 200 or not answer.json().get("balances"), answer.text
        if answer.status_code >= 400:
            code_of(answer)
