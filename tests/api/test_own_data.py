"""One's own data: everything about oneself with what proves it, nothing about anybody else."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import structlog.testing

from api.own_data import check, readable
from api.own_data.collect import own_data
from api.pages import web_sessions
from api.photos import taken_in
from api.texts import LANGUAGES
from ledger.application import OPERATOR
from ledger.parties.commands import RegisterProxy
from ledger.vault_photos import Photo
from tests.api.house import Caller, House, code_of, said
from tests.house.stores import LEDGER
from tests.pages.partner.pictures import from_a_phone

LI_PHONE = "13900005678"


@pytest.fixture
def wang(house: House) -> Caller:
    """王阿姨, who served, asked, gave, donated, and knows 李师傅."""
    me = house.caller(house.member("王阿姨", "13800001111"))
    li = house.member("李师傅", LI_PHONE)
    house.bank(me.actor)
    house.operate(RegisterProxy(principal=me.actor, proxy=li))
    said(
        house.worker.post("/transfers", {"giver": me.actor, "receiver": li, "minutes": 30, "words": {"remark": "谢谢"}})
    )
    gift = {"giver": li, "receiver": me.actor, "minutes": 10, "words": {"remark": "给王阿姨的药"}}
    house.bank(li)
    said(house.worker.post("/transfers", gift))
    house.wish(me.actor, "修一修阳台的灯", name="王阿姨", phone="13800001111")
    said(house.worker.post(f"/members/{me.actor}/certificates"))
    said(house.worker.post("/reservations", {"member": me.actor, "minutes": 20, "provider": li}))
    web_sessions.begin(house.store, LEDGER, me.actor, via="token")
    return me


def photographed(house: House, wang: Caller) -> Photo:
    """A photo of 王阿姨's balcony lamp, kept as the pages keep them."""
    lamp = taken_in(from_a_phone())
    house.store.photos.keep(LEDGER, "req_lamp", [lamp], owners=(wang.actor, "unit_lvyun"), at=1)
    return lamp


def mine(wang: Caller) -> Any:
    """The document as the API gives it."""
    return said(wang.get(f"/members/{wang.actor}/data"))


def test_it_holds_every_part_of_a_persons_affairs(wang: Caller) -> None:
    data = mine(wang)

    assert (data["format"], data["ledger"]) == ("nuanlin/own-data/1", LEDGER)
    assert data["member"]["member_id"] == wang.actor
    assert [(one["account"], one["balance"]) for one in data["accounts"]] == [
        (f"hours:{wang.actor}", 440), (f"hours:{wang.actor}:held", 20),
    ]  # fmt: skip
    moved = [one["amount"] for one in data["accounts"][0]["movements"]]
    assert (moved, sum(moved)) == ([480, -30, 10, -20], 440)
    assert {name: len(data[name]) for name in ("sessions", "requests", "certificates", "reservations", "claims")} == {
        "sessions": 1, "requests": 1, "certificates": 1, "reservations": 1, "claims": 0,
    }  # fmt: skip
    assert len(data["sign_ins"]["tokens"]) == len(data["sign_ins"]["browsers"]) == 1
    types = [one["type"] for one in data["events"]]
    assert types[0] == "party.member_registered@1"
    assert {"hours.given@1", "request.posted@1", "party.proxy_registered@1", "hours.reserved@1"} <= set(types)
    assert [one["position"] for one in data["events"]] == sorted({one["position"] for one in data["events"]})


def test_others_are_numbers_in_it(house: House, wang: Caller) -> None:
    text = wang.get(f"/members/{wang.actor}/data").text
    li = next(one for one in said(house.worker.get("/members"))["members"] if one["name"] == "李师傅")

    assert li["member_id"] not in text
    for name in ("李师傅", "李*", LI_PHONE, "给王阿姨的药"):
        assert name not in text
    data = json.loads(text)
    assert data["proxies"] == [li["short_number"]]
    given = [one["fact"] for one in data["events"] if one["type"] == "hours.given@1"]
    assert [(one["giver"], one["receiver"]) for one in given] == [
        (wang.actor, li["short_number"]), (li["short_number"], wang.actor),
    ]  # fmt: skip


def test_no_secret_is_in_it(house: House, wang: Caller) -> None:
    text = wang.get(f"/members/{wang.actor}/data").text
    with house.store.database.reading() as cursor:
        cursor.execute("SELECT digest FROM tokens UNION SELECT digest FROM web_sessions")
        digests = [str(row[0]) for row in cursor.fetchall()]

    assert len(digests) >= 3
    assert [digest for digest in [*digests, wang.token] if digest[:12] in text] == []


