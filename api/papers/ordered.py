"""What every signed paper needs to know: whose ledger, as of which entry and day, in which language, where it is checked."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from api import formats
from api.papers import qr
from api.papers.codes import Statement, number_of
from api.papers.paper import Paper, words_of
from api.store import Store
from api.texts import text
from ledger.clock import start_of_day
from projections.asof.past import Past

_FINGERPRINT_BYTES = 8
_MARK = "\u0001"


class Ordered(msgspec.Struct, frozen=True, kw_only=True):
    """`community`: its name · `zone`: of its days · `today`: the day that stands on the paper · `home`: where the pages are,
    `https://host` without a path, for the code."""

    store: Store
    past: Past
    lang: str
    community: str
    zone: str
    today: date
    home: str

    @property
    def ledger(self) -> str:
        """The slug."""
        return self.past.ledger

    def t(self, key: str, /, **figures: object) -> str:
        """A text of the papers."""
        return text(self.lang, f"papers.{key}", **figures)

    def day(self, value: date | str) -> str:
        """See `formats.day`."""
        return formats.day(value, self.lang)

    def hours(self, minutes: int) -> str:
        """See `formats.hours`."""
        return formats.hours(minutes, self.lang)

    def yuan(self, amount_fen: int) -> str:
        """See `formats.yuan`."""
        return formats.yuan(amount_fen, self.lang)

    def paper(self, template: str, stated: Statement, values: dict[str, Any]) -> Paper:
        """The paper with its number, its code and what it is as of. The same statement on the same day gives the same bytes."""
        number = number_of(self.store.vault, self.ledger, stated)
        address = f"{self.home}/{self.ledger}/verify/{number}"
        shared = {
            "community": self.community, "words": words_of(template, self.lang) | words_of("shared", self.lang),
            "number": number, "code": qr.svg(address, light=None), "host": address.partition("://")[2].rpartition("/")[0],
            "entry": self.t("shared.entry", position=f"{stated.position:,}"), "fingerprint": self._fingerprint(stated),
            "day": self.day(stated.day),
        }  # fmt: skip
        made_at = start_of_day(stated.day, self.zone)
        name = f"{template}-{number.partition('-')[0]}"
        return Paper(template=template, values={**shared, **values}, lang=self.lang, made_at=made_at, name=name)

    def _fingerprint(self, stated: Statement) -> str:
        """The beginning of the root of the last checkpoint, in groups of four; "" before the first."""
        sealed = self.store.seals.latest(self.ledger)
        if sealed is None or sealed.size > stated.position:
            return ""
        told = sealed.root[:_FINGERPRINT_BYTES].hex()
        groups = " ".join(told[at : at + 4] for at in range(0, len(told), 4))
        return self.t("shared.fingerprint", size=f"{sealed.size:,}", root=groups)


def parts_of(told: str) -> list[list[str]]:
    """A sentence in which `marked` figures stand as [kind, text] pairs; the rest is of kind ""."""
    pieces = told.split(_MARK)
    return [["", one] if at % 2 == 0 else [one[0], one[1:]] for at, one in enumerate(pieces) if one]


def marked(kind: str, shown: str) -> str:
    """A figure that a template prints in a way of its own; `kind` is one letter."""
    return f"{_MARK}{kind}{shown}{_MARK}"
