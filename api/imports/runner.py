"""`run_import`: a sheet into the ledger, in batches, resumable and idempotent; bad rows never stop good ones.

Every row is one command whose key is the row's identity and whose body is its content: the same file twice adds
nothing, an interrupted import goes on where it was, and a row that was changed since is refused, not booked twice.
"""

from __future__ import annotations

import itertools
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.imports.cast import Cast
from api.imports.columns import ColumnUnderstanding
from api.imports.commands import TAKEN_WHERE_UNSAID, Translator
from api.imports.mapping import Mapping, load_map
from api.imports.plan import Plan, plan
from api.imports.reading import ReadRow, Refusal, RefusedRow, walk
from api.imports.reasons import explain
from api.imports.report import write_report
from api.store import Store
from api.texts import known, text
from ledger.application import OPERATOR, Actor, Order, Outcome
from ledger.base import Command
from ledger.clock import DEFAULT_ZONE, day_of
from ledger.errors import Conflict, NuanlinError, Refused
from ledger.funds.commands import OpenFund
from ledger.jobs import Recalled
from ledger.parties.commands import FormTeam, RegisterMember, RegisterUnit
from ledger.places.commands import AddPlace, OpenLedger
from ledger.rehearsal import Rehearsal
from projections.books import queries_people

BATCH = 400
"""Rows decided and committed together: enough that a commit costs little, few enough that a kill loses little work."""

_FIELD_OF = {
    "daily_cap_exceeded": "minutes", "sessions_overlap": "start", "implausible_date": "date",
    "absurd_quantity": "quantity", "absurd_amount": "amount_fen", "no_such_item": "item", "no_such_fund": "fund",
    "fund_missing": "fund", "over_ceiling": "value_fen", "number_taken": "number", "bad_number": "number",
    "number_is_phone": "number", "number_is_id_card": "number", "self_verification": "verifier",
    "ambiguous_name": "name", "no_such_member": "name", "insufficient_fund": "amount_fen",
    "claimant_missing": "claimant", "bad_item": "item", "ambiguous_place": "place", "no_such_place": "place",
    "no_such_unit": "unit", "no_such_team": "claimant", "bad_score": "score", "outcome_disagrees": "outcome",
    "not_in_committee": "approver", "proposer_is_approver": "approver", "payer_is_proposer": "payer",
    "payer_is_approver": "payer", "session_in_future": "date", "changed_since_import": "ref",
    "own_request": "claimant", "bad_category": "category", "not_positive": "quantity",
}  # fmt: skip
"""Where a person should look first, for refusals that come from the ledger's rules."""

_NEWCOMERS: dict[type[Command], str] = {
    RegisterMember: "member", RegisterUnit: "unit", FormTeam: "team", AddPlace: "place", OpenFund: "fund",
}  # fmt: skip


@dataclass(slots=True)
class ImportResult:
    """What an import came to. `refused`: (row, column heading, reason code), rows as the sheet numbers them.

    `assumed`: (field, value) of what no column and no constant says, so that every row is taken to mean it.
    `brings`: how many members, units, teams, places and funds the rows bring along; the rows themselves not counted.
    """

    read: int = 0
    imported: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    columns: list[ColumnUnderstanding] = field(default_factory=list)
    report: str | None = None
    assumed: list[tuple[str, str]] = field(default_factory=list)
    brings: dict[str, int] = field(default_factory=dict)


