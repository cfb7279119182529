"""M21 资源换服务 (大理): 6 亩 of idle land for 100 and more parking spaces, both sides tracked to settlement or default."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from tests.mechanisms.street import Street

DUE = date(2026, 12, 31)
MU, SPACES = 6, 100


class Barter(NamedTuple):
    """A barter that both sides agreed to."""

    worker: str
    owner: str
    li: str
    partner: str
    chen: str
    land: str
    deal: str


def _barter(street: Street) -> Barter:
    worker = street.worker()
    owner, partner = (
        street.unit("绿云居委会", kind="resident_body"),
        street.unit("安泊停车", kind="enterprise"),
    )
    li, chen = street.speaker(owner, "李主任"), street.speaker(partner, "陈经理")
    fields = {"owner": owner, "kind": "land", "item": "空地", "measure": "mu", "quantity": MU}
    land = street.do("list_resource", by=li, **fields).ids["resource_id"]
    terms = {"resource_id": land, "quantity": MU, "partner": partner, "back_item": "车位", "due_day": str(DUE)}
    street.refused("propose_deal", "nothing_in_return", by=li, **{**terms, "back_item": None})
    deal = street.do("propose_deal", by=li, back_quantity=SPACES, **terms).ids["deal_id"]
    street.refused("accept_deal", "cannot_act_for", by=li, deal_id=deal, side="partner")
    street.do("accept_deal", by=chen, deal_id=deal, side="partner")
    return Barter(worker, owner, li, partner, chen, land, deal)


def test_six_mu_of_land_become_a_hundred_parking_spaces(street: Street) -> None:
    b = _barter(street)
    assert street.figure(f"balance:deal:{b.deal}:mu.空地") == MU
    assert street.figure(f"balance:deal:{b.deal}:pcs.车位") == SPACES
    street.do("deliver_deal", by=b.chen, deal_id=b.deal, leg="out", quantity=MU)
    street.refused("deliver_deal", "self_verification", by=b.chen, deal_id=b.deal, leg="back", quantity=40)
    street.at(date(2026, 7, 1))
    street.do("deliver_deal", by=b.li, deal_id=b.deal, leg="back", quantity=40)
    street.refused("deliver_deal", "more_than_owed", by=b.li, deal_id=b.deal, leg="back", quantity=61)
    assert street.see("deal", by=b.chen, deal_id=b.deal)["status"] == "agreed"
    street.at(date(2026, 11, 1))
    street.do("deliver_deal", by=b.worker, deal_id=b.deal, leg="back", quantity=60)

    assert street.see("deal", by=b.chen, deal_id=b.deal)["status"] == "settled"
    assert street.figure(f"deal:{b.deal}:back_delivered") == SPACES
    assert street.figure(f"balance:received:{b.owner}:pcs.车位") == SPACES
    assert street.figure(f"balance:received:{b.partner}:mu.空地") == MU
    for party, speaker in ((b.owner, b.li), (b.partner, b.chen)):
        assert street.see("integrity", by=speaker, party=party)["kept"] == 1


def test_who_has_not_built_by_the_due_day_defaults(street: Street) -> None:
    b = _barter(street)
    street.do("deliver_deal", by=b.chen, deal_id=b.deal, leg="out", quantity=MU)
    street.do("deliver_deal", by=b.li, deal_id=b.deal, leg="back", quantity=70)
    street.at(DUE + timedelta(days=1))
    street.follow()
    ended = street.see("deal", by=b.li, deal_id=b.deal)
    assert (ended["status"], ended["broken_by"], ended["back_delivered"]) == ("failed", [b.partner], 70)
    assert street.figure(f"balance:giver:{b.partner}:pcs.车位") == -70
    assert street.see("integrity", by=b.chen, party=b.partner)["broken"] == 1
    assert street.see("integrity", by=b.li, party=b.owner)["broken"] == 0
