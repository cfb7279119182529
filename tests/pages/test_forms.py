"""The one engine of forms: small steps, a look at the answers, sent once, and errors told where they belong."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from api.pages.common import Visit
from api.pages.forms import all as every
from api.pages.forms.form import Answers, Choices, Field, Form
from api.pages.forms.reading import value_of
from ledger.application import OPERATOR
from ledger.errors import Refused
from ledger.hours.commands import DonateHours, GiveHours
from ledger.parties.commands import PersonWords, RegisterMember
from projections.books import queries as books
from tests.pages.cast import LEDGER, Community

Enter = Callable[[Page, str], None]


def _reasons(_visit: Visit, _answers: Answers) -> Choices:
    return [("thanks", "谢谢"), ("kin", "家人")]


GIVE = Form(
    name="try-give",
    command=GiveHours,
    title="member.statement",
    fields=(
        Field(name="receiver", kind="member", label="member.usable"),
        Field(name="minutes", kind="minutes", label="member.held", step=2),
    ),
    may=lambda visit: visit.caller.signed_in,
    given=lambda visit, _answers: {"giver": visit.caller.actor},
    blame={"insufficient_hours": "minutes", "gift_too_large": "minutes"},
)
POOL = Form(
    name="try-pool", command=DonateHours, title="member.statement", check=False,
    fields=(Field(name="minutes", kind="minutes", label="member.held"),),
    may=lambda visit: not visit.caller.roles.has("auditor"),
    given=lambda visit, _answers: {"giver": visit.caller.actor},
    done=lambda visit, written, _answers: visit.url("board", done=written.position),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _two_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(every.BY_NAME, GIVE.name, GIVE)
    monkeypatch.setitem(every.BY_NAME, POOL.name, POOL)


def hidden(shown: str) -> dict[str, str]:
    """What a page's form carries along."""
    main = shown.partition("<main")[2]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main))


def number_of(community: Community, who: str) -> str:
    """Somebody's short number."""
    row = books.member(community.store.database, LEDGER, community.ids[who])
    assert row is not None
    return books.short_number(row)


def usable(community: Community, who: str) -> int:
    """The hours somebody may spend, in minutes."""
    return books.hours_of(community.store.database, LEDGER, community.ids[who]).spendable


def test_the_way_of_a_form(signed_in: Callable[[str], TestClient], community: Community) -> None:
    client, path, before = signed_in("wang"), f"/{LEDGER}/do/try-give", usable(community, "nai")
    carried = hidden(client.get(path).text)
    second = client.post(
        path, data={**carried, "receiver": number_of(community, "nai"), "to": "next"}, follow_redirects=True
    )
    assert "第 2 步，共 2 步" in second.text
    carried = hidden(second.text)
    assert carried["receiver"] == number_of(community, "nai")
    look = client.post(
        path, data={**carried, "minutes.hours": "", "minutes.minutes": "25", "to": "next"}, follow_redirects=True
    )
    assert "请核对" in look.text
    assert "25 分" in look.text
    assert usable(community, "nai") == before, "nothing is done before it is sent"

    sent = client.post(path, data={**hidden(look.text), "to": "send"})
    again = client.post(path, data={**hidden(look.text), "to": "send"})

    assert sent.status_code == again.status_code == 303
    assert sent.headers["location"] == again.headers["location"]
    assert usable(community, "nai") == before + 25
    done = client.get(sent.headers["location"]).text
    assert "办好了" in done
    assert f"{community.head():,}" in done


def test_what_is_missing_is_told_at_its_question(signed_in: Callable[[str], TestClient]) -> None:
    client, path = signed_in("wang"), f"/{LEDGER}/do/try-give"

    answer = client.post(
        path, data={**hidden(client.get(path).text), "receiver": "", "to": "next"}, follow_redirects=True
    )

    assert answer.status_code == 422
    assert '<a href="#f-receiver">可用时间：请填写这一项。</a>' in answer.text
    assert 'aria-describedby="f-receiver-wrong" aria-invalid="true"' in answer.text


def test_a_refusal_leads_back_to_its_question(signed_in: Callable[[str], TestClient], community: Community) -> None:
    client, path = signed_in("li"), f"/{LEDGER}/do/try-give"
    sent = {
        **hidden(client.get(path).text),
        "receiver": number_of(community, "nai"),
        "minutes.hours": "40",
        "to": "send",
    }

    answer = client.post(path, data=sent, follow_redirects=True)

    assert answer.status_code == 422
    assert 'href="#f-minutes-hours"' in answer.text
    assert 'value="40"' in answer.text, "nothing that was typed is lost"


def test_a_step_back_keeps_what_was_typed(signed_in: Callable[[str], TestClient], community: Community) -> None:
    client, path = signed_in("wang"), f"/{LEDGER}/do/try-give"
    data = {**hidden(client.get(path).text), "receiver": number_of(community, "nai"), "minutes.hours": "1", "step": "2"}

    back = client.post(path, data={**data, "to": "step-1"}, follow_redirects=True)

    assert f'value="{number_of(community, "nai")}"' in back.text
    assert hidden(back.text)["minutes.hours"] == "1"


def test_the_language_can_be_changed_in_the_middle(
    signed_in: Callable[[str], TestClient], community: Community
) -> None:
    client, path = signed_in("wang"), f"/{LEDGER}/do/try-give"
    data = {**hidden(client.get(path).text), "receiver": number_of(community, "nai"), "to": "stay"}

    answer = client.post(f"{path}?lang=en", data=data, follow_redirects=True)

    assert 'lang="en"' in answer.text
    assert number_of(community, "nai") in answer.text


