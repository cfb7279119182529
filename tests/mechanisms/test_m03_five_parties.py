"""M3 五联共治: five kinds of party govern together.

Every party carries its kind, and the boards count by kind.
"""

from __future__ import annotations

from ledger.parties.commands import PartyKind
from tests.mechanisms.street import Street

FIVE: tuple[tuple[PartyKind, str, int], ...] = (
    ("party_organisation", "祥和社区党支部", 1),
    ("resident_body", "祥和居民委员会", 2),
    ("property_service", "绿云物业", 3),
    ("social_organisation", "暖心社工站", 2),
    ("volunteer_organisation", "爱心队", 1),
)


def test_every_party_carries_its_kind_and_the_board_counts_by_kind(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    for kind, name, orders in FIVE:
        unit = street.unit(name, kind=kind)
        speaker = street.speaker(unit)
        assert street.see("unit", unit_id=unit)["kind"] == kind
        for number in range(orders):
            posted = street.do(
                "post_request", by=wang, kind="order", requester=wang, words={"title": f"第 {number + 1} 件"}
            )
            order = posted.ids["request_id"]
            street.do("publish_request", by=worker, request_id=order)
            street.do("claim_request", by=speaker, request_id=order, claimant=unit)
            street.do("fulfil_request", by=speaker, request_id=order, claimant=unit)
            street.do("close_request", by=wang, request_id=order, requester=wang, score=5)

    board = street.see("rankings", measure="kind_requests", period="2026-03")["rows"]
    assert [(row["rank"], row["subject"]["id"], row["value"]) for row in board] == [
        (1, "property_service", 3),
        (2, "resident_body", 2),
        (2, "social_organisation", 2),
        (4, "party_organisation", 1),
        (4, "volunteer_organisation", 1),
    ]
    for kind, _, orders in FIVE:
        made = street.see("ranking_explained", measure="kind_requests", period="2026-03", subject=kind)
        assert (made["value"], len(made["entries"])) == (orders, orders)


def test_what_is_reopened_leaves_the_board(street: Street) -> None:
    worker, wang, lvyun = street.worker(), street.person("王阿姨"), street.unit("绿云物业")
    li = street.speaker(lvyun)
    posted = street.do("post_request", by=wang, kind="order", requester=wang, words={"title": "修门禁"})
    order = posted.ids["request_id"]
    street.do("publish_request", by=worker, request_id=order)
    street.do("claim_request", by=li, request_id=order, claimant=lvyun)
    street.do("fulfil_request", by=li, request_id=order, claimant=lvyun)
    street.do("close_request", by=wang, request_id=order, requester=wang, score=5)
    street.do("reopen_request", by=wang, request_id=order, requester=wang)
    assert street.see("rankings", measure="kind_requests")["rows"] == []
