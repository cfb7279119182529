"""The first administrator of a new community, and a link for whoever of the staff is locked out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from api import tokens
from api.cli.frame import Frame
from api.cli.serving import announce
from api.signin import links
from ledger.application import OPERATOR
from ledger.parties.commands import GrantRole
from tests.cli.story import LEDGER, NOON, TREASURER, WANG, Clock, Shell, act, opened


def secret_of(address: str) -> str:
    """The secret at the end of a link's address."""
    assert urlsplit(address).path.startswith(f"/{LEDGER}/begin/")
    return address.rpartition("/")[2]


def test_a_server_that_no_administrator_can_enter_prints_a_link(
    community: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(community, Clock(NOON)) as store:
        announce(Frame("en"), store, "127.0.0.1", 8000)
        out = capsys.readouterr().out

        found = re.search(r"http://127\.0\.0\.1:8000/\S+/begin/\S+", out)
        assert found
        assert "24 hours" in out
        assert links.look(store, LEDGER, secret_of(found[0])).actor == links.FIRST


def test_a_fresh_start_ends_the_link_of_the_one_before(community: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = Frame("en")
    frame.as_json = True
    with opened(community, Clock(NOON)) as store:
        for _ in range(2):
            announce(frame, store, "127.0.0.1", 8000)
        first, second = (
            json.loads(line)["administrator_links"][LEDGER] for line in capsys.readouterr().out.splitlines()
        )

        with pytest.raises(Exception, match="bad_link"):
            links.look(store, LEDGER, secret_of(first))
        links.look(store, LEDGER, secret_of(second))


def test_a_server_that_an_administrator_can_enter_prints_none(
    community: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(community, Clock(NOON)) as store:
        act(store, OPERATOR, GrantRole(holder=WANG, role="administrator"))
        tokens.create(store, LEDGER, actor=WANG)
        announce(Frame("en"), store, "127.0.0.1", 8000)

    assert "/begin/" not in capsys.readouterr().out


def test_a_link_for_somebody_of_the_staff(nuanlin: Shell, community: Path) -> None:
    with opened(community, Clock(NOON)) as store:
        tokens.create(store, LEDGER, actor=OPERATOR)

    answer = nuanlin("--json", "sign-in-link", TREASURER, "--address", "https://nuanlin.example/")

    assert answer.document["link"].startswith(f"https://nuanlin.example/{LEDGER}/begin/")
    with opened(community, Clock(NOON)) as store:
        assert links.look(store, LEDGER, secret_of(answer.document["link"])).actor == TREASURER


def test_without_a_name_it_is_for_the_first_administrator_alone(nuanlin: Shell, community: Path) -> None:
    assert "/begin/" in nuanlin("sign-in-link").out
    with opened(community, Clock(NOON)) as store:
        tokens.create(store, LEDGER, actor=OPERATOR)

    answer = nuanlin("sign-in-link")
    assert (answer.code, answer.out) == (1, "")
    assert "can sign in already" in answer.err


def test_nobody_but_staff_gets_a_link(nuanlin: Shell) -> None:
    answer = nuanlin("sign-in-link", WANG)

    assert (answer.code, answer.out) == (1, "")
    assert "hold an office" in answer.err


def test_codes_on_the_console_are_warned_of_where_others_can_reach_the_server(
    community: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(community, Clock(NOON)) as store:
        announce(Frame("en"), store, "0.0.0.0", 8000)
        assert "NUANLIN_CODE_DELIVERY" in capsys.readouterr().err
        monkeypatch.setenv("NUANLIN_CODE_DELIVERY", "none")
        announce(Frame("en"), store, "0.0.0.0", 8000)

    assert "NUANLIN_CODE_DELIVERY" not in capsys.readouterr().err
