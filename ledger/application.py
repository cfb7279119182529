"""`execute(command)`: read → decide → append, with retries, idempotency and the actor's rights.

The one way into the journal. A command names an actor; the actor's roles are facts and are read like every other
state. What a decision looked at becomes the condition of its append, so that two decisions over the same facts
never both succeed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from threading import Lock

from eventsourcing.persistence import IntegrityError
from sqlalchemy import bindparam, select

from ledger.actors import OPERATOR, Actor
from ledger.base import Command, Fact, Scene, View, tags_of
from ledger.clock import DEFAULT_ZONE, Clock, day_of, system_clock
from ledger.cycles import no_search_for_cycles
from ledger.erasing import DESTROYING, Eraser
from ledger.errors import Conflict, NotFound, NotYours, NuanlinError, Refused, Unusable
from ledger.jobs import (
    Envelopes,
    Job,
    Order,
    Outcome,
    Recalled,
    answer_of,
    blinded,
    first_of_each_key,
    tag_of_key,
    told_plainly,
)
from ledger.journal.codec import Codec
from ledger.journal.committer import Append, Draft, InTransaction
from ledger.journal.line import Line
from ledger.journal.queries import last_position, rows_with_tags
from ledger.journal.recorded import Envelope
from ledger.journal.recorder import SqlRecorder
from ledger.journal.sql import Database, driver_errors
from ledger.journal.tables import ledgers
from ledger.parties.commands import CorrectDetails
from ledger.parties.correcting import Details
from ledger.parties.erasure import KEEPERS
from ledger.parties.phones import plain
from ledger.parties.state import check_words
from ledger.places.commands import OpenLedger
from ledger.places.state import Opening
from ledger.rights import authorise
from ledger.states import Glance, Sight, States
from ledger.vault import Vault

__all__ = ["OPERATOR", "Actor", "Application", "Desk", "Job", "Order", "Outcome"]

_TRIES = 50


class Desk:
    """One open ledger: its recorder, its cached states, and the line of commands that wait to be decided."""

    def __init__(self, recorder: SqlRecorder, serve: Callable[[Desk, list[Job]], None]) -> None:
        self.recorder = recorder
        self.states = States(recorder)
        self.line: Line[Job] = Line(lambda jobs: serve(self, jobs))
        recorder.committer.catch_up()


class Application:
    """Executes commands on the ledgers of one store. Thread-safe.

    `books(ledger)` gives the function that writes the books inside the append, and one that forgets its caches.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        *,
        clock: Clock = system_clock,
        codec: Codec | None = None,
        books: Callable[[str], tuple[InTransaction, Callable[[], None]]] | None = None,
    ) -> None:
        self.database, self.vault, self.clock = database, vault, clock
        self.codec = codec or Codec()
        self.eraser = Eraser(database, vault, self.codec)
        self._books = books
        self._desks: dict[str, Desk] = {}
        self._lock = Lock()

    def desk(self, ledger: str) -> Desk:
        """The open ledger of that slug (it need not have any event yet)."""
        found = self._desks.get(ledger)
        if found is not None:
            return found
        with self._lock:
            if ledger not in self._desks:
                recorder = SqlRecorder(self.database, ledger, codec=self.codec, clock=self.clock)
                if self._books is not None:
                    recorder.committer.book, recorder.committer.forget = self._books(ledger)
                self._desks[ledger] = Desk(recorder, self._serve)
            return self._desks[ledger]

    def ledgers(self) -> list[str]:
        """The slugs of all ledgers that have events."""
        statement = self.database.prepare(
            "ledgers.all", select(ledgers.c.ledger).where(ledgers.c.head > bindparam("h")).order_by(ledgers.c.ledger)
        )
        with self.database.reading() as cursor:
            cursor.execute(statement.text, (0,))
            return [str(row[0]) for row in cursor.fetchall()]

    def execute(
        self,
        ledger: str,
        command: Command,
        *,
        actor: Actor,
        key: str | None = None,
        unmoved: tuple[str, int] | None = None,
    ) -> Outcome:
        """Decide one command and write its facts; gives the position. Raises a NuanlinError and writes nothing else.

        The same `key` with the same body gives the first answer again; with another body, Conflict `key_reused`.
        `unmoved`: a tag, and the position of its last fact that the caller has seen. It is a condition of the append
        like all others, so that nobody slips in between: Conflict `version_moved` where the tag has moved on.
        """
        job = Job(self.vault, ledger, Order(command, key), actor)
        job.unmoved = unmoved
        self.desk(ledger).line.join(job)
        if job.failure is not None:
            raise job.failure
        if isinstance(job.outcome, Outcome):
            self._empty_vault(ledger, [job.outcome])
            return job.outcome
        raise job.outcome or Conflict("too_busy")

    def execute_many(self, ledger: str, orders: Sequence[Order], *, actor: Actor) -> list[Outcome | NuanlinError]:
        """Decide commands in order, each seeing those before it, and write all that are legal in one append.

        One that is refused harms no other; its error stands in its place. For imports of a few hundred at a time.
        """
        if not orders:
            return []
        with no_search_for_cycles():
            jobs = [Job(self.vault, ledger, order, actor) for order in orders]
            first = first_of_each_key(jobs)
            self._run(self.desk(ledger), list(first.values()), ask_first=True)
            answers = [answer_of(job, first[job.key]) for job in jobs]
            self._empty_vault(ledger, answers)
            return answers

    def recall(self, ledger: str, rows: Sequence[tuple[str, bytes]]) -> list[Recalled]:
        """For each (key, body) whether the journal holds the key already, and whether for the same body; decides nothing.

        For imports that must know before they make commands; the append asks again, so that no race is lost by it.
        """
        known = [blinded(self.vault, ledger, key, body) for key, body in rows]
        held = self._stories(self.desk(ledger), [tag_of_key(key) for key, _ in known])
        answers: list[Recalled] = []
        for key, body in known:
            story = held.get(tag_of_key(key))
            answers.append("new" if story is None else "same" if story[0][1].body == body else "changed")
        return answers

    def view(self, ledger: str) -> View:
        """States as of now, for callers that only look."""
        desk = self.desk(ledger)
        desk.recorder.committer.catch_up()
        return Sight(desk.states)

    def _empty_vault(self, ledger: str, answers: Sequence[Outcome | NuanlinError]) -> None:
        """Words are destroyed before the answer to an erasure or a correction is given.

        Raises Unusable `erasure_pending` where that cannot be done now: the fact stands, the followers go on trying, and
        a repetition under the same key tries too.
        """
        if any(isinstance(one, Outcome) and one.facts and type(one.facts[-1]) in DESTROYING for one in answers):
            failing: tuple[type[Exception], ...] = (*driver_errors(), OSError)
            try:
                self.eraser.catch_up(ledger)
            except failing as error:
                raise Unusable("erasure_pending") from error

    # ---- one attempt after another -------------------------------------------------------------------------------

    def _serve(self, desk: Desk, jobs: list[Job]) -> None:
        """Everybody who waits in line: decided in order on one sight, written in one append.

        Deciding together spares the threads from fighting for the interpreter, and commands over the same tags from
        conflicting with each other. A version that somebody wants unmoved would make all the others fail with it, so
        such commands are served by themselves; so is everybody where the batch as a whole failed.
        """
        together = [job for job in jobs if job.unmoved is None]
        first = first_of_each_key(together)
        batch = list(first.values())
        try:
            self._run(desk, batch, ask_first=False)
        except Exception as error:  # noqa: BLE001  # handed to the caller, or tried again alone
            if len(batch) == 1:
                batch[0].failure = told_plainly(error)
            else:
                self._serve_one_by_one(desk, batch)
        for job in together:
            if job is not first[job.key]:
                job.failure = first[job.key].failure
                job.outcome = answer_of(job, first[job.key])
        for job in jobs:
            if job.unmoved is not None:
                self._serve_alone(desk, job)

    def _serve_one_by_one(self, desk: Desk, batch: list[Job]) -> None:
        """After a failure of the whole batch. Its commit may have been made all the same, and only the answer lost."""
        for job in batch:
            if not job.settled:
                job.outcome = None
        with suppress(*driver_errors()):
            self.answer_repeated(desk, [job for job in batch if not job.settled], also_unkeyed=True)
        for job in batch:
            if not job.settled:
                self._serve_alone(desk, job)

    def _serve_alone(self, desk: Desk, job: Job) -> None:
        job.outcome = None
        try:
            self._run(desk, [job], ask_first=False)
        except Exception as error:  # noqa: BLE001  # handed to the caller who waits
            job.failure = told_plainly(error)

    def _run(self, desk: Desk, jobs: list[Job], *, ask_first: bool) -> None:
        if ask_first:
            desk.recorder.committer.catch_up()
            self.answer_repeated(desk, jobs)
        for _ in range(_TRIES):
            open_jobs = [job for job in jobs if not job.settled]
            if not open_jobs:
                break
            try:
                self._attempt(desk, open_jobs)
            except IntegrityError:
                # Without a key of the caller's too: its commit may have been made and only the answer lost.
                self.answer_repeated(desk, open_jobs, also_unkeyed=True)
                desk.recorder.committer.catch_up()
                self._refuse_moved(desk, open_jobs)
                continue
            failed = [job for job in open_jobs if isinstance(job.outcome, NuanlinError)]
            if failed and not ask_first:
                self.answer_repeated(desk, failed)
                self._refuse_moved(desk, failed)
                if all(isinstance(job.outcome, NuanlinError) for job in failed) and desk.recorder.committer.catch_up():
                    continue
            break

    def _attempt(self, desk: Desk, jobs: list[Job]) -> None:
        """Decide every job on one consistent sight, keep the words, append the facts of those that are legal."""
        seen = desk.recorder.committer.seen
        now_at = self.clock()
        if len(jobs) == 1:
            sight: Sight | Glance = Glance(desk.states)
            drafts, decided = self.decide_all(sight, jobs, now_at, desk.recorder.ledger)
        else:
            with desk.states.reading() as reader:
                sight = Sight(desk.states, reader)
                drafts, decided = self.decide_all(sight, jobs, now_at, desk.recorder.ledger)
        if not drafts:
            return
        # A second try finds its words kept already.
        fresh = [job for job, _, _ in decided if not job.kept]
        try:
            self.vault.keep(desk.recorder.ledger, [job.sealed for job in fresh if job.sealed], at=now_at)
        except Refused:
            # Somebody was erased since this was decided: what the journal says now decides again, and refuses by itself.
            desk.recorder.committer.catch_up()
            if desk.recorder.committer.seen == seen:
                raise
            raise IntegrityError("erased since") from None
        for job in fresh:
            job.kept = True
        unless = [(tag, seen) for tag in sight.tags]
        unless += [(job.key_tag, 0) for job, _, _ in decided]
        unless += [job.unmoved for job, _, _ in decided if job.unmoved is not None]
        append = Append(drafts, now_at, unless)
        if isinstance(sight, Sight):
            append.ahead = sight.ahead
        end = desk.recorder.committer.submit(append)
        for job, facts, upto in decided:
            job.outcome = Outcome(end - len(drafts) + upto, tuple(facts))

    def decide_all(
        self, sight: Sight | Glance, jobs: list[Job], now_at: int, ledger: str
    ) -> tuple[list[Draft], list[tuple[Job, list[Fact], int]]]:
        """The drafts of all legal jobs; each job with its facts and where its drafts end. The others get their error."""
        drafts: list[Draft] = []
        decided: list[tuple[Job, list[Fact], int]] = []
        for job in jobs:
            try:
                facts, envelope = self._decide(sight, job, now_at, ledger)
            except NuanlinError as error:
                job.outcome = error
                continue
            job.outcome = None
            for happened in facts:
                tags = (*tags_of(happened), job.key_tag)
                name, data = self.codec.encode(envelope(), happened)
                drafts.append(Draft(name, data, tags, envelope.last, happened))
                if isinstance(sight, Sight):
                    sight.add(happened, tags[:-1])  # nobody has a state for a key
            decided.append((job, facts, len(drafts)))
        return drafts, decided

    def _decide(self, sight: View, job: Job, now_at: int, ledger: str) -> tuple[list[Fact], Envelopes]:
        command, actor = job.command, job.actor
        opened = sight.state(Opening, "ledger")
        if opened.opened is None:
            if not isinstance(command, OpenLedger):
                raise NotFound("no_such_ledger", ledger=ledger)
            zone, role, behalf = command.zone or DEFAULT_ZONE, "operator", None
            if actor.id != OPERATOR:
                raise NotYours("only_the_operator_opens")
        else:
            zone = opened.opened.zone
            role, behalf = authorise(sight, job.rule.right, command, actor)
        if isinstance(command, CorrectDetails):
            self._check_phone(sight, ledger, command, role)
        words = getattr(command, "words", None)
        if words is not None and job.sealed is None:
            subject = command.words_about()
            check_words(sight, subject)
            job.sealed = self.vault.seal(ledger, subject, words)
        elif job.sealed is not None:
            check_words(sight, job.sealed.subject)
        scene = Scene(
            now_at=now_at,
            today=day_of(now_at, zone),
            zone=zone,
            actor=actor.id,
            role=role,
            behalf=behalf,
            sealed=job.sealed.commitment if job.sealed else "",
        )
        checked = command.checked(partial(self.vault.blind, ledger), now_at)
        facts = job.rule.decide(sight, checked, scene)
        return facts, Envelopes(now_at, actor.id, role, behalf, job.key, job.body)

    def _check_phone(self, sight: View, ledger: str, command: CorrectDetails, role: str) -> None:
        """Nobody but who keeps the register names a new phone that is not proved; raises Refused `phone_unproved`."""
        if role in KEEPERS or command.proof == "code" or not command.words.phone:
            return
        before = sight.state(Details, command.member_id).words
        held = str(self.vault.read(ledger, [before]).get(before, {}).get("phone", ""))
        if plain(held) != plain(command.words.phone):
            raise Refused("phone_unproved", field="words.phone")

    def _refuse_moved(self, desk: Desk, jobs: Sequence[Job]) -> None:
        """Answer jobs whose caller has not seen the last fact of a tag, whatever the decision itself would have said."""
        for job in jobs:
            if job.unmoved is not None and not job.settled:
                tag, seen = job.unmoved
                if last_position(self.database, desk.recorder.ledger, tag) != seen:
                    job.outcome = Conflict("version_moved")

    def answer_repeated(self, desk: Desk, jobs: Sequence[Job], *, also_unkeyed: bool = False) -> None:
        """Give the first answer to jobs whose key the journal already holds."""
        keyed = [job for job in jobs if job.fixed_key or also_unkeyed]
        by_tag = {job.key_tag: job for job in keyed}
        for tag, story in self._stories(desk, list(by_tag)).items():
            job = by_tag[tag]
            if story[0][1].body != job.body:
                job.outcome = Conflict("key_reused")
            else:
                job.outcome = Outcome(story[-1][0], tuple(one[2] for one in story), repeated=job.fixed_key)

    def _stories(self, desk: Desk, tags: Sequence[str]) -> dict[str, list[tuple[int, Envelope, Fact]]]:
        """What the journal holds under these tags of keys: each one's facts in order, with their positions."""
        found: dict[str, list[tuple[int, Envelope, Fact]]] = {}
        for start in range(0, len(tags), 200):
            with self.database.reading() as cursor:
                rows = rows_with_tags(self.database, cursor, desk.recorder.ledger, tags[start : start + 200])
            for position, kind, told, data in rows:
                envelope, happened = self.codec.decode(kind, bytes(data))
                found.setdefault(told.rpartition("\n")[2], []).append((int(position), envelope, happened))
        return found
