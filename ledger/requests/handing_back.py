"""What somebody holds goes back on the board: when they are forgotten, blacklisted, or leave the partnership."""

from __future__ import annotations

from ledger.base import Fact, Scene, View
from ledger.requests import facts
from ledger.requests.stages import due
from ledger.requests.state import ClaimsHeld, Request


def hand_back(view: View, claimant: str, scene: Scene) -> list[Fact]:
    """Every claim the party holds, as released, or as lapsed where the lease had run out; in the order of request ids.

    Work that was handed in stays as it is: it waits for a word of who asked for it.
    """
    ended: list[Fact] = []
    for request_id in sorted(view.state(ClaimsHeld, claimant).leases):
        request = view.state(Request, request_id)
        claim = request.claim
        if request.status != "claimed" or claim is None or claim.claimant != claimant:
            continue
        known = {"request_id": request_id, "claim_id": claim.claim_id, "claimant": claimant}
        if scene.now_at >= request.until_at:
            ended.append(facts.ClaimLapsed(**known, until_at=request.until_at))
        else:
            ended.append(facts.ClaimReleased(**known, day=scene.today))
        ended += due(view, request.kind, "published", request_id, scene)
    return ended
