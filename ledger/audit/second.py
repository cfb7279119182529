"""The second roots that checkpoints name (`sm3 …`, docs/seals.md): made anew from the events, as the first are."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.audit.replay import raw_rows
from ledger.audit.report import Report
from ledger.audit.sealed import CHECKPOINTS, Kept
from ledger.errors import Refused
from ledger.journal.sql import Cursor, Database
from ledger.seal.leaf import leaf_of
from ledger.seal.merkle import SM3, Frontier
from ledger.seal.notes import checkpoint_of, split_note, to_base64

_MARK = f"{SM3.name} "


def check_second_roots(database: Database, cursor: Cursor, ledger: str, kept: Sequence[Kept], report: Report) -> None:
    """A checkpoint names at most one second root, and it is that of the events; nothing is read where none is named."""
    named: list[tuple[int, int, list[str]]] = []
    for one in kept:
        try:
            checkpoint = checkpoint_of(split_note(one.note)[0])
        except Refused:
            continue  # Found by the check of signatures.
        lines = [line for line in checkpoint.extensions if line.startswith(_MARK)]
        if lines:
            named.append((checkpoint.size, one.size, lines))
    if not named:
        return
    report.count(CHECKPOINTS, len(named))
    roots = _roots(database, cursor, ledger, {size for size, _, _ in named})
    for size, row, lines in named:
        if lines != [roots.get(size)]:
            report.find(row, CHECKPOINTS, "second_root_differs", size=size)


def _roots(database: Database, cursor: Cursor, ledger: str, sizes: set[int]) -> dict[int, str]:
    """The lines that belong into the checkpoints of these sizes."""
    tree, roots = Frontier(hashing=SM3), {}
    for rows in raw_rows(database, cursor, ledger, max(sizes)):
        for position, _, name, tags, data in rows:
            tree.append(SM3.leaf(leaf_of(position, name, tags, bytes(data))))
            if tree.size in sizes:
                roots[tree.size] = _MARK + to_base64(tree.root())
    return roots
