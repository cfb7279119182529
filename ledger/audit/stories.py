"""The whole story of an event: itself, what the same command brought about, and everything about the same subject.

Subjects are what a process is about, from its beginning to its end: a session (recorded → endorsed → verified → corrected), a
request (posted → … → closed), a grant (proposed → approved → paid → returned), a donation (pledge → receipt → refund), an
offer and its matches (offered → matched → delivered), a reservation, an agreement, a plaque, a call-out, a certificate,
a pairing, a dual report, a service of the menu, a blacklisting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from ledger.accounts import Posting, postings
from ledger.audit.stream import at_positions, head_of, introductions, tagged
from ledger.base import Fact
from ledger.clock import DEFAULT_ZONE
from ledger.ids import looks_like_id
from ledger.jobs import tag_of_key
from ledger.journal.codec import Codec
from ledger.journal.recorded import Recorded
from ledger.journal.sql import Cursor, Database
from ledger.places.facts import LedgerOpened

SUBJECTS = (
    "session_id", "request_id", "grant_id", "pledge_id", "receipt_id", "offer_id", "reservation_id", "agreement_id",
    "plaque_id", "callout_id", "certificate_id", "signup_id", "rota_id", "list_id",
    "change_id", "case_id", "proposal_id", "disclosure_id",
    "rectification_id", "appraisal_id", "trial_id", "approval_id", "panel_id",
    "pairing_id", "report_id", "menu_id", "feedback_id", "blacklisting_id",
)  # fmt: skip
"""Fields that name the subject of a process; their values are tags of its facts."""

_PARTS = ("match_id",)
"""Fields that tell the processes of one subject apart: an offer may have many matches, and this story is about one."""


class Line(NamedTuple):
    """One event of a story and why it belongs there: `itself`, `command` (the same one) or `chain` (the same subject).

    `later`: recorded after the position up to which the sample was drawn.
    """

    event: Recorded
    because: str
    later: bool


class Story(NamedTuple):
    """An event with what it posted and the lines of its story, its own among them, in order of position."""

    event: Recorded
    posted: list[Posting]
    lines: list[Line]


class Told(NamedTuple):
    """Stories with what is needed to put them into words.

    `known`: by id, the event that brought a member, team, unit, place, fund or intake point into the ledger.
    """

    zone: str
    head: int
    stories: list[Story]
    known: dict[str, Recorded]


def stories_of(
    database: Database, cursor: Cursor, codec: Codec, ledger: str, positions: Iterable[int], *, upto: int
) -> Told:
    """The stories of these positions, in the order given, with all that has been recorded since.

    `upto` marks what is later; positions that are not in the journal are left out.
    """
    wanted = list(positions)
    head = head_of(database, cursor, ledger)
    events = at_positions(database, cursor, codec, ledger, wanted)
    found = [
        _story(events[one], _around(database, cursor, codec, ledger, events[one], head), upto)
        for one in wanted
        if one in events
    ]
    named = {one for story in found for line in story.lines for one in ids_in(line.event)}
    known = introductions(database, cursor, codec, ledger, named)
    opened = tagged(database, cursor, codec, ledger, ["ledger"], upto=head)
    zone = next((one.fact.zone for one in opened if isinstance(one.fact, LedgerOpened)), DEFAULT_ZONE)
    return Told(zone, head, found, known)


def _around(
    database: Database, cursor: Cursor, codec: Codec, ledger: str, event: Recorded, head: int
) -> list[Recorded]:
    subjects = subjects_of(event.fact)
    found = tagged(database, cursor, codec, ledger, [tag_of_key(event.envelope.key), *subjects], upto=head)
    return [one for one in found if _same_part(event.fact, one.fact) or one.envelope.key == event.envelope.key]


def _story(event: Recorded, around: list[Recorded], upto: int) -> Story:
    lines: list[Line] = []
    for one in around:
        because = "chain"
        if one.position == event.position:
            because = "itself"
        elif one.envelope.key == event.envelope.key:
            because = "command"
        lines.append(Line(one, because, one.position > upto))
    return Story(event, postings(event.fact), lines)


def subjects_of(happened: Fact) -> list[str]:
    """The subjects of a fact, as tags."""
    return [value for field in SUBJECTS if isinstance(value := getattr(happened, field, None), str) and value]


def _same_part(mine: Fact, other: Fact) -> bool:
    """Whether another fact of the subject is no part of a sibling's process."""
    return all(
        getattr(mine, field, None) is None or getattr(other, field, None) in (None, getattr(mine, field))
        for field in _PARTS
    )


def ids_in(event: Recorded) -> Iterator[str]:
    """Everything in an event that has the shape of an id: parties, places, funds; also who acted, and for whom."""
    yield event.envelope.by
    if event.envelope.behalf:
        yield event.envelope.behalf
    for field in msgspec.structs.fields(type(event.fact)):
        value = getattr(event.fact, field.name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str) and looks_like_id(one):
                yield one
