"""Stories of the engine `resources`, step by step; `teller.kept` remembers what later steps go on with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ledger.integrity import facts as integrity
from ledger.resources import facts as resource
from tests.projections.cast import MEMBERS, PLACES, UNITS, WORKER

if TYPE_CHECKING:
    from tests.projections.teller import Teller

_RESOURCES, _PROPOSED, _AGREED = "resources.listed", "resources.proposed", "resources.agreed"
_CONTESTS = "resources.contests"


def list_resource(teller: Teller, a: int, b: int, n: int) -> None:
    """A unit could give masks or land; now and then what is left is taken back."""
    goods = b % 2 == 0
    listed = resource.ResourceListed(
        resource_id=teller.fresh("res"), owner=UNITS[a % 3], kind="goods" if goods else "land",
        item="mask" if goods else "plot", measure="pcs" if goods else "mu", quantity=n, category="care",
        place=PLACES[a % 3], from_day=teller.day(n), until_day=teller.day(n) + timedelta(days=300) if b % 3 else None,
        day=teller.day(n),
    )  # fmt: skip
    teller.tell(listed)
    if n % 7 == 0:
        teller.tell(
            resource.ResourceWithdrawn(
                resource_id=listed.resource_id, owner=listed.owner, item=listed.item, measure=listed.measure, quantity=n
            )
        )
        return
    teller.kept[_RESOURCES].append([listed, n])


def propose_deal(teller: Teller, a: int, b: int, n: int) -> None:
    """A resource for a need, or for parking spaces in return."""
    if not teller.kept[_RESOURCES]:
        return
    listed, free = kept = teller.kept[_RESOURCES][a % len(teller.kept[_RESOURCES])]
    needs = teller.needs if listed.measure == "pcs" else []
    quantity = 1 + n % max(1, free)
    if free < quantity:
        return
    need = needs[b % len(needs)] if needs else None
    proposed = resource.DealProposed(
        deal_id=teller.fresh("deal"), resource_id=listed.resource_id, owner=listed.owner, item=listed.item,
        measure=listed.measure, quantity=quantity, request_id=need.request_id if need else None,
        partner=str(need.requester) if need else UNITS[(a + 1) % 3], back_item=None if need else "space",
        back_measure=None if need else "pcs", back_quantity=0 if need else n, due_day=teller.day(n) + timedelta(days=30),
        side="owner" if b % 2 else "", proposed_by=MEMBERS[0] if b % 2 else WORKER, day=teller.day(n),
    )  # fmt: skip
    teller.tell(proposed)
    teller.kept[_PROPOSED].append((proposed, kept))


def answer_deal(teller: Teller, a: int, b: int, n: int) -> None:
    """Both sides say yes, or one says no."""
    if not teller.kept[_PROPOSED]:
        return
    p, kept = teller.kept[_PROPOSED].pop(a % len(teller.kept[_PROPOSED]))
    if b == 0 or kept[1] < p.quantity:
        teller.tell(
            resource.DealDeclined(
                deal_id=p.deal_id, resource_id=p.resource_id, request_id=p.request_id, reason="elsewhere",
                declined_by=WORKER, day=teller.day(n),
            )
        )  # fmt: skip
        return
    for side in ("owner", "partner"):
        if side != p.side:
            teller.tell(
                resource.DealAccepted(deal_id=p.deal_id, side=side, accepted_by=MEMBERS[b % 6], day=teller.day(n))
            )
    kept[1] -= p.quantity
    agreed = resource.DealAgreed(
        deal_id=p.deal_id, resource_id=p.resource_id, request_id=p.request_id, owner=p.owner, partner=p.partner,
        item=p.item, measure=p.measure, quantity=p.quantity, back_item=p.back_item, back_measure=p.back_measure,
        back_quantity=p.back_quantity, due_day=p.due_day, day=teller.day(n),
    )  # fmt: skip
    teller.tell(agreed)
    if n % 5 == 0:
        teller.tell(
            resource.DealBecameProject(
                deal_id=p.deal_id, resource_id=p.resource_id, project="req_project", begun_by=WORKER, day=teller.day(n)
            )
        )
    teller.kept[_AGREED].append((agreed, kept))


def end_deal(teller: Teller, a: int, b: int, n: int) -> None:
    """It arrives whole, or only in part, and then the deal fails."""
    if not teller.kept[_AGREED]:
        return
    g, kept = teller.kept[_AGREED].pop(a % len(teller.kept[_AGREED]))
    whole = b % 3 > 0
    arrived = g.quantity if whole else g.quantity // 2
    out = resource.DealDelivered(
        deal_id=g.deal_id, resource_id=g.resource_id, request_id=g.request_id, leg="out", giver=g.owner,
        receiver=g.partner, item=g.item, measure=g.measure, quantity=max(1, arrived), accepted_by=WORKER,
        day=teller.day(n),
    )  # fmt: skip
    if arrived:
        teller.tell(out)
    if whole and g.back_item is not None:
        teller.tell(
            replace(
                out, leg="back", giver=g.partner, receiver=g.owner, item=g.back_item, measure=g.back_measure or "pcs",
                quantity=g.back_quantity,
            )
        )  # fmt: skip
    if whole:
        teller.tell(
            resource.DealSettled(
                deal_id=g.deal_id, resource_id=g.resource_id, request_id=g.request_id, owner=g.owner,
                partner=g.partner, barter=g.back_item is not None, day=teller.day(n),
            )
        )  # fmt: skip
        return
    kept[1] += g.quantity - arrived
    teller.tell(
        resource.DealFailed(
            deal_id=g.deal_id, resource_id=g.resource_id, request_id=g.request_id, owner=g.owner, partner=g.partner,
            item=g.item, measure=g.measure, short=g.quantity - arrived, back_item=g.back_item,
            back_measure=g.back_measure, back_short=g.back_quantity, broken_by=(g.owner,), reason="overdue",
            ended_by="svc_operator", day=teller.day(n),
        )
    )  # fmt: skip
    teller.kept[_CONTESTS].append((g.owner, g.deal_id))


def contest(teller: Teller, a: int, b: int, n: int) -> None:
    """Whoever broke a deal contests it, and somebody else decides, or has not yet."""
    if not teller.kept[_CONTESTS]:
        return
    party, deal_id = teller.kept[_CONTESTS].pop(a % len(teller.kept[_CONTESTS]))
    about = {"contest_id": teller.fresh("cont"), "party": party, "promise": "deal", "about": deal_id}
    teller.tell(
        integrity.RecordContested(
            **about, reason="beyond_control", contested_by=MEMBERS[a % 6], day=teller.day(n), words="c"
        )
    )
    if b % 3:
        judged = integrity.RecordUpheld if b % 3 == 1 else integrity.RecordStruck
        teller.tell(judged(**about, judged_by=WORKER, day=teller.day(n)))


STEPS: tuple[Callable[[Teller, int, int, int], None], ...] = (
    list_resource,
    propose_deal,
    answer_deal,
    end_deal,
    contest,
)
