"""`POST /cosignatures`: a witness that nobody can call brings what it signed.

Nobody signs in: only a signature of a witness that this installation names itself (`NUANLIN_WITNESSES`), over a checkpoint that
its ledger has signed, changes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from fastapi import Depends, FastAPI, Request
from starlette.responses import Response

from api.routes.asked import asked_of
from api.routes.reads import BASE
from api.routes.writes import raw_body
from api.witnessing import accept
from ledger.seal.notes import Verifier


class Accepted(msgspec.Struct, frozen=True):
    """Under which checkpoint the cosignatures of which witnesses are kept now."""

    size: int
    witnesses: list[str]


def add_cosignatures(app: FastAPI, witnesses: Sequence[Verifier]) -> None:
    """The route, for these witnesses; its body is a cosigned checkpoint (a signed note)."""

    def cosignatures(request: Request, raw: Annotated[bytes, Depends(raw_body)]) -> Response:
        asked = asked_of(request)
        kept = accept(asked.store, asked.ledger, raw, witnesses)
        answer = Accepted(kept[0].size, sorted(one.witness for one in kept))
        return Response(msgspec.json.encode(answer), 200, media_type="application/json")

    app.add_api_route(f"{BASE}/cosignatures", cosignatures, methods=["POST"], include_in_schema=False)
