"""A generated ledger is one that commands could have made: each story is decided again and gives the same facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from api.settings import Settings
from api.store import Store
from benchmarks.community import BEGAN
from benchmarks.generate import LEDGER, generate, generated, head_of
from ledger.actors import Actor
from ledger.base import Command, Fact, Scene
from ledger.clock import DEFAULT_ZONE, at_time, day_of
from ledger.hours.commands import DepositSession, DonateHours, GiveHours
from ledger.hours.facts import HoursDonated, HoursGiven, SessionRecorded
from ledger.hours.state import Account, Pool
from ledger.journal.codec import split_tags
from ledger.journal.recorded import Recorded
from ledger.parties.facts import MemberRegistered
from ledger.requests import commands as ask
from ledger.requests import facts as asked
from ledger.requests.commands import RequestWords
from ledger.rights import authorise
from projections.rebuild import compare
from tests.ledger.given import Folded, check_laws, rule_of

EVENTS = 3_000


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A small generated ledger."""
    path = tmp_path_factory.mktemp("generated") / "small.db"
    generate(path, EVENTS)
    with Store.open(Settings(database_url=str(path))) as opened:
        yield opened


def journal(store: Store) -> list[Recorded]:
    """All its events."""
    with store.database.reading() as cursor:
        cursor.execute("SELECT position, recorded_at, type, tags, data FROM events ORDER BY position")
        return [store.codec.recorded(LEDGER, *row) for row in cursor.fetchall()]


def command_for(fact: Fact) -> Command:
    """The command whose first fact this is."""
    match fact:
        case SessionRecorded():
            return DepositSession(
                session_id=fact.session_id, volunteer=fact.volunteer, day=fact.day, start_at=fact.start_at,
                end_at=fact.end_at, minutes=fact.minutes,
            )  # fmt: skip
        case HoursGiven():
            return GiveHours(giver=fact.giver, receiver=fact.receiver, minutes=fact.minutes)
        case HoursDonated():
            return DonateHours(giver=fact.giver, minutes=fact.minutes)
        case asked.RequestPosted():
            assert fact.requester is not None
            words = RequestWords(title="A wish")
            return ask.PostRequest(
                request_id=fact.request_id, kind="wish", requester=fact.requester, value_fen=fact.value_fen, words=words
            )
        case asked.RequestPublished():
            return ask.PublishRequest(request_id=fact.request_id)
        case asked.RequestClaimed():
            return ask.ClaimRequest(claim_id=fact.claim_id, request_id=fact.request_id, claimant=fact.claimant)
        case asked.RequestFulfilled():
            return ask.FulfilRequest(request_id=fact.request_id, claimant=fact.claimant)
        case asked.RequestClosed():
            assert fact.requester is not None
            assert fact.score is not None
            return ask.CloseRequest(request_id=fact.request_id, requester=fact.requester, score=fact.score)
    raise AssertionError(fact)


def test_every_story_of_the_year_is_what_its_command_decides(store: Store) -> None:
    view, stories = Folded(), 0
    for _, story in groupby(journal(store), key=lambda event: event.envelope.key):
        events = list(story)
        first, facts = events[0].envelope, [event.fact for event in events]
        if first.at != at_time(BEGAN, 9, 0):
            command = command_for(facts[0])
            rule = rule_of(type(command))
            assert authorise(view, rule.right, command, Actor(first.by)) == (first.role, first.behalf)
            today, sealed = day_of(first.at), getattr(facts[0], "words", "")
            scene = Scene(
                now_at=first.at, today=today, zone=DEFAULT_ZONE, actor=first.by, role=first.role, sealed=sealed
            )
            assert rule.decide(view, command, scene) == facts
            check_laws(facts)
            stories += 1
        view.add(*facts)
    assert stories > EVENTS // 2


def test_its_journal_is_as_the_committer_writes_it(store: Store) -> None:
    events = journal(store)
    assert [event.position for event in events] == list(range(1, EVENTS + 1))
    assert head_of(store) == EVENTS
    recorded = [event.recorded_at for event in events]
    assert recorded == sorted(recorded)
    with store.database.reading() as cursor:
        cursor.execute("SELECT tag, position FROM event_tags ORDER BY tag, position")
        indexed = cursor.fetchall()
        cursor.execute("SELECT recorded_at FROM ledgers")
        assert cursor.fetchone() == (recorded[-1],)
    assert indexed == sorted((tag, event.position) for event in events for tag in event.tags)


def test_it_holds_all_kinds_of_stories(store: Store) -> None:
    kinds = Counter(type(event.fact) for event in journal(store))
    assert kinds[SessionRecorded] > EVENTS // 4
    assert kinds[MemberRegistered] == EVENTS // 100
    for kind in (HoursGiven, HoursDonated, asked.RequestPosted, asked.RequestClosed):
        assert kinds[kind] > 0, kind


def test_its_books_are_those_that_the_journal_gives(store: Store) -> None:
    assert compare(store.database, store.codec.decode, LEDGER) == []


def test_what_is_asked_for_is_in_the_vault(store: Store) -> None:
    posted = [event.fact.words for event in journal(store) if isinstance(event.fact, asked.RequestPosted)]
    assert set(store.vault.read(LEDGER, posted)) == set(posted)


def test_commands_go_on_where_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "small.db"
    generate(path, 1_000)
    with Store.open(Settings(database_url=str(path))) as store:
        view = store.application.view(LEDGER)
        members = [event.fact.member_id for event in journal(store) if isinstance(event.fact, MemberRegistered)]
        usable = {member: view.state(Account, member).usable for member in members}
        assert min(usable.values()) >= 0
        assert view.state(Pool, "pool").minutes > 0
        giver, receiver = sorted(members, key=usable.__getitem__)[-2:]
        gift = GiveHours(giver=giver, receiver=receiver, minutes=1)
        assert store.application.execute(LEDGER, gift, actor=Actor(giver)).position == 1_001


def facts_of(path: Path, seed: int) -> list[tuple[str, ...]]:
    """Types and tags of a year's events, without what is random by design."""
    generate(path, 1_500, seed=seed, books=False)
    with Store.open(Settings(database_url=str(path))) as store, store.database.reading() as cursor:
        cursor.execute("SELECT type, tags FROM events ORDER BY position")
        return [(kind, *split_tags(tags)[:-1]) for kind, tags in cursor.fetchall()]


def test_the_same_seed_gives_the_same_facts_and_another_gives_others(tmp_path: Path) -> None:
    first = facts_of(tmp_path / "a.db", 1)
    assert facts_of(tmp_path / "b.db", 1) == first
    assert facts_of(tmp_path / "c.db", 2) != first


def test_an_unfinished_file_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "small.db"
    generate(path, 1_000, books=False)
    with pytest.raises(ValueError, match="holds 1000 events"), generated(path, 2_000):
        raise AssertionError("it was taken")
    with pytest.raises(FileExistsError):
        generate(path, 2_000)
