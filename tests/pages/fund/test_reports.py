"""What a fund told the public: pages and files, corrections with their reasons, and what is overdue."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import python_calamine
from starlette.testclient import TestClient

from tests.pages.cast import LEDGER
from tests.pages.fund.purse import Purse

BASE = f"/{LEDGER}/funds/nuanxing"
SignIn = Callable[[str], TestClient]


def address(community: Purse, ending: str = "") -> str:
    """The page of the account that was told."""
    return f"{BASE}/reports/{community.number('disclosures')}{ending}"


def fen(cell: object) -> int:
    """A number of yuan in a workbook, in fen."""
    assert isinstance(cell, int | float)
    return round(cell * 100)


def test_an_account_shows_the_figures_that_were_told(client: TestClient, community: Purse) -> None:
    row = community.row("disclosures")
    shown = client.get(address(community)).text

    closing = f"{row['closing_fen'] / 100:,.2f} 元"
    assert re.search(rf"期末余额</th><td[^>]*><a [^>]*>{closing}<", shown)
    assert "定向帮扶" in shown
    assert "case-" not in re.sub(r'href="[^"]*"', "", shown)


def test_a_correction_is_published_with_its_reason_and_what_it_changed(client: TestClient, community: Purse) -> None:
    shown = client.get(address(community)).text

    assert "更正过 1 次" in shown
    assert "更正原因：补记" in shown
    assert re.search(r"收到捐款</th><td[^>]*><del>92,428.00 元</del></td><td[^>]*>92,505.00 元", shown)
    assert re.search(r"助医 · 收到捐款</th><td[^>]*><del>3,000.00 元</del></td><td[^>]*>3,077.00 元", shown)


def test_the_workbook_holds_the_same_numbers_as_numbers(client: TestClient, community: Purse) -> None:
    row = community.row("disclosures")
    answer = client.get(address(community, "/report.xlsx"))

    assert answer.headers["content-disposition"].endswith('.xlsx"')
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["收支", "按服务项目", "更正"]
    whole = {line[0]: line[1] for line in book.get_sheet_by_name("收支").to_python() if line[0]}
    assert fen(whole["期末余额"]) == row["closing_fen"]
    items = book.get_sheet_by_name("按服务项目").to_python()
    assert fen(items[-1][-1]) == row["closing_fen"]
    corrected = book.get_sheet_by_name("更正").to_python()
    assert corrected[1][1] == "补记"


def test_the_same_account_gives_the_same_workbook(client: TestClient, community: Purse) -> None:
    first, second = (client.get(address(community, "/report.xlsx")).content for _ in range(2))
    assert first == second


def test_the_account_is_a_paper_too(client: TestClient, community: Purse) -> None:
    answer = client.get(address(community, "/report.pdf"))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert client.get(f"{BASE}/reports/1/report.pdf").status_code == 404


def test_only_who_handles_the_money_tells(client: TestClient, community: Purse, signed_in: SignIn) -> None:
    assert "do/correct-disclosure" not in client.get(address(community)).text
    assert "do/correct-disclosure" in signed_in("zhu").get(address(community)).text
    assert signed_in("wang").get(f"/{LEDGER}/do/disclose?fund=fund_nuanxing").status_code == 404


def test_what_is_overdue_is_said_plainly_on_every_page_of_the_fund(client: TestClient, community: Purse) -> None:
    for page in (BASE, f"{BASE}/reports", f"/{LEDGER}/funds"):
        assert "逾期" not in client.get(page).text
    community.clock.moved += 100
    try:
        for page in (BASE, f"{BASE}/reports", f"/{LEDGER}/funds"):
            shown = client.get(page).text
            assert "逾期未公布。" in shown
            assert re.search(r"已经晚了 \d+ 天", shown)
    finally:
        community.clock.moved -= 100
