"""Details put right: who may, by what proof, over what they saw; and that the ledger learns commitments only."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.parties.commands import ChangeContact, ContactWords, CorrectDetails, PersonWords
from ledger.parties.correcting import Details
from ledger.parties.facts import ERASURES, ContactChanged, DetailsCorrected
from ledger.parties.phones import is_proved, mark_of
from tests.ledger.cast import AIXIN, CHEN, LVYUN, PEOPLE, WANG, granted, left, registered
from tests.ledger.given import NOW, Outcome, given

CORRECT = CorrectDetails(member_id=WANG, words=PersonWords(name="王阿姨"))
AT_THE_DESK = replace(CORRECT, proof="paper")
CONTACT = ChangeContact(unit_id=LVYUN, words=ContactWords(name="李师傅"))
FIRST = DetailsCorrected(member_id=WANG, before="", proof="", words="first")


def ask(
    *before: Fact, command: CorrectDetails | ChangeContact = CORRECT, actor: str = WANG, role: str = "", **more: Any
) -> Outcome:
    """王阿姨 asks for herself, unless said otherwise."""
    return given(*PEOPLE, *before).when(command, actor=actor, role=role, sealed="new", **more)


def test_a_member_corrects_their_own_details() -> None:
    outcome = ask(FIRST).then(DetailsCorrected(member_id=WANG, before="first", proof="", words="new"))

    assert outcome.state(Details, WANG).words == "new"


def test_a_correction_is_found_by_whoever_empties_a_vault() -> None:
    assert (FIRST.more_tags(), ContactChanged(unit_id=LVYUN, before="", words="w").more_tags()) == ((ERASURES,),) * 2


def test_the_desk_corrects_by_a_proof_that_was_seen_and_says_which() -> None:
    ask(command=AT_THE_DESK, actor=CHEN, role="community_worker").then(
        DetailsCorrected(member_id=WANG, before="", proof="paper", words="new")
    )
    ask(command=CORRECT, actor=CHEN, role="community_worker").refused("proof_not_yours")
    ask(command=replace(CORRECT, proof="code"), actor=CHEN, role="administrator").refused("proof_not_yours")


@pytest.mark.parametrize("role", ["", "proxy"])
def test_members_say_nothing_of_papers_for_themselves(role: str) -> None:
    ask(command=AT_THE_DESK, role=role).refused("proof_not_yours")


def test_who_left_has_a_right_to_it_too() -> None:
    ask(left(WANG), command=AT_THE_DESK, actor=CHEN, role="administrator").then(
        DetailsCorrected(member_id=WANG, before="", proof="paper", words="new")
    )


def test_an_administrator_alone_corrects_who_holds_an_office() -> None:
    office = granted(WANG, "treasurer")

    ask(office, command=AT_THE_DESK, actor=CHEN, role="community_worker").refused("details_of_office")
    ask(office, command=AT_THE_DESK, actor=CHEN, role="administrator").then(
        DetailsCorrected(member_id=WANG, before="", proof="paper", words="new")
    )
    ask(granted(WANG, "team_leader", AIXIN), command=AT_THE_DESK, actor=CHEN, role="community_worker").then(
        DetailsCorrected(member_id=WANG, before="", proof="paper", words="new")
    )


def test_nobody_overwrites_what_another_changed_meanwhile() -> None:
    ask(FIRST, command=replace(CORRECT, seen="older")).refused("details_moved")
    ask(FIRST, command=replace(CORRECT, seen="first")).then(
        DetailsCorrected(member_id=WANG, before="first", proof="", words="new")
    )


def test_nobody_unknown_is_corrected() -> None:
    ask(command=replace(AT_THE_DESK, member_id="mem_nobody"), actor=CHEN, role="administrator").refused(
        "no_such_member"
    )
    ask(command=replace(CONTACT, unit_id="unit_nobody"), actor=CHEN, role="administrator").refused("no_such_unit")
    ask(command=replace(CONTACT, unit_id=AIXIN), actor=CHEN, role="administrator").refused("no_such_unit")


def test_the_contact_of_a_unit_changes_and_changes_again() -> None:
    once = ContactChanged(unit_id=LVYUN, before="", words="first")

    outcome = ask(once, command=CONTACT, role="representative").then(
        ContactChanged(unit_id=LVYUN, before="first", words="new")
    )
    assert outcome.state(Details, LVYUN).words == "new"
    ask(once, command=replace(CONTACT, seen="older"), role="representative").refused("details_moved")


def test_one_persons_details_are_not_anothers() -> None:
    assert ask(FIRST).state(Details, CHEN).words == registered(CHEN).words


def _blind(purpose: str, text: bytes) -> str:
    return f"{purpose}:{text.hex()}"


def test_a_mark_counts_for_one_member_one_number_and_a_while() -> None:
    mark = mark_of(_blind, WANG, "138 0000 0001", NOW + 60)

    assert is_proved(_blind, WANG, "13800000001", mark, NOW)
    assert not is_proved(_blind, WANG, "13800000002", mark, NOW)
    assert not is_proved(_blind, CHEN, "13800000001", mark, NOW)
    assert not is_proved(_blind, WANG, "13800000001", mark, NOW + 60)
    assert not is_proved(_blind, WANG, "13800000001", mark.replace(".", "9.", 1), NOW)
    assert not any(is_proved(_blind, WANG, "1", bad, NOW) for bad in ("", ".", "x.y", "²", "9" * 30))