def test_its_words_prove_themselves_and_no_letter_can_be_changed(wang: Caller) -> None:
    data = mine(wang)
    assert {one["document"].get("name") or one["document"].get("remark") for one in data["words"]} == {"王阿姨", "谢谢"}
    assert check.problems(data) == []

    for name, forged in (
        ("document", {"name": "王大妈"}),
        ("exact", base64.b64encode(b'{"name":"x"}').decode()),
        ("opening", base64.b64encode(bytes(32)).decode()),
        ("position", 1),
        ("commitment", "A" * 43),
    ):
        spoilt = json.loads(json.dumps(data))
        spoilt["words"][0][name] = forged
        assert check.problems(spoilt), name


def test_the_file_to_take_away_checks_itself_with_python_alone(house: House, wang: Caller, tmp_path: Path) -> None:
    data = own_data(house.store, LEDGER, wang.actor, by=wang.actor)
    with zipfile.ZipFile(io.BytesIO(readable.as_zip(data))) as archive:
        archive.extractall(folder := tmp_path / "taken")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "check.py", *arguments]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True)

    pages = [f"own-data.{lang}.html" for lang in LANGUAGES]
    assert sorted(file.name for file in folder.iterdir()) == sorted([*pages, "check.py", "own-data.json"])
    done = run("own-data.json")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    file = folder / "own-data.json"
    file.write_text(file.read_text("utf-8").replace("谢谢", "不谢"), "utf-8")
    assert (run("own-data.json").returncode, run("check.py").returncode, run().returncode) == (1, 2, 2)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_to_read_is_whole_and_in_ones_language(house: House, wang: Caller, lang: str) -> None:
    page = readable.as_page(own_data(house.store, LEDGER, wang.actor, by=OPERATOR), lang)

    assert 'href="' not in page and "src=" not in page
    assert "修一修阳台的灯" in page
    assert {"zh": "可用时长", "en": "Hours you may use"}[lang] in page
    assert not any(key in page for key in ("privacy.", "pages.", "sampling.", "cli."))
    assert LI_PHONE not in page


def test_who_else_may_take_it(house: House, wang: Caller) -> None:
    proxy = next(one for one in said(house.worker.get("/members"))["members"] if one["name"] == "李师傅")
    path = f"/members/{wang.actor}/data"
    assert said(house.caller(proxy["member_id"]).get(path))["member"]["member_id"] == wang.actor
    assert said(house.staff("administrator").get(path))["words"]
    for nobody in (house.staff("community_worker"), house.staff("auditor"), house.caller(house.member("孙大爷"))):
        assert code_of(nobody.get(path)) == "no_such_member"
    assert code_of(house.anybody.get(path)) == "token_missing"
    assert code_of(house.worker.get("/members/mem_nobody/data")) == "no_such_member"


def test_taking_it_is_noted_without_a_name(house: House, wang: Caller) -> None:
    with structlog.testing.capture_logs() as logs:
        mine(wang)
        said(house.staff("administrator").get(f"/members/{wang.actor}/data"))

    told = [line for line in logs if line["event"] == "own_data_given"]
    assert [(line["member"], line["role"]) for line in told] == [(wang.actor, ""), (wang.actor, "administrator")]
    assert "王阿姨" not in str(logs)


def test_after_deletion_hours_are_left_and_words_say_that_they_are_gone(house: House, wang: Caller) -> None:
    before = mine(wang)
    said(wang.post(f"/subjects/{wang.actor}/erase"))

    after = said(house.worker.get(f"/members/{wang.actor}/data"))

    assert {one["state"] for one in after["words"]} == {"erased"}
    assert {one["commitment"] for one in after["words"]} == {one["commitment"] for one in before["words"]}
    assert "王阿姨" not in json.dumps(after, ensure_ascii=False)
    assert after["accounts"][0]["balance"] == 460, "what was reserved is free again"
    assert after["sign_ins"] == {"tokens": [], "browsers": [], "cards": [], "happened": []}
    assert check.problems(before) == [], "who took it away before can still show what was recorded"


def test_photos_that_go_with_the_person_are_in_it_and_in_the_zip(house: House, wang: Caller) -> None:
    lamp = photographed(house, wang)

    (photo,) = mine(wang)["photos"]

    assert (photo["about"], photo["sha256"], base64.b64decode(photo["jpeg"])) == ("req_lamp", lamp.sha256, lamp.body)
    with zipfile.ZipFile(io.BytesIO(readable.as_zip(own_data(house.store, LEDGER, wang.actor, by="")))) as archive:
        assert archive.read(f"photos/req_lamp-{lamp.sha256[:8]}.jpg") == lamp.body


def test_a_photo_that_was_changed_is_noticed(house: House, wang: Caller) -> None:
    photographed(house, wang)
    data = mine(wang)
    assert check.problems(data) == []

    data["photos"][0]["jpeg"] = base64.b64encode(b"another picture").decode()

    assert "digest" in check.problems(data)[0]