def test_neighbours_are_found_by_number_alone(signed_in: Callable[[str], TestClient]) -> None:
    client, path = signed_in("wang"), f"/{LEDGER}/do/try-give"
    for typed in ("13912345678", "陈奶奶", "V99999"):
        answer = client.post(
            path, data={**hidden(client.get(path).text), "receiver": typed, "to": "next"}, follow_redirects=True
        )
        assert answer.status_code == 422, typed
        assert "陈奶奶" not in answer.text.replace(f'value="{typed}"', "")


def test_no_form_tells_whether_a_telephone_number_is_anybodys(
    signed_in: Callable[[str], TestClient], community: Community
) -> None:
    nobodys, somebodys = "13700000001", "13700000002"
    community.do(OPERATOR, RegisterMember(words=PersonWords(name="钱大妈", phone=somebodys)))
    client, path = signed_in("wang"), f"/{LEDGER}/do/try-give"

    told = []
    for typed in (nobodys, somebodys):
        answer = client.post(
            path, data={**hidden(client.get(path).text), "receiver": typed, "to": "next"}, follow_redirects=True
        )
        told.append((answer.status_code, re.findall(r'<span class="wrong".*?</span>', answer.text, re.DOTALL)))
        assert "钱*" not in answer.text

    assert told[0] == told[1]
    assert told[0][0] == 422


def test_a_form_with_a_strange_token_is_refused_in_words(signed_in: Callable[[str], TestClient]) -> None:
    for token in ("中", "é", ""):
        answer = signed_in("wang").post(f"/{LEDGER}/do/try-pool", data={"csrf": token, "to": "send"})
        assert answer.status_code == 403


def test_a_form_of_others_is_not_there(signed_in: Callable[[str], TestClient], client: TestClient) -> None:
    assert client.get(f"/{LEDGER}/do/try-pool").headers["location"].startswith("/sign-in?")
    assert signed_in("wei").get(f"/{LEDGER}/do/try-pool").status_code == 404
    assert signed_in("wang").get(f"/{LEDGER}/do/nothing").status_code == 404


def test_a_form_from_elsewhere_does_nothing(signed_in: Callable[[str], TestClient], community: Community) -> None:
    before = community.head()

    answer = signed_in("wang").post(f"/{LEDGER}/do/try-pool", data={"minutes.hours": "1", "to": "send", "csrf": "x"})

    assert answer.status_code == 403
    assert community.head() == before


def test_a_form_without_a_look_leads_where_it_says(
    signed_in: Callable[[str], TestClient], community: Community
) -> None:
    client, path = signed_in("wang"), f"/{LEDGER}/do/try-pool"

    sent = client.post(path, data={**hidden(client.get(path).text), "minutes.minutes": "5", "to": "next"})

    assert sent.headers["location"] == f"/{LEDGER}/board?done={community.head()}"


@pytest.mark.browser
def test_the_summary_of_errors_has_the_focus_and_leads_to_the_question(page: Page, address: str, enter: Enter) -> None:
    enter(page, "wang")
    page.goto(f"{address}/{LEDGER}/do/try-give")
    page.get_by_role("button", name="下一步").click()

    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator("#f-receiver")).to_be_focused()


# ---- what people type ---------------------------------------------------------------------------------------------------


@pytest.fixture
def read(community: Community) -> Callable[[str, str], object]:
    """Reads one answer of a kind."""
    from starlette.requests import Request

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    visit = Visit(community.store, Request(scope), LEDGER)

    def reading(kind: str, said: str) -> object:
        field = Field(name="x", kind=kind, label="x")  # type: ignore[arg-type]  # kinds come from the table below
        return value_of(visit, field, {"x.minutes": said} if kind == "minutes" else {"x": said})

    return reading


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("number", "３０", 30),
        ("yuan", "88", 8_800), ("yuan", "1,234.5", 123_450), ("yuan", "¥0.01", 1), ("yuan", "12，000", 1_200_000),
        ("number", "12", 12), ("day", "2026-03-08", "2026-03-08"), ("minutes", "45", 45), ("yes", "yes", True),
        ("moment", "2026-03-08T14:00", "2026-03-08T14:00:00+08:00"), ("text", "  好 ", "好"),
    ],
)  # fmt: skip
def test_what_is_typed_is_understood(read: Callable[[str, str], object], kind: str, said: str, value: object) -> None:
    assert read(kind, said) == value


@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [
        ("yuan", "88.001", "form_bad_amount"), ("yuan", "-1", "form_bad_amount"), ("yuan", "NaN", "form_bad_amount"),
        ("yuan", "1e3000", "form_bad_amount"), ("yuan", "八十八", "form_bad_amount"), ("number", "1.5", "form_bad_number"),
        ("number", "٣", "form_bad_number"), ("day", "2026-02-30", "form_bad_day"), ("moment", "soon", "form_bad_moment"),
        ("minutes", "-5", "form_bad_number"), ("text", "   ", "form_empty"), ("choice", "", "form_choose"),
        ("choice", "other", "form_choose"), ("yes", "", "form_choose"),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_is_told(read: Callable[[str, str], object], kind: str, said: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(kind, said)

    assert (refused.value.code, refused.value.details["field"]) == (code, "x")


@given(st.integers(min_value=0, max_value=10**12))
def test_an_amount_is_read_to_the_fen(fen: int) -> None:
    from api.pages.forms.reading import _fen

    assert _fen(f"{fen // 100:,}.{fen % 100:02}") == fen
