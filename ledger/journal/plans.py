"""What SQLite is told of its tables, so that it finds rows by the index that fits: the same in every file, from the first day.

Every key begins with the ledger, which names all rows of most files. Without statistics SQLite takes it for a good filter and
reads a whole table by its key where an index would name ten rows. `ANALYZE` would count; but what it counts changes with
the file, and a plan that is good in the morning is another one in the evening. So the figures are declared: a million rows,
all of one ledger; words of a short list leave a fifth, anything else a hundredth of a thousandth.
"""

from __future__ import annotations

from ledger.journal.sql import Cursor, Database

_ROWS = 1_000_000
_COARSE = frozenset({"status", "kind", "role", "measure", "period", "priority", "done", "what"})
"""Columns that hold one of a few words."""
_COARSE_SHARE, _FINE_SHARE = 5, 100_000


def teach(database: Database) -> bool:
    """Tell SQLite how many rows stand behind the beginnings of each index; gives whether anything was new to it.

    Safe to repeat, and nothing is written where nothing is new. PostgreSQL counts by itself.
    """
    if not database.is_sqlite:
        return False
    with database.writing() as cursor:
        wanted = sorted(_told(cursor))
        cursor.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'")
        made = cursor.fetchone()
        if made and made[0]:
            cursor.execute("SELECT tbl, idx, stat FROM sqlite_stat1 WHERE idx IS NOT NULL ORDER BY tbl, idx, stat")
            if [tuple(row) for row in cursor.fetchall()] == wanted:
                return False
        cursor.execute("ANALYZE sqlite_schema")
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", wanted)
        # Read what was just written, here and in every connection that opens the file from now on.
        cursor.execute("ANALYZE sqlite_schema")
    return True


def _told(cursor: Cursor) -> list[tuple[str, str, str]]:
    """Table, index and figures of every index that begins with the ledger."""
    found: list[tuple[str, str, str]] = []
    cursor.execute("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    for table, without_rowid in cursor.fetchall():
        cursor.execute('SELECT name, "unique", origin FROM pragma_index_list(?)', (table,))
        for index, unique, origin in cursor.fetchall():
            cursor.execute("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (index,))
            columns = [str(row[0]) for row in cursor.fetchall()]
            if columns[0] == "ledger":
                # A table that is its own key is known to the planner by the table's name.
                known_as = table if origin == "pk" and without_rowid else index
                found.append((str(table), str(known_as), _figures(columns, whole=bool(unique))))
    return found


def _figures(columns: list[str], *, whole: bool) -> str:
    """Rows in all, and behind each beginning of the index; one behind all of a key."""
    left = [_ROWS, _ROWS]
    for column in columns[1:]:
        left.append(max(1, left[-1] // (_COARSE_SHARE if column in _COARSE else _FINE_SHARE)))
    if whole:
        left[-1] = 1
    return " ".join(str(one) for one in left)
