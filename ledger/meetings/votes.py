"""Decisions about votes (定事): one vote a household, a quorum of the households there are, a majority of those that vote.

The measures are those by which the owners of a building decide (民法典 §278): two thirds take part; more than half of
these decide, three quarters for what is major. It counts households there and nothing else here (choice); the fractions
are policy, and a vote keeps those it was opened with.
"""

from __future__ import annotations

from typing import cast

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.clock import MICROS_PER_DAY
from ledger.errors import Conflict, NotYours, Refused
from ledger.meetings import commands as do
from ledger.meetings import facts
from ledger.meetings.moving import moved
from ledger.meetings.state import (
    Deliberation,
    Electorate,
    Vote,
    need_home,
    need_meeting,
    need_open_vote,
)
from ledger.parties.state import need_member
from ledger.places.state import Profile, need_place
from ledger.policy.state import policy_of
from ledger.requests.state import need_request

WORKER = "community_worker"
SETTLED = frozenset({"closed", "declined", "withdrawn", "unmet"})
"""States of a request about which nothing is left to decide."""
_MAJORITY = {"ordinary": "votes.majority", "major": "votes.major_majority"}
_OVER = frozenset({"ordinary"})
"""Rules by which it has to be more than the fraction (过半数); by the others the fraction itself is enough (以上)."""


def fraction(view: View, name: str, scene: Scene) -> tuple[int, int]:
    """A rule that is a fraction: numerator and denominator."""
    return cast("tuple[int, int]", policy_of(view).value(name, scene.today))


def quorum_of(households: int, numerator: int, denominator: int) -> int:
    """The least number of households that is at least that part of all of them."""
    return -(-households * numerator // denominator)


def open_vote(view: View, c: do.OpenVote, scene: Scene) -> list[Fact]:
    """See `OpenVote`; by a worker or whoever chaired the meeting that talked about it (议事 comes before 定事).

    Where more households were counted at the place than are registered, those that are not are asked in vain: a quorum
    is of all there are.
    """
    vote_id = check_id(c.vote_id, "vote")
    if view.state(Vote, vote_id).opened is not None:
        raise Conflict("vote_exists", vote=vote_id)
    request, _ = need_request(view, c.request_id)
    talked = view.state(Deliberation, c.request_id)
    if talked.vote_id is not None:
        raise Conflict("vote_open", request=c.request_id, vote=talked.vote_id)
    if request.status in SETTLED:
        raise Conflict("request_settled", request=c.request_id, status=request.status)
    if talked.outcome == "passed":
        raise Conflict("already_decided", request=c.request_id)
    if talked.meeting_id is None:
        raise Refused("not_deliberated", request=c.request_id)
    _, held = need_meeting(view, talked.meeting_id)
    if scene.role != WORKER and scene.actor != held.chair:
        raise NotYours("not_the_chair", meeting=talked.meeting_id)
    need_place(view, c.place)
    counted = view.state(Profile, c.place).households or 0
    households = max(counted, view.state(Electorate, facts.homes_of(c.place)).households)
    if not households:
        raise Refused("no_households", place=c.place)
    days = policy_of(view).number("votes.days", scene.today)
    return [
        facts.VoteOpened(
            vote_id=vote_id,
            request_id=c.request_id,
            meeting_id=talked.meeting_id,
            place=c.place,
            rule=c.rule,
            electorate=households,
            quorum=quorum_of(households, *fraction(view, "votes.quorum", scene)),
            majority=fraction(view, _MAJORITY[c.rule], scene),
            over=c.rule in _OVER,
            opened_at=scene.now_at,
            until_at=scene.now_at + days * MICROS_PER_DAY,
            opened_by=scene.actor,
        )
    ]


def cast_vote(view: View, c: do.CastVote, scene: Scene) -> list[Fact]:
    """See `CastVote`; a household speaks once, by somebody of age, and was there when the vote was opened."""
    vote, opened = need_open_vote(view, c.vote_id)
    if scene.now_at >= opened.until_at:
        raise Refused("vote_over", vote=c.vote_id, until_at=opened.until_at)
    if need_member(view, c.member).guardian is not None:
        raise Refused("minors_do_not_vote", member=c.member)
    household, registered = need_home(view, c.member)
    if opened.place not in registered.places:
        raise Refused("not_of_electorate", household=household.tag, place=opened.place)
    if c.vote_id in household.voted:
        raise Conflict("household_voted", household=household.tag)
    if registered.registered_at > opened.opened_at or vote.cast >= opened.electorate:
        raise Refused("household_came_later", household=household.tag)
    return [
        facts.VoteCast(
            vote_id=c.vote_id,
            household_id=household.tag,
            member=c.member,
            choice=c.choice,
            cast_by=scene.actor,
            day=scene.today,
        )
    ]


def outcome_of(vote: Vote, opened: facts.VoteOpened) -> str:
    """passed · rejected · no_quorum, in whole numbers only. Who abstains takes part and is not for it."""
    if vote.cast < opened.quorum:
        return "no_quorum"
    numerator, denominator = opened.majority
    have, need = vote.votes_for * denominator, vote.cast * numerator
    return "passed" if have > need or (have == need and not opened.over) else "rejected"


def close_vote(view: View, c: do.CloseVote, scene: Scene) -> list[Fact]:
    """See `CloseVote`."""
    vote, opened = need_open_vote(view, c.vote_id)
    if scene.now_at < opened.until_at and vote.cast < opened.electorate:
        raise Refused("not_yet_due", until_at=opened.until_at)
    closed = facts.VoteClosed(
        vote_id=c.vote_id,
        request_id=opened.request_id,
        votes_for=vote.votes_for,
        votes_against=vote.votes_against,
        abstained=vote.abstained,
        electorate=opened.electorate,
        quorum=opened.quorum,
        outcome=outcome_of(vote, opened),
        closed_by=scene.actor,
        day=scene.today,
    )
    return [closed, *moved(view, opened.request_id, closed, scene)]


VOTE_RULES: dict[type[Command], Decide] = {
    do.OpenVote: open_vote,
    do.CastVote: cast_vote,
    do.CloseVote: close_vote,
}
