"""`nuanlin correct-details` from the shell."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.story import LVYUN, WANG, Shell


def test_somebody_is_corrected_by_any_of_their_names(nuanlin: Shell) -> None:
    # Given 王阿姨 with a phone, when the desk enters the spelling of her name and her new phone,
    answer = nuanlin("correct-details", "A001", "--name", "王爱华", "--phone", "13900009999", "--json")
    # then she is found by what is new and not by what was, and the journal says so without a word of it.
    assert answer.document == {"position": answer.document["position"], "subject": WANG}
    assert nuanlin("statement", "王爱华").code == 0
    assert nuanlin("statement", "王阿姨").code == 1
    events = [json.loads(line) for line in nuanlin("events").out.splitlines()]
    first = next(one for one in events if one["type"] == "party.member_registered@1" and WANG in one["tags"])
    (corrected,) = [one for one in events if one["type"] == "party.details_corrected@1"]
    assert (first["words"], corrected["words"]) == ("erased", "kept")
    assert corrected["fact"] == {
        "member_id": WANG, "before": first["fact"]["words"], "proof": "paper", "words": corrected["fact"]["words"],
    }  # fmt: skip
    assert nuanlin("audit", "verify").code == 0


def test_what_is_not_given_stays_and_a_shared_phone_is_told(nuanlin: Shell) -> None:
    nuanlin("correct-details", "A002", "--phone", "13900009999")
    shared = nuanlin("correct-details", "A001", "--phone", "13900009999", "--proof", "document")

    assert (shared.code, "also the phone of V" in shared.err) == (0, True)
    assert nuanlin("statement", "王阿姨").code == 0


def test_the_contact_of_a_unit(nuanlin: Shell) -> None:
    assert nuanlin("correct-details", LVYUN, "--name", "赵经理", "--phone", "13900007777").code == 0
    last = json.loads(nuanlin("events").out.splitlines()[-1])
    assert (last["type"], last["words"]) == ("party.contact_changed@1", "kept")


def test_what_cannot_be_meant_is_said(nuanlin: Shell, community: Path) -> None:
    assert nuanlin("correct-details", "A001").code == 2
    assert nuanlin("correct-details", "A001", "--name", "王爱华", "--proof", "hearsay").code == 2
    assert "citizen's number" in nuanlin("correct-details", "A001", "--id-number", "123").err
    assert nuanlin("correct-details", "nobody", "--name", "王爱华").code == 1
