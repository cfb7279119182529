"""How members and accounts are named at the command line, what their statements say, and the list of members."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.cli.entries import what_of
from api.cli.frame import Frame
from api.texts import LANGUAGES, text
from ledger.accounts import _POSTINGS
from ledger.application import OPERATOR
from ledger.base import NAME_OF
from ledger.clock import MICROS_PER_DAY
from ledger.parties.commands import PersonWords, RegisterMember
from tests.cli.story import DAY, LI, LVYUN, NOON, Clock, Shell, act, claim_and_reserve, opened


def test_a_members_statement_begins_with_what_there_is_and_tells_every_entry(nuanlin: Shell) -> None:
    shown = nuanlin("statement", "A001").out
    assert shown.startswith("王阿姨 V25: usable 2 h 30 min, held 0 h, lifetime 3 h; 3 entries")
    rows = [line.split() for line in shown.splitlines() if "2025-05-" in line]
    assert [(row[1], " ".join(row[2:])) for row in rows] == [
        ("2025-05-20", "Given to the common pool -30 150"),
        ("2025-05-19", "Volunteer service 60 180"),
        ("2025-05-20", "Volunteer service 120 120"),
    ]
    assert "--limit" not in shown


def test_what_is_held_is_told_apart_from_what_is_usable(nuanlin: Shell, community: Path) -> None:
    claim_and_reserve(community, Clock(NOON + 2 * MICROS_PER_DAY))
    assert "usable 40 min, held 20 min, lifetime 1 h" in nuanlin("statement", "A002").out


def test_a_gift_names_the_other_side_as_the_public_may_read_it(nuanlin: Shell) -> None:
    nuanlin("transfer", "--from", "A001", "--to", "A002", "--minutes", "10", "--key", "tea")
    for who, other in (("A001", "李*"), ("A002", "王阿姨")):
        assert re.search(rf"A gift of hours +{re.escape(other)} ", nuanlin("statement", who).out)


def test_who_gave_to_a_fund_is_named_unless_nobody_is(nuanlin: Shell) -> None:
    assert "绿云物业" in nuanlin("statement", "fund:fund_nuanxing:meals").out
    general = nuanlin("statement", "fund:fund_nuanxing:general").out
    assert f"Donation received  {text('en', 'pages.fund.anonymous')} " in re.sub("  +", "  ", general)


def test_a_statement_that_was_cut_says_so_and_how_to_see_more(nuanlin: Shell) -> None:
    shown = nuanlin("statement", "A001", "--limit", "2").out
    assert shown.endswith("These are the newest 2 of 3 entries; add --limit 3 to see all.\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_that_moves_something_has_words_for_a_statement(language: str) -> None:
    frame = Frame(language)
    assert [name for kind in _POSTINGS if what_of(frame, name := NAME_OF[kind]).startswith("cli.")] == []


def test_a_statement_is_found_by_a_name_that_one_member_has(nuanlin: Shell, community: Path) -> None:
    assert nuanlin("statement", "李师傅", "--json").document["account"] == f"hours:{LI}"
    with opened(community, Clock(NOON + 2 * MICROS_PER_DAY)) as store:
        act(store, OPERATOR, RegisterMember(member_id="mem_li2", joined_on=DAY, words=PersonWords(name="李师傅")))
    answer = nuanlin("statement", "李师傅")
    assert (answer.code, answer.out) == (1, "")
    assert "Several members are called “李师傅” (V26, V" in answer.err


def test_whoever_is_unknown_is_told_how_members_are_named(nuanlin: Shell) -> None:
    answer = nuanlin("statement", "B999", "--json")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        "nuanlin: There is no member “B999”; give the number, the V-number (such as V25) or the id (mem_…).\n"
    )


@pytest.mark.parametrize("account", ["fund:xx", "hours:mem_nobody"])
def test_an_account_that_does_not_exist_is_called_an_account(nuanlin: Shell, account: str) -> None:
    answer = nuanlin("statement", account)
    assert (answer.code, answer.out, answer.err) == (1, "", "nuanlin: There is no such account.\n")


@pytest.mark.parametrize(("account", "held"), [(f"giver:{LVYUN}", "venue_minutes"), ("A001", "minutes")])
def test_a_unit_that_the_account_does_not_hold_is_refused_with_those_it_does(
    nuanlin: Shell, account: str, held: str
) -> None:
    answer = nuanlin("statement", account, "--unit", "kindness")
    assert (answer.code, answer.out) == (1, "")
    assert held in answer.err


def test_members_are_listed_masked_with_their_numbers_and_minutes(nuanlin: Shell) -> None:
    answer = nuanlin("members", "--limit", "2", "--json").document
    rows = [(row["short"], row["number"], row["name"], row["usable"], row["lifetime"]) for row in answer["members"]]
    assert rows == [("V25", "A001", "王*", 150, 180), ("V26", "A002", "李*", 60, 60)]
    shown = nuanlin("members", "--limit", "2").out
    assert "李师傅" not in shown
    assert f"--after {answer['next']} " in shown
    following = nuanlin("members", "--after", str(answer["next"]), "--json").document
    assert (len(following["members"]), following["next"]) == (6, None)


def test_members_are_named_in_full_when_asked_for(nuanlin: Shell) -> None:
    assert "李师傅" in nuanlin("members", "--clear").out
