"""Who sees which page, beside those that everybody sees: the pages' lines of the table of rights.

A page that is not listed here is everybody's. What somebody may not see is hidden from them (404) where they may not know that
it exists, and refused (403) else; who is not signed in may be asked to sign in instead.
"""

from __future__ import annotations

import msgspec

from api.reading import JOURNAL, MONEY, READ_ALL
from ledger.rights_table import ADMINISTRATOR, COMMITTEE, OFFICE, TREASURER, WORKER


class Shown(msgspec.Struct, frozen=True):
    """Holders of `roles` and whose it is (`own`, in words) see it; `anybody`: every member who is signed in."""

    roles: frozenset[str] = frozenset()
    own: str = ""
    anybody: bool = False
    hidden: tuple[int, ...] = (403, 404)
    """What others are answered: the same as for something that does not exist, or a plain refusal."""


MEMBERS = Shown(anybody=True)

SHOWN: dict[str, Shown] = {
    "/{ledger}/members/{member}": Shown(READ_ALL, "the member"),
    "/{ledger}/members/{member}/data.zip": Shown(ADMINISTRATOR, "the member"),
    "/{ledger}/members/{member}/forget": Shown(OFFICE, "the member"),
    "/{ledger}/members/{member}/phone": Shown(own="the member"),
    "/{ledger}/members/{member}/use": Shown(own="the member"),
    "/{ledger}/members/{member}/kin": Shown(own="the member"),
    "/{ledger}/members/{member}/certificate": Shown(READ_ALL, "the member"),
    "/{ledger}/members/{member}/certificate.{kind}": Shown(READ_ALL, "the member"),
    "/{ledger}/integrity/{party}": Shown(READ_ALL, "the party"),
    "/{ledger}/shifts/{shift_id}/screen": Shown(WORKER, "whoever is in charge of the shift"),
    "/{ledger}/receipts/{position}": Shown(JOURNAL, "whom the record is about, and who acted"),
    "/{ledger}/receipts/{position}/proof": Shown(JOURNAL, "whom the record is about, and who acted"),
    "/{ledger}/receipts/{position}/record": Shown(JOURNAL, "whom the record is about, and who acted"),
    "/{ledger}/units/{unit}/statement.pdf": Shown(READ_ALL, "who speaks for the unit"),
    "/{ledger}/plaques/{plaque_id}.{form}": Shown(READ_ALL, "who speaks for the unit"),
    "/{ledger}/asked/{request_id}": Shown(READ_ALL, "the one who asked, and their proxy"),
    "/{ledger}/members/{member}/card": Shown(OFFICE),
    "/{ledger}/staff": Shown(ADMINISTRATOR),
    "/{ledger}/password": Shown(own="who has a password"),
    "/{ledger}/recovery": Shown(own="who has a password"),
    "/{ledger}/work": Shown(OFFICE | COMMITTEE, "whoever has something to decide"),
    # What is not on somebody's desk is answered as what has been done already.
    "/{ledger}/work/{source}/{key}": Shown(WORKER, hidden=(404, 409)),
    "/{ledger}/paper-lists": Shown(WORKER),
    "/{ledger}/paper-lists/{shift_id}": Shown(WORKER, "whoever is in charge of the shift"),
    "/{ledger}/paper-lists/{shift_id}/done": Shown(WORKER, "whoever is in charge of the shift"),
    "/{ledger}/import": Shown(OFFICE),
    "/{ledger}/import/{name}": Shown(own="the one who brought the sheet"),
    "/{ledger}/import/{name}/refused.csv": Shown(own="the one who brought the sheet"),
    "/{ledger}/print": Shown(OFFICE),
    "/{ledger}/posters/{kind}.pdf": Shown(OFFICE),
    "/{ledger}/tree": Shown(OFFICE),
    "/{ledger}/tree/{place_id}": Shown(OFFICE),
    "/{ledger}/people": Shown(OFFICE),
    "/{ledger}/people/{member}": Shown(OFFICE),
    **dict.fromkeys(
        (
            "/{ledger}/audit",
            "/{ledger}/replay",
            "/{ledger}/replay/difference",
            "/{ledger}/bundle",
            "/{ledger}/bundle/file.zip",
            "/{ledger}/findings",
            "/{ledger}/findings/{name}",
            "/{ledger}/samples",
            "/{ledger}/samples/{name}",
            "/{ledger}/samples/{name}/{number}",
            "/{ledger}/samples/{name}/sheets.html",
            "/{ledger}/samples/{name}/sample.json",
        ),
        Shown(JOURNAL),
    ),
    **dict.fromkeys(
        (
            "/{ledger}/admin",
            "/{ledger}/admin/health",
            "/{ledger}/admin/places",
            "/{ledger}/admin/lists",
            "/{ledger}/admin/lists/{fund}",
            "/{ledger}/admin/roles",
            "/{ledger}/admin/rights",
            "/{ledger}/admin/policy",
            "/{ledger}/admin/policy/{name}",
            "/{ledger}/admin/tokens",
            "/{ledger}/admin/seal-key",
        ),
        Shown(ADMINISTRATOR),
    ),
    "/{ledger}/committee": Shown(MONEY),
    "/{ledger}/treasury": Shown(TREASURER),
    "/{ledger}/funds/{slug}/grants/{number}": Shown(MONEY, "before it is paid: who asked for it"),
    "/{ledger}/proposals/{number}/score": Shown(own="the judges of the call"),
    "/{ledger}/proposals/{number}/photos": Shown(own="the applicant"),
    "/{ledger}/requests/{request_id}/photos": Shown(WORKER, "the one who asked, and the one who does it"),
    "/{ledger}/photos/{about}/{sha256}": Shown(READ_ALL, "the one who asked, and the one who does it"),
    "/{ledger}/sign-ins": MEMBERS,
    "/{ledger}/my-donations": MEMBERS,
    "/{ledger}/shifts/mine": MEMBERS,
    "/{ledger}/my-requests": MEMBERS,
    "/{ledger}/proxies": MEMBERS,
}
"""By the path of the route."""

FORMS = frozenset({"/{ledger}/do/{name}", "/{ledger}/do/{name}/done"})
"""Each form says by itself whom it is for."""