def run_import(
    store: Store,
    ledger: str,
    kind: str,
    path: Path,
    map_path: Path | None,
    *,
    dry_run: bool,
    actor: Actor,
    progress: Callable[[int, int | None], None] = lambda _done, _total: None,
    report: Path | None = None,
    language: str = "zh",
) -> ImportResult:
    """Read a sheet and enter its rows; nothing is written where `dry_run`. A ledger that has not begun begins here.

    Raises SheetError and MapError for what concerns the file as a whole, and NuanlinError where the store cannot be
    used. A report of refused rows is written beside the sheet (or to `report`), to be mended and imported again.
    """
    mapping = load_map(map_path) if map_path is not None else None
    info = queries_people.ledger_info(store.database, ledger)
    zone = str(info["zone"]) if info else DEFAULT_ZONE
    secret = store.vault.blind(ledger, "import", b"").encode()
    told = plan(path, kind, mapping, today=day_of(store.clock(), zone), key=secret)
    if info is None and not dry_run:
        _begin(store, ledger)
    run = _Run(store, ledger, kind, told, mapping or Mapping(), zone, actor, dry_run=dry_run)
    run.go(progress)
    result = run.result
    if run.refusals and not dry_run:
        fresh = report or path.with_name(f".{path.stem}.refused.part")
        write_report(fresh, told, lambda code: reason(code, language), run.refusals, language=language)
        if report is None:
            shutil.copymode(path, fresh)  # what was only for some to read stays so
            fresh = _beside(path, fresh)
        result.report = str(fresh)
    return result


def _beside(sheet: Path, fresh: Path) -> Path:
    """Put a report in its place beside the sheet; one that is there already may have been mended and is never written over."""
    for number in itertools.count(1):
        target = sheet.with_name(f"{sheet.stem}.refused{'' if number == 1 else f'-{number}'}.csv")
        if not target.exists() or target.read_bytes() == fresh.read_bytes():
            return fresh.replace(target)
    raise AssertionError("numbers do not end")


def _begin(store: Store, ledger: str) -> None:
    """Begin the ledger under its slug, now that the file is known to be readable; another process may have been first."""
    try:
        store.application.execute(ledger, OpenLedger(name=ledger), actor=Actor(OPERATOR))
    except Conflict as error:
        if error.code != "ledger_open":
            raise


def reason(code: str, language: str) -> str:
    """The words for a refusal, whichever room it comes from."""
    key = f"errors.{code}"
    return text(language, key) if known(language, key) else explain(code, language)


