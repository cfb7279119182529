"""M22 书记楼宇协商会: a meeting assigns requests to owners, each with a due day. 256 meetings, 647 requests."""

from __future__ import annotations

from datetime import timedelta

from tests.mechanisms.street import FIRST_DAY, Street


def test_a_meeting_gives_requests_to_owners_with_due_days(street: Street) -> None:
    worker, secretary, wang = street.worker(), street.person("赵书记"), street.person("王阿姨")
    building = street.place("building", "金融大厦")
    lvyun = street.unit("绿云物业")
    li = street.speaker(lvyun)
    requests = []
    for title in ("电梯慢", "车位紧", "食堂少"):
        done = street.do("post_request", by=wang, kind="order", requester=wang, words={"title": title})
        requests.append(done.ids["request_id"])
        street.do("publish_request", by=worker, request_id=requests[-1])
    meeting = street.do(
        "record_meeting", by=worker, kind="building_council", place=building, people=18, chair=secretary,
        agenda=requests, words={"minutes": "逐件交办"},
    ).ids["meeting_id"]  # fmt: skip

    due = str(FIRST_DAY + timedelta(days=10))
    for request in requests:
        street.do("assign_request", by=worker, request_id=request, owner=lvyun, due_day=due, meeting_id=meeting)
    again = {"request_id": requests[0], "owner": lvyun, "due_day": due, "meeting_id": meeting}
    street.refused("assign_request", "already_claimed", by=worker, **again)
    assert street.figure(f"meeting:{meeting}:assigned") == 3
    assert len(street.see("assignments", by=worker, meeting_id=meeting)["assignments"]) == 3

    street.do("fulfil_request", by=li, request_id=requests[0], claimant=lvyun)
    street.do("close_request", by=wang, request_id=requests[0], requester=wang, score=5)
    street.at(FIRST_DAY + timedelta(days=11))
    street.follow()
    statuses = [street.see("request", request_id=request)["status"] for request in requests]
    assert statuses == ["closed", "published", "published"]


def test_a_meeting_that_never_was_assigns_nothing(street: Street) -> None:
    worker, wang, li = street.worker(), street.person("王阿姨"), street.person("李师傅")
    wish = street.do("post_request", by=wang, kind="order", requester=wang, words={"title": "灯"}).ids["request_id"]
    street.do("publish_request", by=worker, request_id=wish)
    given = {"request_id": wish, "owner": li, "due_day": str(FIRST_DAY), "meeting_id": "meet_none"}
    street.refused("assign_request", "no_such_meeting", by=worker, **given)


def test_two_hundred_and_fifty_six_meetings_are_counted(street: Street) -> None:
    worker, secretary = street.worker(), street.person("赵书记")
    buildings = [street.place("building", f"{number}号楼") for number in range(8)]
    for building in buildings:
        street.do(
            "record_meeting", by=worker, kind="building_council", place=building, sessions=32, people=640,
            chair=secretary,
        )  # fmt: skip
    assert street.figure("meeting_total:meetings_building_council:occasions") == 256
