"""Stories of the engine `requests`, step by step; `teller.kept` remembers what later steps go on with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ledger.places import facts as place
from ledger.requests import facts as request
from tests.projections.cast import MEMBERS, PLACES, UNITS, WORKER

if TYPE_CHECKING:
    from tests.projections.teller import Teller

_STAGES = ("posted", "published", "fulfilled", "contact")


def notice(teller: Teller, a: int, b: int, n: int) -> None:
    if teller.posted:
        f = teller.posted[a % len(teller.posted)]
        noticed = request.RequestNoticed(
            request_id=f.request_id, reviewer=WORKER, day=teller.day(n), until_day=teller.day(n + 3)
        )
        teller.tell(noticed)


def watch(teller: Teller, a: int, b: int, n: int) -> None:
    """A deadline is set, warned of, or marked; or it goes another round or a tier up."""
    asked = [*teller.posted, *teller.open]
    if not asked:
        return
    f = asked[a % len(asked)]
    stage, day = _STAGES[n % 4], teller.day(n)
    known: dict[str, Any] = {"request_id": f.request_id, "stage": stage, "until_day": day}
    if b < 3:
        teller.tell(request.StageDue(**known))
    elif b == 3:
        teller.tell(request.RequestWarned(**known, responsible=MEMBERS[n % 6], day=day))
    elif b < 6:
        who: dict[str, Any] = {"claimant": MEMBERS[n % 6]} if stage == "contact" else {"responsible": MEMBERS[n % 6]}
        teller.tell(request.RequestOverdue(**known, **who, kind=f.kind, day=day))
    elif b == 6:
        rounds = teller.kept.setdefault("requests.rounds", [])
        rounds.append(f.request_id)
        count = rounds.count(f.request_id)
        teller.tell(request.RequestRolledOver(request_id=f.request_id, kind=f.kind, rounds=count, day=day))
    else:
        teller.tell(
            request.RequestEscalated(
                request_id=f.request_id, kind=f.kind, from_place=PLACES[2], to_place=PLACES[n % 2],
                responsible=MEMBERS[n % 6] if n % 3 else None, reason="overdue", escalated_by=WORKER, day=day,
            )
        )  # fmt: skip


def contact(teller: Teller, a: int, b: int, n: int) -> None:
    if teller.claimed:
        _, c = teller.claimed[a % len(teller.claimed)]
        teller.tell(
            request.RequesterContacted(
                request_id=c.request_id, claim_id=c.claim_id, claimant=c.claimant, contacted_by=MEMBERS[b % 6],
                late=bool(n % 2), day=teller.day(n), words="w" if b % 2 else "",
            )
        )  # fmt: skip


def assign(teller: Teller, a: int, b: int, n: int) -> None:
    if not teller.open:
        return
    f = teller.open.pop(a % len(teller.open))
    claim_id, owner = teller.fresh("claim"), UNITS[b % 3]
    teller.tell(
        request.RequestAssigned(
            request_id=f.request_id, claim_id=claim_id, owner=owner, due_day=teller.day(n + 5), assigned_by=WORKER,
            day=teller.day(n),
        )
    )  # fmt: skip
    claimed = request.RequestClaimed(
        request_id=f.request_id, claim_id=claim_id, claimant=owner, unit=owner, claimed_by=WORKER, until_at=n,
        day=teller.day(n),
    )  # fmt: skip
    teller.claimed.append((f, claimed))
    teller.tell(claimed)


def show(teller: Teller, a: int, b: int, n: int) -> None:
    if teller.claimed:
        f, c = teller.claimed[a % len(teller.claimed)]
        own = b % 2 == 0
        teller.tell(
            request.EvidenceAdded(
                evidence_id=teller.fresh("evi"), request_id=f.request_id, claim_id=c.claim_id if own else None,
                party=c.claimant if own else WORKER, stage="claimed", sha256=f"{n:064x}", added_by=WORKER,
                day=teller.day(n),
            )
        )  # fmt: skip


def appoint_responsible(teller: Teller, a: int, b: int, n: int) -> None:
    duties = teller.kept.setdefault("requests.duties", [])
    if b % 3 == 0 and duties:
        d = duties.pop(a % len(duties))
        teller.tell(
            place.ResponsibleEnded(
                duty_id=d.duty_id, place_id=d.place_id, member_id=d.member_id, reason="replaced", day=teller.day(n)
            )
        )
        return
    d = place.ResponsibleAppointed(
        duty_id=teller.fresh("duty"), place_id=PLACES[b % 3], member_id=MEMBERS[a % 6], office="院长",
        appointed_by=WORKER, day=teller.day(n),
    )  # fmt: skip
    duties.append(d)
    teller.tell(d)


def count(teller: Teller, a: int, b: int, n: int) -> None:
    """Households are counted, or a courtyard is classified."""
    where = PLACES[b % 3]
    if a % 3 == 0:
        teller.tell(place.PlaceClassified(place_id=where, label=("family", "elderly")[n % 2], day=teller.day(n)))
        return
    counts = teller.kept.setdefault("requests.counts", [])
    before = next((one for at, one in reversed(counts) if at == where), None)
    if before != n:
        counts.append((where, n))
        teller.tell(
            place.HouseholdsCounted(
                place_id=where, kind="courtyard", households=n, change=n - (before or 0), first=before is None,
                day=teller.day(n),
            )
        )  # fmt: skip


STEPS: tuple[Callable[[Teller, int, int, int], None], ...] = (
    notice, watch, watch, watch, contact, assign, show, appoint_responsible, count,
)  # fmt: skip
