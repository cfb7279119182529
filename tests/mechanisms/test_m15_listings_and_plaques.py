"""M15 接榜 and 悬挂铭牌: a unit takes a listing, the work is accepted, a plaque hangs in public.

敦化路: its tier follows policy, new accepted work renews it, and it can be taken down.
"""

from __future__ import annotations

from datetime import date

from tests.mechanisms.street import Street

NEXT_YEAR = date(2027, 3, 1)


def _partner(street: Street, name: str, chief: str) -> tuple[str, str]:
    """A unit that signed with the street, and who speaks for it."""
    unit = street.unit(name, kind="enterprise")
    term = {"from_day": "2026-03-01", "until_day": "2029-02-28"}
    street.do("sign_agreement", by=chief, unit=unit, tier="street", level="routine", **term)
    return unit, street.speaker(unit)


def _listed(street: Street, poster: str, reviewer: str, title: str) -> str:
    """A listing on the board."""
    posted = street.do("post_request", by=poster, kind="listing", requester=poster, words={"title": title})
    listing = posted.ids["request_id"]
    street.do("publish_request", by=reviewer, request_id=listing)
    return listing


def _done(street: Street, listing: str, unit: str, speaker: str, poster: str) -> None:
    """Taken, handed in, accepted."""
    street.do("claim_request", by=speaker, request_id=listing, claimant=unit)
    street.do("fulfil_request", by=speaker, request_id=listing, claimant=unit)
    street.do("close_request", by=poster, request_id=listing, requester=poster, score=5)


def test_a_listing_is_taken_done_accepted_and_honoured_by_a_plaque(street: Street) -> None:
    chen, he = street.worker("陈书记"), street.worker("何主任")
    bakery, speaker = _partner(street, "麦香面包房", chen)
    stranger = street.unit("新邻超市", kind="enterprise")
    listing = _listed(street, he, chen, "口袋公园补绿")

    street.refused("claim_request", "no_valid_agreement", by=street.speaker(stranger), request_id=listing,
                   claimant=stranger)  # fmt: skip
    street.refused("claim_request", "listings_are_for_units", by=speaker, request_id=listing, claimant=speaker)
    award = {"unit": bakery, "request_id": listing, "tier": "bronze"}
    street.refused("award_plaque", "work_not_accepted", by=chen, **award)
    _done(street, listing, bakery, speaker, he)
    plaque = street.do("award_plaque", by=chen, **award).ids["plaque_id"]
    street.refused("award_plaque", "plaque_exists", by=chen, **award)
    assert street.figure(f"unit:{bakery}:plaques") == 1
    hanging = street.see("plaques", by=speaker, current="true")["plaques"]
    assert [(row["plaque_id"], row["tier"], row["until_day"]) for row in hanging] == [(plaque, "bronze", "2028-03-02")]

    street.do("revoke_plaque", by=he, plaque_id=plaque, reason="work_undone")
    assert street.see("plaques", current="true")["plaques"] == []
    assert street.see("plaques", current="false")["plaques"][0]["reason"] == "work_undone"
    assert street.figure(f"unit:{bakery}:plaques") == 0


def test_a_tier_asks_for_accepted_work_by_policy_and_new_work_renews(street: Street) -> None:
    chen, he = street.worker("陈书记"), street.worker("何主任")
    street.do("set_policy", by=street.operator, name="honours.tier_listings", value=[1, 2, 3])
    bakery, speaker = _partner(street, "麦香面包房", chen)
    listings = [_listed(street, he, chen, title) for title in ("补绿", "画墙", "装扶手")]
    _done(street, listings[0], bakery, speaker, he)
    award = {"unit": bakery, "request_id": listings[0]}
    street.refused("award_plaque", "tier_not_reached", by=chen, **award, tier="silver")
    plaque = street.do("award_plaque", by=chen, **award, tier="bronze").ids["plaque_id"]

    street.at(NEXT_YEAR)
    renew = {"plaque_id": plaque, "request_id": listings[1]}
    street.refused("renew_plaque", "work_not_accepted", by=chen, **renew, tier="silver")
    _done(street, listings[1], bakery, speaker, he)
    street.refused("renew_plaque", "tier_not_reached", by=chen, **renew, tier="gold")
    street.refused("renew_plaque", "not_allowed", by=speaker, **renew, tier="silver")
    street.do("renew_plaque", by=chen, **renew, tier="silver")
    street.refused("renew_plaque", "plaque_exists", by=chen, **renew, tier="silver")
    hanging = street.see("plaques", unit=bakery)["plaques"][0]
    assert (hanging["tier"], hanging["until_day"]) == ("silver", "2029-03-01")
    assert [row["request_id"] for row in street.see("plaque_renewals")["plaque_renewals"]] == [listings[1]]

    _done(street, listings[2], bakery, speaker, he)
    street.do("reopen_request", by=he, request_id=listings[2], requester=he)
    street.refused("renew_plaque", "work_not_accepted", by=chen, **{**renew, "request_id": listings[2]}, tier="gold")
    street.do("revoke_plaque", by=chen, plaque_id=plaque, reason="misconduct")
    street.do("fulfil_request", by=speaker, request_id=listings[2], claimant=bakery)
    street.do("close_request", by=he, request_id=listings[2], requester=he, score=4)
    street.refused("renew_plaque", "plaque_revoked", by=chen, **{**renew, "request_id": listings[2]}, tier="gold")
