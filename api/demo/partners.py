"""What the 80 partner units sign, give, offer and answer."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from api.demo.data import Goods, NeedEntry, PartnersList, choose, draw, load
from api.demo.organisations import Group, Organisations
from api.demo.people import People, Staff
from api.demo.places import Places
from api.demo.run import Keyed, Run, made
from ledger.partners.commands import (
    AnswerCall,
    CallOut,
    DeliverMatch,
    EndAgreement,
    EndCall,
    Level,
    MatchOffer,
    OfferGoods,
    PartnerNote,
    RecordContribution,
    SignAgreement,
)
from ledger.partners.facts import AgreementSigned, CalledOut, GoodsOffered, OfferMatched
from ledger.requests.commands import CloseRequest, PostRequest, PublishRequest, RequestWords
from ledger.requests.facts import RequestPosted

CONTRIBUTIONS, ENDED_AGREEMENTS = 160, 4
_URGENT_EVERY, _EMERGENCY_EVERY, _STREET_EVERY = 4, 10, 4


class _Scene(NamedTuple):
    """What all parts of this module need."""

    run: Run
    staff: Staff
    places: Places
    groups: Organisations
    people: People


def fill(run: Run, staff: Staff, places: Places, groups: Organisations, people: People) -> None:
    """Agreements of all 80, then contributions, goods for needs, and three call-outs."""
    scene = _Scene(run, staff, places, groups, people)
    _sign(scene)
    _contribute(scene)
    for number, need in enumerate(load("partners", PartnersList).needs):
        _meet(scene, number, need)
    _call(scene)


def level_of(number: int) -> Level:
    """The response level that partner unit signed for."""
    if number % _EMERGENCY_EVERY == 0:
        return "emergency"
    return "urgent" if number % _URGENT_EVERY == 1 else "routine"


def _two_years_on(day: date) -> date:
    """The same day two years later; the first of March where there is no 29 February."""
    return date(day.year + 2, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 2)


def _sign(scene: _Scene) -> None:
    """A quarter sign with the street, the others with a community. Four had one before, which was ended early."""
    run, worker = scene.run, scene.staff["zhao"]
    earlier: list[Keyed] = [
        (f"agreement:earlier:{i}", _agreement(scene, i, run.ago(700), level="routine")) for i in range(ENDED_AGREEMENTS)
    ]
    ended: list[Keyed] = []
    for i, answer in enumerate(run.many(worker, earlier)):
        signed = made(answer, AgreementSigned)
        ended.append(
            (
                f"agreement:end:{i}",
                EndAgreement(unit=signed.unit, agreement_id=signed.agreement_id, reason="by_community"),
            )
        )
    run.many(worker, ended)
    signing: list[Keyed] = [
        (f"agreement:{i}", _agreement(scene, i, run.ago(40 + draw("signed", i) % 320), level=level_of(i)))
        for i in range(len(scene.groups.partners))
    ]
    run.many(worker, signing)


def _agreement(scene: _Scene, number: int, from_day: date, *, level: Level) -> SignAgreement:
    of_street = number % _STREET_EVERY == 0
    communities = scene.places.communities
    return SignAgreement(
        unit=scene.groups.partners[number].id, tier="street" if of_street else "community",
        place=scene.run.street if of_street else communities[number % len(communities)].id, level=level,
        from_day=from_day, until_day=_two_years_on(from_day),
    )  # fmt: skip


def _contribute(scene: _Scene) -> None:
    goods = load("partners", PartnersList).goods
    given: list[Keyed] = []
    for i in range(CONTRIBUTIONS):
        unit = scene.groups.partners[draw("gives", i) % len(scene.groups.partners)]
        given.append((f"contribution:{i}", _contribution(scene, i, unit, choose(goods, "goods", i))))
    scene.run.many(scene.staff["qian"], given)


def _contribution(scene: _Scene, i: int, unit: Group, goods: Goods) -> RecordContribution:
    day = scene.run.ago(1 + draw("contributed", i) % 360)
    place = choose(scene.places.communities, "given at", i).id
    match i % 4:
        case 0:
            value_fen = goods.pieces * goods.value_yuan * 100 or None
            return RecordContribution(
                unit=unit.id,
                kind="goods",
                item=goods.item,
                quantity=goods.pieces,
                value_fen=value_fen,
                place=place,
                day=day,
            )
        case 1:
            minutes = 60 * (2 + draw("venue", i) % 7)
            return RecordContribution(unit=unit.id, kind="venue", quantity=minutes, place=place, day=day)
        case 2:
            minutes = 30 * (4 + draw("staff", i) % 20)
            return RecordContribution(unit=unit.id, kind="hours", quantity=minutes, place=place, day=day)
    return RecordContribution(unit=unit.id, kind="project", quantity=1, place=place, day=day)


def _meet(scene: _Scene, number: int, need: NeedEntry) -> None:
    """A need is posted and published; where a unit offers such goods they are promised, delivered and confirmed."""
    run, worker, other = scene.run, scene.staff["zhao"], scene.staff["qian"]
    elder, community = scene.people.elders[number], scene.places.communities[number]
    title = load("partners", PartnersList).texts["need"].format(item=need.item, quantity=need.quantity)
    posted = made(
        run.one(worker, f"need:{number}", PostRequest(
            kind="need", requester=elder, item=need.item, quantity=need.quantity, place=community.id, channel="meeting",
            point=scene.places.meetings[number].id, words=RequestWords(title=title),
        )),
        RequestPosted,
    )  # fmt: skip
    run.one(other, f"need:{number}:publish", PublishRequest(request_id=posted.request_id))
    if not need.offered:
        return
    offered = OfferGoods(unit=scene.groups.spoken_for[number].id, item=need.item, quantity=need.offered)
    speaker = scene.people.representatives[number]
    offer_id = made(run.one(speaker, f"offer:{number}", offered), GoodsOffered).offer_id
    match = MatchOffer(offer_id=offer_id, request_id=posted.request_id, quantity=need.promised)
    match_id = made(run.one(worker, f"offer:{number}:match", match), OfferMatched).match_id
    if not need.delivered:
        return
    run.one(other, f"offer:{number}:deliver", DeliverMatch(offer_id=offer_id, match_id=match_id))
    if need.promised == need.quantity:
        closing = CloseRequest(request_id=posted.request_id, requester=elder, score=5)
        run.one(elder, f"need:{number}:close", closing)


def _call(scene: _Scene) -> None:
    """The routine and the urgent call are over; to the emergency units are still answering, 绿云物业 not yet."""
    run, worker = scene.run, scene.staff["sun"]
    order = ("routine", "urgent", "emergency")
    for number, call in enumerate(load("partners", PartnersList).calls):
        calling = CallOut(level=call.level, place=run.street, words=PartnerNote(remark=call.text))
        called = made(run.one(worker, f"call:{number}", calling), CalledOut)
        able = [
            unit
            for i, unit in enumerate(scene.groups.partners)
            if order.index(level_of(i)) >= order.index(call.level)
            and draw("answers", number, i) % 4
            and (i or call.level != "emergency")
        ]
        answers: list[Keyed] = [
            (f"call:{number}:{unit.name}", AnswerCall(
                callout_id=called.callout_id, unit=unit.id, people=1 + draw("people", number, unit.name) % 6
            ))
            for unit in able[:16]
        ]  # fmt: skip
        run.many(worker, answers)
        if call.level != "emergency":
            run.one(worker, f"call:{number}:end", EndCall(callout_id=called.callout_id))
