"""Importing a sheet by its pages: read by a process of its own, looked at, mended, entered once; limits of every kind."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import msgspec
import openpyxl
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api.imports import jobs
from api.pages.worker.importing import write_map
from tests.pages.cast import LEDGER, Community

SignIn = Callable[[str], TestClient]
PATIENCE_SECONDS = 60


def workbook(rows: list[list[object]]) -> bytes:
    """An XLSX file with one sheet."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def csrf_of(client: TestClient) -> str:
    """The secret of the visitor's forms."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(f"/{LEDGER}/import").text)
    return found[1] if found else ""


def send(client: TestClient, data: bytes, *, name: str = "register.xlsx", kind: str = "members") -> Response:
    """Send a sheet."""
    return client.post(
        f"/{LEDGER}/import", data={"csrf": csrf_of(client), "kind": kind}, files={"file": (name, data, "text/csv")}
    )


def settled(client: TestClient, address: str) -> str:
    """The job's page once its process is through."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        page = client.get(address).text
        if "http-equiv" not in page:
            return page
        time.sleep(0.3)
    raise AssertionError("the process did not end")


def go_on(client: TestClient, address: str, to: str, **said: str) -> Response:
    """Press a button of the preview."""
    return client.post(address, data={"csrf": csrf_of(client), "to": to, **said})


def numbers(community: Community) -> set[str]:
    """The community's own numbers in the register."""
    from projections.books import queries as books

    return {row["number"] for row in books.members(community.store.database, LEDGER, limit=500).rows}


def test_a_workbook_is_looked_at_entered_and_never_entered_twice(signed_in: SignIn, community: Community) -> None:
    client = signed_in("zhao")
    sheet = workbook([["编号", "姓名", "手机"], ["G-1", "周阿婆", "13811112222"], ["G-2", "", "13811113333"]])

    address = send(client, sheet).headers["location"]
    preview = settled(client, address)
    assert "共 2 行：可以录入 1 行，原来就有 0 行，有问题 1 行。" in preview
    assert "周阿婆" in preview
    assert "必填，但没有内容。" in preview
    assert "G-1" not in numbers(community)
    refused = client.get(f"{address}/refused.csv")
    assert refused.headers["content-type"].startswith("text/csv")
    assert "G-2" in refused.text
    assert "G-1" not in refused.text

    assert go_on(client, address, "import").status_code == 303
    assert "录入 1 行，原来就有 0 行，没有录入 1 行。" in settled(client, address)
    assert "G-1" in numbers(community)
    head = community.head()

    again = send(client, sheet).headers["location"]
    assert "可以录入 0 行，原来就有 1 行" in settled(client, again)
    go_on(client, again, "import")
    settled(client, again)
    assert community.head() == head


def test_a_column_that_was_not_understood_is_put_right_in_place(signed_in: SignIn) -> None:
    client = signed_in("zhao")
    sheet = "号头,大名\nH-1,吴大爷\n".encode()

    address = send(client, sheet, name="list.csv").headers["location"]
    preview = settled(client, address)
    assert "没有办成" in preview
    assert 'aria-label="“大名”读作"' in preview

    assert "两列" in go_on(client, address, "again", **{"column-0": "name", "column-1": "name"}).text
    assert go_on(client, address, "again", **{"column-0": "number", "column-1": "name"}).status_code == 303
    assert "可以录入 1 行" in settled(client, address)


@pytest.mark.parametrize("heading", ['姓"名\\', "姓\x7f名", "姓\t名", "] [sheet]"])
def test_headings_with_strange_signs_are_kept_as_they_are(tmp_path: Path, heading: str) -> None:
    task = jobs.Task(ledger=LEDGER, actor="", kind="members", lang="zh", file="", title="", folder=str(tmp_path))
    state = jobs.State(phase="preview", status="ready", shown={"columns": [("A", heading, [], "")]})

    write_map(task, state, {"column-0": "name"})

    assert tomllib.loads((tmp_path / "map.toml").read_text(encoding="utf-8"))["columns"] == {heading: "name"}


