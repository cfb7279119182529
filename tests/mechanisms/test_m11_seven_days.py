"""M11 7天快速处置, 诚信考评: every stage has a deadline; it is warned of, marked as late, and what is late goes back and up."""

from __future__ import annotations

from datetime import timedelta

from tests.mechanisms.street import FIRST_DAY, Street


def _issue(street: Street, resident: str, **more: object) -> str:
    words = {"title": "井盖破损"}
    done = street.do("post_request", by=resident, kind="issue", requester=resident, words=words, **more)
    return done.ids["request_id"]


def test_an_issue_is_seen_to_within_seven_days(street: Street) -> None:
    worker, wang, li = street.worker(), street.person("王阿姨"), street.person("李师傅")
    issue = _issue(street, wang)
    street.at(FIRST_DAY + timedelta(days=1))
    street.do("publish_request", by=worker, request_id=issue)
    street.at(FIRST_DAY + timedelta(days=2))
    street.do("claim_request", by=li, request_id=issue, claimant=li)
    until = street.see("request", by=worker, request_id=issue)["until_at"]
    assert until.startswith((FIRST_DAY + timedelta(days=7)).isoformat())

    street.at(FIRST_DAY + timedelta(days=6))
    street.follow()
    assert street.figure(f"request_progress:{issue}:warnings") >= 1
    street.do("add_evidence", by=li, request_id=issue, party=li, sha256="0f" * 32, words={"remark": "修好后的照片"})
    street.do("fulfil_request", by=li, request_id=issue, claimant=li)
    street.do("close_request", by=wang, request_id=issue, requester=wang, score=5)
    assert street.figure(f"request_progress:{issue}:late") == 0
    kept = street.see("evidence", by=worker, request_id=issue)["evidence"][0]
    assert kept["sha256"] == "0f" * 32


def test_what_is_not_done_in_time_goes_back_and_up(street: Street) -> None:
    worker, wang, li = street.worker(), street.person("王阿姨"), street.person("李师傅")
    top = street.place("street", "祥和街道")
    yard = street.place("courtyard", "祥云院", top)
    chief = street.person("何书记")
    street.do("appoint_responsible", by=worker, place_id=top, member_id=chief, office="街道书记")
    issue = _issue(street, wang, place=yard)
    street.do("publish_request", by=worker, request_id=issue)
    street.do("claim_request", by=li, request_id=issue, claimant=li)
    street.at(FIRST_DAY + timedelta(days=6))
    street.follow()
    assert street.see("request", request_id=issue)["status"] == "published"
    watched = street.see("watched_request", by=worker, request_id=issue)
    assert (watched["at_place"], watched["responsible"]["id"]) == (top, chief)

    street.at(FIRST_DAY + timedelta(days=9))
    street.follow()
    assert street.figure(f"request_progress:{issue}:late") == 1
    street.follow()
    assert street.figure(f"request_progress:{issue}:late") == 1


def test_a_claimant_contacts_the_requester_within_policys_days(street: Street) -> None:
    worker, wang, li = street.worker(), street.person("王阿姨"), street.person("李师傅")
    street.do("set_policy", by=street.operator, name="requests.contact_days", value=2)
    first, second = _issue(street, wang), _issue(street, wang)
    for issue in (first, second):
        street.do("publish_request", by=worker, request_id=issue)
        street.do("claim_request", by=li, request_id=issue, claimant=li)
    street.do("contact_requester", by=li, request_id=first, claimant=li, words={"remark": "约好周三上门"})
    street.refused("contact_requester", "already_contacted", by=li, request_id=first, claimant=li)
    street.at(FIRST_DAY + timedelta(days=3))
    street.follow()
    assert street.figure(f"request_progress:{first}:late") == 0
    assert street.figure(f"request_progress:{second}:late") == 1
