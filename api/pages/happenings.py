"""The latest facts in words, for everybody: who did it appears masked, what is private does not appear."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from api.pages.common import Visit
from api.pages.naming import labels, walled
from api.people import People, mask_numbers
from api.reading import ON_THE_BOARD
from api.texts import text
from ledger.base import Fact
from ledger.funds import facts as fund
from ledger.honours import facts as honour
from ledger.hours import facts as hours
from ledger.ids import PERSON, prefix_of
from ledger.journal.queries import read_rows
from ledger.parties import facts as party
from ledger.partners import facts as partner
from ledger.requests import facts as request
from projections.books import queries as books
from projections.reading import Cells

_CHUNK, _FURTHEST = 100, 1_000
"""Events looked through at a time, and at most: a long import of what nobody reads out leaves the list short."""
_ALIKE = 2
"""So many lines of one kind are shown, so that a busy morning at one desk does not hide everything else (choice)."""


class Happening(msgspec.Struct, frozen=True):
    """One line: an icon, a sentence, an address to read on at ("" for none), the position and moment of the fact."""

    icon: str
    words: str
    href: str
    position: int
    at: int


def _actor_of(fact: Fact) -> tuple[str | None, ...]:
    """Whom the sentence names."""
    match fact:
        case hours.SessionVerified():
            return (fact.volunteer, fact.place)
        case hours.HoursGiven():
            return (fact.giver, fact.receiver)
        case hours.HoursDonated():
            return (fact.giver,)
        case request.RequestClaimed() | request.RequestClosed() | request.RequestFulfilled():
            return (fact.claimant,)
        case partner.AgreementSigned() | partner.PartnerContributed() | honour.PlaqueAwarded() | honour.PlaqueRevoked():
            return (fact.unit,)
    return ()


_TOLD: dict[type[Fact], tuple[str, str]] = {
    hours.SessionVerified: ("clock", "session"),
    hours.HoursGiven: ("gift", "given"),
    hours.HoursDonated: ("heart", "donated"),
    request.RequestPublished: ("wish", "published"),
    request.RequestClaimed: ("heart", "claimed"),
    request.RequestFulfilled: ("check", "fulfilled"),
    request.RequestClosed: ("check", "closed"),
    fund.DonationReceived: ("fund", "received"),
    fund.GrantPaid: ("fund", "paid"),
    partner.AgreementSigned: ("unit", "agreement"),
    partner.PartnerContributed: ("unit", "contributed"),
    honour.PlaqueAwarded: ("plaque", "plaque"),
    honour.PlaqueRevoked: ("plaque", "plaque_revoked"),
    party.TeamFormed: ("people", "team"),
}
"""What is told: the icon, and the key of the sentence."""


def latest(visit: Visit, count: int, *, wall: bool = False) -> list[Happening]:
    """The newest facts that concern everybody, newest first; people masked.

    On the `wall` those are named who agreed to it, and who wishes to be on none is left out, which may make the list shorter.
    """
    found: list[tuple[int, int, Fact]] = []
    alike: Counter[type[Fact]] = Counter()
    head = upto = visit.as_of.position
    while upto > max(0, head - _FURTHEST) and len(found) < count:
        with visit.store.database.reading() as cursor:
            rows = read_rows(visit.store.database, cursor, visit.ledger, None, max(0, upto - _CHUNK), _CHUNK)
        for position, kind, _tags, data in reversed(rows):
            if position > upto or len(found) == count:
                continue
            envelope, fact = visit.store.codec.decode(kind, bytes(data))
            if type(fact) in _TOLD and alike[type(fact)] < _ALIKE:
                alike[type(fact)] += 1
                found.append((int(position), envelope.at, fact))
        upto -= _CHUNK
    return _tell(visit, found, wall=wall)


def _on_the_wall(visit: Visit, found: list[tuple[int, int, Fact]]) -> tuple[set[str], list[tuple[int, int, Fact]]]:
    """Who agreed to be named there, and the facts without those of people who wish to be on no wall."""
    named = [one for _, _, fact in found for one in _actor_of(fact) if one]
    people = books.members_by_id(visit.store.database, visit.ledger, [one for one in named if prefix_of(one) == PERSON])
    hidden = {one for one, row in people.items() if row["wall_hidden"]}
    return walled(people.values()), [one for one in found if not hidden.intersection(_actor_of(one[2]))]


def _tell(visit: Visit, found: list[tuple[int, int, Fact]], *, wall: bool) -> list[Happening]:
    agreed: set[str] = set()
    if wall:
        agreed, found = _on_the_wall(visit, found)
    asked = [one for _, _, fact in found if isinstance(one := getattr(fact, "request_id", None), str)]
    requests = books.requests_by_id(visit.store.database, visit.ledger, asked)
    titles = titles_of(visit, requests.values())
    names = labels(visit, [one for _, _, fact in found for one in _actor_of(fact)], clear=agreed)
    slugs = {f.fund["fund"]: f.fund for f in books.funds(visit.store.database, visit.ledger)}
    lines: list[Happening] = []
    for position, at, fact in found:
        icon, key = _TOLD[type(fact)]
        figures: dict[str, Any] = {"who": next((names[one] for one in _actor_of(fact) if one), "")}
        href = ""
        asked_id = getattr(fact, "request_id", None)
        if asked_id in requests and requests[asked_id]["status"] not in ON_THE_BOARD:
            # Taken back since: its title is nobody's business any more.
            continue
        if asked_id in requests:
            figures["title"] = titles[asked_id]
            href = visit.url(f"requests/{asked_id}")
        key, more = _figures(visit, fact, key, names)
        figures.update(more)
        if isinstance(fact, fund.DonationReceived | fund.GrantPaid):
            row = slugs.get(fact.fund)
            figures["fund"] = row["name"] if row else ""
            href = visit.url(f"funds/{row['slug']}") if row else ""
        lines.append(Happening(icon, visit.t(f"news.{key}", **figures), href, position, at))
    return lines


def _figures(visit: Visit, fact: Fact, key: str, names: dict[str, str]) -> tuple[str, dict[str, object]]:
    """The key of the sentence, which may depend on what is known, and its figures."""
    match fact:
        case hours.SessionVerified():
            place = names.get(fact.place or "", "")
            return (f"{key}_at" if place else key), {"hours": visit.hours(fact.minutes), "place": place}
        case hours.HoursGiven():
            return key, {"hours": visit.hours(fact.minutes), "whom": names[fact.receiver]}
        case hours.HoursDonated():
            return key, {"hours": visit.hours(fact.minutes)}
        case fund.DonationReceived() | fund.GrantPaid():
            return key, {"amount": visit.yuan(fact.amount_fen)}
        case request.RequestClosed() if fact.score is not None:
            return f"{key}_scored", {"score": fact.score}
        case party.TeamFormed():
            return key, {"who": fact.name}
    return key, {}


def titles_of(visit: Visit, rows: Any) -> dict[str, str]:
    """The titles of requests by id, with phone numbers masked; a plain word where the text was erased or never given."""
    kept: list[Cells] = list(rows)
    words = People(visit.store, visit.ledger).words(row["words"] for row in kept)
    found: dict[str, str] = {}
    for row in kept:
        title = str(words.get(row["words"], {}).get("title", ""))
        found[row["request_id"]] = mask_numbers(title) if title else untitled(visit, row)
    return found


def untitled(visit: Visit, row: Cells) -> str:
    """What a request without words is called; where it had some, they were deleted."""
    if row["words"]:
        return text(visit.lang, "privacy.name.erased_request", kind=visit.t(f"kind.{row['kind']}"))
    if row["kind"] == "need" and row["item"]:
        return visit.t("board.need_of", item=row["item"], quantity=row["quantity"] or 0)
    if row["category"]:
        return visit.t("board.untitled_of", category=row["category"])
    return visit.t(f"board.untitled_{row['kind']}")
