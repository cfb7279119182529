"""Tokens say who somebody is; roles in the ledger say what they may do."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from api import tokens
from ledger.clock import MICROS_PER_DAY, system_clock
from ledger.errors import NotFound, NotSignedIn, Refused
from ledger.parties.commands import RevokeRole
from tests.api.house import Caller, House, code_of, said
from tests.house.stores import LEDGER, open_ledger, store_at


def test_a_new_service_gets_a_token_and_its_roles_as_facts(house: House) -> None:
    secret, actor = tokens.create(house.store, LEDGER, label="前台", roles=["auditor"])

    events = said(Caller(house.app, secret).get("/events?limit=1000"))["events"]

    assert secret.startswith("nl_")
    assert actor.startswith("svc_")
    assert events[-1]["fact"] == {"holder": actor, "role": "auditor", "scope": "", "granted_by": "svc_operator"}


def test_only_the_digest_of_a_token_is_stored(house: House, sqlite_path: Path) -> None:
    secret, _ = tokens.create(house.store, LEDGER)

    with house.store.database.reading() as cursor:
        cursor.execute("SELECT digest FROM tokens")
        digests = {row[0] for row in cursor.fetchall()}

    assert hashlib.sha256(secret.encode()).hexdigest() in digests
    assert secret.encode() not in b"".join(file.read_bytes() for file in sqlite_path.parent.iterdir())


def test_a_revoked_token_opens_nothing(house: House) -> None:
    wang = house.member("王阿姨")
    caller = house.caller(wang)
    assert said(caller.get(f"/members/{wang}"))["name"] == "王阿姨"

    ended = tokens.revoke(house.store, LEDGER, caller.token)

    assert ended.revoked_at is not None
    answer = caller.get(f"/members/{wang}")
    assert (answer.status_code, code_of(answer)) == (401, "bad_token")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_tokens_are_listed_without_their_secret_and_revoked_by_number(house: House) -> None:
    secret, actor = tokens.create(house.store, LEDGER, label="前台")

    listed = {one.actor: one for one in tokens.listed(house.store, LEDGER)}
    tokens.revoke(house.store, LEDGER, listed[actor].number)

    assert listed[actor].label == "前台"
    with pytest.raises(NotSignedIn):
        tokens.verify(house.store, LEDGER, secret)
    with pytest.raises(NotFound):
        tokens.revoke(house.store, LEDGER, "0123456789ab")


def test_a_token_runs_out(sqlite_path: Path, tmp_path: Path) -> None:
    now = [system_clock()]
    with store_at(f"sqlite:///{sqlite_path}", tmp_path, clock=lambda: now[0]) as store:
        open_ledger(store)
        secret, actor = tokens.create(store, LEDGER, days=30)
        assert tokens.verify(store, LEDGER, secret) == actor

        now[0] += 30 * MICROS_PER_DAY

        with pytest.raises(NotSignedIn):
            tokens.verify(store, LEDGER, secret)


def test_a_token_is_for_a_member_or_a_service(house: House) -> None:
    with pytest.raises(NotFound):
        tokens.create(house.store, LEDGER, actor="mem_nobody")
    with pytest.raises(Refused):
        tokens.create(house.store, LEDGER, actor="unit_somebody")
    with pytest.raises(NotFound):
        tokens.create(house.store, "nowhere")
    with pytest.raises(Refused):
        tokens.create(house.store, LEDGER, days=0)


def test_a_token_of_one_ledger_opens_no_other(house: House) -> None:
    open_ledger(house.store, "jianzhong")

    answer = house.worker.http.get("/api/v1/jianzhong/members")

    assert (answer.status_code, code_of(answer)) == (401, "bad_token")


@pytest.mark.parametrize("header", ["Bearer nl_" + "x" * 43, "Bearer hello", "Basic dXNlcjpwYXNz", "nl_token", ""])
def test_a_header_that_is_no_token_of_ours_is_401_even_where_none_is_needed(house: House, header: str) -> None:
    answer = house.anybody.get("/stats", Authorization=header)

    assert (answer.status_code, code_of(answer)) == (401, "bad_token")


def test_a_write_without_a_token_is_401(house: House) -> None:
    answer = house.anybody.post("/members", {})

    assert (answer.status_code, code_of(answer)) == (401, "token_missing")


def test_a_role_taken_away_counts_at_once(house: House) -> None:
    desk = house.staff("community_worker")
    said(desk.post("/members", {"words": {"name": "王阿姨"}}))

    house.operate(RevokeRole(holder=desk.actor, role="community_worker"))

    answer = desk.post("/members", {"words": {"name": "李师傅"}})
    assert (answer.status_code, code_of(answer)) == (403, "not_allowed")
    assert code_of(desk.get("/members")) == "not_for_your_roles"


def test_an_auditor_reads_all_and_writes_nothing(house: House) -> None:
    wang, auditor = house.member("王阿姨"), house.staff("auditor")

    assert said(auditor.get(f"/members/{wang}"))["name"] == "王阿姨"
    assert said(auditor.get("/events"))["events"]
    assert auditor.post("/members", {}).status_code == 403
