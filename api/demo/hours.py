"""2,000 verified sessions over a year: most entered from lists by workers, the last days' by those in charge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from api.demo.data import ActivityEntry, HoursList, choose, draw, load
from api.demo.organisations import Organisations
from api.demo.people import People, Staff, leader_of
from api.demo.places import Places
from api.demo.run import Keyed, Run, made
from ledger.clock import MICROS_PER_MINUTE
from ledger.hours.commands import (
    ApproveCorrection,
    DepositSession,
    Note,
    Origin,
    RecordSession,
    RejectSession,
    RequestCorrection,
    SessionWords,
    VerifySession,
)
from ledger.hours.facts import CorrectionRequested, SessionRecorded

VERIFIED = 2_000
_RECENT, _LATE = 128, 6
_OF_EVERY, _VERIFIED_OF, _REJECTED_AT = 32, 25, 25
"""Of every 32 recent sessions 25 are verified, one is rejected, and six wait for a worker."""
DEPOSITED = VERIFIED - _LATE - _RECENT * _VERIFIED_OF // _OF_EVERY
"""So many come from lists, less those that were scanned at a shift (`api.demo.shifts`)."""
_FIRST_DAYS_AGO, _LAST_DAYS_AGO = 364, 15
_LISTED = 250
"""Sessions on one list that a worker enters."""
_ACTIVE_PARTY_MEMBERS = 300
_IMPORTED_BEFORE = 240
"""Older sessions (days ago) came from an old table, without times of day."""
_BY_TEAM, _BY_BRANCH = 8, 3
_SCANNED = ("watch", "clinic", "meals")


class Doer(NamedTuple):
    """Somebody who gives time: with which team, in whose charge, doing what, where."""

    member: str
    activity: ActivityEntry
    team: str
    in_charge: str
    places: list[str]


class Deposited(NamedTuple):
    """A session that was entered from a list."""

    session_id: str
    member: str
    minutes: int


def doers_of(groups: Organisations, places: Places, people: People) -> list[Doer]:
    """All who give time, the busiest first: 王阿姨, 李师傅, then a volunteer for every two or three party members."""
    activities = {activity.team: activity for activity in load("hours", HoursList).activities}
    teams = {team.key: i for i, team in enumerate(groups.teams)}

    def of_team(member: str, key: str, courtyard: int) -> Doer:
        around = [places.courtyards[courtyard].id, places.courtyards[(courtyard + 1) % len(places.courtyards)].id]
        leader = leader_of(people, teams[key], key)
        return Doer(member, activities[key], groups.teams[teams[key]].id, leader, around)

    volunteers = [
        of_team(member, groups.teams[i % len(groups.teams)].key, i % len(places.courtyards))
        for i, member in enumerate(people.volunteers)
    ]
    party = [
        Doer(
            member, activities[""], groups.branches[i % len(groups.branches)].id, people.party[i % len(groups.branches)],
            [spot.id for spot in places.courtyards_of(i % len(places.communities))],
        )
        for i, member in enumerate(people.party[:_ACTIVE_PARTY_MEMBERS])
    ]  # fmt: skip
    named = [of_team(people.neighbours["wang"], "elders", 0), of_team(people.neighbours["master"], "repairs", 1)]
    mixed = sorted(
        [*enumerate(volunteers), *((i * 2 // 5 + 1, one) for i, one in enumerate(party))], key=lambda ranked: ranked[0]
    )
    return [*named, *(one for _rank, one in mixed)]


def shares(total: int, among: int) -> list[int]:
    """How many sessions each gives: few give many and many give few, and together they give exactly `total`."""
    counts = [1 + 8_000 // ((rank + 5) * (rank + 10)) for rank in range(among)]
    rank = 0
    while sum(counts) != total:
        step = 1 if sum(counts) < total else -1
        if counts[rank] + step >= 1:
            counts[rank] += step
        rank = (rank + 1) % among
    return counts


def fill(run: Run, staff: Staff, groups: Organisations, places: Places, people: People, scanned: int) -> list[Doer]:
    """Enter the sessions and their corrections; gives who took part, the busiest first. `scanned`: already verified."""
    doers = doers_of(groups, places, people)
    deposited = _deposit(run, staff, doers, DEPOSITED - scanned)
    _record_late(run, staff, doers)
    _record_recent(run, staff, groups, doers)
    _correct(run, staff, doers, deposited)
    return doers


# ---- from lists -----------------------------------------------------------------------------------------------------


def _days(run: Run, doer: int, count: int) -> Iterator[date]:
    """So many days of a year, none twice."""
    span = _FIRST_DAYS_AGO - _LAST_DAYS_AGO
    for number in range(count):
        spread = draw("day", doer, number) % max(1, span // count)
        yield run.ago(_FIRST_DAYS_AGO - number * span // count - spread)


def _deposit(run: Run, staff: Staff, doers: list[Doer], count: int) -> list[Deposited]:
    """Lists of the whole year in order of their days, entered by two workers in turn."""
    listed = [
        (day, i, doer)
        for i, (doer, share) in enumerate(zip(doers, shares(count, len(doers)), strict=True))
        for day in _days(run, i, share)
    ]
    listed.sort(key=lambda row: row[:2])
    commands: list[Keyed] = [
        (f"session:{number}", _deposit_of(run, number, day, doer)) for number, (day, _i, doer) in enumerate(listed)
    ]
    found: list[Deposited] = []
    for start in range(0, len(commands), _LISTED):
        worker = staff["zhao" if start // _LISTED % 2 else "qian"]
        for answer in run.many(worker, commands[start : start + _LISTED]):
            fact = made(answer, SessionRecorded)
            found.append(Deposited(fact.session_id, fact.volunteer, fact.minutes))
    return found


def _deposit_of(run: Run, number: int, day: date, doer: Doer) -> DepositSession:
    """Scanned sessions have their times, night watches beyond midnight; others the minutes of a list."""
    activity = doer.activity
    minutes = choose(activity.minutes, "minutes", number)
    old = (run.today - day).days > _IMPORTED_BEFORE
    scanned = not old and activity.team in _SCANNED
    start_at = run.at(day, *activity.begins) if scanned else None
    origin: Origin = "scanned" if scanned else "imported" if old else "attested"
    return DepositSession(
        volunteer=doer.member, day=day, start_at=start_at,
        end_at=None if start_at is None else start_at + minutes * MICROS_PER_MINUTE,
        minutes=None if scanned else minutes, origin=origin,
        place=choose(doer.places, "where", number), organiser=doer.team,
        in_charge=None if doer.in_charge == doer.member else doer.in_charge,
        guarantor=doer.in_charge if number % 7 == 0 and doer.in_charge != doer.member else None,
        words=SessionWords(activity=activity.name, content=choose(activity.contents, "content", number)),
    )  # fmt: skip


# ---- by those in charge ---------------------------------------------------------------------------------------------


def _record_late(run: Run, staff: Staff, doers: list[Doer]) -> None:
    """Six sessions from a paper list that turned up late: another member vouches for them (补录)."""
    texts = load("hours", HoursList)
    guarantor = doers[0].member
    late = [doer for doer in doers if doer.activity.team and doer.in_charge not in (doer.member, guarantor)][-_LATE:]
    recorded: list[str] = []
    for i, doer in enumerate(late):
        command = RecordSession(
            volunteer=doer.member, day=run.ago(30 + i), minutes=60, place=doer.places[0], organiser=doer.team,
            in_charge=doer.in_charge, guarantor=guarantor,
            words=SessionWords(activity=doer.activity.name, remark=texts.late_remark),
        )  # fmt: skip
        recorded.append(made(run.one(doer.in_charge, f"late:{i}", command), SessionRecorded).session_id)
    run.many(staff["sun"], [(f"late:{i}:verify", VerifySession(session_id=one)) for i, one in enumerate(recorded)])


def _record_recent(run: Run, staff: Staff, groups: Organisations, doers: list[Doer]) -> None:
    """Each team's leader enters last week's sessions; a worker who was in none of them looks at most of them."""
    recorded: list[str] = []
    for group in [*groups.teams, *groups.branches]:
        wanted = _BY_TEAM if group.key else _BY_BRANCH
        ours = [doer for doer in doers if doer.team == group.id and doer.member != doer.in_charge][:wanted]
        leader = ours[0].in_charge
        commands: list[Keyed] = [
            (f"recent:{len(recorded) + i}", _recent(run, len(recorded) + i, doer)) for i, doer in enumerate(ours)
        ]
        recorded += [made(answer, SessionRecorded).session_id for answer in run.many(leader, commands)]
    assert len(recorded) == _RECENT
    checked: list[Keyed] = []
    for i, session_id in enumerate(recorded):
        if i % _OF_EVERY < _VERIFIED_OF:
            checked.append((f"recent:{i}:verify", VerifySession(session_id=session_id)))
        elif i % _OF_EVERY == _REJECTED_AT:
            checked.append((f"recent:{i}:reject", RejectSession(session_id=session_id, reason="not_present")))
    run.many(staff["sun"], checked)
    mine = doers[0]
    own = RecordSession(
        volunteer=mine.member, day=run.ago(1), minutes=90, place=mine.places[0], organiser=mine.team,
        words=SessionWords(activity=mine.activity.name, content=mine.activity.contents[1]),
    )  # fmt: skip
    run.one(mine.member, "recent:own", own)


def _recent(run: Run, number: int, doer: Doer) -> RecordSession:
    activity = doer.activity
    days_ago = 2 + draw("recent", doer.team) % 7
    day = run.ago(days_ago)
    start_at = run.at(day, *activity.begins)
    return RecordSession(
        volunteer=doer.member, day=day, start_at=start_at,
        end_at=start_at + choose(activity.minutes, "recent minutes", number) * MICROS_PER_MINUTE,
        activity_id=f"act_demo-{doer.team.partition('_')[2]}", place=doer.places[0], organiser=doer.team,
        in_charge=doer.in_charge,
        words=SessionWords(activity=activity.name, content=choose(activity.contents, "recent content", number)),
    )  # fmt: skip


def _correct(run: Run, staff: Staff, doers: list[Doer], deposited: list[Deposited]) -> None:
    """Two sessions are put right, one down and one up; a third correction has been asked for (令67 §13)."""
    texts = load("hours", HoursList)
    asked = ((0, -30, texts.correction), (1, 15, texts.more), (2, -15, texts.correction))
    for number, by, why in asked:
        member = doers[number].member
        session = next(one for one in deposited if one.member == member)
        command = RequestCorrection(
            session_id=session.session_id, volunteer=member, minutes=session.minutes + by, words=Note(remark=why)
        )
        made_out = made(run.one(member, f"correction:{number}", command), CorrectionRequested)
        if number < 2:
            approval = ApproveCorrection(session_id=session.session_id, correction_id=made_out.correction_id)
            run.one(staff["sun"], f"correction:{number}:approve", approval)
