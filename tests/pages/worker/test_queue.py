"""The queue of today: whose work it is, in which order, what its buttons do, and how a refusal is told in place."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from api.pages.worker.desk import Action, Source
from api.pages.worker.queue import SOURCES
from api.texts import LANGUAGES, known
from ledger.application import OPERATOR
from ledger.clock import day_of
from ledger.hours.commands import RequestCorrection
from ledger.parties.commands import GrantRole
from ledger.places.commands import AddPlace
from projections.books import queries as books
from projections.books.engines.requests_tables import progress
from projections.reading import one
from tests.pages.cast import LEDGER, Community
from tests.pages.worker.desk import press, recorded, session_status

SignIn = Callable[[str], TestClient]


def queue(client: TestClient, source: str = "") -> str:
    """The queue's page."""
    return client.get(f"/{LEDGER}/work", params={"source": source} if source else {}).text


def test_who_is_not_signed_in_is_led_there_and_back(client: TestClient) -> None:
    answer = client.get(f"/{LEDGER}/work")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?ledger={LEDGER}&after=%2F{LEDGER}%2Fwork"


@pytest.mark.parametrize("who", ["wang", "wei", "zhu"])
def test_for_who_has_no_work_there_is_no_such_page(signed_in: SignIn, who: str) -> None:
    client = signed_in(who)

    assert client.get(f"/{LEDGER}/work").status_code == 404
    assert client.get(f"/{LEDGER}/work/verify/ses_1").status_code == 404


def test_one_press_verifies_and_the_piece_is_gone(signed_in: SignIn, community: Community) -> None:
    session, client = recorded(community, "扫雪"), signed_in("zhao")
    assert "王阿姨：扫雪 1 小时" in queue(client)

    answer = press(client, "verify", session, "verify")

    assert answer.status_code == 303
    assert session_status(community, session) == "verified"
    after = client.get(answer.headers["location"]).text
    assert "已核实，时长入账。" in after
    assert "王阿姨：扫雪" not in after


def test_a_piece_swapped_in_place_says_what_was_done_and_its_number(signed_in: SignIn, community: Community) -> None:
    session, client = recorded(community, "送药", days_ago=21), signed_in("zhao")

    answer = press(client, "verify", session, "verify", htmx=True)

    assert answer.status_code == 200
    assert answer.text.strip().startswith('<li class="task done note good"')
    assert f"第 {community.head():,} 号" in answer.text


@pytest.mark.parametrize("htmx", [True, False])
def test_without_a_reason_it_is_told_where_the_button_is(signed_in: SignIn, community: Community, htmx: bool) -> None:
    session, client = recorded(community, f"值守{htmx}", days_ago=22 + htmx), signed_in("zhao")

    answer = press(client, "verify", session, "reject", htmx=htmx)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "请先选一项。" in answer.text
    assert '<details class="deed" open>' in answer.text
    assert answer.text.lstrip().startswith("<li" if htmx else "<!doctype")
    assert session_status(community, session) == "recorded"
    assert press(client, "verify", session, "reject", htmx=htmx, reason="not_present").status_code in (200, 303)
    assert session_status(community, session) == "rejected"


def test_a_reason_that_is_not_offered_does_nothing(signed_in: SignIn, community: Community) -> None:
    session = recorded(community, "读报", days_ago=25)

    assert press(signed_in("zhao"), "verify", session, "reject", reason="because").status_code == 422
    assert session_status(community, session) == "recorded"


def test_ones_own_record_is_shown_without_buttons_and_says_why(signed_in: SignIn, community: Community) -> None:
    own = recorded(community, "自己的", who="zhao", days_ago=26)

    page = signed_in("zhao").get(f"/{LEDGER}/work/verify/{own}").text

    assert "这是您自己的，要由别人来办。" in page
    assert f"work/verify/{own}/verify" not in page
    assert f"work/verify/{own}/verify" in signed_in("qian").get(f"/{LEDGER}/work/verify/{own}").text


def test_a_forged_press_on_ones_own_record_is_refused_by_the_ledger(signed_in: SignIn, community: Community) -> None:
    own = recorded(community, "还是自己的", who="zhao", days_ago=27)

    assert press(signed_in("zhao"), "verify", own, "verify").status_code == 403
    assert session_status(community, own) == "recorded"


def test_what_somebody_else_has_seen_to_is_told_without_blame(signed_in: SignIn, community: Community) -> None:
    session = recorded(community, "理发", days_ago=28)
    assert press(signed_in("qian"), "verify", session, "verify").status_code == 303

    answer = press(signed_in("zhao"), "verify", session, "verify")
    swapped = press(signed_in("zhao"), "verify", session, "verify", htmx=True)

    assert answer.status_code == 409
    assert "已经有人办了" in answer.text
    assert 'class="task done note wait"' in swapped.text


def test_a_press_without_the_pages_secret_does_nothing(signed_in: SignIn, community: Community) -> None:
    session = recorded(community, "浇花", days_ago=29)

    assert press(signed_in("zhao"), "verify", session, "verify", csrf="0" * 40).status_code == 403
    assert session_status(community, session) == "recorded"


