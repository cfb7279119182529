"""One pass over a journal, as it is stored: order, schema, tags, times, keys, double entries, floors, rules and the tree.

Rows come in chunks of raw columns and are let go again, so that memory does not grow with the journal (but by 16
bytes a command, for the keys). Nothing is trusted but the rows: states, balances and hashes are made anew.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from ledger.accounts import POOL, postings
from ledger.audit.gifts import Gifts
from ledger.audit.judging import ABSURD, RULES_CHECK, judge
from ledger.audit.past import Past
from ledger.audit.report import Report
from ledger.audit.story import Story
from ledger.audit.tree import Tree
from ledger.base import NAME_OF, Fact, tags_of
from ledger.clock import MICROS_PER_DAY
from ledger.errors import UnknownFact
from ledger.hours.facts import HoursGiven
from ledger.journal.codec import Codec, split_tags
from ledger.journal.recorded import Envelope
from ledger.journal.sql import Cursor, Database, Row
from ledger.journal.tables import events
from ledger.units import MINUTES

CHUNK = 512
"""Rows at once: few enough that what was decoded is still in the processor's cache when it is looked at again."""
ORDER, SCHEMA, TAGS, TIMES, KEYS, DOUBLE_ENTRIES, FLOORS = (
    "order", "schema", "tags", "times", "keys", "double_entries", "floors",
)  # fmt: skip
_GIVEN = NAME_OF[HoursGiven]
_SALT_BYTES = 16
_KEYS_AT_ONCE = 600_000
MOST_BACK = MICROS_PER_DAY
"""Microseconds by which a decision may be dated before one recorded earlier: clocks are set right, and several machines
write. One that is dated further back asked for the rules of another day. Choice."""
_NEVER_BELOW_ZERO = ("fund:", "offer:", "promised:")


