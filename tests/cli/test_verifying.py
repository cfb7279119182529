"""`nuanlin audit verify`, as an auditor runs it: the contract of its answer, its exit codes, and the faults in the books."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.hackclub_to_csv import convert
from ledger.actors import OPERATOR, Actor
from ledger.parties.commands import ErasePersonalData
from tests.cli.story import Shell
from tests.house.means import ROOT
from tests.ledger.audit.live import LEDGER, copy, edit, head_of, latest, make, open_store, position_of, tamper


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An honest community, sealed."""
    path = make(tmp_path_factory.mktemp("honest"))
    with open_store(path) as store:
        store.catch_up(LEDGER)
    return path


@pytest.fixture
def shell(original: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell on a copy."""
    return Shell(copy(original, tmp_path / "copy"), capsys)


def test_an_honest_ledger(shell: Shell) -> None:
    answer = shell("audit", "verify", "--json")
    assert answer.code == 0
    told = answer.document
    assert set(told) == {"ok", "events", "root", "checks", "findings"}
    assert (told["ok"], told["events"], told["findings"]) == (True, head_of(Path(shell.path)), [])
    assert len(bytes.fromhex(told["root"])) == 32
    assert all(count > 0 for name, count in told["checks"].items() if name not in ("floors", "erased"))
    assert {"rules", "projections", "tag_index", "double_entries", "signatures"} <= set(told["checks"])


def test_for_people_it_says_what_was_checked_and_whose_key_was_believed(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUANLIN_LANG", "zh")
    answer = shell("audit", "verify")
    assert answer.code == 0
    assert "本机" in answer.err
    assert "未发现问题" in answer.out
    assert "决定合乎规则" in answer.out


BOOKS = {
    "a balance": ("UPDATE accounts SET balance = balance + 60 WHERE account = 'hours:mem_wang'", "accounts"),
    "a posting": ("UPDATE postings SET amount = 7 WHERE position = (SELECT max(position) FROM postings)", "postings"),
    "a wish's state": ("UPDATE requests SET status = 'closed'", "requests"),
    "a fund": ("UPDATE fund_items SET spent_fen = 0 WHERE spent_fen > 0", "fund_items"),
    "a row taken away": ("DELETE FROM receipts WHERE number = (SELECT min(number) FROM receipts)", "receipts"),
    "a row put in": ("INSERT INTO tallies VALUES ('xianghe', 'made_up', 7)", "tallies"),
    "a ranking": ("UPDATE scores SET value = value * 10 WHERE period = 'all' AND measure = 'volunteer_minutes'", "scores"),
}  # fmt: skip


@pytest.mark.parametrize("what", BOOKS)
def test_a_projection_edited_by_hand_is_named(shell: Shell, what: str) -> None:
    statement, table = BOOKS[what]
    tamper(Path(shell.path), statement)
    answer = shell("audit", "verify", "--json")
    assert answer.code == 1
    findings = answer.document["findings"]
    assert findings
    assert {one["check"] for one in findings} == {"projections"}
    assert all(one["what"].startswith(table) for one in findings)
    if table != "tallies":
        assert all(0 < one["position"] <= head_of(Path(shell.path)) for one in findings)


def test_the_balance_that_was_edited_points_at_its_last_posting(shell: Shell) -> None:
    tamper(Path(shell.path), BOOKS["a balance"][0])
    (one,) = shell("audit", "verify", "--json").document["findings"]
    assert one["position"] == position_of(Path(shell.path), "hours.donated@1")
    assert "150" in one["what"] or "balance" in one["what"]


def test_an_event_that_was_touched_is_named_by_its_position(shell: Shell) -> None:
    at = position_of(Path(shell.path), "hours.donated@1")
    edit(Path(shell.path), at, lambda data: data.replace(b'"minutes":30', b'"minutes":3'))
    answer = shell("audit", "verify", "--json", "--no-projections")
    assert answer.code == 1
    assert [one["position"] for one in answer.document["findings"] if one["check"] == "leaves"] == [at]


def test_pinned_keys_and_older_checkpoints(shell: Shell, original: Path, tmp_path: Path) -> None:
    with open_store(original) as store:
        vkey = store.seals.vkey(LEDGER)
    kept = tmp_path / "kept.txt"
    kept.write_text(latest(original))
    pinned = ("audit", "verify", "--json", "--no-projections", "--key", vkey, "--since", str(kept))
    assert shell(*pinned).code == 0
    tamper(Path(shell.path), "DELETE FROM seal_tiles", "DELETE FROM seal_checkpoints")
    tamper(Path(shell.path), "DELETE FROM followers WHERE name = 'seals'")
    edit(Path(shell.path), 7, lambda data: data.replace(b'"role":"', b'"role":"x', 1))
    answer = shell(*pinned)
    assert answer.code == 1
    assert "consistency" in {one["check"] for one in answer.document["findings"]}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--key", "nonsense"), 2),
        (("--witness", "nonsense"), 2),
        (("--need-witnesses", "1"), 2),
        (("--since", "no-such-file"), 1),
        (("--ledger", "nowhere"), 1),
    ],
)
def test_what_cannot_be_asked(shell: Shell, arguments: tuple[str, ...], code: int) -> None:
    answer = shell("audit", "verify", *arguments)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.startswith("nuanlin: ")
    assert "." in answer.err.removeprefix("nuanlin: "), "a sentence, not a key"


def test_the_charity_s_imported_books_hold(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Books that somebody else kept, entered row by row: every decision about them was legal."""
    convert(shared_data / "hackclub" / "main.ledger", tmp_path)
    shell = Shell(tmp_path / "charity.db", capsys)
    for kind in ("donations", "spendings"):
        mapping = ROOT / "examples" / "maps" / f"hackclub_{kind}.toml"
        assert shell("import", kind, str(tmp_path / f"{kind}.csv"), "--map", str(mapping), "--yes").code == 0
    answer = shell("audit", "verify", "--json")
    assert (answer.code, answer.document["findings"]) == (0, [])
    assert answer.document["checks"]["rules"] == answer.document["events"] > 3_000


def test_words_that_were_lost_are_named_and_those_that_were_erased_are_not(shell: Shell) -> None:
    vault = Path(shell.path).with_suffix(".vault.db")
    assert shell("audit", "verify", "--json").document["checks"]["words"] > 3
    tamper(vault, "DELETE FROM vault_documents WHERE subject = 'mem_li'")
    answer = shell("audit", "verify", "--json")
    assert answer.code == 1
    assert {one["check"] for one in answer.document["findings"]} == {"words"}


def test_words_that_were_erased_are_not_lost(shell: Shell) -> None:
    with open_store(Path(shell.path)) as store:
        erasure = ErasePersonalData(subject="mem_li", cause="retention_over")
        store.application.execute(LEDGER, erasure, actor=Actor(OPERATOR))
    before = shell("audit", "verify", "--json").document["checks"]
    assert (before["erased"] > 0, before["words"] > before["erased"]) == (True, True)
    answer = shell("audit", "verify")
    assert (answer.code, "erased: the facts and seals stand" in answer.out) == (0, True)


def test_a_copy_without_its_vault_can_be_checked_all_the_same(shell: Shell) -> None:
    for file in Path(shell.path).parent.glob("*vault*"):
        file.unlink()
    Path(shell.path).with_suffix(".key").unlink()
    answer = shell("audit", "verify", "--json")
    assert answer.code == 0
    assert "words" not in answer.document["checks"]
