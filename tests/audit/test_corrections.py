"""Corrections in a bundle: it holds without a word, and one that ends what never stood there is found out."""

from __future__ import annotations

import json
from pathlib import Path

from api.own_data import check
from api.own_data.collect import own_data
from api.own_data.readable import as_json
from ledger.application import OPERATOR
from ledger.parties.commands import CorrectDetails, ErasePersonalData, PersonWords
from tests.audit.told import bundle, fill, judged, key_of, position_of, resealed, says, seal, store_in, verify
from tests.cli.story import LEDGER, WANG, act

CORRECTED = "party.details_corrected@1"


def corrected(folder: Path) -> None:
    """The story of the other tests, and after it 王阿姨 is corrected twice."""
    fill(folder)
    with store_in(folder) as store:
        for name in ("王爱花", "王爱华"):
            act(store, OPERATOR, CorrectDetails(member_id=WANG, words=PersonWords(name=name), proof="paper"))
        store.catch_up(LEDGER)
        seal(store)


def test_a_bundle_with_corrections_holds_before_and_after_the_person_is_forgotten(tmp_path: Path) -> None:
    corrected(tmp_path)
    assert verify(bundle(tmp_path), "--key", key_of(tmp_path)).code == 0
    assert verify(bundle(tmp_path), "--key", key_of(tmp_path)).document["checks"]["corrections"] == 2

    with store_in(tmp_path) as store:
        act(store, OPERATOR, ErasePersonalData(subject=WANG, cause="retention_over"))
        seal(store)
        store.catch_up(LEDGER)

    assert verify(bundle(tmp_path, "after.zip"), "--key", key_of(tmp_path)).code == 0


def test_a_correction_of_what_never_stood_there_is_found_out(tmp_path: Path) -> None:
    corrected(tmp_path)
    at = position_of(tmp_path, CORRECTED)
    resealed(tmp_path, says('"before":"', '"before":"x', f"type = '{CORRECTED}' AND position = {at}"))

    verdict = judged(bundle(tmp_path), "--key", key_of(tmp_path))

    assert (at, "corrections") in verdict.found


def test_ones_own_data_tell_what_was_corrected_and_prove_what_stands(tmp_path: Path) -> None:
    corrected(tmp_path)
    with store_in(tmp_path) as store:
        data = own_data(store, LEDGER, WANG, by=WANG)

    about = [one for one in data.words if one.document is None or "name" in one.document]
    assert [one.state for one in about] == ["corrected", "corrected", "kept"]
    assert about[-1].document == {"name": "王爱华"}
    assert check.problems(json.loads(as_json(data))) == []
