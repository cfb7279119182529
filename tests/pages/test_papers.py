"""Checking a paper by its number, without signing in; a plaque's page; papers for a unit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from api.papers.certificate import certificate
from api.papers.unit_year import unit_year
from ledger.clock import day_of
from tests.pages.cast import LEDGER, Community
from tests.papers.archival import faults_of
from tests.papers.reading import number_on, order, plaque_of, read

SignIn = Callable[[str], TestClient]


def test_anybody_sees_that_a_certificate_is_genuine_and_what_stands_on_it(
    community: Community, client: TestClient
) -> None:
    paper = certificate(order(community), community.ids["wang"])
    told = read(client, number_on(paper))
    assert "这张证书是真的" in told and "没有变过" in told
    for stands in ("王阿姨", "11 小时", "敬老理发", "10 小时", "陪诊", "6 次"):
        assert stands in told
    assert "This certificate is genuine" in read(client, number_on(paper), "en")
    assert faults_of(paper.pdf()) == []


def test_nothing_is_told_that_does_not_stand_on_the_paper(community: Community, client: TestClient) -> None:
    number = number_on(certificate(order(community), community.ids["wang"]))
    answer = client.get(f"/{LEDGER}/verify/{number}")
    for secret in (community.ids["wang"], "13912345678", "mem_", "7号院"):
        assert secret not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_made_up_number_is_said_to_be_none_and_may_be_typed_again(community: Community, client: TestClient) -> None:
    number = number_on(certificate(order(community), community.ids["wang"]))
    for made_up in (number[:-1] + ("A" if number[-1] != "A" else "B"), "1", "V29", "126", "008X-FRK5"):
        answer = client.get(f"/{LEDGER}/verify/{made_up}")
        assert answer.status_code == 404
        assert "查不到这个编号" in answer.text and "王阿姨" not in answer.text
        assert '<input type="text" id="number"' in answer.text


def test_a_number_is_typed_as_it_is_read_off_the_paper(community: Community, client: TestClient) -> None:
    number = number_on(certificate(order(community), community.ids["wang"]))
    answer = client.get(f"/{LEDGER}/verify", params={"number": f" {number.lower()} "})
    assert answer.status_code == 303
    assert "这张证书是真的" in client.get(answer.headers["location"]).text


def test_the_code_on_the_paper_leads_to_the_answer(community: Community) -> None:
    paper = certificate(order(community), community.ids["wang"])
    assert paper.values["host"] == f"nuanlin.example/{LEDGER}/verify"


def test_a_plaques_page_is_open_to_all_and_its_files_to_its_unit(
    community: Community, client: TestClient, signed_in: SignIn
) -> None:
    address = f"/{LEDGER}/plaques/{plaque_of(community)}"
    page = client.get(address)
    assert "绿云物业的铭牌" in page.text and "认养一片口袋公园" in page.text and ".pdf" not in page.text
    assert client.get(f"{address}.pdf").status_code == 404
    assert signed_in("wang").get(f"{address}.png").status_code == 404
    for who in ("liu", "zhao"):
        made = signed_in(who).get(f"{address}.pdf")
        assert made.status_code == 200 and faults_of(made.content) == []
        assert "attachment" in made.headers["content-disposition"]
    assert signed_in("liu").get(f"{address}.png").content.startswith(b"\x89PNG")
    assert f"{address}.pdf" in signed_in("liu").get(address).text


def test_no_such_plaque_is_not_found(client: TestClient) -> None:
    assert client.get(f"/{LEDGER}/plaques/plq_nothing").status_code == 404
    assert client.get(f"/{LEDGER}/plaques/plq_nothing.pdf").status_code == 404


def test_a_units_year_is_printed_for_it_alone_and_checked_by_anybody(
    community: Community, client: TestClient, signed_in: SignIn
) -> None:
    address = f"/{LEDGER}/units/{community.ids['lvyun']}/statement.pdf"
    assert client.get(address).status_code == 404
    assert signed_in("wang").get(address).status_code == 404
    made = signed_in("liu").get(address)
    assert made.status_code == 200 and faults_of(made.content) == []
    assert signed_in("liu").get(f"{address}?year=1066").status_code == 422

    year = day_of(community.clock()).year
    told = read(client, number_on(unit_year(order(community), community.ids["lvyun"], year)))
    for stands in ("这份情况表是真的", "绿云物业", "捐款", "圆梦数 1 个"):
        assert stands in told


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_a_passer_by_checks_a_certificate(
    phone: Page, page_without_scripts: Page, address: str, community: Community, scripts: bool
) -> None:
    page = phone if scripts else page_without_scripts
    number = number_on(certificate(order(community), community.ids["wang"]))
    page.goto(f"{address}/{LEDGER}/verify")
    page.get_by_label("编号").fill(number.lower())
    page.get_by_role("button", name="查一查").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("这张证书是真的")
    expect(page.locator("main")).to_contain_text("王阿姨")

    page.get_by_role("link", name="再查一张").click()
    page.get_by_label("编号").fill("0000-1111")
    page.get_by_role("button", name="查一查").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("查不到这个编号")


def test_addresses_on_papers_are_those_that_were_configured(
    community: Community, monkeypatch: pytest.MonkeyPatch, signed_in: SignIn
) -> None:
    address = f"/{LEDGER}/plaques/{plaque_of(community)}.pdf"
    plain = signed_in("liu").get(address).content
    monkeypatch.setenv("NUANLIN_ADDRESS", "https://nuanlin.example/")
    assert signed_in("liu").get(address).content != plain
