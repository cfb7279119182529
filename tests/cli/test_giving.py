"""`nuanlin transfer`: minutes from one member to another, once per key, and what it refuses."""

from __future__ import annotations

import pytest

from tests.cli.story import LI, WANG, Answer, Shell


def give(nuanlin: Shell, minutes: str, *, key: str = "tea", giver: str = "A001", receiver: str = "A002") -> Answer:
    """One transfer."""
    given = ("--from", giver, "--to", receiver, f"--minutes={minutes}", "--key", key)
    return nuanlin("transfer", *given, "--json")


def minutes_of(nuanlin: Shell) -> tuple[int, int]:
    """What 王阿姨 and 李师傅 have."""
    rows = {row["account"]: row["balance"] for row in nuanlin("balances", "--json").document["balances"]}
    return rows[f"hours:{WANG}"], rows[f"hours:{LI}"]


@pytest.mark.parametrize(("giver", "receiver"), [("A001", "A002"), (WANG, LI), ("V25", "v26"), ("王阿姨", "李师傅")])
def test_members_are_named_as_they_like(nuanlin: Shell, giver: str, receiver: str) -> None:
    assert give(nuanlin, "150", giver=giver, receiver=receiver).code == 0
    assert minutes_of(nuanlin) == (0, 210)


def test_the_operator_is_shown_to_act_on_the_givers_behalf(nuanlin: Shell) -> None:
    position = give(nuanlin, "10").document["position"]
    (event,) = nuanlin("events", "--after", str(position - 1), "--json").document
    assert (event["type"], event["by"], event["behalf"]) == ("hours.given@1", "svc_operator", WANG)


@pytest.mark.parametrize(
    "minutes", ["0", "-5", "151", "1000000000000000000", "1000000000000000000000000000000", "1.5", "NaN", "1e3", ""]
)
def test_an_amount_that_cannot_be_given_changes_nothing(nuanlin: Shell, minutes: str) -> None:
    answer = give(nuanlin, minutes)
    assert answer.code in (1, 2)
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    assert minutes_of(nuanlin) == (150, 60)


def test_a_key_with_another_transfer_is_refused(nuanlin: Shell) -> None:
    assert give(nuanlin, "10").code == 0
    assert give(nuanlin, "11").code == 1
    assert give(nuanlin, "10", key=" ").code == 2
    assert minutes_of(nuanlin) == (140, 70)


def test_nobody_gives_to_themselves_or_to_somebody_unknown(nuanlin: Shell) -> None:
    assert give(nuanlin, "10", receiver="A001").code == 1
    assert give(nuanlin, "10", receiver="A009").code == 1
    assert minutes_of(nuanlin) == (150, 60)


def test_people_read_whether_it_was_done_before(nuanlin: Shell) -> None:
    given = ("transfer", "--from", "A001", "--to", "A002", "--minutes", "10", "--key", "tea")
    first, second = nuanlin(*given).out, nuanlin(*given).out
    assert first.startswith("Done: 王阿姨 V25 gave 李* V26 10 min, position ")
    assert second.startswith("Done before under this key: 王阿姨 V25 gave 李* V26 10 min, position ")
