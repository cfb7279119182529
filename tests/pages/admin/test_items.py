"""Service items of a fund and declared services, added, renamed and ended by forms, each with its history."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.testclient import TestClient

from projections.books import queries as books
from tests.pages.admin.test_administration import do
from tests.pages.cast import LEDGER, Community

SignIn = Callable[[str], TestClient]
FUND, PAGE, LISTS = "fund_nuanxing", f"/{LEDGER}/admin/lists/nuanxing", f"/{LEDGER}/admin/lists"


def code_of(community: Community, name: str) -> str:
    """The code of an item by its name."""
    account = books.fund_account(community.store.database, LEDGER, FUND)
    assert account is not None
    return next(str(row["item"]) for row in account.items if row["name"] == name)


def test_an_item_is_added_renamed_ended_and_used_again_and_all_of_it_stands_in_its_history(
    signed_in: SignIn, community: Community
) -> None:
    client = signed_in("he")
    assert do(client, "add-item", fund=FUND, name="上门理发").is_redirect
    code = code_of(community, "上门理发")
    assert "上门理发" in signed_in("wang").get(f"/{LEDGER}/funds/nuanxing").text

    assert do(client, "rename-item", fund=FUND, item=code, name="上门理发修脚").is_redirect
    assert code_of(community, "上门理发修脚") == code
    assert do(client, "end-item", fund=FUND, item=code).is_redirect

    shown = client.get(PAGE).text
    history = shown.partition("变更记录")[2]
    for said in ("结束“上门理发修脚”", "启用或改名为“上门理发修脚”", "启用或改名为“上门理发”", "设立基金时定下的项目"):
        assert said in history
    assert "何主任" in history
    assert re.search(r"已结束</h2>.*上门理发修脚.*重新启用", shown, re.DOTALL)
    for elsewhere in (LISTS, f"/{LEDGER}/funds/nuanxing"):
        assert "上门理发修脚" not in client.get(elsewhere).text

    assert do(client, "rename-item", fund=FUND, item=code, name="上门理发修脚").is_redirect
    assert "上门理发修脚" in client.get(LISTS).text


def test_an_item_that_holds_money_offers_no_end_and_its_form_says_why(signed_in: SignIn, community: Community) -> None:
    client = signed_in("he")
    account = books.fund_account(community.store.database, LEDGER, FUND)
    assert account is not None
    held = next(str(row["item"]) for row in account.items if row["available_fen"] and row["name"])

    assert f'do/end-item?fund={FUND}&amp;item={held}"' not in client.get(PAGE).text
    assert "里还有" in do(client, "end-item", fund=FUND, item=held).text


def test_a_name_that_another_item_has_is_told_at_the_field(signed_in: SignIn, community: Community) -> None:
    account = books.fund_account(community.store.database, LEDGER, FUND)
    assert account is not None
    taken = next(str(row["name"]) for row in account.items if row["name"])

    assert f"已经有一个叫“{taken}”的服务项目" in do(signed_in("he"), "add-item", fund=FUND, name=taken).text


def test_a_service_is_declared_for_a_unit_and_withdrawn_and_both_entries_can_be_looked_up(
    signed_in: SignIn, community: Community
) -> None:
    client = signed_in("he")
    unit = community.ids["lvyun"]
    said = {"name": "磨剪子", "charge": "low_cost", "minutes.hours": "0", "minutes.minutes": "20", "price_fen": "5"}
    assert do(client, "declare-service", unit=unit, **said).is_redirect
    shown = client.get(LISTS).text
    of_it = shown.partition("磨剪子")[2].partition("</li>")[0]
    assert "5.00 元" in of_it
    service = re.findall(r"do/take-down-service\?service_id=(srv_[a-z0-9]+)", of_it)[0]

    assert do(client, "take-down-service", service_id=service).is_redirect

    gone = client.get(LISTS).text.partition("已撤下的")[2]
    assert "磨剪子" in gone
    assert len(re.findall(rf"/{LEDGER}/event/\d+", gone.partition("磨剪子")[2].partition("</li>")[0])) == 2


def test_a_service_has_one_provider(signed_in: SignIn, community: Community) -> None:
    said = {"name": "磨剪子", "charge": "free", "minutes.hours": "0", "minutes.minutes": "20"}
    client, unit = signed_in("he"), community.ids["lvyun"]

    assert "请填写这一项" in do(client, "declare-service", **said).text
    assert "单位和个人只能选一个" in do(client, "declare-service", unit=unit, person="李师傅", **said).text


def test_nobody_but_administrators_finds_these_pages(signed_in: SignIn) -> None:
    for path in ("admin/lists/nuanxing", f"do/add-item?fund={FUND}", "do/declare-service"):
        assert signed_in("wang").get(f"/{LEDGER}/{path}").status_code == 404
    assert signed_in("he").get(f"/{LEDGER}/admin/lists/nowhere").status_code == 404
