"""Calls for proposals on the pages: proposing, judging, awarding, reporting with photos."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

from PIL import Image
from starlette.testclient import TestClient

from ledger.clock import day_of
from ledger.proposals.commands import ScoreProposal
from ledger.proposals.state import Proposal
from projections.books import queries as books
from tests.pages.cast import LEDGER
from tests.pages.fund.purse import FUND, Purse
from tests.pages.fund.test_deciding import sent

SignIn = Callable[[str], TestClient]


def page_of(community: Purse, proposal: str) -> str:
    """A proposal's page."""
    return f"/{LEDGER}/proposals/{community.number('proposals', proposal_id=community.ids[proposal])}"


def test_everybody_sees_criteria_points_and_awards_and_no_plan(client: TestClient, community: Purse) -> None:
    call = client.get(f"/{LEDGER}/calls/{community.number('calls_for_proposals')}").text
    proposal = client.get(page_of(community, "meals")).text

    assert "得分率 85%（2 位评委）" in call
    assert "方案" in call
    assert "王阿姨" not in call + proposal
    assert "每天给二十位老人送午饭" not in proposal
    assert re.findall(r'class="num">(85 分)<', proposal) == ["85 分", "85 分"]
    assert "回避" in proposal


def test_judges_and_the_applicant_read_the_plan(community: Purse, signed_in: SignIn) -> None:
    for who in ("wang", "liu", "committee0"):
        assert "每天给二十位老人送午饭" in signed_in(who).get(page_of(community, "meals")).text
    assert "每天给二十位老人送午饭" not in signed_in("nai").get(page_of(community, "meals")).text


def test_a_judge_with_an_interest_is_told_why_instead_of_asked(community: Purse, signed_in: SignIn) -> None:
    shown = signed_in("son").get(page_of(community, "meals") + "/score").text

    assert "评委与申报方有利害关系，应当回避。" in shown
    assert 'name="points-1"' not in shown


def test_only_judges_have_a_sheet(client: TestClient, community: Purse, signed_in: SignIn) -> None:
    address = page_of(community, "dance") + "/score"

    assert client.get(address).headers["location"].startswith("/sign-in?")
    assert signed_in("nai").get(address).status_code == 403


def test_points_beyond_the_most_are_refused_at_their_box_and_good_ones_count(
    community: Purse, signed_in: SignIn
) -> None:
    client, address = signed_in("li"), page_of(community, "dance") + "/score"
    secrets = dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', client.get(address).text))

    wrong = client.post(address, data={**secrets, "points-1": "41", "points-2": "50"})
    assert wrong.status_code == 422
    assert '<a href="#points-1">“需求”请填 0 到 40 之间的整数。</a>' in wrong.text
    assert 'id="points-1" name="points-1" value="41"' in wrong.text

    right = client.post(address, data={**secrets, "points-1": "20", "points-2": "30"})
    assert right.headers["location"] == page_of(community, "dance") + "?done=scored"
    assert "50 分" in client.get(page_of(community, "dance")).text
    again = client.post(address, data={**secrets, "points-1": "20", "points-2": "30"})
    assert again.status_code == 303
    assert "每位评委只评一次。" in client.get(address).text


def test_the_committee_is_told_why_a_proposal_cannot_be_awarded_yet(community: Purse, signed_in: SignIn) -> None:
    shown = signed_in("committee0").get(page_of(community, "dance")).text

    assert "现在还不能立项：" in shown
    assert "do/award" not in shown
    assert "do/award" not in signed_in("committee0").get(page_of(community, "meals")).text


def test_a_stage_is_reported_with_a_photo_that_the_committee_sees(
    client: TestClient, community: Purse, signed_in: SignIn
) -> None:
    address = f"{page_of(community, 'meals')}/photos?grant_id={community.ids['second']}"
    assert signed_in("wang").get(address).status_code == 404
    liu = signed_in("liu")
    secrets = dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', liu.get(address).text))
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "orange").save(picture, "JPEG")

    nothing = liu.post(address, data={**secrets, "text": "满月"}, files={"photo": ("", b"", "image/jpeg")})
    assert nothing.status_code == 422
    done = liu.post(
        address, data={**secrets, "text": "满月"}, files={"photo": ("a.jpg", picture.getvalue(), "image/jpeg")}
    )
    assert done.status_code == 303, done.text
    assert "已记入账本" in liu.get(done.headers["location"]).text

    stage = community.row("milestones", grant_id=community.ids["second"])
    assert stage["status"] == "reported"
    photo = f"/{LEDGER}/stage-photos/{community.ids['second']}/{stage['evidence']}"
    assert signed_in("committee0").get(photo).headers["content-type"] == "image/jpeg"
    assert client.get(photo).status_code == 404
    assert signed_in("wang").get(photo).status_code == 404


