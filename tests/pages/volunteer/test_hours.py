"""Hours: what every line of the statement opens to, receipts, certificates, and the ways to use what was saved."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from ledger.clock import MICROS_PER_MINUTE
from ledger.conduct.commands import VoidSession
from ledger.hours import commands as hours
from ledger.seal.receipts import check_receipt
from ledger.services import commands as service
from projections.books import queries as books
from projections.books.engines.services_tables import kin_ties, service_reservations
from projections.reading import many, one
from tests.pages.cast import LEDGER, Community
from tests.pages.volunteer.reading import follow, main_of, plain, press

SignIn = Callable[[str], TestClient]


def usable(community: Community, who: str) -> int:
    """The minutes somebody may spend."""
    return books.hours_of(community.store.database, LEDGER, community.ids[who]).spendable


def number_of(community: Community, who: str) -> str:
    """Somebody's short number."""
    row = books.member(community.store.database, LEDGER, community.ids[who])
    assert row is not None
    return books.short_number(row)


def sent(client: TestClient, path: str, **typed: str) -> str:
    """Fill in a form, look at the answers where it has such a look, send; gives the page that follows."""
    name = path.partition("?")[0].removeprefix("do/")
    answer = press(client, main_of(client, path), name, to="next", **typed)
    if answer.status_code == 303:
        return plain(follow(client, answer))
    assert answer.status_code == 200, plain(answer.text)[-600:]
    assert "请核对" in plain(answer.text)
    return plain(follow(client, press(client, answer.text, name, to="send")))


def test_every_kind_of_movement_has_a_line(signed_in: SignIn, community: Community) -> None:
    offered = service.DeclareService(provider=community.ids["li"], name="修收音机", charge="free", minutes=30)
    community.do("li", offered)
    for _ in range(2):
        reserved = service.ReserveService(service_id=offered.service_id, member=community.ids["wang"])
        community.do("wang", reserved)
        community.do("wang", service.CancelService(reservation_id=reserved.reservation_id))
    fraud = community.deposit("wang", 60, 9, "没有做过的事")
    community.do("qian", VoidSession(session_id=fraud, volunteer=community.ids["wang"], reason="not_held"))
    community.store.catch_up(LEDGER)

    shown = plain(main_of(signed_in("wang"), f"members/{community.ids['wang']}"))

    for line in ("预约服务 修收音机", "预约退回", "作废：没有做过的事"):
        assert line in shown


def test_a_line_leads_to_a_receipt_that_anybody_can_check(signed_in: SignIn, community: Community) -> None:
    position, client = community.deposited(), signed_in("wang")
    assert "还没有封存" in plain(main_of(client, f"receipts/{position}"))
    assert client.get(f"/{LEDGER}/receipts/{position}/proof").status_code == 404

    community.store.sealer.catch_up(LEDGER, force_checkpoint=True)

    shown = main_of(client, f"receipts/{position}")
    assert f"第 {position} 号记录的回执" in plain(shown)
    proof = client.get(f"/{LEDGER}/receipts/{position}/proof")
    record = client.get(f"/{LEDGER}/receipts/{position}/record")
    proven = check_receipt(proof.content, record.content, [community.store.seals.verifier(LEDGER)])
    assert proven.leaf.position == position
    assert "attachment" in proof.headers["content-disposition"]


@pytest.mark.parametrize("who", ["li", "son", "zhao"])
def test_a_receipt_is_nobody_elses(signed_in: SignIn, community: Community, who: str) -> None:
    lines = books.statement(community.store.database, LEDGER, f"hours:{community.ids['wang']}", limit=100).lines
    donated = next(one.position for one in lines if one.type.startswith("hours.donated"))
    client = signed_in(who)

    for path in (f"receipts/{donated}", f"receipts/{donated}/proof", f"receipts/{donated}/record", "receipts/x"):
        assert client.get(f"/{LEDGER}/{path}").status_code == 404


