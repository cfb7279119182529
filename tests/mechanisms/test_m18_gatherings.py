"""M18 民情收集: 816 sessions with 12,400 opinions in seventeen communities, and the requests that came of them."""

from __future__ import annotations

from tests.mechanisms.street import FIRST_DAY, Street

SESSIONS, OPINIONS = 816, 12_400


def test_sessions_and_opinions_are_counted_and_lead_to_the_requests_that_came_of_them(street: Street) -> None:
    worker, secretary, wang = street.worker(), street.person("赵书记"), street.person("王阿姨")
    communities = [street.place("community", f"建阳{number}社区") for number in range(1, 18)]
    gatherings = []
    for number, place in enumerate(communities):
        opinions = OPINIONS // 17 + (number < OPINIONS % 17)
        done = street.do(
            "record_meeting", by=worker, kind="gathering", place=place, sessions=SESSIONS // 17, people=900,
            opinions=opinions, chair=secretary, words={"minutes": "各小区民情记录"},
        )  # fmt: skip
        gatherings.append(done.ids["meeting_id"])

    for gathering in gatherings[:3]:
        wish = street.do(
            "post_request", by=worker, kind="order", requester=wang, channel="meeting", words={"title": "路灯不亮"}
        ).ids["request_id"]
        street.do("raise_request", by=secretary, meeting_id=gathering, request_id=wish)
        street.refused("raise_request", "already_raised", by=worker, meeting_id=gatherings[0], request_id=wish)

    whole = street.see("meeting_total", meeting_total_id="meetings_gathering")
    assert (whole["meetings"], whole["occasions"], whole["opinions"], whole["raised"]) == (17, SESSIONS, OPINIONS, 3)
    assert street.figure("meeting_total:meetings_gathering:opinions") == OPINIONS
    came = street.see("raised_requests", by=worker, meeting_id=gatherings[0])["raised_requests"]
    assert len(came) == street.figure(f"meeting:{gatherings[0]}:raised") == 1
    street.hidden("raised_requests", "not_for_your_roles", by=wang)
    street.hidden("raised_request", "no_such_raised_request", by=worker, request_id="req_other")
    street.hidden("meeting_total", "no_such_meeting_total", by=wang, meeting_total_id="meetings_residents")


def test_a_wrong_count_is_corrected_and_both_are_seen(street: Street) -> None:
    worker, chair = street.worker(), street.person("赵书记")
    place = street.place("community", "建阳社区")
    counted = {"sessions": 48, "people": 900, "opinions": 7_300}
    meeting = street.do("record_meeting", by=worker, kind="gathering", place=place, chair=chair, **counted).ids[
        "meeting_id"
    ]
    right = {**counted, "opinions": 730}
    street.do("correct_meeting", by=worker, meeting_id=meeting, reason="miscounted", **right)
    street.refused("correct_meeting", "nothing_to_correct", by=worker, meeting_id=meeting, reason="miscounted", **right)
    assert street.see("meeting", meeting_id=meeting)["opinions"] == 730
    assert street.figure("meeting_total:meetings_gathering:opinions") == 730
    opened = street.see("why_figure", figure=f"meeting:{meeting}:opinions")
    assert [entry["amount"] for entry in opened["entries"]] == [7_300, -6_570]


def test_only_who_answers_for_a_place_records_its_meetings(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    place = street.place("courtyard", "绿云苑")
    ask = {"kind": "residents", "place": place, "people": 12, "chair": wang, "day": str(FIRST_DAY)}
    street.refused("record_meeting", "not_in_charge_here", by=wang, **ask)
    street.do("appoint_responsible", by=worker, place_id=place, member_id=wang, office="院长")
    street.do("record_meeting", by=wang, **ask)
    street.refused("record_meeting", "opinions_at_gatherings", by=wang, **ask, opinions=3)
