"""Who is in need is helped first: groups with two people's word, opening grants from a source with an end."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.accounts import ENDOWED, postings, source_of, usable
from ledger.base import Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.commands import GrantFromPool
from ledger.services import facts
from ledger.services.commands import AdmitNeed, AskForNeed, EndNeed, GrantOpening, OpenNeedGroup, OpenSource
from ledger.services.state import Needs, Source
from tests.ledger.cast import CHEN, HE, LI, OPERATOR, PEOPLE, WANG, left, proxy
from tests.ledger.given import TODAY, Outcome, given, rule
from tests.ledger.hours.told import donated

GROUP, NEED, SOURCE = "grp_1", "need_1", "src_1"
OPENED = facts.NeedGroupOpened(group_id=GROUP, name="80岁以上独居老人", opened_by=CHEN)
ASKED = facts.NeedAsked(need_id=NEED, group_id=GROUP, member=WANG, asked_by=CHEN)
ADMITTED = facts.NeedAdmitted(need_id=NEED, group_id=GROUP, member=WANG, admitted_by=HE)
ENDED = facts.NeedEnded(need_id=NEED, group_id=GROUP, member=WANG, reason="left", ended_by=HE)
FILLED = facts.SourceOpened(
    source_id=SOURCE, group_id=GROUP, name="街道", minutes=100, most_minutes=60, opened_by=CHEN, day=TODAY
)
GRANT = GrantOpening(opening_id="open_1", source_id=SOURCE, receiver=WANG, minutes=60)
GRANTED = facts.OpeningGranted(opening_id="open_1", source_id=SOURCE, receiver=WANG, minutes=60, granted_by=HE)
READY: tuple[Fact, ...] = (OPENED, ASKED, ADMITTED, FILLED)
ASK = AskForNeed(need_id=NEED, group_id=GROUP, member=WANG)
ADMIT, END = AdmitNeed(need_id=NEED), EndNeed(need_id=NEED, reason="left")
OPEN = OpenSource(source_id=SOURCE, group_id=GROUP, name="街道", minutes=100, most_minutes=60)


def ask(command: Any, *before: Fact, actor: str = HE) -> Outcome:
    """A worker asks for something."""
    return given(*PEOPLE, *before).when(command, actor=actor, role="community_worker")


def test_a_group_is_opened_once() -> None:
    command = OpenNeedGroup(group_id=GROUP, name="80岁以上独居老人")
    ask(command, actor=CHEN).then(OPENED)
    ask(command, OPENED).refused("group_exists", Conflict)
    ask(replace(command, group_id="mem_1")).refused("bad_id", Refused)


def test_one_asks_and_another_admits() -> None:
    ask(ASK, OPENED, actor=CHEN).then(ASKED)
    outcome = ask(ADMIT, OPENED, ASKED).then(ADMITTED)
    assert outcome.state(Needs, WANG).admitted == {GROUP}
    ask(ADMIT, OPENED, ASKED, actor=CHEN).refused("second_person_needed", NotYours)
    ask(ADMIT, OPENED, ASKED, actor=WANG).refused("second_person_needed")
    ask(ADMIT, OPENED, ASKED, proxy(WANG, HE)).refused("second_person_needed")


@pytest.mark.parametrize(
    ("command", "before", "code", "kind"),
    [
        (ASK, (), "no_such_group", NotFound),
        (ASK, (OPENED, ASKED), "need_exists", Conflict),
        (replace(ASK, need_id="need_2"), (OPENED, ASKED, ADMITTED), "already_in_group", Conflict),
        (ASK, (OPENED, left(WANG)), "member_left", Refused),
        (ADMIT, (), "no_such_need", NotFound),
        (ADMIT, (OPENED, ASKED, ADMITTED), "need_settled", Conflict),
        (ADMIT, (OPENED, ASKED, left(WANG)), "member_left", Refused),
        (ADMIT, (OPENED, ASKED, replace(ADMITTED, need_id="need_2")), "already_in_group", Conflict),
        (END, (), "no_such_need", NotFound),
        (END, (OPENED, ASKED, ENDED), "need_settled", Conflict),
        (OPEN, (), "no_such_group", NotFound),
        (OPEN, (OPENED, FILLED), "source_exists", Conflict),
        (replace(OPEN, most_minutes=101), (OPENED,), "absurd_amount", Refused),
        (replace(OPEN, minutes=0), (OPENED,), "not_positive", Refused),
    ],
)
def test_what_does_not_go(command: Any, before: tuple[Fact, ...], code: str, kind: Any) -> None:
    ask(command, *before).refused(code, kind)


def test_belonging_ends_also_for_who_left() -> None:
    outcome = ask(END, OPENED, ASKED, ADMITTED, left(WANG)).then(ENDED)
    assert outcome.state(Needs, WANG).admitted == set()


def test_an_opening_grant_comes_from_a_named_source() -> None:
    assert postings(ask(OPEN, OPENED, actor=CHEN).then(FILLED).fact) == [
        (ENDOWED, "minutes", -100),
        (source_of(SOURCE), "minutes", 100),
    ]
    outcome = ask(GRANT, *READY).then(GRANTED)
    assert postings(outcome.fact) == [(source_of(SOURCE), "minutes", -60), (usable(WANG), "minutes", 60)]
    assert outcome.state(Source, SOURCE).left_minutes == 40


@pytest.mark.parametrize(
    ("change", "before", "actor", "code"),
    [
        ({}, (), HE, "no_such_source"),
        ({}, READY, CHEN, "second_person_needed"),
        ({}, READY, WANG, "grant_to_oneself"),
        ({"receiver": LI}, READY, HE, "not_in_need_group"),
        ({}, (*READY, ENDED), HE, "not_in_need_group"),
        ({}, (*READY, GRANTED), HE, "opening_granted"),
        ({"opening_id": "open_2", "minutes": 1}, (*READY, GRANTED), HE, "opening_granted"),
        ({"minutes": 61}, READY, HE, "opening_too_large"),
        ({"minutes": 0}, READY, HE, "not_positive"),
        ({}, (*READY, rule("hours.storage_cap_minutes", 59)), HE, "storage_cap_reached"),
        ({}, (*READY, left(WANG)), HE, "member_left"),
    ],
)
def test_who_gets_none(change: dict[str, Any], before: tuple[Fact, ...], actor: str, code: str) -> None:
    ask(replace(GRANT, **change), *before, actor=actor).refused(code)


def test_a_source_comes_to_its_end() -> None:
    other = (replace(ASKED, need_id="need_2", member=LI), replace(ADMITTED, need_id="need_2", member=LI))
    again = replace(GRANT, opening_id="open_2", receiver=LI, minutes=41)
    ask(again, *READY, *other, GRANTED).refused("source_is_empty", Refused, left=40)
    assert ask(replace(again, minutes=40), *READY, *other, GRANTED).facts


def test_the_pool_keeps_something_for_them() -> None:
    kept = (donated(LI, 100), rule("hours.pool_reserve_minutes", 70))
    command = GrantFromPool(receiver=WANG, minutes=31)
    ask(command, *kept, actor=OPERATOR).refused("pool_kept_for_need_groups", Refused, kept=70)
    assert ask(replace(command, minutes=30), *kept, actor=OPERATOR).facts
    assert ask(command, *kept, *READY, actor=OPERATOR).facts
