"""What parties and partner units do for everybody: orders by the five kinds (五联共治), listings taken (接榜), plaques."""

from __future__ import annotations

from typing import NamedTuple

from api.demo.data import PartnersList, WishesList, draw, load
from api.demo.organisations import Group, Organisations
from api.demo.people import People, Staff
from api.demo.places import Places
from api.demo.run import Keyed, Run, made
from ledger.honours.commands import AwardPlaque, PlaqueTier, RevokePlaque
from ledger.honours.facts import PlaqueAwarded
from ledger.requests.commands import (
    ClaimRequest,
    CloseRequest,
    FulfilRequest,
    PostRequest,
    PublishRequest,
    RecordPastRequest,
    Remark,
    RequestWords,
)
from ledger.requests.facts import RequestPosted

PLAQUES = 24
"""That hang; one more was awarded and revoked."""
ORDERS, LISTINGS = 20, 30
_PAST_ORDERS = 16
_FIVE_KINDS = (
    "party_organisation", "resident_body", "property_service", "social_organisation", "volunteer_organisation",
)  # fmt: skip
_PAST_LISTINGS, _LIVE_DONE, _LIVE_TAKEN = 18, 7, 2
"""Of the live listings seven are accepted, two are taken (绿云物业 has one of them), three are on the board."""
_TIERS: tuple[PlaqueTier, ...] = ("gold", "silver", "bronze", "bronze")


class _Done(NamedTuple):
    """A listing whose work was accepted."""

    request_id: str
    unit: str


def fill(run: Run, staff: Staff, places: Places, groups: Organisations, people: People) -> None:
    """Orders, listings, plaques."""
    _orders(run, staff, places, groups, people)
    done = [*_past_listings(run, staff, places, groups), *_live_listings(run, staff, places, groups, people)]
    _plaques(run, staff, done)


