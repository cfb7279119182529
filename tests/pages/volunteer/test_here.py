"""At the place: the code on the screen lets people in and out; looking changes nothing, and a poster alone lets nobody in."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from starlette.testclient import TestClient

from ledger.shifts.commands import SignUp
from projections.books.engines.shifts_tables import signups
from projections.books.tables import sessions
from projections.reading import many
from tests.pages.cast import LEDGER, Community
from tests.pages.volunteer.conftest import Shifts
from tests.pages.volunteer.reading import follow, main_of, plain, press

SignIn = Callable[[str], TestClient]


def status_of(community: Community, shift_id: str, who: str) -> str:
    """How far a sign-up is; "" for none."""
    rows = many(community.store.database, signups, LEDGER, "shift_id", [shift_id])
    return next((row["status"] for row in rows if row["member"] == community.ids[who]), "")


def test_looking_changes_nothing(signed_in: SignIn, community: Community, shifts: Shifts) -> None:
    shift_id = shifts.make("看护甲")
    head = community.head()
    client = signed_in("wang")
    for path in (f"shifts/{shift_id}/here?code={shifts.code(shift_id)}", f"shifts/{shift_id}", "shifts"):
        main_of(client, path)

    community.store.catch_up(LEDGER)
    assert community.head() == head


def test_scanned_in_and_out_the_hours_are_told_as_scanned(
    signed_in: SignIn, community: Community, shifts: Shifts
) -> None:
    shift_id = shifts.make("看护乙")
    shifts.do("wang", SignUp, shift_id=shift_id, member=community.ids["wang"])
    client = signed_in("wang")

    shown = main_of(client, f"shifts/{shift_id}/here?code={shifts.code(shift_id)}")
    inside = follow(client, press(client, shown, "here"))
    assert "签到成功" in plain(inside)
    shifts.later(45)
    shown = main_of(client, f"shifts/{shift_id}/here?code={shifts.code(shift_id)}")
    outside = plain(follow(client, press(client, shown, "here")))

    assert "签退成功" in outside
    assert "45 分钟" in outside
    rows = many(community.store.database, sessions, LEDGER, "activity_id", [shift_id])
    assert [(row["origin"], row["minutes"]) for row in rows] == [("scanned", 45)]


def test_one_press_signs_up_and_in(signed_in: SignIn, community: Community, shifts: Shifts) -> None:
    shift_id = shifts.make("看护丙")
    client = signed_in("li")

    shown = main_of(client, f"shifts/{shift_id}/here?code={shifts.code(shift_id)}")
    assert "报名并签到" in plain(shown)
    press(client, shown, "here")

    assert status_of(community, shift_id, "li") == "in"


def test_a_wrong_code_leaves_no_sign_up_behind(signed_in: SignIn, community: Community, shifts: Shifts) -> None:
    shift_id = shifts.make("看护丁")
    client = signed_in("son")

    shown = main_of(client, f"shifts/{shift_id}/here")
    answer = press(client, shown, "here", code="AAAA-AAAA")

    assert answer.status_code == 422
    assert "签到码不对" in plain(answer.text)
    assert status_of(community, shift_id, "son") == ""


def test_a_code_that_has_changed_asks_kindly_to_scan_again(signed_in: SignIn, shifts: Shifts) -> None:
    shift_id = shifts.make("看护戊")
    old = shifts.code(shift_id, steps=-5)

    shown = main_of(signed_in("wang"), f"shifts/{shift_id}/here?code={old}")

    assert "这个码刚刚换了" in plain(shown)
    assert old not in shown


def test_who_is_not_signed_in_comes_back_with_the_code(client: TestClient, shifts: Shifts) -> None:
    shift_id = shifts.make("看护己")
    code = shifts.code(shift_id)

    shown = main_of(client, f"shifts/{shift_id}/here?code={code}")

    link = html.unescape(next(iter(re.findall(r'href="(/sign-in[^"]+)"', shown))))
    assert parse_qs(urlsplit(link).query)["after"] == [f"/{LEDGER}/shifts/{shift_id}/here?code={code}"]


def test_the_screen_shows_a_code_that_lets_people_in(signed_in: SignIn, community: Community, shifts: Shifts) -> None:
    shift_id = shifts.make("看护庚", charge="liu")
    screen = main_of(signed_in("liu"), f"shifts/{shift_id}/screen")
    code = next(iter(re.findall(r'class="letters num">([^<]+)<', screen)))
    client = signed_in("zhao")

    press(client, main_of(client, f"shifts/{shift_id}/here?code={code}"), "here")

    assert status_of(community, shift_id, "zhao") == "in"
    assert "<svg" in screen


def test_the_screen_refreshes_itself_with_scripts_and_without(signed_in: SignIn, shifts: Shifts) -> None:
    shift_id = shifts.make("看护辛")
    client = signed_in("qian")

    page = client.get(f"/{LEDGER}/shifts/{shift_id}/screen")
    part = client.get(f"/{LEDGER}/shifts/{shift_id}/screen?part=1").text

    assert re.search(r'<noscript><meta http-equiv="refresh" content="\d+;url=/', page.text)
    assert 'hx-trigger="load delay:' in part
    assert "<html" not in part
    assert page.headers["cache-control"] == "no-store"


def test_a_tablet_shows_one_shift_by_its_key_and_no_other(
    signed_in: SignIn, client: TestClient, shifts: Shifts
) -> None:
    shift_id, other = shifts.make("看护壬"), shifts.make("看护癸")
    told = html.unescape(main_of(signed_in("qian"), f"shifts/{shift_id}/screen"))
    key = next(iter(re.findall(r"screen\?key=([A-Za-z0-9_-]+)", told)))

    assert "letters num" in main_of(client, f"shifts/{shift_id}/screen?key={key}")
    for path in (f"shifts/{other}/screen?key={key}", f"shifts/{shift_id}/screen", f"shifts/{shift_id}/screen?key=x"):
        main_of(client, path, 404)
    main_of(signed_in("son"), f"shifts/{shift_id}/screen", 404)


def test_before_its_time_a_screen_shows_no_code(signed_in: SignIn, shifts: Shifts) -> None:
    shift_id = shifts.make("明天的班", begins_in=60 * 24)

    shown = main_of(signed_in("qian"), f"shifts/{shift_id}/screen")

    assert "<svg viewBox" not in shown
    assert shifts.code(shift_id) not in shown


def test_a_poster_of_the_place_leads_to_what_runs_there(
    client: TestClient, community: Community, shifts: Shifts
) -> None:
    shifts.make("看护子")
    shifts.make("看护丑")

    shown = plain(main_of(client, f"places/{community.ids['yard']}/here"))

    assert "看护子" in shown
    assert "看护丑" in shown
    main_of(client, "places/pl_nowhere/here", 404)


def test_sent_twice_it_counts_once(signed_in: SignIn, community: Community, shifts: Shifts) -> None:
    shift_id = shifts.make("看护寅")
    client = signed_in("wei")
    shown = main_of(client, f"shifts/{shift_id}/here?code={shifts.code(shift_id)}")

    first, second = press(client, shown, "here"), press(client, shown, "here")

    assert (first.status_code, second.status_code) == (303, 303)
    assert status_of(community, shift_id, "wei") == "in"
