"""Whether the words that events commit to are still there, or were destroyed as they should be: never simply lost."""

from __future__ import annotations

import re

from ledger.audit.replay import raw_rows
from ledger.audit.report import Report
from ledger.journal.sql import Database
from ledger.vault import Vault

WORDS, ERASED = "words", "erased"
_COMMITMENT = re.compile(rb'"words":"([A-Za-z0-9_-]{43})"')


def check_words(database: Database, vault: Vault, ledger: str, report: Report) -> bool:
    """Every commitment's words are kept in the vault or erased by a fact; false where this vault holds none of them at all.

    Then it is another installation's journal, or a copy without its vault, and nothing can be said. What a document
    says is not looked at: opening it would fail where it is not what the event commits to.
    """
    known, lost = 0, Report()
    with database.reading() as cursor:
        for rows in raw_rows(database, cursor, ledger):
            found = [(row[0], match[1].decode()) for row in rows if (match := _COMMITMENT.search(row[4]))]
            states = vault.state_of(ledger, [commitment for _, commitment in found])
            lost.count(WORDS, len(found))
            for position, commitment in found:
                if states[commitment] == "unknown":
                    lost.find(position, WORDS, "words_lost")
                else:
                    known += 1
                    lost.count(ERASED, int(states[commitment] == "erased"))
    if not known:
        return lost.ok
    report.take(lost)
    return True
