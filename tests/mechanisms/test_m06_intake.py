"""M6 线上+线下 intake: every request keeps the origin it came from. The article has 163 QR codes and 136 suggestions online.

Its second figure, 382 and 4,150 codes, is the same in larger series.
"""

from __future__ import annotations

from ledger.application import Actor, Order, Outcome
from ledger.requests.commands import PostRequest, RequestWords
from tests.mechanisms.street import LEDGER, Street

CODES, SUGGESTIONS = 163, 136


def test_163_codes_are_hung_up_and_every_request_knows_its_own(street: Street) -> None:
    worker = street.worker()
    yard = street.place("courtyard", "绿云苑")
    series = street.do("open_intake_points", by=worker, channel="qr", label="楼道码", count=CODES, place=yard)
    points = street.see("intake_points", limit=200)["intake_points"]
    assert len(points) == CODES
    first = series.ids["point_id"]
    wang = street.person("王阿姨")
    ask = {"kind": "issue", "requester": wang, "channel": "qr", "point": first, "words": {"title": "路灯不亮"}}
    asked = [street.do("post_request", by=wang, **ask).ids["request_id"] for _ in range(3)]
    shown = street.see("request", by=wang, request_id=asked[-1])
    assert (shown["channel"], shown["point"]) == ("qr", first)
    assert street.figure(f"intake:{first}:requests") == 3
    assert street.figure("stats.channels.qr") == 3


def test_online_and_on_the_doorstep_are_told_apart(street: Street) -> None:
    worker, wang = street.worker(), street.person("王阿姨")
    visit = street.do("open_intake_point", by=worker, channel="visit", label="三月入户走访").ids["point_id"]
    ask = {"kind": "issue", "requester": wang, "words": {"title": "加装扶手"}}
    street.do("post_request", by=worker, channel="visit", point=visit, **ask)
    street.do("post_request", by=wang, channel="online", **ask)
    street.refused("post_request", "channel_disagrees", by=wang, channel="online", point=visit, **ask)
    street.do("close_intake_point", by=worker, point_id=visit)
    street.refused("post_request", "point_closed", by=worker, channel="visit", point=visit, **ask)
    assert [street.figure(f"stats.channels.{one}") for one in ("visit", "online")] == [1, 1]


def test_136_suggestions_came_in_online(street: Street) -> None:
    wang = street.person("王阿姨")
    earlier = [
        PostRequest(kind="issue", requester=wang, words=RequestWords(title="建议")) for _ in range(SUGGESTIONS - 6)
    ]
    answers = street.store.application.execute_many(LEDGER, [Order(one) for one in earlier], actor=Actor(wang))
    assert all(isinstance(one, Outcome) for one in answers)
    for n in range(6):
        words = {"title": f"建议 {n + 1}"}
        street.do("post_request", by=wang, kind="issue", requester=wang, channel="online", words=words)
    assert street.figure("stats.channels.online") == SUGGESTIONS
