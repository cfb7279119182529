"""Who has an interest in whom: no donor names a beneficiary they are tied to (慈善法 §40), no judge an applicant."""

from __future__ import annotations

from ledger.base import View
from ledger.errors import NotYours
from ledger.funds.commands import ANONYMOUS
from ledger.funds.state import beneficiary_of
from ledger.hours.state import Terms
from ledger.ids import TEAM, prefix_of
from ledger.parties.state import Standing, acts_for


def has_interest(view: View, one: str, other: str) -> bool:
    """Whether two parties are the same, act for each other, belong to each other, are registered kin, or ward and
    guardian; for a team, whether that holds of the unit it belongs to. The order of the two does not matter."""
    return any(_tied(view, first, second) for first in _sides(view, one) for second in _sides(view, other))


def _sides(view: View, party: str) -> tuple[str, ...]:
    """The party itself, and for a team its unit."""
    unit = view.state(Standing, party).unit if prefix_of(party) == TEAM else None
    return (party,) if unit is None else (party, unit)


def _tied(view: View, one: str, other: str) -> bool:
    if acts_for(view, one, other) or acts_for(view, other, one):
        return True
    first, second = view.state(Standing, one), view.state(Standing, other)
    if other in view.state(Terms, one).kin:
        return True
    return other in (first.team, first.unit, first.guardian) or one in (second.team, second.unit, second.guardian)


def check_donor(view: View, donor: str, item: str) -> None:
    """Raises NotYours `donor_has_interest` where money for a help case comes from somebody tied to who is helped."""
    beneficiary = beneficiary_of(view, item)
    if beneficiary is not None and donor != ANONYMOUS and has_interest(view, donor, beneficiary):
        raise NotYours("donor_has_interest", donor=donor)
