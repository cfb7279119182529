"""`nuanlin seal …` on the story's store, and `seal check` in an empty folder, as somebody else would run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.seal.notes import WITNESS, Signer, checkpoint_of, split_note
from tests.cli.story import LEDGER, Shell, process


def test_seal_now_signs_everything_and_says_so_once(nuanlin: Shell) -> None:
    first = nuanlin("seal", "now", "--json").document
    again = nuanlin("seal", "now", "--json").document
    assert first["sealed"] == first["size"] > 0
    assert (again["sealed"], again["root"]) == (0, first["root"])
    assert nuanlin("seal", "now").out.startswith(f"Nothing new since the checkpoint of {LEDGER}")


def test_status_tells_how_far_each_ledger_is_sealed(nuanlin: Shell) -> None:
    before = nuanlin("seal", "status", "--json").document
    nuanlin("seal", "now")
    after = nuanlin("seal", "status", "--json").document
    assert [(one["ledger"], one["sealed"], one["at"]) for one in before] == [(LEDGER, 0, None)]
    assert after[0]["sealed"] == after[0]["position"] == before[0]["position"]
    assert after[0]["witnesses"] == []
    assert "Sealed to" in nuanlin("seal", "status").out


def test_the_checkpoint_is_the_signed_note_and_nothing_else(nuanlin: Shell, tmp_path: Path) -> None:
    size = nuanlin("seal", "now", "--json").document["size"]
    shown = nuanlin("seal", "checkpoint").out
    assert checkpoint_of(split_note(shown)[0]).size == size
    assert nuanlin("seal", "checkpoint", "--size", str(size), "--out", str(tmp_path / "c")).out == ""
    assert (tmp_path / "c").read_text(encoding="utf-8") == shown
    assert nuanlin("seal", "checkpoint", "--json").document["note"] == shown
    missing = nuanlin("seal", "checkpoint", "--size", str(size - 1))
    assert (missing.code, missing.out) == (1, "")


def test_a_proof_between_two_sizes_can_be_had(nuanlin: Shell) -> None:
    size = nuanlin("seal", "now", "--json").document["size"]
    proof = nuanlin("seal", "proof", "--from", "5", "--json").document
    assert (proof["from"], proof["to"]) == (5, size)
    assert nuanlin("seal", "proof", "--from", "5", "--to", str(size)).out.split()[-1] == proof["proof"][-1]
    assert nuanlin("seal", "proof", "--from", "6", "--to", "5").code == 1


def test_before_anything_is_sealed_the_way_is_told(nuanlin: Shell) -> None:
    answer = nuanlin("seal", "receipt", "3")
    assert (answer.code, answer.out) == (1, "")
    assert "nuanlin seal now" in answer.err


def test_the_name_of_the_logs_comes_from_the_environment(nuanlin: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUANLIN_SEAL_NAME", "nuanlin.example.cn")
    assert nuanlin("seal", "key").out.startswith(f"nuanlin.example.cn/{LEDGER}+")
    nuanlin("seal", "now")
    assert nuanlin("seal", "checkpoint").out.startswith(f"nuanlin.example.cn/{LEDGER}\n")


@pytest.mark.parametrize("name", ["", "a b", "a+b", "/a", "a\u3000b", "x" * 201])
def test_a_name_that_no_signature_could_carry_is_refused(
    nuanlin: Shell, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("NUANLIN_SEAL_NAME", name)
    answer = nuanlin("seal", "key")
    assert (answer.code, answer.out) == (1, "")
    assert "NUANLIN_SEAL_NAME" in answer.err


def test_a_second_root_is_named_where_it_is_wanted(nuanlin: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUANLIN_SEAL_SM3", "true")
    nuanlin("seal", "now")
    assert checkpoint_of(split_note(nuanlin("seal", "checkpoint").out)[0]).extensions[0].startswith("sm3 ")


# ---- receipts, as somebody else checks them ---------------------------------------------------------------------------


class Receipt:
    """A receipt of position 3 in a folder of its own, and the log's key as it was published."""

    def __init__(self, nuanlin: Shell, folder: Path) -> None:
        self.folder = folder
        nuanlin("seal", "now")
        self.key = nuanlin("seal", "key").out.strip()
        assert nuanlin("seal", "receipt", "3", "--out", str(folder / "mine")).code == 0
        self.proof, self.record = folder / "mine.tlog-proof", folder / "mine.record"

    def check(self, *more: str, key: str = "") -> tuple[int, str]:
        """Run `nuanlin seal check` where there is neither store nor key."""
        done = process(
            "seal", "check", self.proof.name, "--record", self.record.name, "--key", key or self.key, *more,
            folder=self.folder,
        )  # fmt: skip
        assert done.stderr == ""
        return done.returncode, done.stdout


