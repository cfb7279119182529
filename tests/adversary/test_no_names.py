"""No name, number or text of a person stands outside the vault: whole stores, logs and exports are read byte by byte.

A community is filled, served, imported into, looked at and exported; then everything that was written is searched for
what people said about themselves, in every form in which it could hide. Leaks planted on purpose show that it would be seen.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sqlite3
import subprocess
import sys
import urllib.parse
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest

from api.settings import Settings
from api.store import Store
from tests.house.means import ROOT

LEDGER = "fangxing"
YESTERDAY = (date.today() - timedelta(days=1)).isoformat()
OUYANG = {
    "name": "欧阳婉清",
    "phone": "13977001234",
    "id_number": "11010519491231002X",
    "address": "梧桐巷17号院3单元401室",
}
DUANMU = {"name": "端木成舟", "phone": "13977005678"}
CONTACT = {"name": "百里春晖", "phone": "13977009012"}
FOREIGNER = {"name": "Gwendolyn Ashcombe"}
WISH = {"title": "阳台水管漏了三天", "detail": "门铃坏了，请拍窗户上的铜铃", "name": "欧阳婉清", "phone": "13977001234"}
TEXTS = ("谢谢您的红薯粥", "给独居老人读报半小时", "灶台也一并擦亮了", "南方来的老同学捐的", "轮椅坡道的扶手")
SHEET = "编号,姓名,手机\nZ901,司徒念安,13977003456\nZ902,上官远山,1397700\n"
LABEL = "欧阳婉清的旧手机"


def said() -> list[str]:
    """Everything the story says about people."""
    told = [*OUYANG.values(), *DUANMU.values(), *CONTACT.values(), *FOREIGNER.values(), WISH["title"], WISH["detail"]]
    return [*dict.fromkeys([*told, *TEXTS, LABEL, "司徒念安", "13977003456", "上官远山"])]


def forms(text: str) -> dict[str, list[bytes]]:
    """How a text may be written: encodings, base64 at every alignment, percent and JSON escapes."""
    plain = text.encode()
    found = {
        "utf-8": [plain],
        "utf-16": [text.encode("utf-16-le"), text.encode("utf-16-be")],
        "gb18030": [text.encode("gb18030")],
        "hex": [plain.hex().encode(), plain.hex().upper().encode()],
        "base64": [
            inner.replace(b"+", plus).replace(b"/", slash)
            for shift in range(3)
            for inner in [base64.b64encode(bytes(shift) + plain)[(0, 2, 3)[shift] :].rstrip(b"=")[:-1]]
            for plus, slash in ((b"+", b"/"), (b"-", b"_"))
        ],
    }
    if not text.isascii():
        quoted = urllib.parse.quote(text)
        escaped = json.dumps(text)[1:-1]
        found["percent"] = [quoted.encode(), quoted.lower().encode()]
        found["json"] = [escaped.encode(), escaped.upper().replace("\\U", "\\u").encode()]
    return found


class Found(NamedTuple):
    """Where something was found, and in which form."""

    where: str
    text: str
    form: str


def search(written: dict[str, bytes], texts: list[str], only: tuple[str, ...] = ()) -> list[Found]:
    """Every text in every form in everything that was written."""
    return [
        Found(where, text, form)
        for text in texts
        for form, needles in forms(text).items()
        if not only or form in only
        for where, data in written.items()
        if any(needle in data for needle in dict.fromkeys(needles))
    ]


def everything(folder: Path) -> dict[str, bytes]:
    """The bytes of every file, of every cell of every SQLite table, and of every file inside a zip file."""
    found: dict[str, bytes] = {}
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        name = str(file.relative_to(folder))
        found[name] = file.read_bytes()
        if file.suffix == ".db":
            found[f"{name} cells"] = _cells(file)
        if file.suffix in (".zip", ".xlsx"):
            with zipfile.ZipFile(file) as archive:
                for inner in archive.namelist():
                    found[f"{name}/{inner}"] = archive.read(inner)
    return found


def _cells(file: Path) -> bytes:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    connection.text_factory = bytes
    tables = [row[0].decode() for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    cells = [cell for table in tables for row in connection.execute(f'SELECT * FROM "{table}"') for cell in row]
    connection.close()
    return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)


class Town:
    """The community on disk, its server, and what both said on standard error."""

    def __init__(self, folder: Path) -> None:
        self.kept, self.inputs = folder / "kept", folder / "inputs"
        self.kept.mkdir()
        self.inputs.mkdir()
        self.logs = 0
        self.live: dict[str, bytes] = {}
        """What was written while the server was still there, write-ahead logs among it."""

    def shell(self, *arguments: str, code: int = 0) -> str:
        """A command as a process of its own; its standard error is kept among the logs."""
        given = ["--db", str(self.kept / "town.db"), "--ledger", LEDGER, *arguments]
        with self._log() as log:
            done = subprocess.run(
                [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())", *given],
                cwd=self.kept, env=_surroundings(), stdout=subprocess.PIPE, stderr=log, text=True, timeout=300,
            )  # fmt: skip
        assert done.returncode == code, (arguments, done.stdout)
        return done.stdout

    def serve(self) -> tuple[subprocess.Popen[str], str]:
        """The server as a process, its standard error kept among the logs, and its address."""
        given = ["--db", str(self.kept / "town.db"), "--ledger", LEDGER, "--json", "serve", "--port", "0"]
        with self._log() as log:
            server = subprocess.Popen(
                [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())", *given],
                cwd=self.kept, env=_surroundings(), stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        assert server.stdout is not None
        return server, json.loads(server.stdout.readline())["address"]

    def _log(self) -> Any:
        self.logs += 1
        return (self.kept / f"log{self.logs}.txt").open("wb")


def _surroundings() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NUANLIN", "LC_", "LANG"))}
    return {**kept, "NUANLIN_LANG": "zh", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


class Api:
    """Calls of the API with a token; answers of any kind, refusals among them."""

    def __init__(self, address: str, token: str) -> None:
        self.http = httpx2.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        self._count = 0

    def post(self, path: str, body: dict[str, Any], status: int = 201) -> Any:
        """A write below the ledger."""
        self._count += 1
        answer = self.http.post(
            f"/api/v1/{LEDGER}{path}", json=body, headers={"Idempotency-Key": f"{id(self)}-{self._count}"}
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, path: str) -> httpx2.Response:
        """A read of any address."""
        return self.http.get(path)


def tell_by_api(api: Api) -> str:
    """欧阳婉清 joins, asks, is given to; others give, and some of it is refused. Gives her id."""
    ouyang = api.post("/members", {"number": "Z900", "words": OUYANG})["ids"]["member_id"]
    duanmu = api.post("/members", {"words": DUANMU})["ids"]["member_id"]
    api.post("/members", {"words": FOREIGNER})
    api.post("/units", {"kind": "enterprise", "name": "麦香面包房", "words": CONTACT})
    for member in (ouyang, duanmu):
        words = {"activity": "读报", "content": TEXTS[1], "in_charge": "端木成舟"}
        api.post("/deposits", {"volunteer": member, "day": YESTERDAY, "minutes": 120, "words": words})
    api.post("/transfers", {"giver": duanmu, "receiver": ouyang, "minutes": 30, "words": {"remark": TEXTS[0]}}, 200)
    wish = api.post("/requests", {"kind": "wish", "requester": ouyang, "words": WISH})["ids"]["request_id"]
    api.post(f"/requests/{wish}/publish", {}, 200)
    api.post("/funds/nuanxing/donations", {"amount_fen": 5_000, "words": {"name": "端木成舟", "message": TEXTS[3]}})
    # What is refused must not come back through a log either.
    api.post("/members", {"number": OUYANG["phone"], "words": OUYANG}, 422)
    api.post("/requests", {"kind": "wish", "requester": "mem_nobody", "words": WISH}, 404)
    api.post("/members", {"words": {**OUYANG, "nickname": "欧阳婉清"}}, 422)
    return str(ouyang)


def look_around(api: Api, member: str) -> None:
    """Reads and pages, of people and of what does not exist, with names where a caller may put them."""
    name = urllib.parse.quote(OUYANG["name"])
    for path in (
        f"/members/{member}",
        "/members",
        f"/members/{name}",
        f"/members?place={name}",
        f"/members/{member}/data",
    ):
        api.get(f"/api/v1/{LEDGER}{path}")
    for page in ("", "board", "wall", f"members/{member}", f"requests/{name}", f"why?figure={name}", name):
        api.get(f"/{LEDGER}/{page}")
    api.http.post("/sign-in", data={"ledger": LEDGER, "token": OUYANG["name"], "after": f"/{name}"})


def tell_by_pages(address: str, token: str, member: str) -> None:
    """欧阳婉清 signs in at a browser, takes her data away and looks at the page where they are deleted."""
    with httpx2.Client(base_url=address, timeout=60, follow_redirects=True) as browser:
        home = browser.post("/sign-in", data={"ledger": LEDGER, "token": token})
        assert OUYANG["name"] in home.text
        assert browser.get(f"/{LEDGER}/members/{member}/data.zip").status_code == 200
        assert browser.get(f"/{LEDGER}/members/{member}/forget").status_code == 200


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Everything told, everything closed: nothing but files is left."""
    town = Town(tmp_path_factory.mktemp("town"))
    town.shell("demo", "--json")
    sheet = town.inputs / "sheet.csv"
    sheet.write_text(SHEET, "utf-8")
    town.shell("import", "members", str(sheet), "--report", str(town.inputs / "report.csv"))
    roles = ("community_worker", "administrator", "treasurer")
    made = json.loads(town.shell("token", "create", "--json", *(part for role in roles for part in ("--role", role))))
    server, address = town.serve()
    try:
        api = Api(address, made["token"])
        member = tell_by_api(api)
        own = json.loads(town.shell("token", "create", "--json", "--member", "Z900", "--label", LABEL))
        assert LABEL in town.shell("token", "list")
        look_around(api, member)
        tell_by_pages(address, own["token"], member)
        town.shell("transfer", "--from", "端木成舟", "--to", "欧阳婉清", "--minutes", "5", "--key", "欧阳婉清")
        town.shell("statement", "欧阳婉清")
        town.shell("statement", "无名氏", code=1)
        town.shell("seal", "now")
        town.shell("audit", "bundle", "bundle.zip")
        town.shell("export", "hledger", "--out", "town.journal")
        town.live = everything(town.kept)
        api.http.close()
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)
    return town


