"""`nuanlin demo` and how the server tells who may sign in."""

from __future__ import annotations

from pathlib import Path

import pytest

from api import tokens
from api.cli.frame import Frame
from api.cli.serving import announce
from api.settings import Settings
from api.store import Store
from tests.cli.story import NOON, Clock, Shell, opened


def test_the_demo_fills_its_ledger_once_and_says_who_may_sign_in(
    fresh: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a store that does not exist yet, when it is filled twice,
    demo = ("demo", "--ledger", "fangxing", "--json")
    first = fresh(*demo).document
    second = fresh(*demo).document
    # then the second filling added nothing, and the same people sign in with the same tokens, which work.
    assert first == second
    assert first["ledger"] == "fangxing"
    with Store.open(Settings(database_url=str(fresh.path))) as store:
        for one in first["sign_ins"]:
            assert tokens.verify(store, "fangxing", one["token"]) == one["member"]
        announce(Frame("en"), store, "127.0.0.1", 8000)
    shown = capsys.readouterr().out
    assert [one["name"] for one in first["sign_ins"] if one["name"] not in shown or one["token"] not in shown] == []
    assert "community worker" in shown
    # The figures of the seeds are the demo's own tests'; here they only have to arrive.
    assert fresh("stats", "--ledger", "fangxing", "--json").document["funds"]["nuanxing"]["received_fen"] == 47_000_000


def test_a_store_without_a_demo_makes_no_tokens_when_it_is_served(
    community: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(community, Clock(NOON)) as store:
        announce(Frame("en"), store, "127.0.0.1", 8000)
    assert "nl_" not in capsys.readouterr().out
