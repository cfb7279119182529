"""A process that says what a journal comes to: `python -m tests.ledger.audit.digest_of FILE LEDGER VKEY`."""

from __future__ import annotations

import json
import sys

from ledger.audit.auditing import audit
from ledger.audit.sealed import Trust
from ledger.journal.codec import Codec
from ledger.journal.sql import Database
from ledger.seal.notes import Verifier
from projections.differences import state_digest


def main(path: str, ledger: str, vkey: str) -> None:
    """Print the digest, the root, and the audit's own report."""
    database, codec = Database(f"sqlite:///{path}"), Codec()
    report, replay = audit(database, codec, ledger, Trust([Verifier(vkey)]))
    told = {
        "state": state_digest(database, codec.decode, ledger),
        "root": report.root.hex(),
        "checks": report.checks,
        "findings": [list(one) for one in report.findings],
        "balances": replay.balances(),
    }
    sys.stdout.write(json.dumps(told, sort_keys=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
