"""How these tests read a page, and press what stands on it."""

from __future__ import annotations

import html
import re
from typing import Any

from starlette.testclient import TestClient

from tests.pages.cast import LEDGER

_FORM = re.compile(r'<form method="post"[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def main_of(client: TestClient, path: str, status: int = 200) -> str:
    """The main part of a page below the ledger."""
    answer = client.get(path if path.startswith("/") else f"/{LEDGER}/{path}")
    assert answer.status_code == status, (path, answer.status_code)
    return answer.text.partition("<main")[2].partition("</main>")[0]


def plain(shown: str) -> str:
    """What people read of a page."""
    seen = re.sub(r'<span class="hide">.*?</span>', "", shown, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", seen)))


def forms_of(shown: str) -> dict[str, dict[str, str]]:
    """The forms of a page by the last part of their address: what they carry hidden, and `action`."""
    found = {}
    for action, inner in _FORM.findall(shown):
        carried = {name: html.unescape(value) for name, value in _HIDDEN.findall(inner)}
        found[action.partition("?")[0].rpartition("/")[2]] = {**carried, "@": action}
    return found


def press(client: TestClient, shown: str, form: str, **typed: str) -> Any:
    """Send a form of a page with what was typed; gives the answer, which of a form's step is the page it leads to."""
    sent = {**forms_of(shown)[form], **typed}
    answer = client.post(sent.pop("@"), data=sent)
    if answer.status_code == 303 and "draft=" in answer.headers["location"]:
        return client.get(answer.headers["location"])
    return answer


def follow(client: TestClient, answer: Any) -> str:
    """The main part of the page that an answer leads to."""
    assert answer.status_code == 303, plain(answer.text)[-400:]
    return main_of(client, answer.headers["location"])