class _Run:
    """One file under way."""

    def __init__(
        self,
        store: Store,
        ledger: str,
        kind: str,
        told: Plan,
        mapping: Mapping,
        zone: str,
        actor: Actor,
        *,
        dry_run: bool,
    ) -> None:
        self._kind, self._told, self._actor = kind, told, actor
        rehearsal = Rehearsal(store.application, ledger, actor) if dry_run else None
        self._write: Callable[[list[Order]], list[Outcome | NuanlinError]] = (
            rehearsal.execute_many
            if rehearsal is not None
            else lambda orders: store.application.execute_many(ledger, orders, actor=actor)
        )
        self._recall: Callable[[Sequence[tuple[str, bytes]]], list[Recalled]] = (
            rehearsal.recall if rehearsal is not None else lambda rows: store.application.recall(ledger, rows)
        )
        nobody = not queries_people.members(store.database, ledger, limit=1).rows
        self._cast = Cast(store, ledger, mapping.create, empty_register=nobody)
        self._translator = Translator(self._cast, zone, self._items_by_fund() if "item" in told.kind.fields else {})
        self._brought: Counter[str] = Counter()
        self.result = ImportResult(columns=told.columns, assumed=self._assumed(mapping))
        self.refusals: list[Refusal] = []

    def _assumed(self, mapping: Mapping) -> list[tuple[str, str]]:
        """What rows are taken to mean where neither a column nor the map says it."""
        fields = self._told.kind.fields
        defaults = {name: str(told.default) for name, told in fields.items() if told.default is not None}
        defaults |= TAKEN_WHERE_UNSAID.get(self._kind, {})
        if "fund" in fields and (fund := self._cast.assumed_fund()):
            defaults["fund"] = fund
        return [
            (name, defaults[name])
            for name in fields
            if name in defaults and name not in mapping.constants and self._told.column_of(name) is None
        ]

    def _items_by_fund(self) -> dict[str | None, set[str]]:
        """The service items a file of donations or spendings names, per fund: a new fund is opened with all of them."""
        found: dict[str | None, set[str]] = {}
        if self._kind in ("donations", "spendings"):
            for row in walk(self._told):
                if isinstance(row, ReadRow) and row.values.get("item"):
                    fund = row.values.get("fund")
                    found.setdefault(str(fund) if fund else None, set()).add(str(row.values["item"]))
        return found

    def go(self, progress: Callable[[int, int | None], None]) -> None:
        """Every row, in batches."""
        waiting: list[ReadRow] = []
        done = 0
        for row in walk(self._told):
            done += 1
            if isinstance(row, ReadRow):
                self.result.read += 1
                waiting.append(row)
                if len(waiting) >= BATCH:
                    self._enter(waiting)
                    waiting = []
                    progress(done, self._told.total)
            elif isinstance(row, RefusedRow):
                self.result.read += 1
                for refusal in row.refusals:
                    self._refuse(refusal)
            elif row.why == "duplicate":
                self.result.read += 1
                self.result.unchanged += 1
        if waiting:
            self._enter(waiting)
        self.result.refused.sort(key=lambda one: one[0])
        self.result.brings = {kind: self._brought[kind] for kind in _NEWCOMERS.values() if self._brought[kind]}
        progress(done, self._told.total)

    def _enter(self, rows: list[ReadRow], *, again: bool = True) -> None:
        """One batch: first those it brings along, then its rows, all in one commit.

        Where another import brought the same newcomers in the meantime, refused rows have a second try under their ids.
        """
        orders: list[tuple[Order, ReadRow | None]] = []
        for row in self._new_ones(rows):
            try:
                command = self._translator.command(self._kind, dict(row.values))
            except Refused as refusal:
                self._cast.drop_pending()
                self._refuse_row(row, refusal)
                continue
            orders += [(order, None) for order in self._cast.take_pending()]
            key, body = self._key_and_body(row)
            orders.append((Order(command, key, body=body), row))
        outcomes = self._write([order for order, _ in orders]) if orders else []
        refused: list[tuple[ReadRow, NuanlinError]] = []
        set_right = False
        for (order, entered), outcome in zip(orders, outcomes, strict=True):
            if entered is None:
                if isinstance(outcome, NuanlinError):
                    self._cast.set_right(order.command, ())
                elif outcome.repeated and outcome.facts:
                    self._cast.set_right(order.command, outcome.facts)
                    set_right = True
                elif not outcome.repeated:
                    self._brought[_NEWCOMERS[type(order.command)]] += 1
            elif isinstance(outcome, NuanlinError):
                refused.append((entered, outcome))
                if isinstance(order.command, RegisterMember):
                    self._cast.set_right(order.command, ())
            elif outcome.repeated:
                self.result.unchanged += 1
            else:
                self.result.imported += 1
        if set_right and again and refused:
            self._enter([row for row, _ in refused], again=False)
            return
        for row, error in refused:
            self._refuse_row(row, error)

    def _key_and_body(self, row: ReadRow) -> tuple[str, bytes]:
        return f"import:{self._kind}:{row.identity}", row.content.encode()

    def _new_ones(self, rows: list[ReadRow]) -> list[ReadRow]:
        """The rows the journal does not hold yet. The others are counted or refused here, and bring nobody along."""
        new: list[ReadRow] = []
        for row, recalled in zip(rows, self._recall([self._key_and_body(row) for row in rows]), strict=True):
            if recalled == "new":
                new.append(row)
            elif recalled == "same":
                self.result.unchanged += 1
            else:
                rests_on = next((name for name in self._told.kind.identity if name in row.values), None)
                self._refuse_row(row, Conflict("key_reused", field=rests_on))
        return new

    def _refuse_row(self, row: ReadRow, error: NuanlinError) -> None:
        code = "changed_since_import" if error.code == "key_reused" else error.code
        fields = self._told.kind.fields
        name = next((one for one in (error.details.get("field"), _FIELD_OF.get(code)) if one in fields), None)
        column = self._told.heading_for(name) if isinstance(name, str) else ""
        self._refuse(Refusal(row.number, column, code))

    def _refuse(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)
        self.result.refused.append((refusal.row, refusal.column, refusal.code))