class Replay:
    """The audit's walk through one ledger: `feed` it all rows in order, then `end` it."""

    def __init__(self, codec: Codec, past: Past, tree: Tree, report: Report, *, rules: bool = True) -> None:
        self._codec, self._past, self._tree, self._report, self._rules = codec, past, tree, report, rules
        self.minutes: dict[str, int] = {}
        """Balances of the accounts that hold minutes."""
        self.others: dict[tuple[str, str], int] = {}
        """Balances of all other accounts, by account and unit."""
        self.last = 0
        """Position of the last event there is."""
        self._gifts = Gifts(past)
        self._modern: set[type[Fact]] = set()
        """Types of facts of which one had all tags of today: from then on none lacks those that came later."""
        self._story: list[Fact] = []
        self._envelope: Envelope | None = None
        self._started_at = 0
        self._recorded_at = 0
        self._key_hashes, self._key_positions = array("q"), array("q")
        self._gift_count = self._event_count = self._posted = self._judged = 0

    def feed(self, rows: Sequence[Row]) -> None:
        """The next rows: (position, recorded_at, type, tags, data), by position."""
        expected, self.last = self._tree.size + 1, rows[-1][0]
        if rows[0][0] == expected and rows[-1][0] == expected + len(rows) - 1:
            self._run(rows)
            return
        run: list[Row] = []
        for row in rows:
            missing = row[0] - self._tree.size - len(run) - 1
            if missing:
                if run:
                    self._run(run)
                self._miss(missing)
                run = []
            run.append(row)
        self._run(run)

    def end(self, head: int) -> None:
        """Nothing follows; `head` is how many events the ledger says it has."""
        self._close_story()
        if self._tree.size < head:
            self._miss(head - self._tree.size)
        elif self._tree.size > head:
            self._report.find(head + 1, ORDER, "beyond_head", head=head, last=self._tree.size)
        self._find_repeated_keys()
        report, plain = self._report, self._gift_count
        report.events = self._tree.size
        report.root = self._tree.root()
        for check in (ORDER, SCHEMA, TAGS, TIMES):
            report.count(check, self._event_count)
        report.count(KEYS, len(self._key_hashes))
        report.count(DOUBLE_ENTRIES, self._posted + plain)
        report.count(FLOORS, sum(1 for account, _ in self.others if _floored(account)))
        if self._rules:
            report.count(RULES_CHECK, self._judged + plain)

    # ---- events ------------------------------------------------------------------------------------------------------

    def _run(self, rows: Sequence[Row]) -> None:
        """Rows without a gap. Gifts that are legal at a glance are booked here; everything else goes the long way."""
        self._tree.add(rows)
        self._event_count += len(rows)
        gift, legal, minutes = self._codec.stored(_GIVEN), self._gifts.surely_legal, self.minutes
        waiting, story = self._past.by_tag, self._story
        read: list[Any] = []
        passed: list[Row] = []
        last = self._recorded_at
        for row in rows:
            position, recorded_at, name, tags, data = row
            if name == _GIVEN:
                try:
                    stored = gift(data)
                except ValueError:
                    self._report.find(position, SCHEMA, "unreadable", type=name)
                    continue
                fact, at = stored.fact, stored.at
                if story and self._envelope is not None and self._envelope.key != stored.key:
                    self._close_story()
                giver, receiver = fact.giver, fact.receiver
                source, target = "hours:" + giver, "hours:" + receiver
                usable = minutes.get(source, 0)
                if (
                    tags == f"{giver}\n{receiver}\nkey_{stored.key}"
                    and "\n" not in stored.key
                    and recorded_at == at >= last
                    and len(stored.salt) == _SALT_BYTES
                    and not story
                    and legal(stored, fact, usable)
                ):
                    last = recorded_at
                    given = fact.minutes
                    minutes[source] = usable - given
                    minutes[target] = minutes.get(target, 0) + given
                    read.append(stored)
                    passed.append(row)
                    if giver in waiting or receiver in waiting:
                        self._past.add(fact, (giver, receiver))
                    continue
            self._recorded_at = last
            self._one(row)
            last = self._recorded_at
        self._recorded_at = last
        self._gift_count += len(read)
        self._key_hashes.extend([hash(one.key) for one in read])
        self._key_positions.extend([row[0] for row in passed])
        for index in self._codec.spelled_otherwise(read, [row[4] for row in passed]):
            self._report.find(passed[index][0], SCHEMA, "other_spelling", type=_GIVEN)

    def _one(self, row: Row) -> None:
        """One event, the long way."""
        position, recorded_at, name, tags, data = row
        report = self._report
        try:
            envelope, fact = self._codec.decode(name, bytes(data))
        except UnknownFact:
            report.find(position, SCHEMA, "unknown_type", type=name)
            return
        except ValueError:
            report.find(position, SCHEMA, "unreadable", type=name)
            return
        if len(envelope.salt) != _SALT_BYTES:
            report.find(position, SCHEMA, "bad_salt")
        spelled, right_bytes = self._codec.encode(envelope, fact)
        if spelled == name and right_bytes != data:
            # A field written twice or left out, blanks, other escapes: another program may read another fact in it.
            report.find(position, SCHEMA, "other_spelling", type=name)
        right = (*tags_of(fact), f"key_{envelope.key}")
        # Not as one text: a line break within a tag would put the event under a tag of somebody else's.
        older = _without_later(fact, right)
        if split_tags(tags) == right != older:
            self._modern.add(type(fact))
        elif split_tags(tags) != older or (older != right and type(fact) in self._modern):
            report.find(position, TAGS, "tags_differ")
        if envelope.at < self._recorded_at - MOST_BACK:
            report.find(position, TIMES, "decided_back")
        self._recorded_at = max(self._recorded_at, envelope.at)
        if recorded_at != self._recorded_at:
            report.find(position, TIMES, "time_differs")
            self._recorded_at = max(self._recorded_at, recorded_at)
        self._join_story(position, envelope, fact)
        self._post(position, fact)
        self._gifts.follow(fact)

    def _miss(self, count: int) -> None:
        first = self._tree.size + 1
        self._close_story()
        self._report.find(first, ORDER, "missing", first=first, last=first + count - 1)
        self._tree.skip(count)

    # ---- stories -----------------------------------------------------------------------------------------------------

    def _join_story(self, position: int, envelope: Envelope, fact: Fact) -> None:
        """Facts of one command stand together and share all of the envelope but the salt."""
        before = self._envelope
        if self._story and before is not None and before.key == envelope.key:
            if _shared(before) != _shared(envelope):
                self._report.find(position, KEYS, "envelope_differs", first=self._started_at)
        else:
            self._close_story()
            self._envelope, self._started_at = envelope, position
            self._key_hashes.append(hash(envelope.key))
            self._key_positions.append(position)
        self._story.append(fact)

    def _close_story(self) -> None:
        if not self._story or self._envelope is None:
            return
        story = Story(self._started_at, self._envelope, tuple(self._story))
        self._story.clear()
        self._past.position = self._started_at
        if self._rules:
            self._judged += len(story.facts)
            try:
                objection = judge(self._past, story)
            except ABSURD as error:
                self._report.find(story.position, RULES_CHECK, "rule_broken", tried=type(error).__name__)
            else:
                if objection is not None:
                    self._report.add(objection)
        for fact in story.facts:
            try:
                self._past.add(fact, tags_of(fact))
            except ABSURD as error:
                self._report.find(self._started_at, RULES_CHECK, "rule_broken", tried=type(error).__name__)

    def _find_repeated_keys(self) -> None:
        """A key answers one command for ever. Compared by 64-bit hashes: one false alarm in a billion large journals."""
        keys = self._key_hashes
        # Of a large journal a part at a time, for memory's sake.
        parts = len(keys) // _KEYS_AT_ONCE + 1
        if sum(
            len({key for key in keys if key % parts == part} if parts > 1 else set(keys)) for part in range(parts)
        ) == len(keys):
            return
        first: dict[int, int] = {}
        for position, key in sorted(zip(self._key_positions, self._key_hashes, strict=True)):
            if key in first:
                self._report.find(position, KEYS, "key_repeated", first=first[key])
            else:
                first[key] = position

    # ---- double entries ----------------------------------------------------------------------------------------------

    def _post(self, position: int, fact: Fact) -> None:
        sums: dict[str, int] = {}
        try:
            rows = postings(fact)
        except ABSURD as error:
            self._report.find(position, DOUBLE_ENTRIES, "cannot_post", reason=type(error).__name__)
            return
        for account, unit, amount in rows:
            sums[unit] = sums.get(unit, 0) + amount
            if unit == MINUTES:
                balance = self.minutes[account] = self.minutes.get(account, 0) + amount
            else:
                balance = self.others[account, unit] = self.others.get((account, unit), 0) + amount
            if balance < 0 and amount < 0 and _floored(account):
                self._report.find(position, FLOORS, "below_zero", account=account, balance=balance)
        if sums:
            self._posted += 1
            for unit, total in sums.items():
                if total:
                    self._report.find(position, DOUBLE_ENTRIES, "not_zero", unit=unit, sum=total)

    def balances(self) -> list[tuple[str, str, int]]:
        """What the replay came to: (account, unit, balance) of every account that had a posting, in order."""
        rows = [(account, MINUTES, balance) for account, balance in self.minutes.items()]
        return sorted(rows + [(account, unit, balance) for (account, unit), balance in self.others.items()])


