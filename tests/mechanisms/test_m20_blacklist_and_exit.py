"""M20 黑名单 and 退出: both stop at once what a party holds, say why, and end again.

Only organisations are published.
"""

from __future__ import annotations

from datetime import date

from tests.mechanisms.street import Street

TERM = {"from_day": "2026-03-01", "until_day": "2027-02-28"}


def _held(street: Street, worker: str, unit: str, speaker: str) -> str:
    """An order that the unit holds."""
    wang = street.person("王阿姨")
    posted = street.do("post_request", by=wang, kind="order", requester=wang, words={"title": "修门禁"})
    order = posted.ids["request_id"]
    street.do("publish_request", by=worker, request_id=order)
    street.do("claim_request", by=speaker, request_id=order, claimant=unit)
    return order


def test_a_blacklisted_unit_loses_what_it_holds_and_is_told_why(street: Street) -> None:
    chen, he, lvyun = street.worker("陈书记"), street.worker("何主任"), street.unit("绿云物业")
    li = street.speaker(lvyun)
    order = _held(street, chen, lvyun, li)
    bar = {"party": lvyun, "reason": "promise_broken", "ground": order, "until_day": "2026-03-31"}
    street.refused("blacklist_party", "not_allowed", by=li, **bar)
    listed = street.do("blacklist_party", by=chen, **bar, words={"remark": "两次接单后没有上门"}).ids["blacklisting_id"]
    street.refused("blacklist_party", "already_blacklisted", by=he, **bar)

    assert street.see("request", by=chen, request_id=order)["status"] == "published"
    told = street.refused("claim_request", "blacklisted", by=li, request_id=order, claimant=lvyun)
    assert (told.get("figures") or told["details"])["reason"] == "promise_broken"
    street.refused("offer_goods", "blacklisted", by=li, unit=lvyun, item="口罩", quantity=10)
    published = street.see("blacklist")["blacklist"]
    assert [(row["party"]["name"], row["until_day"]) for row in published] == [("绿云物业", "2026-03-31")]
    assert street.see("blacklisting", by=li, blacklisting_id=listed)["words"] == {"remark": "两次接单后没有上门"}
    street.hidden("blacklistings", "not_for_your_roles", by=street.person("路人"))

    lift = {"blacklisting_id": listed, "party": lvyun, "reason": "amends_made"}
    street.refused("lift_blacklist", "own_blacklisting", by=chen, **lift)
    street.do("lift_blacklist", by=he, **lift)
    street.refused("lift_blacklist", "not_blacklisted", by=he, **lift)
    assert street.see("blacklist")["blacklist"] == []
    street.do("claim_request", by=li, request_id=order, claimant=lvyun)


def test_a_term_runs_out_by_itself_and_persons_are_not_published(street: Street) -> None:
    chen, li = street.worker("陈书记"), street.person("李师傅")
    street.do("blacklist_party", by=chen, party=li, reason="fraud", until_day="2026-03-05")
    assert street.see("blacklist")["blacklist"] == []
    assert street.see("blacklistings", by=chen, kind="mem")["blacklistings"][0]["party"]["id"] == li
    order = _held(street, chen, *_pair(street))
    street.refused("claim_request", "blacklisted", by=li, request_id=order, claimant=li)
    street.at(date(2026, 3, 6))
    street.refused("claim_request", "already_claimed", by=li, request_id=order, claimant=li)


def _pair(street: Street) -> tuple[str, str]:
    unit = street.unit("暖心超市", kind="enterprise")
    return unit, street.speaker(unit)


def test_a_unit_that_leaves_leaves_nothing_behind_and_comes_back_by_signing(street: Street) -> None:
    chen, lvyun = street.worker("陈书记"), street.unit("绿云物业")
    li, yard = street.speaker(lvyun), street.place("courtyard", "绿云苑")
    street.do("sign_agreement", by=chen, unit=lvyun, tier="street", **TERM)
    street.do("pair_unit", by=chen, unit=lvyun, place=yard)
    menu = street.do("offer_on_menu", by=li, unit=lvyun, name="修水管").ids["menu_id"]
    street.do("admit_to_menu", by=chen, menu_id=menu)
    order = _held(street, chen, lvyun, li)
    street.refused("exit_partner", "reason_not_yours_to_state", by=li, unit=lvyun, reason="misconduct")
    street.do("exit_partner", by=li, unit=lvyun, reason="by_partner")

    assert street.see("request", by=chen, request_id=order)["status"] == "published"
    assert street.see("agreements", unit=lvyun)["agreements"][0]["status"] == "ended"
    assert street.see("pairings", unit=lvyun, status="open")["pairings"] == []
    assert street.see("menu", unit=lvyun)["menu"][0]["status"] == "withdrawn"
    assert street.see("exits")["exits"][0]["reason"] == "by_partner"
    street.refused("exit_partner", "already_exited", by=chen, unit=lvyun, reason="by_community")
    street.refused("claim_request", "partner_exited", by=li, request_id=order, claimant=lvyun)
    street.do("sign_agreement", by=chen, unit=lvyun, tier="street", **TERM)
    street.do("claim_request", by=li, request_id=order, claimant=lvyun)
    assert street.figure(f"unit:{lvyun}:agreements") == 1
