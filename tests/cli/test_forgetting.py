"""`nuanlin forget`, `own-data` and `vault …` from the shell."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from api.own_data import check
from ledger.actors import OPERATOR
from ledger.hours.commands import Note
from ledger.policy.commands import SetPolicy
from ledger.vault_keys import load_master_key
from tests.cli.story import LEDGER, LVYUN, NOON, WANG, Clock, Shell, act, opened
from tests.house.means import ROOT


def test_somebody_is_forgotten_by_any_of_their_names(nuanlin: Shell) -> None:
    # Given 王阿姨 with hours in the bank, when the desk forgets her,
    answer = nuanlin("forget", "A001", "--cause", "consent_withdrawn", "--yes", "--json")
    # then the journal says so, her name is nowhere, and her hours stand.
    assert answer.document == {"position": answer.document["position"], "subject": WANG, "erased": True}
    rows = {one["number"]: one for one in nuanlin("members", "--json").document["members"]}
    assert (rows["A001"]["name"], rows["A001"]["erased"], rows["A001"]["usable"]) == ("", True, 150)
    shown = nuanlin("members").out
    assert "erased" in shown and "王" not in shown
    assert nuanlin("statement", "王阿姨").code == 1
    assert "erased" in nuanlin("rankings", "--measure", "volunteer_minutes").out
    events = [json.loads(line) for line in nuanlin("events").out.splitlines()]
    assert next(one["words"] for one in events if one["type"] == "party.member_registered@1") == "erased"
    assert "deleted already" in nuanlin("forget", "A001", "--yes").err


def test_it_asks_before_it_forgets_and_a_script_has_to_say_yes(nuanlin: Shell, community: Path) -> None:
    before = nuanlin("stats", "--json").document["position"]
    assert (nuanlin("forget", "A001").code, nuanlin("stats", "--json").document["position"]) == (2, before)

    def at_a_terminal(answer: bytes) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        command = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())"]
        given = ["--db", str(community), "--ledger", LEDGER, "forget", "A001"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            [*command, *given], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
        ) as process:
            os.close(theirs)
            os.write(ours, answer)
            out = process.communicate(timeout=60)[0].decode()
        os.close(ours)
        return process.returncode, out

    code, told = at_a_terminal(b"n\n")
    assert (code, "王阿姨" in told, "1 requests withdrawn" in told, "Nothing was deleted." in told) == (
        1,
        True,
        True,
        True,
    )
    assert nuanlin("stats", "--json").document["position"] == before
    code, told = at_a_terminal(b"y\n")
    assert (code, "are deleted" in told) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        (("forget", "A001", "--cause", "because", "--yes"), 2, "retention_over"),
        (("forget", "Z999", "--yes"), 1, "Z999"),
        (("forget", "rcpt_none", "--yes"), 1, "receipt"),
        (("own-data", "A001", "--out", "me.pdf"), 2, ".zip"),
        (("own-data", "Z999"), 1, "Z999"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(nuanlin: Shell, arguments: tuple[str, ...], code: int, hint: str) -> None:
    answer = nuanlin(*arguments)
    assert (answer.code, answer.out) == (code, "")
    assert hint in answer.err and answer.err.count("\n") == 1


def test_the_contact_of_a_unit_and_a_second_keeper(nuanlin: Shell, community: Path) -> None:
    with opened(community, Clock(NOON)) as store:
        act(store, OPERATOR, SetPolicy(name="privacy.erasers", value=2))
    answer = nuanlin("forget", LVYUN, "--yes")
    assert (answer.code, "second member of staff" in answer.out) == (0, True)
    assert "second member of staff" in nuanlin("forget", LVYUN, "--yes").err


def test_ones_own_data_as_a_file_of_each_kind(nuanlin: Shell, tmp_path: Path) -> None:
    for kind in ("zip", "json", "html"):
        answer = nuanlin("own-data", "A001", "--out", str(tmp_path / f"me.{kind}"), "--json").document
        assert answer["words"] == 4
        assert (tmp_path / f"me.{kind}").stat().st_mode & 0o777 == 0o600
    data = json.loads((tmp_path / "me.json").read_bytes())
    assert (data["member"]["member_id"], check.problems(data)) == (WANG, [])
    with zipfile.ZipFile(tmp_path / "me.zip") as archive:
        assert json.loads(archive.read("own-data.json"))["words"] == data["words"]
    assert "My data" in (tmp_path / "me.html").read_text("utf-8")
    assert nuanlin("own-data", "A001").document["member"] == data["member"]
    assert nuanlin("own-data", "A001", "--out", str(tmp_path / "nowhere" / "me.zip")).code == 1


def test_the_vault_tells_what_it_holds_and_sweeps(nuanlin: Shell, community: Path) -> None:
    with opened(community, Clock(NOON)) as store:
        store.vault.keep(LEDGER, [store.vault.seal(LEDGER, "mem_stray", Note(remark="x"))], at=1)
    nuanlin("forget", "A002", "--yes")
    (before,) = nuanlin("vault", "status", "--json").document
    assert nuanlin("vault", "sweep", "--json").document == {"swept": 1}
    (after,) = nuanlin("vault", "status", "--json").document
    assert (after["documents"], after["erased"], before["swept_upto"]) == (before["documents"] - 1, 1, None)
    assert after["swept_upto"] is not None
    assert "1 erased" in nuanlin("vault", "status").out


def test_another_master_key_takes_the_place_of_the_old_one(nuanlin: Shell, community: Path, tmp_path: Path) -> None:
    key, fresh = community.with_suffix(".key"), tmp_path / "fresh.key"
    old = load_master_key(key, create=False)

    done = nuanlin("vault", "rekey", "--new-key", str(fresh), "--json").document

    assert done == {"subjects": 2, "key_file": str(key), "old_key_file": f"{key}.old"}
    assert load_master_key(key, create=False) == load_master_key(fresh, create=False) != old
    assert load_master_key(Path(f"{key}.old"), create=False) == old
    assert key.stat().st_mode & 0o777 == 0o600
    assert nuanlin("statement", "王阿姨", "--json").document["member"]["id"] == WANG
    again = nuanlin("transfer", "--from", "A001", "--to", "A002", "--minutes", "5", "--key", "k", "--json").document
    assert not again["repeated"]


def test_changing_the_key_is_taken_up_again_where_it_was_interrupted(
    nuanlin: Shell, community: Path, tmp_path: Path
) -> None:
    """The vault has the new key, the file does not: as if the machine had stopped in between."""
    key, fresh = community.with_suffix(".key"), tmp_path / "fresh.key"
    transfer = ("transfer", "--from", "A001", "--to", "A002", "--minutes", "5", "--key", "k", "--json")
    first = nuanlin(*transfer).document
    before = key.read_bytes()
    nuanlin("vault", "rekey", "--new-key", str(fresh))
    key.write_bytes(before)
    assert nuanlin("members").code == 1

    assert nuanlin("vault", "rekey", "--new-key", str(fresh), "--json").document["subjects"] == 0

    assert nuanlin("members").code == 0
    assert nuanlin(*transfer).document == {"position": first["position"], "repeated": True}
    assert nuanlin("vault", "rekey", "--new-key", str(tmp_path / "third.key"), "--json").document["subjects"] == 2