def test_what_people_said_is_in_the_vault_and_nowhere_else(town: Town) -> None:
    with Store.open(Settings(database_url=str(town.kept / "town.db"))) as store:
        (ouyang,) = store.vault.find(LEDGER, "phone", OUYANG["phone"])
        documents = b"".join(one.document for one in store.vault.all_of(LEDGER, ouyang))
        assert all(text.encode() in documents for text in (*OUYANG.values(), WISH["detail"]))
    written = everything(town.kept)
    assert {"town.db", "town.vault.db", "bundle.zip", "town.journal", "log1.txt"} <= set(written)
    assert any(len(data) > 500_000 for data in written.values())
    assert any(b"own_data_given" in data for name, data in written.items() if name.startswith("log")), "logs are kept"
    assert {"town.db-wal", "town.vault.db-wal"} <= set(town.live)

    assert search(written, said()) == []
    assert search(town.live, said()) == []


def test_nobody_of_the_demos_cast_is_in_the_journal_or_the_books(town: Town) -> None:
    """The names are the vault's own, so that nobody is forgotten here; some are no longer than a word of the product."""
    with Store.open(Settings(database_url=str(town.kept / "town.db"))) as store:
        names = sorted(_kept_names(store))
    assert len(names) > 100
    names = names[:: len(names) // 100]
    written = {name: data for name, data in everything(town.kept).items() if name.startswith("town.db")}

    found = search(written, names, only=("utf-8", "json"))

    assert found == []


def _kept_names(store: Store) -> set[str]:
    with store.vault.database.reading() as cursor:
        cursor.execute("SELECT DISTINCT subject FROM vault_documents WHERE subject LIKE 'mem_%'")
        subjects = [str(row[0]) for row in cursor.fetchall()]
    told = [json.loads(one.document) for subject in subjects for one in store.vault.all_of(LEDGER, subject)]
    return {value for words in told for name in ("name", "phone", "address") if len(value := words.get(name, "")) > 2}


@pytest.mark.parametrize("form", ["utf-8", "utf-16", "gb18030", "hex", "base64", "percent", "json"])
def test_a_leak_planted_on_purpose_is_found_in_every_form(tmp_path: Path, form: str) -> None:
    for number, needle in enumerate(forms(OUYANG["name"])[form]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "log.txt").write_bytes(b"2026-03-08 [error] request_failed " + needle + b" after")
        connection = sqlite3.connect(folder / "x.db")
        connection.execute("CREATE TABLE labels (label BLOB)")
        connection.execute("INSERT INTO labels VALUES (?)", (b"the phone of " + needle,))
        connection.commit()
        connection.close()
        with zipfile.ZipFile(folder / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.txt", b"more " * 100 + needle)

        found = search(everything(folder), said())

        assert {one.where for one in found if one.text == OUYANG["name"] and one.form == form} >= {
            "log.txt", "x.db", "x.db cells", "x.zip/inner.txt",
        }  # fmt: skip


def test_a_leak_planted_in_the_store_itself_is_found(town: Town, tmp_path: Path) -> None:
    """As when somebody gave a table a column for names after all."""
    connection = sqlite3.connect(town.kept / "town.db")
    copy = sqlite3.connect(tmp_path / "town.db")
    connection.backup(copy)
    connection.close()
    copy.execute("UPDATE members SET number = ? WHERE number = 'Z900'", (OUYANG["name"],))
    copy.commit()
    copy.close()

    assert {one.text for one in search(everything(tmp_path), said())} == {OUYANG["name"]}
