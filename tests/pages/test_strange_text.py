"""Texts that no keyboard makes, in addresses, forms and cookies: refused in words, and never told as a failing database."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api import tokens
from api.app import create_app
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.parties.commands import RegisterMember
from ledger.places.commands import OpenLedger
from tests.house.stores import LEDGER, settings_for


@pytest.mark.parametrize(
    "path", ["requests/a%00b", "members/%00", "shifts/%00/here", "ask?point=a%00b", "board?after=%00"]
)
def test_an_address_with_a_nul_leads_nowhere(store_url: str, tmp_path: Path, path: str) -> None:
    with Store.open(settings_for(store_url, tmp_path)) as store:
        store.application.execute(LEDGER, OpenLedger(name="桂花社区"), actor=Actor(OPERATOR))

        with TestClient(create_app(store), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
            assert client.get(f"/{LEDGER}/{path}").status_code < 500


def test_a_form_with_what_no_keyboard_types_is_refused_in_words(store_url: str, tmp_path: Path) -> None:
    with Store.open(settings_for(store_url, tmp_path)) as store:
        member = RegisterMember()
        for command in (OpenLedger(name="桂花社区"), member):
            store.application.execute(LEDGER, command, actor=Actor(OPERATOR))
        token, _ = tokens.create(store, LEDGER, actor=member.member_id)

        with TestClient(
            create_app(store), base_url="http://127.0.0.1", follow_redirects=False, raise_server_exceptions=False
        ) as client:
            typed = {"account": "a\x00b", "password": "x", "ledger": LEDGER}
            assert client.post("/sign-in/staff", data=typed).status_code < 500
            assert client.post("/sign-in", data={"token": token, "ledger": LEDGER}).status_code == 303
            csrf = client.get(f"/{LEDGER}/sign-ins").text.partition('name="csrf" value="')[2].partition('"')[0]
            parts = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in
                     (("csrf", csrf), ("words.title", "\\ud800"), ("step", "1"), ("to", "next"))]  # fmt: skip
            answer = client.post(
                f"/{LEDGER}/do/wish", content="".join(parts) + "--b--\r\n",
                headers={"Content-Type": "multipart/form-data; boundary=b; charset=unicode_escape"},
            )  # fmt: skip
            assert answer.status_code < 500
