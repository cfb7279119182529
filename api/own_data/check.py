"""Checks the words in a file of one's own data against what the ledger committed to. Needs only Python.

    python3 check.py own-data.json

Every document with its opening gives a commitment; that commitment stands in the ledger's event at the position named,
which the ledger's seals cover. Whoever changed a letter afterwards, the ledger's keeper or the person, is found out here.
Exit code: 0 all words are as they were recorded, 1 some are not, 2 the file cannot be read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
from pathlib import Path
from typing import Any


def commit(opening: bytes, document: bytes) -> str:
    """The commitment to a document: HMAC-SHA256 under its opening, in base64 for addresses without padding."""
    return base64.urlsafe_b64encode(hmac.new(opening, document, hashlib.sha256).digest()).rstrip(b"=").decode()


def _digest(encoded: str) -> str:
    return hashlib.sha256(base64.b64decode(encoded)).hexdigest()


def problems(data: dict[str, Any]) -> list[str]:
    """What does not agree in a file of one's own data; nothing where all is well."""
    in_events = {event["fact"].get("words"): event["position"] for event in data["events"]}
    found: list[str] = []
    for words in data["words"]:
        name, position = words["commitment"], words["position"]
        if words["state"] != "kept":
            continue
        exact, opening = base64.b64decode(words["exact"]), base64.b64decode(words["opening"])
        if commit(opening, exact) != name:
            found.append(f"position {position}: the words do not give the commitment {name}")
        if json.loads(exact) != words["document"]:
            found.append(f"position {position}: the words shown are not the words committed to")
        if in_events.get(name) != position:
            found.append(f"position {position}: no event there commits to {name}")
    changed = (one for one in data.get("photos", ()) if _digest(one["jpeg"]) != one["sha256"])
    found += [f"a photo of {one['about']} is not the one with the digest {one['sha256']}" for one in changed]
    return found


def main(arguments: list[str]) -> int:
    """Check one file and say what was found."""
    if len(arguments) != 1:
        sys.stdout.write(f"{__doc__}\n")
        return 2
    try:
        data = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        found = problems(data)
        kept = sum(words["state"] == "kept" for words in data["words"])
        where = f"as of position {data['position']} of {data['ledger']}"
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.stdout.write(f"cannot read it: {error}\n")
        return 2
    for line in (*found, f"{kept} documents, {len(found)} problems, {where}"):
        sys.stdout.write(line + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