@pytest.fixture
def receipt(nuanlin: Shell, tmp_path: Path) -> Receipt:
    folder = tmp_path / "outside"
    folder.mkdir()
    return Receipt(nuanlin, folder)


def test_a_receipt_holds_where_there_is_no_store(receipt: Receipt) -> None:
    code, out = receipt.check()
    assert code == 0
    assert out.startswith("It holds: position 3, ")
    assert "No witness was asked for" in out
    told = json.loads(receipt.check("--json")[1])
    assert (told["ok"], told["position"], told["origin"]) == (True, 3, f"nuanlin/{LEDGER}")
    assert told["at"].endswith("Z")
    assert told["fact"]
    assert sorted(path.name for path in receipt.folder.iterdir()) == ["mine.record", "mine.tlog-proof"]


def test_a_record_that_was_touched_does_not_hold(receipt: Receipt) -> None:
    receipt.record.write_bytes(receipt.record.read_bytes().replace(b'"at":1', b'"at":2'))
    code, out = receipt.check()
    assert (code, out.partition(":")[0]) == (1, "It does not hold")
    assert json.loads(receipt.check("--json")[1])["code"] == "bad_proof"


def test_the_key_of_another_log_proves_nothing(receipt: Receipt) -> None:
    other = Signer.from_seed(f"nuanlin/{LEDGER}", bytes(32)).vkey
    assert receipt.check(key=other)[0] == 1


def test_a_witness_that_was_named_must_have_signed(receipt: Receipt) -> None:
    eyes = Signer.from_seed("witness.example", bytes(32), WITNESS)
    code, out = receipt.check("--witness", eyes.vkey)
    assert code == 1
    assert "witness.example" in out

    note = receipt.proof.read_text(encoding="utf-8")
    text = split_note(note.partition("\n\n")[2])[0]
    receipt.proof.write_text(note + eyes.line(text, seconds=1_700_000_000), encoding="utf-8")
    code, out = receipt.check("--witness", eyes.vkey)
    assert code == 0
    assert "The witness witness.example signed this checkpoint at 2023-11-14T22:13:20Z." in out


@pytest.mark.parametrize("content", [b"", b"\xff", b"c2sp.org/tlog-proof@v1\nindex 2\n", b"x" * 2_000_000])
def test_what_cannot_be_read_is_neither_true_nor_false(receipt: Receipt, content: bytes) -> None:
    receipt.proof.write_bytes(content)
    code, out = receipt.check("--json")
    assert (code, json.loads(out)["code"]) == (2, "bad_receipt")


def test_a_missing_file_or_a_strange_key_is_exit_code_2(receipt: Receipt) -> None:
    assert receipt.check(key="nuanlin")[0] == 2
    assert receipt.check("--witness", receipt.key)[0] == 2
    receipt.record.unlink()
    code, out = receipt.check()
    assert (code, out.partition(":")[0]) == (2, "Nothing could be checked")


def test_in_chinese_too(nuanlin: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NUANLIN_LANG", "zh")
    nuanlin("seal", "now")
    key = nuanlin("seal", "key").out.strip()
    nuanlin("seal", "receipt", "3", "--out", str(tmp_path / "r"))
    done = nuanlin.plain(
        "seal", "check", str(tmp_path / "r.tlog-proof"), "--record", str(tmp_path / "r.record"), "--key", key
    )
    assert (done.code, done.out.partition("：")[0]) == (0, "成立")
