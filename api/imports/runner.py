"""`run_import`: a sheet into the ledger, in batches, resumable and idempotent; bad rows never stop good ones.

Every row is one command whose key is the row's identity and whose body is its content: the same file twice adds
nothing, an interrupted import goes on where it was, and a row that was changed since is refused, not booked twice.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from api.imports.cast import Cast
from api.imports.columns import ColumnUnderstanding
from api.imports.commands import Translator
from api.imports.mapping import Mapping, load_map
from api.imports.plan import Plan, plan
from api.imports.reading import ReadRow, Refusal, RefusedRow, walk
from api.imports.reasons import explain
from api.imports.report import write_report
from api.store import Store
from api.texts import known, text
from ledger.application import OPERATOR, Actor, Order, Outcome
from ledger.clock import DEFAULT_ZONE, day_of
from ledger.errors import Conflict, NuanlinError, Refused
from ledger.places.commands import OpenLedger
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


@dataclass(slots=True)
class ImportResult:
    """What an import came to. `refused`: (row, column heading, reason code), rows as the sheet numbers them."""

    read: int = 0
    imported: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    columns: list[ColumnUnderstanding] = field(default_factory=list)
    report: str | None = None


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
        nobody = not queries_people.members(store.database, ledger, limit=1).rows
        self._cast = Cast(store, ledger, mapping.create, empty_register=nobody)
        self._translator = Translator(self._cast, zone, self._items_by_fund() if "item" in told.kind.fields else {})
        self.result = ImportResult(columns=told.columns)
        self.refusals: list[Refusal] = []

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
        progress(done, self._told.total)

    def _enter(self, rows: list[ReadRow], *, again: bool = True) -> None:
        """One batch: first those it brings along, then its rows, all in one commit.

        Where another import brought the same newcomers in the meantime, refused rows have a second try under their ids.
        """
        orders: list[tuple[Order, ReadRow | None]] = []
        for row in rows:
            try:
                command = self._translator.command(self._kind, dict(row.values))
            except Refused as refusal:
                self._cast.drop_pending()
                self._refuse_row(row, refusal)
                continue
            orders += [(order, None) for order in self._cast.take_pending()]
            key = f"import:{self._kind}:{row.identity}"
            orders.append((Order(command, key, body=row.content.encode()), row))
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
            elif isinstance(outcome, NuanlinError):
                refused.append((entered, outcome))
            elif outcome.repeated:
                self.result.unchanged += 1
            else:
                self.result.imported += 1
        if set_right and again and refused:
            self._enter([row for row, _ in refused], again=False)
            return
        for row, error in refused:
            self._refuse_row(row, error)

    def _refuse_row(self, row: ReadRow, error: NuanlinError) -> None:
        code = "changed_since_import" if error.code == "key_reused" else error.code
        wanted = error.details.get("field") if isinstance(error.details.get("field"), str) else _FIELD_OF.get(code)
        name = wanted if isinstance(wanted, str) and wanted in self._told.kind.fields else None
        column = self._told.heading_for(name) if name else ""
        self._refuse(Refusal(row.number, column, code))

    def _refuse(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)
        self.result.refused.append((refusal.row, refusal.column, refusal.code))