def test_a_call_is_opened_and_answered_through_the_forms(community: Purse, signed_in: SignIn) -> None:
    today = day_of(community.clock())
    answers = {
        "fund": FUND, "title": "楼道美化", "until_day": f"{today + timedelta(days=5)}", "item": "item-11",
        "category": "venture", "budget_fen": "3000", "most_fen": "1000", "pass_percent": "60", "criteria.0.name": "效果",
        "criteria.0.most_points": "100",
    }  # fmt: skip
    rows = _numbers(community)
    judges = {f"judges.{at}": rows[who] for at, who in enumerate(("wang", "li", "nai"))}
    opened = sent(signed_in("zhao"), f"/{LEDGER}/do/open-call", **answers, **judges)
    shown = signed_in("qian").get(opened.partition("?")[0]).text
    assert "楼道美化" in shown
    call = re.findall(r"submit-proposal\?call_id=(cfp_[a-z0-9]+)", shown)[0]

    proposal = {
        "call_id": call, "applicant": community.ids["qian"], "title": "墙绘", "words.text": "画十面墙",
        "milestones.0.name": "五面", "milestones.0.amount_fen": "400",
        "milestones.0.due_day": f"{today + timedelta(days=20)}",
        "milestones.1.name": "十面", "milestones.1.amount_fen": "600",
        "milestones.1.due_day": f"{today + timedelta(days=40)}",
    }  # fmt: skip
    led = sent(signed_in("qian"), f"/{LEDGER}/do/submit-proposal?call_id={call}", **proposal)

    page = signed_in("qian").get(led.partition("?")[0]).text
    assert "墙绘" in page
    assert page.count("600.00 元") == 1
    assert "1,000.00<small>元" in page


def _numbers(community: Purse) -> dict[str, str]:
    """The short numbers of three people."""
    rows = books.members_by_id(community.store.database, LEDGER, [community.ids[who] for who in ("wang", "li", "nai")])
    return {who: books.short_number(rows[community.ids[who]]) for who in ("wang", "li", "nai")}


def test_points_are_for_nobody_who_may_still_judge_until_all_have_judged(
    client: TestClient, community: Purse, signed_in: SignIn
) -> None:
    proposal = community.ids["dance"]
    community.do("wang", ScoreProposal(proposal_id=proposal, points=(3, 4)))
    figure = f"/api/v1/{LEDGER}/why/proposal:{proposal}:points"
    page = page_of(community, "dance")

    for shown in (client.get(page).text, signed_in("son").get(page).text, signed_in("nai").get(page).text):
        assert '<b class="num">7 分' not in shown
        assert "得分率" not in shown
        assert "已打分" in shown
    assert "7 分" in signed_in("wang").get(page).text
    assert "7 分" in signed_in("committee0").get(page).text
    row = client.get(f"/api/v1/{LEDGER}/proposals/{proposal}").json()
    assert (row["points"], row["scores"]) == (None, None)
    rows = client.get(f"/api/v1/{LEDGER}/proposals").json()["proposals"]
    assert {one["points"] for one in rows if one["status"] == "submitted"} == {None}
    assert client.get(figure).status_code == 404
    call = community.number("calls_for_proposals", call_id=community.ids["call"])
    assert "评委打分中" in client.get(f"/{LEDGER}/calls/{call}").text

    held = community.store.application.view(LEDGER).state(Proposal, proposal).totals
    for judge in ("li", "son"):
        if community.ids[judge] not in held:
            community.do(judge, ScoreProposal(proposal_id=proposal, points=(1, 1)))

    assert "7 分" in client.get(page).text
    assert client.get(f"/api/v1/{LEDGER}/proposals/{proposal}").json()["scores"] == 3
    assert client.get(figure).status_code == 200
