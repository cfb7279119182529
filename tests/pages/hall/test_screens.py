"""Telling screens: one look for all of them, a bound, signs of life, and an end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from api.pages.hall.screens import Screens
from ledger.errors import NotFound


class Journal:
    """A journal that moves when a story says so, and counts how often it is looked at."""

    def __init__(self) -> None:
        self.at, self.looks, self.broken = "1.1", 0, False

    def look(self, _ledger: str) -> str:
        """How far it is."""
        self.looks += 1
        if self.broken:
            raise NotFound("no_such_ledger", ledger="x")
        return self.at


async def heard(stream: AsyncIterator[str]) -> str:
    """The next thing said, within a second."""
    return await asyncio.wait_for(anext(stream), 1)


def test_a_screen_hears_what_it_has_not_seen_and_then_what_moves() -> None:
    async def story() -> None:
        journal = Journal()
        screens = Screens(journal.look, every_seconds=0.01)
        stream = screens.stream("street", "1.1", "0.0")
        assert (await heard(stream)).startswith("retry: ")
        assert "data: 1.1" in await heard(stream)
        journal.at = "2.2"
        said = await heard(stream)
        assert said == "id: 2.2\nevent: moved\ndata: 2.2\n\n"

    asyncio.run(story())


def test_who_comes_back_with_the_last_id_is_told_nothing_old() -> None:
    async def story() -> None:
        screens = Screens(Journal().look, every_seconds=0.01, alive_seconds=0.05)
        stream = screens.stream("street", "1.1", "1.1")
        await heard(stream)
        assert "event: alive" in await heard(stream)

    asyncio.run(story())


def test_many_screens_cost_one_look() -> None:
    async def story() -> None:
        journal = Journal()
        screens = Screens(journal.look, every_seconds=0.2)
        streams = [screens.stream("street", "1.1", "1.1") for _ in range(20)]
        for one in streams:
            await heard(one)
        journal.at = "2.2"
        for one in streams:
            assert "2.2" in await heard(one)
        assert journal.looks <= 2

    asyncio.run(story())


def test_without_listeners_nobody_looks() -> None:
    async def story() -> None:
        journal = Journal()
        screens = Screens(journal.look, every_seconds=0.01)
        stream = screens.stream("street", "1.1", "1.1")
        await heard(stream)
        await stream.aclose()  # type: ignore[attr-defined]  # an async generator, which the protocol does not tell
        await asyncio.sleep(0.1)
        looked = journal.looks
        await asyncio.sleep(0.1)
        assert journal.looks == looked
        assert screens.listening == 0

    asyncio.run(story())


def test_the_number_of_listeners_is_bounded() -> None:
    async def story() -> None:
        screens = Screens(Journal().look, most=2)
        streams = [screens.stream("street", "1.1", "1.1") for _ in range(2)]
        assert not screens.closed
        for one in streams:
            await heard(one)
        assert screens.closed

    asyncio.run(story())


def test_one_address_leaves_room_for_others() -> None:
    async def story() -> None:
        screens = Screens(Journal().look, most=10, most_each=2)
        streams = [screens.stream("street", "1.1", "1.1", "192.0.2.1") for _ in range(2)]
        for one in streams:
            await heard(one)
        assert screens.closed_to("192.0.2.1")
        assert not screens.closed_to("192.0.2.2")
        assert not screens.closed

    asyncio.run(story())


@pytest.mark.parametrize("how", ["ended", "unreadable", "old"])
def test_a_stream_ends(how: str) -> None:
    async def story() -> None:
        journal = Journal()
        screens = Screens(journal.look, every_seconds=0.01, life_seconds=0.05 if how == "old" else 60)
        stream = screens.stream("street", "1.1", "1.1")
        await heard(stream)
        journal.broken = how == "unreadable"
        if how == "ended":
            screens.end()
        left = [one async for one in stream]
        assert all("moved" not in one for one in left)
        assert screens.listening == 0
        assert screens.closed == (how == "ended")

    asyncio.run(asyncio.wait_for(story(), 2))
