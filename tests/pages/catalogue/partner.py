"""Pages of partner units: the board, the unit, delivering with photos, what is to be put right, forms."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from api.photos import taken_in
from ledger.appraisals.commands import OrderRectification
from ledger.clock import day_of
from ledger.partners import commands as do
from ledger.requests.commands import AddEvidence, ClaimRequest, Remark
from tests.pages.catalogue.seen import Seen
from tests.pages.partner.pictures import from_a_phone

if TYPE_CHECKING:
    from tests.pages.world import World


def prepare(world: World) -> None:
    """A unit that has something in hand, with a photo of it, is called out, and has something to put right."""
    unit, today = world.people["unit"], day_of(world.store.clock())
    sign = do.SignAgreement(
        unit=unit, tier="street", level="urgent", from_day=today, until_day=today + timedelta(days=60)
    )
    world.do("worker", sign)
    wish = world.first("requests", kind="wish", status="published")
    world.do("representative", ClaimRequest(request_id=wish, claimant=unit))
    photo = taken_in(from_a_phone())
    world.store.photos.keep(world.ledger, wish, [photo], owners=(unit,), at=world.store.clock())
    shown = AddEvidence(request_id=wish, party=unit, sha256=photo.sha256, words=Remark(remark="换了新的灯管"))
    world.do("representative", shown)
    world.do("worker", do.CallOut(level="routine", words=do.PartnerNote(remark="门口积水，请带水泵")))
    world.do("worker", do.PairUnit(unit=unit, place=world.first("places", kind="community")))
    world.do("representative", do.OfferGoods(unit=unit, item="轮椅", quantity=5))
    world.do("representative", do.OfferOnMenu(unit=unit, name="上门理发", category="生活服务", at_once=3))
    world.do("worker", do.RecordContribution(unit=unit, kind="hours", quantity=150))
    world.do("worker", OrderRectification(party=unit, matter="楼道堆物没有清理", due_day=today + timedelta(days=3)))


def _held(world: World) -> str:
    return world.first("requests", claimant=world.people["unit"], status="claimed")


def _photo(world: World) -> str:
    (row,) = world.rows("evidence", party=world.people["unit"])
    return f"photos/{row['request_id']}/{row['sha256']}"


def _call(world: World) -> str:
    return f"do/answer-call?callout_id={world.first('callouts', ended_by=None)}"


def _offer(world: World) -> str:
    return f"do/withdraw-offer?offer_id={world.first('offers', unit=world.people['unit'])}"


def _service(world: World) -> str:
    return f"do/withdraw-service?menu_id={world.first('menu', unit=world.people['unit'])}"


def _to_put_right(world: World) -> str:
    return f"rectifications/{world.first('rectifications', party=world.people['unit'], status='ordered')}"


PAGES = (
    Seen("units", "units"),
    Seen("unit", "units/{unit}"),
    Seen("unit-own", "units/{unit}", "representative"),
    Seen("unit-worker", "units/{unit}", "worker"),
    Seen("unit-contact", "do/unit-contact?unit_id={unit}", "representative"),
    Seen("unit-year", lambda world: f"units/{world.people['unit']}/statement/{day_of(world.store.clock()).year}"),
    Seen("units-board", "units-board", "representative"),
    Seen("units-board-wishes", "units-board?kind=wish&value=to1000&days=30"),
    Seen("deliver", lambda world: f"requests/{_held(world)}/photos", "representative"),
    Seen("request-of-unit", lambda world: f"requests/{_held(world)}", "representative"),
    Seen("photo", _photo, "volunteer", status=404),
    Seen("put-right", _to_put_right, "representative"),
    Seen("answer-call", _call, "representative"),
    Seen("offer-goods", "do/offer-goods?item=轮椅", "representative"),
    Seen("offer-service", "do/offer-service", "representative"),
    Seen("withdraw-offer", _offer, "representative"),
    Seen("withdraw-service", _service, "representative"),
    Seen("say-contacted", lambda world: f"do/say-contacted?request_id={_held(world)}", "representative"),
    Seen("hand-back", lambda world: f"do/hand-back?request_id={_held(world)}", "representative"),
    Seen("cannot-do", lambda world: f"do/cannot-do?request_id={_held(world)}", "representative"),
)
