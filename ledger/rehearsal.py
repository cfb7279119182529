"""Decisions without writing: what an import would do."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.actors import OPERATOR, Actor
from ledger.application import Application, Job, Order, Outcome
from ledger.errors import Conflict, NuanlinError
from ledger.jobs import Recalled, blinded
from ledger.places.commands import OpenLedger
from ledger.places.state import Opening
from ledger.states import Sight


class Rehearsal:
    """Decides like `execute_many` and writes nothing: for previews. Later batches see what earlier ones would have done."""

    def __init__(self, application: Application, ledger: str, actor: Actor) -> None:
        self._application, self._ledger, self._actor = application, ledger, actor
        self._desk = application.desk(ledger)
        self._desk.recorder.committer.catch_up()
        self._sight = Sight(self._desk.states)
        self._met: dict[str, str] = {}
        if self._sight.state(Opening, "ledger").opened is None:
            self.execute_many([Order(OpenLedger(name=ledger))], Actor(OPERATOR))

    def execute_many(self, orders: Sequence[Order], actor: Actor | None = None) -> list[Outcome | NuanlinError]:
        """What `execute_many` would answer; positions are 0 for what is not written."""
        app = self._application
        by = actor or self._actor
        jobs = [Job(app.vault, self._ledger, order, by) for order in orders]
        app.answer_repeated(self._desk, jobs)
        for job in jobs:
            if job.outcome is not None:
                continue
            if job.key in self._met:
                same = self._met[job.key] == job.body
                job.outcome = Outcome(0, (), repeated=True) if same else Conflict("key_reused")
                continue
            _, decided = app.decide_all(self._sight, [job], app.clock(), self._ledger)
            for _, facts, _ in decided:
                self._met[job.key] = job.body
                job.outcome = Outcome(0, tuple(facts))
        return [job.outcome for job in jobs if job.outcome is not None]

    def recall(self, rows: Sequence[tuple[str, bytes]]) -> list[Recalled]:
        """What `Application.recall` would answer had the batches before been written."""
        answers = self._application.recall(self._ledger, rows)
        for place, (key, body) in enumerate(rows):
            blind_key, blind_body = blinded(self._application.vault, self._ledger, key, body)
            if answers[place] == "new" and blind_key in self._met:
                answers[place] = "same" if self._met[blind_key] == blind_body else "changed"
        return answers
