"""`nuanlin do` and `nuanlin show`: every command and every read by its name, typed by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api import tokens
from api.endpoints import READS, WRITES
from api.routes.reads import JSON
from tests.cli.story import LEDGER, LI, NOON, WANG, WISH, Clock, Shell, opened


@pytest.fixture
def token(community: Any) -> str:
    """李师傅's token, made at noon of the story's day."""
    with opened(community, Clock(NOON)) as store:
        return tokens.create(store, LEDGER, actor=LI)[0]


def test_without_a_name_every_command_and_every_read_is_listed(nuanlin: Shell) -> None:
    assert {one["command"] for one in nuanlin("do", "--json").document} == {write.command.NAME for write in WRITES}
    reads = {read.name for read in READS if read.media == JSON}
    assert {one["read"] for one in nuanlin("show", "--json").document} == reads


def test_a_command_says_what_it_needs(nuanlin: Shell) -> None:
    told = {one["field"]: one for one in nuanlin("do", "claim_request", "--about", "--json").document}

    assert told["request_id"]["needed"] is True
    assert told["claimant"] == {"field": "claimant", "needed": True, "kind": "str"}
    assert "wish · order" in nuanlin("do", "post_request", "--about").out


def test_whoever_runs_the_machine_acts_as_such(nuanlin: Shell) -> None:
    done = nuanlin("do", "register_member", "words.name=孙奶奶", "number=0027", "--json")

    assert done.code == 0
    member = done.document["ids"]["member_id"]
    assert nuanlin("show", "member", f"member_id={member}", "--json").document["name"] == "孙奶奶"


def test_the_holder_of_a_token_acts_in_their_own_name(nuanlin: Shell, token: str) -> None:
    claimed = nuanlin("do", "claim_request", f"request_id={WISH}", f"claimant={LI}", "--token", token, "--json")
    assert claimed.code == 0, claimed.out

    refused = nuanlin("do", "give_hours", f"giver={WANG}", f"receiver={LI}", "minutes=5", "--token", token, "--json")
    assert (refused.code, refused.document["code"]) == (1, "not_allowed")
    assert refused.err.startswith("nuanlin: ")
    assert nuanlin("show", "members", "--token", token, "--json").document["code"] == "not_for_your_roles"


def test_the_same_key_gives_the_first_answer(nuanlin: Shell) -> None:
    typed = ("do", "register_member", "words.name=孙奶奶", "--key", "k1", "--json")

    first, again = nuanlin(*typed).document, nuanlin(*typed).document

    assert (again["ids"], again["repeated"]) == (first["ids"], True)
    assert "此前" not in nuanlin("do", "register_member", "words.name=孙奶奶", "--key", "k1").out


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (("do", "fly_to_the_moon"), "no_such_command"),
        (("do", "claim_request", "claimant=mem_li"), "field_missing"),
        (("do", "claim_request", "request_id=req_x", "claimant=mem_li", "colour=red"), "field_unknown"),
        (("do", "register_member", "words.name=a", "words.name=b"), "given_twice"),
        (("do", "give_hours", "giver=mem_li", "receiver=mem_wang", "minutes=two"), "bad_value"),
        (("do", "give_hours", "giver=mem_li", "receiver=mem_wang", "minutes=5", "--key", "a b"), "bad_idempotency_key"),
        (("do", "give_hours", "giver=mem_li", "receiver=mem_wang", "minutes=5", "--token", "nl_no"), "bad_token"),
        (("show", "the_moon"), "no_such_read"),
        (("show", "member"), "field_missing"),
        (("show", "requests", "colour=red"), "field_unknown"),
    ],
)
def test_what_cannot_be_meant_is_said_in_words(nuanlin: Shell, typed: tuple[str, ...], code: str) -> None:
    answer = nuanlin(*typed, "--json")

    assert answer.code == 1
    if answer.out:
        assert json.loads(answer.out)["code"] == code
    assert answer.err.startswith("nuanlin: ")
    assert "unexpected" not in answer.err


def test_a_field_without_a_value_is_used_wrongly(nuanlin: Shell) -> None:
    assert nuanlin("do", "claim_request", "request_id").code == 2


def test_lists_and_single_records_are_shown_to_people(nuanlin: Shell) -> None:
    assert WISH[:6] in nuanlin("show", "requests").out
    assert "published" in nuanlin("show", "request", f"request_id={WISH}").out
    assert "(none)" in nuanlin("show", "offers").out