@pytest.mark.parametrize(
    ("data", "name", "kind", "said"),
    [
        (b"", "a.csv", "members", "请选一个文件"),
        (b"x", "a.pdf", "members", "只能读 .xlsx 和 .csv"),
        (b"x", "a.csv", "nothing", "请选这是什么表"),
        (b"x" * (jobs.MOST_BYTES + 1), "a.csv", "members", "文件太大"),
    ],
    ids=["empty", "another kind of file", "no kind", "too large"],
)
def test_what_cannot_be_a_sheet_is_refused_at_once(
    signed_in: SignIn, data: bytes, name: str, kind: str, said: str
) -> None:
    answer = send(signed_in("zhao"), data, name=name, kind=kind)

    assert answer.status_code in (413, 422)
    assert said in answer.text


def test_a_broken_workbook_is_told_in_words(signed_in: SignIn) -> None:
    client = signed_in("zhao")

    page = settled(client, send(client, b"PK\x03\x04 not really").headers["location"])

    assert "没有办成" in page
    assert not re.search(r"(errors|imports)\.[a-z_]+", page)


def test_a_sheet_is_nobody_elses_and_can_be_given_up(signed_in: SignIn) -> None:
    client = signed_in("zhao")
    address = send(client, "姓名\n郑大爷\n".encode(), name="a.csv").headers["location"]
    settled(client, address)

    assert signed_in("qian").get(address).status_code == 404
    assert signed_in("qian").get(f"{address}/refused.csv").status_code == 404
    assert go_on(client, address, "drop").status_code == 303
    assert client.get(address).status_code == 404


def test_whoever_may_not_import_is_asked_before_anything_is_read(client: TestClient, signed_in: SignIn) -> None:
    assert signed_in("wang").get(f"/{LEDGER}/import").status_code == 404
    files = {"file": ("a.csv", b"x", "text/csv")}
    assert signed_in("wang").post(f"/{LEDGER}/import", data={"kind": "members"}, files=files).status_code == 404
    assert client.post(f"/{LEDGER}/import", data={"kind": "members"}, files=files).status_code == 401


def test_a_job_that_the_system_ended_says_that_it_was_too_heavy(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    client = signed_in("zhao")

    page = settled(client, send(client, "姓名\n郑大爷\n".encode(), name="a.csv").headers["location"])

    assert "太费时间或内存" in page


def test_a_sheet_that_nobody_looked_at_for_an_hour_is_destroyed(signed_in: SignIn) -> None:
    client = signed_in("zhao")
    task = jobs.Task(ledger=LEDGER, actor="mem_somebody", kind="members", lang="zh", file="", title="a.csv", folder="")
    _, kept = jobs.keep(task, "姓名\n郑大爷\n".encode())
    _, fresh = jobs.keep(msgspec.structs.replace(task, actor="mem_other"), "姓名\n郑大爷\n".encode())
    os.utime(kept.folder, (1, 1))

    assert client.get(f"/{LEDGER}/work").status_code == 200

    assert not Path(kept.folder).exists()
    assert Path(fresh.folder).exists()
    jobs.discard(fresh)


def test_more_sheets_at_once_than_may_be_read_wait_their_turn(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_running", threading.BoundedSemaphore(1))
    assert jobs._running.acquire(blocking=False)

    answer = send(signed_in("zhao"), "姓名\n郑大爷\n".encode(), name="a.csv")

    assert answer.status_code == 429
    assert "正在读别的表" in answer.text


def test_the_process_has_its_limits_of_time() -> None:
    program = (
        "import resource, signal; from api.imports.child import limit; limit('preview');"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0], 0 < signal.alarm(0) <= 120)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout == "90 True\n"


@pytest.mark.parametrize("greed", ["bytearray(3 << 30)", "[0] * (1 << 29)"])
def test_the_process_gets_no_more_memory_than_its_limit(greed: str) -> None:
    program = f"from api.imports.child import limit; limit('preview'); print('limited', flush=True); {greed}"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)

    assert done.stdout == "limited\n"
    assert done.returncode != 0
    assert "MemoryError" in done.stderr
