"""Taking one's data away and having them deleted at a browser, with and without JavaScript, in both languages."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page
from starlette.testclient import TestClient

from api.app import create_app
from tests.pages.cast import LEDGER, Community


@pytest.fixture
def community(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Community]:
    """A community of its own for each test: people leave it."""
    made = Community(tmp_path_factory.mktemp("leaving"))
    yield made
    made.store.close()


def address(community: Community, who: str, page: str = "") -> str:
    """The address of somebody's page."""
    return f"/{LEDGER}/members/{community.ids[who]}{page}"


def secrets(page: str) -> dict[str, str]:
    """What a form of a page carries unseen."""
    return dict(re.findall(r'<input type="hidden" name="(csrf|key)" value="([^"]+)">', page))


SignIn = Callable[[str], TestClient]


def test_ones_own_page_leads_to_both(community: Community, signed_in: SignIn) -> None:
    page = signed_in("wang").get(address(community, "wang")).text
    assert f'href="{address(community, "wang", "/data.zip")}"' in page
    assert f'href="{address(community, "wang", "/forget")}"' in page


def test_the_step_before_says_what_goes_what_stays_and_what_ends_with_it(
    community: Community, signed_in: SignIn
) -> None:
    page = signed_in("wang").get(address(community, "wang", "/forget")).text
    for told in ("您的姓名、电话", "账目不能缺页", "8 小时 45 分", "我明白删除后不能恢复", "先下载一份我的资料"):
        assert told in page
    english = signed_in("wang").get(address(community, "wang", "/forget?lang=en")).text
    assert "This cannot be undone" in english and "Hours" not in secrets(english)


def test_pressing_delete_without_the_tick_deletes_nothing(community: Community, signed_in: SignIn) -> None:
    wang = signed_in("wang")
    form = secrets(wang.get(address(community, "wang", "/forget")).text)

    answer = wang.post(address(community, "wang", "/forget"), data=form)

    assert (answer.status_code, "请勾选" in answer.text) == (422, True)
    assert "王阿姨" in wang.get(address(community, "wang")).text


def test_a_form_of_another_site_deletes_nothing(community: Community, signed_in: SignIn) -> None:
    wang = signed_in("wang")
    assert wang.post(address(community, "wang", "/forget"), data={"sure": "yes"}).status_code == 403
    assert "王阿姨" in wang.get(address(community, "wang")).text


def test_deleted_one_is_signed_out_and_the_walls_say_so(
    community: Community, client: TestClient, signed_in: SignIn
) -> None:
    assert "王阿姨" in client.get(f"/{LEDGER}/wall").text
    wang = signed_in("wang")
    form = {**secrets(wang.get(address(community, "wang", "/forget")).text), "sure": "yes"}

    answer = wang.post(address(community, "wang", "/forget"), data=form)

    assert answer.status_code == 303
    assert "已删除" in wang.get(answer.headers["location"]).text
    assert wang.get(address(community, "wang")).status_code == 404
    wall = client.get(f"/{LEDGER}/wall").text
    assert "已删除" in wall and "王" not in re.sub(r"<[^>]*>", "", wall)
    again = wang.post(address(community, "wang", "/forget"), data=form)
    assert (again.status_code, again.headers["location"]) == (303, f"/{LEDGER}/forgotten"), "as for any id"
    worker = signed_in("zhao").get(address(community, "wang")).text
    assert "已删除" in worker and "/forget" not in worker


def test_what_has_to_be_put_right_first_is_said_in_place_of_the_button(community: Community, signed_in: SignIn) -> None:
    from ledger.parties.commands import PersonWords, RegisterMember

    ward = RegisterMember(guardian=community.ids["wang"], words=PersonWords(name="王小明"))
    community.do("svc_operator", ward)

    page = signed_in("wang").get(address(community, "wang", "/forget")).text

    assert "您是 王小明 的监护人" in page
    assert 'name="sure"' not in page


def test_neighbours_see_neither_page_nor_file(community: Community, client: TestClient, signed_in: SignIn) -> None:
    for who in (client, signed_in("li"), signed_in("wei")):
        for page in ("/forget", "/data.zip"):
            assert who.get(address(community, "wang", page)).status_code == 404
        answer = who.post(address(community, "wang", "/forget"), data={"sure": "yes"})
        assert answer.status_code == (303 if who is client else 404)
        assert (who is client) == (answer.headers.get("location") == f"/{LEDGER}/forgotten")
    assert signed_in("zhao").get(address(community, "wang", "/data.zip")).status_code == 404


def test_a_worker_states_a_cause(community: Community, signed_in: SignIn) -> None:
    zhao = signed_in("zhao")
    page = zhao.get(address(community, "wang", "/forget")).text
    assert '<option value="deceased">已故</option>' in page

    answer = zhao.post(
        address(community, "wang", "/forget"), data={**secrets(page), "sure": "yes", "cause": "deceased"}
    )

    assert answer.status_code == 303
    assert "已删除" in zhao.get(answer.headers["location"]).text


def test_the_file_holds_ones_data(community: Community, signed_in: SignIn) -> None:
    answer = signed_in("wang").get(address(community, "wang", "/data.zip"))
    assert answer.headers["content-disposition"].startswith('attachment; filename="nuanlin-V')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "王阿姨".encode() in archive.read("own-data.json")


@pytest.mark.browser
def test_with_javascript_off_somebody_has_their_data_deleted(community: Community, page_without_scripts: Page) -> None:
    from tests.house.serving import serving

    page = page_without_scripts
    with serving(create_app(community.store)) as server:
        page.goto(f"{server}/sign-in?ledger={LEDGER}")
        page.locator("details:has(#token) > summary").click()
        page.fill("#token", community.tokens["wang"])
        page.get_by_role("button", name="登录").last.click()
        page.get_by_role("link", name="删除我的资料").click()
        page.get_by_label("我明白删除后不能恢复").check()
        page.get_by_role("button", name="删除", exact=True).click()
        assert page.inner_text("h1") == "已删除"
        page.goto(f"{server}/{LEDGER}/wall")
        assert "王阿姨" not in page.content()
