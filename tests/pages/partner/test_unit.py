"""The unit's own page: what it is asked for, what it gave, what is still missing for the next plaque; and its year on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from ledger.appraisals.commands import (
    AppointPanel,
    CloseAppraisal,
    Criterion,
    Mark,
    OpenAppraisal,
    ScoreAppraisal,
    Seat,
)
from ledger.clock import day_of
from ledger.conduct.commands import BlacklistParty
from ledger.parties.commands import GrantRole, RegisterUnit
from ledger.partners import commands as do
from ledger.policy.commands import SetPolicy
from ledger.requests.commands import ClaimRequest, CloseRequest, FulfilRequest, PublishRequest
from tests.pages.cast import LEDGER, Community, without_links

SignIn = Callable[[str], TestClient]


@pytest.fixture(scope="module", autouse=True)
def _given(community: Community) -> None:
    """What 绿云物业 gave: hours, goods, a venue."""
    unit = community.ids["lvyun"]
    for kind, item, quantity in (("hours", "", 150), ("venue", "", 600), ("goods", "轮椅", 3), ("project", "", 1)):
        command = do.RecordContribution(unit=unit, kind=kind, item=item, quantity=quantity)  # type: ignore[arg-type]  # as listed
        community.do("zhao", command)
    community.do("zhao", do.PairUnit(unit=unit, place=community.ids["yard"]))
    community.store.catch_up(LEDGER)


def page_of(client: TestClient, community: Community, more: str = "") -> str:
    answer = client.get(f"/{LEDGER}/units/{community.ids['lvyun']}{more}")
    assert answer.status_code == 200
    return answer.text


def rows(page: str) -> dict[str, str]:
    """What the table of contributions says, kind by kind."""
    table = without_links(page.partition('<table class="kinds">')[2].partition("</table>")[0])
    return dict(re.findall(r'<th scope="row">([^<]+)</th><td class="r">([^<]+)<small', table))


# ---- contributions ---------------------------------------------------------------------------------------------------


def test_every_kind_of_contribution_stands_for_itself(client: TestClient, community: Community) -> None:
    found = rows(page_of(client, community))

    assert found["单位贡献工时"] == "2 小时 30 分"
    assert found["场地时间"] == "10 小时"
    assert found["物资：轮椅"] == "3 件"
    assert found["项目数"] == "1 个"
    assert "元" in found["捐款"]
    assert not any("合计" in kind for kind in found)


def test_every_figure_of_it_opens_to_its_entries(client: TestClient, community: Community) -> None:
    page = page_of(client, community)
    links = re.findall(r'<a class="fig" href="(/[^"]+/why\?figure=ranking[^"]+)"', page)

    assert len(links) == len(rows(page))
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200


def test_a_year_shows_what_was_given_in_it(client: TestClient, community: Community) -> None:
    year = day_of(community.clock()).year

    assert rows(page_of(client, community, f"?year={year}")) == rows(page_of(client, community))
    assert "ranking%3Aunit_hours%3A" + str(year) in page_of(client, community, f"?year={year}")
    assert rows(page_of(client, community, "?year=1999")) == rows(page_of(client, community))


# ---- plaques -----------------------------------------------------------------------------------------------------------


def test_the_highest_tier_says_how_it_is_kept(client: TestClient, community: Community) -> None:
    page = page_of(client, community)

    assert "现挂金牌" in page
    assert "已经是最高一级" in page


def test_what_is_missing_for_the_next_plaque_is_said_in_words(client: TestClient, community: Community) -> None:
    other = RegisterUnit(kind="enterprise", name="安居工程队")
    community.do("svc_operator", other)
    community.do("svc_operator", SetPolicy(name="honours.tier_listings", value=(2, 3, 4)))

    page = client.get(f"/{LEDGER}/units/{other.unit_id}").text

    assert "再办好 2 个榜单项目并通过验收，就够得上铜牌" in page
    assert "已验收 0 个，需要 2 个" in page
    assert "先和社区签约" in page
    assert "还没有铭牌" in page


def test_enough_accepted_listings_wait_for_the_award(client: TestClient, community: Community) -> None:
    other, day = RegisterUnit(kind="enterprise", name="清泉水务"), day_of(community.clock())
    community.do("svc_operator", other)
    unit = other.unit_id
    community.do("svc_operator", GrantRole(holder=community.ids["li"], role="representative", scope=unit))
    community.do("zhao", do.SignAgreement(unit=unit, tier="street", from_day=day, until_day=day + timedelta(days=30)))
    community.do("svc_operator", SetPolicy(name="honours.tier_listings", value=(1, 2, 3)))
    listing = community.wish("修好水井", kind="listing", by="zhao", publish=False)
    community.do("qian", PublishRequest(request_id=listing))
    community.do("li", ClaimRequest(request_id=listing, claimant=unit))
    community.do("li", FulfilRequest(request_id=listing, claimant=unit))
    community.do("zhao", CloseRequest(request_id=listing, requester=community.ids["zhao"], score=5))

    page = client.get(f"/{LEDGER}/units/{unit}").text

    assert "项目数已经够铜牌" in page
    assert "先和社区签约" not in page


# ---- what it is asked for ------------------------------------------------------------------------------------------


def test_a_call_waits_for_an_answer_until_it_is_given(community: Community, signed_in: SignIn) -> None:
    call = do.CallOut(level="routine", place=community.ids["yard"], words=do.PartnerNote(remark="门口积水"))
    community.do("zhao", call)
    client = signed_in("liu")
    page = page_of(client, community)
    assert "门口积水" in page

    form = client.get(f"/{LEDGER}/do/answer-call?callout_id={call.callout_id}&unit={community.ids['lvyun']}").text
    said = dict(re.findall(r'type="hidden" name="(csrf|key|step|callout_id)" value="([^"]+)"', form))
    said.update(unit=community.ids["lvyun"], people="4")
    address = f"/{LEDGER}/do/answer-call"
    assert "请核对" in client.post(address, data={**said, "to": "next"}, follow_redirects=True).text
    sent = client.post(address, data={**said, "step": "2", "to": "send"}).headers["location"]
    assert "/done?" in sent

    assert "门口积水" not in page_of(client, community)


def test_calls_above_the_level_that_was_signed_are_not_shown(community: Community, signed_in: SignIn) -> None:
    community.do("zhao", do.CallOut(level="emergency", words=do.PartnerNote(remark="台风警报")))

    assert "台风警报" not in page_of(signed_in("liu"), community)


def test_a_drill_is_called_a_drill(community: Community, signed_in: SignIn) -> None:
    community.do("zhao", do.CallDrill(level="routine", words=do.PartnerNote(remark="消防演练")))

    assert "演练：平时" in page_of(signed_in("liu"), community)


def test_what_is_in_hand_stands_with_its_clock_for_the_unit_alone(
    client: TestClient, community: Community, signed_in: SignIn
) -> None:
    wish = community.wish("想装一盏门灯")
    community.do("liu", ClaimRequest(request_id=wish, claimant=community.ids["lvyun"]))

    page = page_of(signed_in("liu"), community)
    assert "想装一盏门灯" in page
    assert re.search(r'class="clock" data-until="\d{13}"', page)
    assert "还剩 6 天" in page
    assert "想装一盏门灯" not in page_of(client, community)
    assert "想装一盏门灯" not in page_of(signed_in("wang"), community)


# ---- how it was found --------------------------------------------------------------------------------------------------


def test_an_appraisal_shows_its_result_and_grade(client: TestClient, community: Community) -> None:
    day = day_of(community.clock())
    panel = AppointPanel(
        name="考评小组", rhythm="once", seats=(Seat(party=community.ids["wang"]), Seat(party=community.ids["li"])),
        criteria=(Criterion(code="clean", name="整洁", most=100),),
    )  # fmt: skip
    community.do("zhao", panel)
    opened = OpenAppraisal(
        panel_id=panel.panel_id, subject=community.ids["lvyun"], period=str(day.year), until_day=day + timedelta(days=7)
    )
    community.do("zhao", opened)
    assert "评分中" in page_of(client, community)
    for who in ("wang", "li"):
        sheet = ScoreAppraisal(
            appraisal_id=opened.appraisal_id, panelist=community.ids[who], marks=(Mark(code="clean", points=95),)
        )
        community.do(who, sheet)
    community.do("zhao", CloseAppraisal(appraisal_id=opened.appraisal_id))

    page = without_links(page_of(client, community))
    assert "95.00" in page
    assert "优秀" in page


def test_a_unit_on_the_blacklist_says_so(client: TestClient, community: Community) -> None:
    other = RegisterUnit(kind="enterprise", name="宏图搬家")
    community.do("svc_operator", other)
    community.do("svc_operator", BlacklistParty(party=other.unit_id, reason="fraud"))

    assert "在黑名单上" in client.get(f"/{LEDGER}/units/{other.unit_id}").text


# ---- the year on paper, the list, what is nowhere ----------------------------------------------------------------------


def test_the_yearly_statement_says_the_same_with_room_for_two_seals(
    client: TestClient, community: Community, signed_in: SignIn
) -> None:
    year = day_of(community.clock()).year
    address = f"/{LEDGER}/units/{community.ids['lvyun']}/statement/{year}"

    page = client.get(address).text

    assert rows(page) == rows(page_of(client, community, f"?year={year}"))
    assert "单位盖章" in page
    assert "社区盖章" in page
    assert "statement.pdf" not in page
    with_pdf = signed_in("liu").get(address).text
    pdf = re.search(r'href="([^"]+statement\.pdf[^"]*)"', with_pdf)
    assert pdf is not None
    assert signed_in("liu").get(pdf[1].replace("&amp;", "&")).content.startswith(b"%PDF")


@pytest.mark.parametrize("year", ["1999", "9999", "20x6", "٢٠٢٦"])
def test_there_is_no_statement_of_a_year_that_is_none(client: TestClient, community: Community, year: str) -> None:
    assert client.get(f"/{LEDGER}/units/{community.ids['lvyun']}/statement/{year}").status_code == 422


@pytest.mark.parametrize("path", ["units/unit_none", "units/unit_none/statement/2026", "rectifications/rec_none"])
def test_what_is_nowhere_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(f"/{LEDGER}/{path}").status_code == 404


def test_all_units_stand_in_a_list(client: TestClient) -> None:
    page = client.get(f"/{LEDGER}/units").text

    assert "绿云物业" in page
    assert "安和慈善会" in page


@pytest.mark.parametrize("name", ["offer-goods", "offer-service", "withdraw-offer", "withdraw-service", "answer-call"])
def test_forms_of_units_are_for_representatives(signed_in: SignIn, name: str) -> None:
    assert signed_in("wang").get(f"/{LEDGER}/do/{name}").status_code == 404
    assert signed_in("liu").get(f"/{LEDGER}/do/{name}").status_code == 200
