"""What the auditor's pages say: the past as the queries give it, seals tested, hints, samples and the bundle, and for whom."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import zipfile
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.audit import jobs
from api.audit.results import HEADS
from api.pages.auditor import checkpoints
from projections.asof.past import Past, past_at
from projections.asof.rankings import rankings_as_of
from projections.asof.steps import steps_of
from projections.asof.totals import stats_as_of
from projections.books import queries as books
from tests.pages.world import World

PATIENCE_SECONDS = 180


@pytest.fixture(scope="module")
def auditor(world: World) -> TestClient:
    """The auditor at a browser without scripts."""
    return world.client("auditor")


def past_of(world: World, position: int) -> Past:
    """The street as of a position."""
    return past_at(world.store.database, world.store.codec.decode, world.ledger, position=position)


def page(client: TestClient, world: World, path: str) -> str:
    """The words of a page."""
    answer = client.get(f"/{world.ledger}/{path}")
    assert answer.status_code == 200, answer.text
    return unescape(
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2].partition("</main")[0]))
    )


def csrf_of(client: TestClient, world: World) -> str:
    """The secret of the visitor's forms."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(f"/{world.ledger}/samples").text)
    assert found is not None
    return found[1]


def settled(world: World, kind: jobs.Kind, name: str = "") -> jobs.State:
    """What became of a piece of work."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        state = jobs.state_of(jobs.folder_of(world.store, world.ledger, kind, name))
        if state is not None and state.status != "running":
            return state
        assert time.monotonic() < until, f"{kind} did not end"
        time.sleep(0.2)


# ---- replay ---------------------------------------------------------------------------------------------------------


def test_the_steps_that_were_counted_once_give_every_moment_as_the_rows_do(world: World) -> None:
    world.store.catch_up(world.ledger)
    head = world.head
    steps = steps_of(past_of(world, head), tuple(HEADS), 5)
    for position in (0, 1, head // 7, head // 3, head // 2, head - 5, head):
        past = past_of(world, position)
        counted = steps.counted(position)
        assert stats_as_of(past, counted=(counted.members, counted.requests)) == stats_as_of(past)
        for measure, first in HEADS.items():
            rows = rankings_as_of(past, measure, limit=first).rows
            assert [(one.subject, one.value) for one in steps.head(measure, position)] == [
                (one.subject, one.value) for one in rows
            ]


def test_a_long_ledger_is_counted_by_a_process_of_its_own_and_then_shown_exactly(
    world: World, auditor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    middle = world.head // 2
    short = page(auditor, world, f"replay?position={middle}")
    monkeypatch.setattr("api.pages.auditor.then.SMALL", 10)
    if jobs.state_of(jobs.folder_of(world.store, world.ledger, "counting")) is None:
        assert "正在数这一刻的人数" in page(auditor, world, f"replay?position={middle}")
    assert settled(world, "counting").status == "done"

    assert page(auditor, world, f"replay?position={middle}") == short


def test_a_moment_is_named_by_number_or_day_and_beyond_the_end_is_the_end(world: World, auditor: TestClient) -> None:
    row = books.as_of(world.store.database, world.ledger, position=world.head // 2)
    assert f"第 {row.position:,} 号" in page(auditor, world, f"replay?position={row.position}")
    assert f"第 {world.head:,} 号" in page(auditor, world, "replay?position=999999999")
    assert "第一条之前" in page(auditor, world, "replay?day=1999-01-01")
    assert auditor.get(f"/{world.ledger}/replay?day=gestern").status_code == 422


def test_a_difference_adds_up_and_its_figures_open(world: World, auditor: TestClient) -> None:
    first, last = world.head // 2, world.head
    before, after = stats_as_of(past_of(world, first)), stats_as_of(past_of(world, last))
    earned = after.minutes.earned - before.minutes.earned
    assert earned > 0
    shown = page(auditor, world, f"replay/difference?from={first}&to={last}")
    assert f"{last - first:,} 条记录" in shown
    assert f"+{earned // 60:,} 小时" in shown
    source = auditor.get(f"/{world.ledger}/replay/difference?from={first}&to={last}").text
    links = {unescape(one) for one in re.findall(r'href="([^"]*/why[^"]*)"', source)}
    assert len(links) > 4
    for one in sorted(links)[:8]:
        assert auditor.get(one).status_code == 200


def test_every_figure_of_a_moment_opens_to_its_entries(world: World, auditor: TestClient) -> None:
    source = auditor.get(f"/{world.ledger}/replay?position={world.head // 2}").text
    links = {unescape(one) for one in re.findall(r'class="fig" href="([^"]*/why[^"]*)"', source)}
    assert len(links) > 10
    assert {one: auditor.get(one).status_code for one in links if auditor.get(one).status_code != 200} == {}


# ---- checkpoints ------------------------------------------------------------------------------------------------------


def test_checkpoints_are_for_everybody_and_tested_in_the_page(world: World) -> None:
    anybody = world.client()
    shown = page(anybody, world, "checkpoints/" + world.people["checkpoint"])
    assert shown.count("相符") >= 3
    assert "记下来的事是真的" in shown  # what it does not prove
    assert "相符" in page(anybody, world, "checkpoints")


def test_a_checkpoint_that_somebody_kept_is_compared_with_today(world: World) -> None:
    store, anybody = world.store, world.client()
    kept = store.seals.listed(world.ledger, limit=1)[0]
    good = anybody.post(f"/{world.ledger}/checkpoints", data={"note": kept.note.replace("\n", "\r\n")})
    assert good.status_code == 200
    assert "对得上" in good.text
    forged = kept.note.replace(str(kept.size), str(kept.size + 1), 1)
    bad = anybody.post(f"/{world.ledger}/checkpoints", data={"note": forged})
    assert bad.status_code == 422
    assert "没法核对" in bad.text


def test_a_root_that_the_stored_hashes_do_not_give_is_shown_as_such(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(world.store.seals), "root_at", lambda *_: b"\0" * 32)
    assert "不符" in page(world.client(), world, "checkpoints/" + world.people["checkpoint"])


def test_a_test_that_fails_says_what_was_compared_what_differs_and_what_to_do(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(world.store.seals), "root_at", lambda *_: b"\0" * 32)
    shown = page(world.client(), world, "checkpoints/" + world.people["checkpoint"])
    assert "比的是：当初签下的指纹" in shown
    assert "现在请这样做" in shown
    assert shown.count("比的是：") == 1, "only of what fails"


def test_a_kept_checkpoint_that_does_not_agree_stands_beside_what_is_here_now(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = world.store.seals.listed(world.ledger, limit=1)[0]
    monkeypatch.setattr(type(world.store.seals), "root_at", lambda *_: b"\0" * 32)
    monkeypatch.setattr(checkpoints, "compare", lambda *_: "forked")
    shown = world.client().post(f"/{world.ledger}/checkpoints", data={"note": kept.note}).text
    assert "对不上：历史被改过" in shown
    assert kept.root.hex() in shown
    assert "00" * 32 in shown
    assert f"前 {kept.size:,} 条里至少有一条" in shown
    assert "现在请这样做" in shown


def test_a_ledger_that_became_shorter_than_a_kept_checkpoint_is_said_to_be(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seals = world.store.seals
    kept, last = seals.listed(world.ledger, limit=1)[0], seals.latest(world.ledger)
    assert last is not None
    assert last.size > kept.size
    monkeypatch.setattr(type(seals), "latest", lambda *_: kept)
    shown = world.client().post(f"/{world.ledger}/checkpoints", data={"note": last.note}).text
    assert "说不清，请追查" in shown
    assert f"当初封存了 {last.size:,} 条" in shown


def test_a_checkpoints_page_has_the_row_of_tabs_for_whoever_audits(world: World, auditor: TestClient) -> None:
    path = f"/{world.ledger}/checkpoints/" + world.people["checkpoint"]
    assert f'href="/{world.ledger}/replay"' in auditor.get(path).text
    assert f'href="/{world.ledger}/replay"' not in world.client().get(path).text


def test_the_replay_says_that_it_has_come_to_its_end(world: World, auditor: TestClient) -> None:
    head = world.head
    assert f"第 {head:,} 号是最后一条" in page(auditor, world, f"replay?position={head}")
    assert "是最后一条" not in page(auditor, world, f"replay?position={head - 1}")


# ---- hints, samples, the bundle ---------------------------------------------------------------------------------------


def test_hints_say_how_far_they_looked_and_each_opens_to_its_events(world: World, auditor: TestClient) -> None:
    found = json.loads((jobs.folder_of(world.store, world.ledger, "findings") / "findings.json").read_bytes())
    assert f"检查到第 {found['position']:,} 号" in page(auditor, world, "findings")
    name, _, hints = next(one for one in found["checks"] if one[2])
    source = auditor.get(f"/{world.ledger}/findings/{name}").text
    assert f"/{world.ledger}/event/{hints[0][1][0]}" in source


def test_looking_at_the_hints_starts_nothing_and_asking_for_them_does(
    world: World, auditor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(jobs, "begin", lambda _store, _ledger, kind: begun.append(kind))
    auditor.get(f"/{world.ledger}/findings")
    assert begun == []
    assert auditor.post(f"/{world.ledger}/findings", data={"csrf": csrf_of(auditor, world)}).status_code == 303
    assert begun == ["findings"]
    assert auditor.post(f"/{world.ledger}/findings", data={"csrf": "another"}).status_code == 403


def test_a_sample_is_drawn_again_alike_and_can_be_taken_away(world: World, auditor: TestClient) -> None:
    name = world.people["sample"]
    folder = jobs.folder_of(world.store, world.ledger, "sample", name)
    first = json.loads((folder / "sample.zh.json").read_bytes())
    root = first["seed"]
    form = {"csrf": csrf_of(auditor, world), "seed": root, "size": str(first["size"])}
    again = auditor.post(f"/{world.ledger}/samples", data=form).headers["location"]
    assert settled(world, "sample", again.rpartition("/")[2]).status == "done"

    assert [one["position"] for one in auditor.get(f"{again}/sample.json").json()["items"]] == [
        one["position"] for one in first["items"]
    ]
    sheets = auditor.get(f"{again}/sheets.html")
    assert "attachment" in sheets.headers["content-disposition"]
    assert auditor.get(f"{again}/1").status_code == 200
    assert auditor.get(f"{again}/{len(first['items']) + 1}").status_code == 404


@pytest.mark.parametrize(("field", "value"), [("seed", ""), ("size", "0"), ("size", "viele")])
def test_a_sample_that_cannot_be_drawn_is_said_at_its_field(
    world: World, auditor: TestClient, field: str, value: str
) -> None:
    form = {"csrf": csrf_of(auditor, world), "seed": "a seed", "size": "5", field: value}
    answer = auditor.post(f"/{world.ledger}/samples", data=form)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text


def test_the_bundle_from_the_page_is_accepted_by_its_own_program(
    world: World, auditor: TestClient, tmp_path: Path
) -> None:
    assert auditor.get(f"/{world.ledger}/bundle/file.zip").status_code in (200, 404)
    assert auditor.post(f"/{world.ledger}/bundle", data={"csrf": csrf_of(auditor, world)}).status_code == 303
    assert settled(world, "bundle").status == "done"
    answer = auditor.get(f"/{world.ledger}/bundle/file.zip")
    assert answer.headers["content-type"] == "application/zip"

    (tmp_path / "out.zip").write_bytes(answer.content)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        archive.extract("verify.py", tmp_path)
    key = world.store.seals.vkey(world.ledger)
    run = subprocess.run(
        [sys.executable, "verify.py", "out.zip", "--key", key],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "No findings." in run.stdout


@pytest.mark.parametrize(
    "path", ["audit", "replay", "replay/difference", "findings", "samples", "bundle", "bundle/file.zip"]
)
def test_what_shows_the_journal_is_for_those_who_read_it(world: World, path: str) -> None:
    assert world.client("worker").get(f"/{world.ledger}/{path}").status_code == 403
    away = world.client().get(f"/{world.ledger}/{path}")
    assert away.status_code == 303
    assert away.headers["location"].startswith(f"/sign-in?ledger={world.ledger}&after=")


def test_work_whose_process_is_gone_has_failed_and_can_be_begun_again(world: World) -> None:
    folder = jobs.folder_of(world.store, world.ledger, "sample", "a" * 22)
    folder.mkdir(mode=0o700, exist_ok=True)
    jobs.write_state(folder, jobs.State(status="running", began_at=1))
    (folder / "pid").write_text("999999999")
    state = jobs.state_of(folder)
    assert state is not None
    assert (state.status, state.code) == ("failed", "audit_job_ended")


def test_steps_of_another_history_are_not_believed(
    world: World, auditor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    middle = world.head // 2
    monkeypatch.setattr("api.pages.auditor.then.SMALL", 10)
    page(auditor, world, f"replay?position={middle}")
    assert settled(world, "counting").status == "done"
    assert "正在数这一刻的人数" not in page(auditor, world, f"replay?position={middle}")

    monkeypatch.setattr("api.pages.auditor.then.mark_of", lambda _past: "another salt")
    monkeypatch.setattr(jobs, "begin", lambda _store, _ledger, _kind: "")
    assert "正在数这一刻的人数" in page(auditor, world, f"replay?position={middle}")
