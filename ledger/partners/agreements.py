"""Which agreements a unit has: asked by requests (who may take a listing) and by call-outs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import Refused
from ledger.partners.facts import AgreementEnded, AgreementSigned


class Agreements(State, frozen=True, kw_only=True):
    """A unit's agreements that were not ended before their term (tag: the unit's id)."""

    LONG: ClassVar[bool] = True
    signed: Mapping[str, AgreementSigned] = msgspec.field(default_factory=dict)
    """agreement id → how it was signed"""

    def evolve(self, happened: Fact) -> Self:
        """Follows signing and ending."""
        match happened:
            case AgreementSigned():
                return replace(self, signed={**self.signed, happened.agreement_id: happened})
            case AgreementEnded():
                return replace(self, signed={k: v for k, v in self.signed.items() if k != happened.agreement_id})
        return self

    def valid_on(self, day: date) -> tuple[AgreementSigned, ...]:
        """The agreements whose term holds that day; first and last day count."""
        return tuple(signed for signed in self.signed.values() if signed.from_day <= day <= signed.until_day)


def need_agreement(view: View, unit: str, day: date) -> tuple[AgreementSigned, ...]:
    """The unit's agreements in force that day; raises Refused `no_valid_agreement` when there is none."""
    valid = view.state(Agreements, unit).valid_on(day)
    if not valid:
        raise Refused("no_valid_agreement", unit=unit)
    return valid
