"""The street itself: what every story relies on."""

from __future__ import annotations

import pytest

from tests.mechanisms.street import FIRST_DAY, Street


def test_a_wish_goes_from_a_resident_to_a_neighbour_and_back(street: Street) -> None:
    worker, wang, li = street.worker(), street.person("王阿姨"), street.person("李师傅")

    wish = street.do("post_request", by=wang, kind="wish", requester=wang, words={"title": "修灯"}).ids["request_id"]
    street.refused("publish_request", "no_such_request", by=li, request_id=wish)
    street.do("publish_request", by=worker, request_id=wish)
    street.at(FIRST_DAY, 11)
    street.do("claim_request", by=li, request_id=wish, claimant=li)
    street.refused("claim_request", "already_claimed", by=worker, request_id=wish, claimant=worker)
    street.do("fulfil_request", by=li, request_id=wish, claimant=li)
    street.do("close_request", by=wang, request_id=wish, requester=wang, score=5)

    assert street.see("request", request_id=wish)["status"] == "closed"
    assert street.see("requests", by=worker, kind="wish")["requests"][0]["request_id"] == wish
    assert street.figure("stats.requests.closed") == 1
    street.hidden("members", "not_for_your_roles", by=li)


def test_a_deadline_passes_while_the_clock_moves(street: Street) -> None:
    worker, wang, li = street.worker(), street.person("王阿姨"), street.person("李师傅")
    wish = street.do("post_request", by=wang, kind="wish", requester=wang, words={"title": "修灯"}).ids["request_id"]
    street.do("publish_request", by=worker, request_id=wish)
    street.do("claim_request", by=li, request_id=wish, claimant=li)

    street.at(FIRST_DAY.replace(day=20))
    street.follow()

    assert street.see("request", request_id=wish)["status"] == "published"


def test_a_street_that_was_tampered_with_is_not_let_through(street: Street) -> None:
    street.follow()
    with street.store.database.writing() as cursor:
        cursor.execute("UPDATE events SET tags = 'ledger\n' || tags WHERE position = 1")

    with pytest.raises(AssertionError):
        street.audit()

    with street.store.database.writing() as cursor:
        cursor.execute("UPDATE events SET tags = substr(tags, 8) WHERE position = 1")
