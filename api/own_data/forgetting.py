"""What forgetting somebody would bring about, before it is done: rehearsed by the decision itself, nothing is written."""

from __future__ import annotations

import msgspec

from api.store import Store
from ledger.application import Actor, Order, Outcome
from ledger.errors import NuanlinError
from ledger.hours.facts import HoursReleased
from ledger.parties.commands import ErasePersonalData
from ledger.parties.facts import ErasureAsked, ProxyEnded, RoleRevoked
from ledger.rehearsal import Rehearsal
from ledger.requests.facts import ClaimLapsed, ClaimReleased, RequestWithdrawn


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the way, if anything does; what is settled along with it, counted; whether it would only be asked."""

    refusal: NuanlinError | None = None
    released: int = 0
    withdrawn: int = 0
    reservations: int = 0
    roles: int = 0
    only_asked: bool = False


def foresee(store: Store, ledger: str, command: ErasePersonalData, actor: Actor) -> Foreseen:
    """What this command would come to just now."""
    (answer,) = Rehearsal(store.application, ledger, actor).execute_many([Order(command)])
    if not isinstance(answer, Outcome):
        return Foreseen(refusal=answer)
    kinds = [type(one) for one in answer.facts]
    return Foreseen(
        released=sum(kind in (ClaimReleased, ClaimLapsed) for kind in kinds),
        withdrawn=kinds.count(RequestWithdrawn),
        reservations=kinds.count(HoursReleased),
        roles=sum(kind in (RoleRevoked, ProxyEnded) for kind in kinds),
        only_asked=ErasureAsked in kinds,
    )