def test_hours_are_given_by_number_after_a_look_at_the_masked_name(signed_in: SignIn, community: Community) -> None:
    client, before = signed_in("wang"), usable(community, "nai")
    shown = main_of(client, "do/give")
    typed = {"receiver": number_of(community, "nai"), "minutes.hours": "", "minutes.minutes": "20"}

    look = press(client, shown, "give", to="next", **typed)

    assert "陈*" in plain(look.text)
    assert "陈奶奶" not in look.text
    assert "对方的时间账里马上能看到" in plain(follow(client, press(client, look.text, "give", to="send")))
    assert usable(community, "nai") == before + 20


def test_kin_agree_before_they_can_be_chosen(signed_in: SignIn, community: Community) -> None:
    wang, nai = signed_in("wang"), signed_in("nai")
    sent(wang, "do/kin", kin=number_of(community, "nai"), relation="parent")
    tie = many(community.store.database, kin_ties, LEDGER, "member", [community.ids["wang"]])[0]
    assert community.ids["nai"] not in main_of(wang, "do/give-kin")
    asked = main_of(nai, f"members/{community.ids['nai']}/kin")
    assert "等您同意" in plain(asked)

    sent(nai, f"do/kin-agree?kin_id={tie['kin_id']}")

    before = usable(community, "nai")
    sent(wang, "do/give-kin", receiver=community.ids["nai"], **{"minutes.minutes": "10"})
    assert usable(community, "nai") == before + 10
    sent(wang, f"do/kin-end?kin_id={tie['kin_id']}")
    row = one(community.store.database, kin_ties, LEDGER, kin_id=tie["kin_id"])
    assert row is not None
    assert row["status"] == "ended"


def test_the_pool_is_given_to(signed_in: SignIn, community: Community) -> None:
    before = usable(community, "wang")

    assert "谢谢您" in sent(signed_in("wang"), "do/donate-hours", **{"minutes.minutes": "5"})

    assert usable(community, "wang") == before - 5


def test_a_service_is_reserved_and_cancelled(signed_in: SignIn, community: Community) -> None:
    offered = service.DeclareService(provider=community.ids["li"], name="磨剪刀", charge="free", minutes=15)
    community.do("li", offered)
    community.store.catch_up(LEDGER)
    client, before = signed_in("wang"), usable(community, "wang")
    page = f"members/{community.ids['wang']}/use"
    assert "磨剪刀" in plain(main_of(client, page))

    assert "提供方会和您联系" in sent(client, f"do/redeem?service_id={offered.service_id}")
    assert usable(community, "wang") == before - 15
    row = many(community.store.database, service_reservations, LEDGER, "service_id", [offered.service_id])[0]
    assert "预留的时间已经退回" in sent(client, f"do/cancel-service?reservation_id={row['reservation_id']}")

    assert usable(community, "wang") == before


def test_what_the_provider_did_is_confirmed(signed_in: SignIn, community: Community) -> None:
    offered = service.DeclareService(provider=community.ids["li"], name="换灯泡", charge="free", minutes=15)
    community.do("li", offered)
    reserved = service.ReserveService(service_id=offered.service_id, member=community.ids["wang"])
    community.do("wang", reserved)
    end_at = community.clock() // MICROS_PER_MINUTE * MICROS_PER_MINUTE
    quarter = 15 * MICROS_PER_MINUTE
    done = service.PerformService(reservation_id=reserved.reservation_id, start_at=end_at - quarter, end_at=end_at)
    community.do("li", done)
    community.store.catch_up(LEDGER)
    client, before = signed_in("wang"), usable(community, "li")
    assert "提供方说已做完，请确认" in plain(main_of(client, f"members/{community.ids['wang']}/use"))

    sent(client, f"do/confirm-service?reservation_id={reserved.reservation_id}")

    assert usable(community, "li") == before + 15


