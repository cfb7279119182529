"""What meetings, votes and projects move a request to, and by when it has to go on from there."""

from __future__ import annotations

from ledger.base import Fact, Scene, View
from ledger.requests.stages import due
from ledger.requests.state import need_request


def moved(view: View, request_id: str | None, happened: Fact, scene: Scene) -> list[Fact]:
    """The deadline of the stage to which this fact takes the request; nothing where it stays or none is set.

    Raises NotFound `no_such_request`.
    """
    if request_id is None:
        return []
    request, posted = need_request(view, request_id)
    status = request.evolve(happened).status
    return [] if status == request.status else due(view, posted.kind, status, request_id, scene)
