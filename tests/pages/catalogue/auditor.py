"""The auditor's pages: replay, checkpoints, hints of the standing checks, samples, the bundle."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from api.audit import jobs
from tests.pages.catalogue.seen import Seen

if TYPE_CHECKING:
    from tests.pages.world import World

Path = Callable[["World"], str]
_PATIENCE_SECONDS = 180
_SIZE = 12


def prepare(world: World) -> None:
    """A seal over everything, what the checks found, and a sample by that seal; each by its own process."""
    store, ledger = world.store, world.ledger
    store.sealer.catch_up(ledger, force_checkpoint=True)
    last = store.seals.latest(ledger)
    assert last is not None
    wanted = jobs.Wanted(seed=last.root.hex(), dice="", size=_SIZE, unit=None, first=1, upto=last.size)
    jobs.begin(store, ledger, "findings")
    world.people["sample"] = jobs.begin(store, ledger, "sample", wanted=wanted)
    world.people["checkpoint"] = str(last.size)
    for kind, name in (("findings", ""), ("sample", world.people["sample"])):
        until = time.monotonic() + _PATIENCE_SECONDS
        folder = jobs.folder_of(store, ledger, "findings" if kind == "findings" else "sample", name)
        while (state := jobs.state_of(folder)) is None or state.status == "running":
            assert time.monotonic() < until, f"{kind} did not end"
            time.sleep(0.2)
        assert state.status == "done", state


def _check(world: World) -> str:
    """A check that found something."""
    folder = jobs.folder_of(world.store, world.ledger, "findings")
    checks = json.loads((folder / "findings.json").read_bytes())["checks"]
    return f"findings/{next((name for name, _, hints in checks if hints), checks[0][0])}"


def _middle(world: World) -> str:
    return f"replay?position={world.head // 2}"


PAGES = (
    Seen("audit", "audit", "auditor"),
    Seen("audit-others", "audit", "resident", status=403),
    Seen("audit-nobody", "audit", status=303),
    Seen("replay", "replay", "auditor"),
    Seen("replay-middle", _middle, "auditor"),
    Seen("replay-first", "replay?position=0", "auditor"),
    Seen("replay-others", "replay", "worker", status=403),
    Seen("replay-no-day", "replay?day=gestern", "auditor", status=422),
    Seen("difference", lambda world: f"replay/difference?from={world.head // 3}&to={world.head}", "auditor"),
    Seen("difference-turned", "replay/difference?from=9&to=3", "auditor", status=422),
    Seen("checkpoints", "checkpoints"),
    Seen("checkpoints-auditor", "checkpoints", "auditor"),
    Seen("checkpoint", "checkpoints/{checkpoint}"),
    Seen("checkpoint-none", "checkpoints/987654321", status=404),
    Seen("findings", "findings", "auditor"),
    Seen("finding", _check, "auditor"),
    Seen("findings-nobody", "findings", status=303),
    Seen("samples", "samples", "auditor"),
    Seen("sample", "samples/{sample}", "auditor"),
    Seen("sample-item", "samples/{sample}/1", "auditor"),
    Seen("sample-none", "samples/" + "x" * 22, "auditor", status=404),
    Seen("sample-sheets-others", "samples/{sample}/sheets.html", "resident", status=403),
    Seen("sample-json-others", "samples/{sample}/sample.json", "resident", status=403),
    Seen("bundle", "bundle", "auditor"),
    Seen("bundle-file-none", "bundle/file.zip", "resident", status=403),
)
"""Files (sheets, JSON, the bundle) are no pages to be looked at: `tests.pages.auditor` opens them."""