def _orders(run: Run, staff: Staff, places: Places, groups: Organisations, people: People) -> None:
    texts = load("wishes", WishesList)
    past: list[Keyed] = []
    for i in range(_PAST_ORDERS):
        doers = groups.of_kind(_FIVE_KINDS[i % len(_FIVE_KINDS)])
        days_ago = 20 + draw("order", i) % 330
        past.append((f"order:past:{i}", RecordPastRequest(
            kind="order", requester=people.elders[i * 3 % len(people.elders)], category=texts.orders.category,
            place=places.courtyards[i % len(places.courtyards)].id, day=run.ago(days_ago),
            closed_on=run.ago(days_ago - 1 - draw("order took", i) % 7), outcome="fulfilled",
            claimant=doers[i // len(_FIVE_KINDS) % len(doers)].id, score=3 + draw("order score", i) % 3,
            words=RequestWords(title=texts.orders.titles[i % len(texts.orders.titles)]),
        )))  # fmt: skip
    run.many(staff["zhao"], past)
    for i in range(_PAST_ORDERS, ORDERS):
        _order(run, staff, i, places, groups, people)


def _order(run: Run, staff: Staff, i: int, places: Places, groups: Organisations, people: People) -> None:
    """Placed by a resident, accepted by the community, performed by a property service, closed by the resident."""
    texts, requester = load("wishes", WishesList), people.elders[i]
    doer, speaker = groups.spoken_for[i % 4], people.representatives[i % 4]
    placing = PostRequest(
        kind="order", requester=requester, category=texts.orders.category, channel="qr", point=places.codes[i].id,
        words=RequestWords(title=texts.orders.titles[i % len(texts.orders.titles)]),
    )  # fmt: skip
    request_id = made(run.one(requester, f"order:{i}", placing), RequestPosted).request_id
    run.one(staff["qian"], f"order:{i}:accept", PublishRequest(request_id=request_id))
    run.one(speaker, f"order:{i}:claim", ClaimRequest(request_id=request_id, claimant=doer.id))
    done = FulfilRequest(request_id=request_id, claimant=doer.id, words=Remark(remark=texts.order_done))
    run.one(speaker, f"order:{i}:perform", done)
    run.one(requester, f"order:{i}:close", CloseRequest(request_id=request_id, requester=requester, score=5))


def _listing_title(number: int) -> RequestWords:
    titles = load("partners", PartnersList).listings.titles
    return RequestWords(title=titles[number % len(titles)])


def _past_listings(run: Run, staff: Staff, places: Places, groups: Organisations) -> list[_Done]:
    commands: list[Keyed] = []
    takers: list[Group] = []
    for i in range(_PAST_LISTINGS):
        unit = groups.partners[i * 4 % len(groups.partners)]
        days_ago = 60 + draw("listing", i) % 290
        takers.append(unit)
        commands.append((f"listing:past:{i}", RecordPastRequest(
            kind="listing", requester=staff["qian"], place=places.communities[i % len(places.communities)].id,
            day=run.ago(days_ago), closed_on=run.ago(days_ago - 10 - draw("listing took", i) % 40), outcome="fulfilled",
            claimant=unit.id, score=4 + draw("listing score", i) % 2, words=_listing_title(i),
        )))  # fmt: skip
    posted = [made(answer, RequestPosted) for answer in run.many(staff["zhao"], commands)]
    return [_Done(fact.request_id, unit.id) for fact, unit in zip(posted, takers, strict=True)]


def _live_listings(run: Run, staff: Staff, places: Places, groups: Organisations, people: People) -> list[_Done]:
    """Put up by one worker, reviewed by another, taken and done by units, accepted by a third."""
    texts = load("partners", PartnersList).texts
    author = staff["zhao"]
    numbers = range(_PAST_LISTINGS, LISTINGS)
    posting: list[Keyed] = [
        (f"listing:{i}", PostRequest(
            kind="listing", requester=author, place=places.communities[i % len(places.communities)].id,
            words=_listing_title(i),
        ))
        for i in numbers
    ]  # fmt: skip
    posted = [made(answer, RequestPosted).request_id for answer in run.many(author, posting)]
    run.many(
        staff["qian"],
        [(f"listing:{i}:publish", PublishRequest(request_id=one)) for i, one in zip(numbers, posted, strict=True)],
    )
    done: list[_Done] = []
    for order, (i, request_id) in enumerate(zip(numbers, posted, strict=True)):
        if order >= _LIVE_DONE + _LIVE_TAKEN:
            break
        # The last one taken is 绿云物业's, the first of those spoken for.
        number = 0 if order == _LIVE_DONE + _LIVE_TAKEN - 1 else 2 * order + 1
        unit, speaker = groups.spoken_for[number].id, people.representatives[number]
        run.one(speaker, f"listing:{i}:take", ClaimRequest(request_id=request_id, claimant=unit))
        if order < _LIVE_DONE:
            work = FulfilRequest(request_id=request_id, claimant=unit, words=Remark(remark=texts["listing_done"]))
            run.one(speaker, f"listing:{i}:done", work)
            accepted = CloseRequest(
                request_id=request_id, requester=author, score=5, words=Remark(remark=texts["listing_accepted"])
            )
            run.one(staff["sun"], f"listing:{i}:accept", accepted)
            done.append(_Done(request_id, unit))
    return done


def _plaques(run: Run, staff: Staff, done: list[_Done]) -> None:
    """One for each accepted listing, tier by tier; the last is taken back, since it was hung up by mistake."""
    assert len(done) == PLAQUES + 1
    awards: list[Keyed] = [
        (f"plaque:{i}", AwardPlaque(unit=one.unit, request_id=one.request_id, tier=_TIERS[i % len(_TIERS)]))
        for i, one in enumerate(done)
    ]
    awarded = [made(answer, PlaqueAwarded).plaque_id for answer in run.many(staff["sun"], awards)]
    run.one(staff["sun"], "plaque:revoke", RevokePlaque(plaque_id=awarded[-1], reason="mistake"))