def _floored(account: str) -> bool:
    """Whether an account may never be overdrawn; a member's usable minutes may (policy, corrections: the rules judge it)."""
    return account.startswith(_NEVER_BELOW_ZERO) or account == POOL or account.endswith(":held")


def _without_later(fact: Fact, tags: tuple[str, ...]) -> tuple[str, ...]:
    """The tags as they were stored before some field became one."""
    later = {getattr(fact, name) for name in fact.LATER_TAGS}
    return tuple(tag for tag in tags if tag not in later)


def _shared(envelope: Envelope) -> tuple[Any, ...]:
    return envelope.at, envelope.by, envelope.role, envelope.behalf, envelope.body


def raw_rows(
    database: Database, cursor: Cursor, ledger: str, upto: int = 2**63 - 1, *, after: int = 0, chunk: int = CHUNK
) -> Iterator[list[Row]]:
    """The stored rows (position, recorded_at, type, tags, data) after one position and up to another, a chunk at a time."""
    c = events.c
    statement = database.prepare(
        "audit.rows",
        select(c.position, c.recorded_at, c.type, c.tags, c.data)
        .where(c.ledger == bindparam("l"), c.position > bindparam("a"), c.position <= bindparam("u"))
        .order_by(c.position)
        .limit(bindparam("n")),
    )
    while True:
        cursor.execute(statement.text, (ledger, after, upto, chunk))
        rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]
