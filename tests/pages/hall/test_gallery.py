"""The gallery of plaques, and the wall's ways to it; why a row has its place."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.testclient import TestClient

from ledger.honours.commands import RevokePlaque
from projections.books import queries as books
from tests.pages.cast import LEDGER, Community
from tests.pages.hall.test_screen import words

SignIn = Callable[[str], TestClient]
GALLERY = f"/{LEDGER}/plaques"


def halves(client: TestClient) -> tuple[str, str]:
    """What hangs, and what hangs no more."""
    now, _, gone = client.get(GALLERY).text.partition('<h2 id="g">')
    return words(now.partition("<main")[2]), words(gone.partition("</main>")[0])


def test_a_plaque_says_whose_what_for_and_until_when_and_opens(client: TestClient, community: Community) -> None:
    (plaque,) = books.plaques(community.store.database, LEDGER).rows

    now, gone = halves(client)

    assert re.search(r"绿云物业 金牌 · 绿云物业 · 认养一片口袋公园 认养一片口袋公园 .*授予，有效到", now)
    assert "绿云物业" not in gone
    for page in (GALLERY, f"/{LEDGER}/wall"):
        assert f'href="/{LEDGER}/plaques/{plaque["plaque_id"]}"' in client.get(page).text


def test_the_wall_leads_to_the_screen_and_to_the_gallery(client: TestClient) -> None:
    shown = client.get(f"/{LEDGER}/wall").text

    assert f'href="/{LEDGER}/hall"' in shown
    assert f'href="{GALLERY}"' in shown


def test_every_row_of_every_board_says_why_it_has_its_place(client: TestClient) -> None:
    for measure in (
        "volunteer_minutes",
        "team_minutes",
        "unit_requests",
        "unit_donations",
        "place_minutes",
        "kind_requests",
    ):
        shown = client.get(f"/{LEDGER}/wall", params={"measure": measure}).text
        rows = re.findall(r'<a href="([^"]+)">怎么排的', shown)
        assert len(rows) == len(re.findall(r"共 \d+ 笔", shown)) > 0
        for address in rows:
            answer = client.get(address.replace("&amp;", "&"))
            assert answer.status_code == 200
            assert "为什么是第" in answer.text


def test_a_place_is_explained_by_who_has_more_and_what_is_lacking(client: TestClient) -> None:
    """王阿姨 has 11 hours, 李师傅 1 hour 35 minutes."""
    asked = {"measure": "volunteer_minutes"}

    first = words(client.get(f"/{LEDGER}/wall/why", params={**asked, "row": 0}).text)
    second = words(client.get(f"/{LEDGER}/wall/why", params={**asked, "row": 1}).text)

    assert "没有人比这更多，所以是第 1 名。" in first
    assert "前面有 1 个比这更多，所以是第 2 名。" in second
    assert "再多 9 小时 25 分" in second
    assert "没有和这一样多的。" in second


def test_why_somebody_unnamed_stands_there_tells_neither_name_nor_entries(
    client: TestClient, community: Community
) -> None:
    shown = client.get(f"/{LEDGER}/wall/why", params={"measure": "volunteer_minutes", "row": 1}).text

    assert "李*" in shown
    assert "李师傅" not in shown
    assert community.ids["li"] not in shown
    assert "每一笔只给本人看" in shown
    assert client.get(f"/{LEDGER}/wall/why", params={"measure": "volunteer_minutes", "row": 9}).status_code == 404


def test_a_plaque_that_ran_out_hangs_no_more(client: TestClient, community: Community) -> None:
    (plaque,) = books.plaques(community.store.database, LEDGER).rows
    community.clock.moved = 5_000
    now, gone = halves(client)
    community.clock.moved = 0

    assert "绿云物业" not in now
    assert "到期，没有续期" in gone
    assert plaque["revoked_day"] is None


def test_a_revoked_plaque_stands_apart_with_its_reason(client: TestClient, community: Community) -> None:
    (plaque,) = books.plaques(community.store.database, LEDGER).rows
    community.do("qian", RevokePlaque(plaque_id=plaque["plaque_id"], reason="work_undone"))

    now, gone = halves(client)

    assert "绿云物业" not in now
    assert "收回：工作未保持" in gone


def test_a_page_that_goes_on_behind_no_plaque_is_refused(client: TestClient) -> None:
    assert client.get(GALLERY, params={"after": "plaque_nowhere"}).status_code == 422