def test_a_correction_is_asked_for_from_the_line(signed_in: SignIn, community: Community) -> None:
    session_id = community.deposit("li", 45, 3, "擦窗")
    community.store.catch_up(LEDGER)
    client = signed_in("li")
    account = main_of(client, f"members/{community.ids['li']}")
    assert f"do/correction?session_id={session_id}" in account

    form = main_of(client, f"do/correction?session_id={session_id}")
    assert "擦窗" in plain(form)
    assert "45 分钟" in plain(form)
    said = {"minutes.minutes": "30", "words.remark": "提前结束"}
    assert "社区会核对" in sent(client, f"do/correction?session_id={session_id}", **said)

    asked = books.corrections_of(community.store.database, LEDGER, session_id)
    assert [(row["minutes"], row["status"]) for row in asked] == [(30, "asked")]


def test_what_is_anothers_is_not_shown_above_a_form(signed_in: SignIn, community: Community) -> None:
    session_id = community.deposit("wang", 35, 4, "只有自己知道的事")
    community.store.catch_up(LEDGER)
    client = signed_in("li")

    assert "只有自己知道的事" not in main_of(client, f"do/correction?session_id={session_id}")
    shown = plain(main_of(client, f"do/give?giver={community.ids['wang']}"))
    assert "王" not in shown.replace("V", "")
    before = usable(community, "wang")
    typed = {"receiver": number_of(community, "nai"), "minutes.minutes": "5"}
    look = press(client, main_of(client, f"do/give?giver={community.ids['wang']}"), "give", to="next", **typed)
    refused = press(client, look.text, "give", to="send")
    assert refused.status_code in (403, 404)
    assert usable(community, "wang") == before
    for page in ("use", "kin", "certificate", "certificate.pdf"):
        main_of(client, f"members/{community.ids['wang']}/{page}", 404)


def test_a_proxy_gives_for_the_principal(signed_in: SignIn, community: Community) -> None:
    community.do("wang", hours.GiveHours(giver=community.ids["wang"], receiver=community.ids["nai"], minutes=15))
    community.store.catch_up(LEDGER)
    before = usable(community, "nai")

    sent(signed_in("son"), f"do/donate-hours?giver={community.ids['nai']}", **{"minutes.minutes": "15"})

    assert usable(community, "nai") == before - 15


def test_the_wall_is_answered(signed_in: SignIn, community: Community) -> None:
    client = signed_in("li")

    sent(client, "do/wall-yes")
    assert "写姓名" in plain(main_of(client, f"members/{community.ids['li']}"))
    sent(client, "do/wall-no", hidden="1")

    row = books.member(community.store.database, LEDGER, community.ids["li"])
    assert row is not None
    assert (row["wall_named"], row["wall_hidden"]) == (0, 1)


def test_a_certificate_is_taken_as_pdf_and_as_picture(signed_in: SignIn, community: Community) -> None:
    client, page = signed_in("wang"), f"members/{community.ids['wang']}/certificate"
    assert "次数" in plain(main_of(client, page))

    pdf, png = (client.get(f"/{LEDGER}/{page}.{kind}?period=all") for kind in ("pdf", "png"))

    assert pdf.content.startswith(b"%PDF")
    assert png.content.startswith(b"\x89PNG")
    assert {pdf.headers["content-type"], png.headers["content-type"]} == {"application/pdf", "image/png"}
    assert re.search(r'filename="certificate-[0-9A-Z]{4}\.pdf"', pdf.headers["content-disposition"])


def test_days_that_are_none_are_told(signed_in: SignIn, community: Community) -> None:
    client, page = signed_in("wang"), f"members/{community.ids['wang']}/certificate"

    assert "请填对的日期" in plain(main_of(client, f"{page}?period=own&from=2026-02-30"))
    assert "没有已核实的服务" in plain(main_of(client, f"{page}?period=own&from=2001-01-01&until=2001-02-01"))
    assert client.get(f"/{LEDGER}/{page}.pdf?period=own&from=2001-01-01&until=2001-02-01").status_code == 422