def test_a_correction_shows_before_and_after_and_is_granted(signed_in: SignIn, community: Community) -> None:
    mended = community.deposit("li", 120, 30, "搬家具")
    asked = RequestCorrection(session_id=mended, volunteer=community.ids["li"], minutes=90)
    community.do("li", asked)
    client = signed_in("qian")
    assert "李师傅请求更正：2 小时 改为 1 小时 30 分" in queue(client, "correct")

    assert press(client, "correct", asked.correction_id, "approve").status_code == 303

    row = books.session(community.store.database, LEDGER, mended)
    assert row is not None
    assert row["corrected_minutes"] == 90


def test_a_request_is_reviewed_with_what_else_its_resident_asked(signed_in: SignIn, community: Community) -> None:
    wish, client = community.wish("想换灯泡", publish=False), signed_in("zhao")
    page = client.get(f"/{LEDGER}/work/review/{wish}").text
    assert "微心愿：想换灯泡" in page
    assert "这位居民最近提出的" in page
    assert "想修好楼道的灯" in page

    assert press(client, "review", wish, "decline", reason="duplicate").status_code == 303

    row = books.request(community.store.database, LEDGER, wish)
    assert row is not None
    assert (row["status"], row["reason"]) == ("declined", "duplicate")


def test_an_issue_past_its_day_is_late_in_words_and_is_assigned(signed_in: SignIn, community: Community) -> None:
    issue = community.wish("下水道堵了", kind="issue")
    community.clock.moved += 4
    client = signed_in("zhao")
    page = client.get(f"/{LEDGER}/work/assign/{issue}").text
    assert re.search(r'class="chip stop">.*?超时 \d+ 天', page, re.DOTALL)

    wrong = press(client, "assign", issue, "assign", owner="没有这个人", due_day="2099-01-01")
    assert wrong.status_code == 422
    assert "没有找到这个人、单位或团队" in wrong.text
    assert 'value="没有这个人"' in wrong.text
    day = (day_of(community.clock()) + timedelta(days=3)).isoformat()
    assert press(client, "assign", issue, "assign", owner="绿云物业", due_day=day).status_code == 303

    row = books.request(community.store.database, LEDGER, issue)
    assert row is not None
    assert (row["status"], row["claimant"]) == ("claimed", community.ids["lvyun"])
    assert one(community.store.database, progress, LEDGER, request_id=issue) is not None


def test_what_is_due_first_stands_first(signed_in: SignIn, community: Community) -> None:
    earlier = recorded(community, "早的", days_ago=33)
    community.clock.moved += 1
    later = recorded(community, "晚的", days_ago=33)
    page = queue(signed_in("qian"), "verify")

    assert page.index(f"work/verify/{earlier}/verify") < page.index(f"work/verify/{later}/verify")


def test_the_history_is_at_hand_within_the_list(signed_in: SignIn, community: Community) -> None:
    session, client = recorded(community, "陪诊二", days_ago=36), signed_in("zhao")

    story = client.get(f"/{LEDGER}/work/verify/{session}", headers={"HX-Request": "true"}).text

    assert story.lstrip().startswith("<h4")
    assert "王阿姨" in story
    assert "这位志愿者最近的记录" in story
    assert f"/{LEDGER}/event/{community.head()}" in story


def test_who_serves_one_place_sees_and_does_that_places_work_alone(signed_in: SignIn, community: Community) -> None:
    other = AddPlace(kind="courtyard", name="9号院")
    community.do(OPERATOR, other)
    community.do(OPERATOR, GrantRole(holder=community.ids["son"], role="community_worker", scope=other.place_id))
    here = community.wish("想要路灯", publish=False)
    client = signed_in("son")

    assert client.get(f"/{LEDGER}/work").status_code == 200
    assert "想要路灯" not in queue(client)
    assert press(client, "review", here, "publish").status_code == 409
    row = books.request(community.store.database, LEDGER, here)
    assert row is not None
    assert row["status"] == "posted"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_everything_a_source_declares_has_words(source: Source, lang: str) -> None:
    keys = [f"pages.worker.source.{source.name}"]
    for action in source.actions:
        keys += [f"pages.worker.{part}.{source.name}.{action.name}" for part in ("act", "done")]
        for ask in action.asks:
            keys.append(f"pages.worker.ask.{ask.name}")
            keys += [f"{ask.words}{value}" for value in ask.values]
    assert [key for key in keys if not known(lang, key)] == []


def test_no_two_buttons_of_a_piece_share_a_key() -> None:
    for source in SOURCES:
        letters = [action.letter for action in source.actions]
        assert len(letters) == len(set(letters)), source.name
        assert not {"j", "k"} & set(letters), source.name
    assert all(isinstance(action, Action) for source in SOURCES for action in source.actions)


def test_every_source_is_read_by_an_index(signed_in: SignIn, community: Community) -> None:
    queue(signed_in("zhao"))
    asked = {
        key: ready.text
        for key, ready in community.store.database._prepared.items()
        if str(key).startswith(("desk.", "('desk'")) or "'sessions'" in str(key) or "'corrections'" in str(key)
    }
    assert len(asked) >= 8

    with sqlite3.connect(str(community.store.database.url.database)) as connection:
        for key, text in asked.items():
            plan = connection.execute(f"EXPLAIN QUERY PLAN {text}", ["x"] * text.count("?")).fetchall()
            steps = [row[3] for row in plan if row[3].startswith(("SCAN", "SEARCH"))]
            # By the ledger alone it would be the whole table; the index of waiting sessions holds no others.
            whole = [one for one in steps if one.startswith("SCAN") or one.endswith("(ledger=?)")]
            assert [one for one in whole if "sessions_waiting" not in one] == [], key
