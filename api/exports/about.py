"""What an exported file says of itself: whose it is, up to where, and which rows were asked for."""

from __future__ import annotations

from typing import NamedTuple

from api.exports.csv_text import iso
from api.exports.journal_lines import Extract
from api.exports.tables import Wanted


class About(NamedTuple):
    """`root`: the root of the checkpoint of exactly this position, in base64 as the checkpoint has it; "" without one."""

    ledger: str
    position: int
    recorded_at: int
    zone: str
    wanted: Wanted
    root: str = ""

    def facts(self) -> dict[str, str]:
        """By name, without what does not apply."""
        wanted = self.wanted
        told = {
            "ledger": self.ledger,
            "position": str(self.position),
            "recorded_at": iso(self.recorded_at) if self.position else "",
            "root": self.root,
            "zone": self.zone,
            "columns": wanted.version,
            "account": wanted.account or "",
            "from": wanted.first_day.isoformat() if wanted.first_day else "",
            "to": wanted.last_day.isoformat() if wanted.last_day else "",
        }
        return {name: value for name, value in told.items() if value}


def about(extract: Extract, wanted: Wanted, root: str = "") -> About:
    """What a file made from this extract says of itself."""
    return About(extract.ledger, extract.position, extract.recorded_at, extract.zone, wanted, root)
