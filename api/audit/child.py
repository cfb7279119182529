"""The process that does an auditor's longer work: `python -m api.audit.child`, its task as JSON on standard input.

It reads one consistent state of the database, writes nothing but its result (a bundle seals first, as `write_bundle`
says), and leaves the server the processor. How far it is stands in the folder of the task, see `api.audit.jobs`.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import msgspec

from api.aside import write_file
from api.audit.bundle import write_bundle
from api.audit.jobs import State, Task, Wanted, write_state
from api.audit.results import (
    BUNDLE,
    COUNTED,
    FINDINGS,
    HEADS,
    SAMPLE,
    SHEETS,
    TRIAL,
    Bundle,
    Check,
    Drawn,
    Findings,
    Found,
)
from api.routes.preview import PreviewQuery, previewed
from api.sampling.documents import KnownRoot, sample_document
from api.sampling.pages import sample_page, warning_of
from api.sampling.sheets import checks_of, sheets_of, strata_of
from api.sampling.telling import Teller
from api.sampling.wording import Words, ids_of
from api.settings import Settings
from api.store import Store
from api.texts import LANGUAGES
from ledger.audit.findings import CHECKS, findings_of
from ledger.audit.sampling import Plan, draw, population, root_in, seed_of
from ledger.audit.stories import stories_of
from ledger.audit.stream import head_of, introductions, zone_of
from ledger.errors import NuanlinError
from projections.asof.past import past_at
from projections.asof.steps import steps_of
from projections.books.queries import ledger_info

_GENTLE = 10
"""How much the server comes first."""


def _name(store: Store, ledger: str) -> str:
    info = ledger_info(store.database, ledger)
    return str(info["name"]) if info else ""


def count(task: Task, store: Store) -> None:
    """Every step of members, requests and the head of the rankings."""
    store.catch_up(task.ledger)
    past = past_at(store.database, store.codec.decode, task.ledger)
    steps = steps_of(past, tuple(HEADS), max(HEADS.values()))
    write_file(Path(task.folder) / COUNTED, msgspec.msgpack.encode(steps))


def check(task: Task, store: Store) -> None:
    """What the standing checks find, in the words of each language."""
    names = list(CHECKS)
    with store.database.reading() as cursor:
        given = (store.database, cursor, store.codec, task.ledger)
        upto = head_of(store.database, cursor, task.ledger)
        hints = findings_of(*given, upto=upto, names=names)
        known = introductions(*given, {one for hint in hints for one in ids_of(hint)})
        zone = zone_of(*given)
    tellers = {lang: Words(Teller(store, task.ledger, lang, zone, known)) for lang in LANGUAGES}
    sheets = {lang: checks_of(hints, names, {}, words) for lang, words in tellers.items()}
    checks = [
        Check(
            name, sheets["zh"][i].options,
            [
                Found({lang: words.what(hint) for lang, words in tellers.items()}, list(hint.positions), hint.count)
                for hint in hints
                if hint.check == name
            ],
        )
        for i, name in enumerate(names)
    ]  # fmt: skip
    found = Findings(position=upto, at=store.clock(), checks=checks)
    write_file(Path(task.folder) / FINDINGS, msgspec.json.encode(found))


def sample(task: Task, store: Store) -> None:
    """A sample with its sheets to print, as one document for programs, and as the pages show it."""
    wanted, folder = task.wanted, Path(task.folder)
    assert wanted is not None, "a sample is asked for in words"
    root = known_root(store, task.ledger, wanted.seed)
    plan = plan_of(wanted)
    with store.database.reading() as cursor:
        given = (store.database, cursor, store.codec, task.ledger)
        drawn = draw(population(*given, plan), task.ledger, plan)
        told = stories_of(*given, [one.position for one in drawn.chosen], upto=plan.upto)
    for lang in LANGUAGES:
        teller = Teller(store, task.ledger, lang, told.zone, told.known)
        teller.look_up_words(line.event for story in told.stories for line in story.lines)
        strata, sheets = strata_of(drawn, teller), sheets_of(drawn, told, teller)
        page = sample_page(drawn, _name(store, task.ledger), strata, sheets, teller, root)
        (folder / SAMPLE.format(lang=lang, ending="html")).write_text(page, encoding="utf-8")
        document = sample_document(drawn, told, teller, root)
        write_file(folder / SAMPLE.format(lang=lang, ending="json"), msgspec.json.format(msgspec.json.encode(document)))
        shown = Drawn(
            seed=plan.seed, first=plan.first, upto=plan.upto, at=store.clock(), covers=root.size if root else 0,
            warning=warning_of(root, plan.upto, teller), population=sum(one.count for one in drawn.strata),
            strata=strata, sheets=sheets,
        )  # fmt: skip
        write_file(folder / SHEETS.format(lang=lang), msgspec.json.encode(shown))


def plan_of(wanted: Wanted) -> Plan:
    """The plan of a sample that was asked for; raises Refused `bad_seed`."""
    seed = seed_of(wanted.seed, wanted.dice)
    return Plan(seed=seed, size=wanted.size, first=wanted.first, upto=wanted.upto, unit=wanted.unit)


def known_root(store: Store, ledger: str, seed: str) -> KnownRoot | None:
    """The checkpoint of this store whose root the seed is, if there is one."""
    root = root_in(seed.strip())
    found = next((one for one in store.seals.listed(ledger) if one.root == root), None) if root else None
    return None if found is None else KnownRoot(found.size, found.at)


def bundle(task: Task, store: Store) -> None:
    """The whole ledger with its seals in one file, and what is in it."""
    folder = Path(task.folder)

    def progress(done: int, total: int | None) -> None:
        write_state(folder, State(status="running", began_at=began, done=done, total=total))

    began = store.clock()
    made = write_bundle(store, task.ledger, folder / f"{BUNDLE}.zip", progress=progress)
    size = (folder / f"{BUNDLE}.zip").stat().st_size
    told = Bundle(
        position=made.position, root=made.root, vkey=made.vkey, warnings=made.warnings, bytes=size, at=store.clock()
    )  # fmt: skip
    write_file(folder / f"{BUNDLE}.json", msgspec.json.encode(told))


def trial(task: Task, store: Store) -> None:
    """What another value of a rule would have changed."""
    wanted = task.trial
    assert wanted is not None, "a trial is asked for in words"
    query = PreviewQuery(name=wanted.name, value=wanted.value, from_day=wanted.first, until_day=wanted.last)
    found = previewed(store, task.ledger, query)
    write_file(Path(task.folder) / TRIAL, msgspec.json.encode(found))


_WORK = {"counting": count, "findings": check, "sample": sample, "bundle": bundle, "trial": trial}


def main() -> None:
    """One task from standard input."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    folder = Path(task.folder)
    with contextlib.suppress(OSError):
        os.nice(_GENTLE)
    began = 0
    try:
        with Store.open(Settings(**task.settings)) as store:
            began = store.clock()
            _WORK[task.kind](task, store)
        write_state(folder, State(status="done", began_at=began))
    except NuanlinError as problem:
        details = {name: str(value)[:200] for name, value in problem.details.items()}
        write_state(folder, State(status="failed", began_at=began, code=problem.code, details=details))


if __name__ == "__main__":
    main()
