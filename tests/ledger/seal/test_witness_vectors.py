"""Others' bytes: the specification's examples, a cosigned checkpoint from a public log, and the dialogue that the test suite
of litewitness (FiloSottile/torchwood, cmd/litewitness/testdata) holds with a witness."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.errors import NuanlinError, Refused
from ledger.seal.leaf import whole_number
from ledger.seal.notes import (
    WITNESS,
    Checkpoint,
    Signer,
    Verifier,
    checkpoint_of,
    from_base64,
    open_note,
    read_line,
    split_note,
    to_base64,
)
from ledger.seal.submission import read_submission, submission_text
from ledger.seal.witness import Witness
from tests.ledger.seal.logs import Clock

SUBMISSION = """\
old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""
"""The example of c2sp.org/tlog-witness."""

COSIGNED = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""
"""The example of c2sp.org/tlog-cosignature; the specification does not print the public keys."""

PUBLIC_LOG = """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev \
ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
"""
PUBLIC_LOG_KEY = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
PUBLIC_WITNESS_KEY = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
"""A staging log of Certificate Transparency and a witness of the public witness network, with their published keys."""

SIGSUM = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
SIGSUM_KEY = to_base64(b"\x01" + bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"))
ONE = """\
1
KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

— {origin} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=
"""
THREE = """\
3
RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

— {origin} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=
"""
FIVE = """\
5
QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=

— {origin} UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=
"""
SECOND = "KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
THIRD = "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
WRONG = "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABA="
FIFTH = "KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
TO_FOUR = "+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI="
FOURTH = "KgMAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
FIRST_TWO = "wgiIFdZfYNv6WU1OllBKsWnLYIS/DBMqt8Uh/S4OukE="

DIALOGUE = [
    (0, [], ONE, SIGSUM, "cosigned"),
    (1, [SECOND, THIRD], THREE.replace("go=", "gx="), SIGSUM, "bad_note"),
    (1, [SECOND, THIRD], THREE.replace("yJre", "yJrf"), SIGSUM, "bad_signature"),
    (1, [SECOND, THIRD], THREE, SIGSUM[:-1] + "3", "unknown_log"),
    (1, [], THREE, SIGSUM, "bad_proof"),
    (1, [SECOND, WRONG], THREE, SIGSUM, "bad_proof"),
    (1, [SECOND, THIRD], THREE, SIGSUM, "cosigned"),
    (1, [SECOND, TO_FOUR, FIFTH], FIVE, SIGSUM, "witness_at_other_size"),
    (3, [THIRD, FOURTH, FIRST_TWO, FIFTH], FIVE, SIGSUM, "cosigned"),
    (0, [], FIVE, SIGSUM, "witness_at_other_size"),
]
"""Old size, proof, checkpoint, origin, and what comes of it. (The second case differs: litewitness reads base64 with loose bits,
so that its answer there is 403 and ours 400. The third is ours.)"""


def test_the_specifications_request_is_read_and_written_byte_for_byte() -> None:
    asked = read_submission(SUBMISSION.encode())

    assert (asked.old_size, len(asked.proof)) == (20852014, 4)
    assert checkpoint_of(split_note(asked.note)[0]) == Checkpoint(
        "example.com/behind-the-sofa", 20852163, from_base64("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    )
    assert submission_text(asked.old_size, asked.proof, asked.note.decode()) == SUBMISSION


def test_the_specifications_cosignature_holds_the_time_it_speaks_of() -> None:
    text, lines = split_note(COSIGNED)

    assert text.splitlines()[1] == "20852163"
    assert (lines[1].name, len(lines[1].signature)) == ("witness.example.com/w1", 8 + 64)
    assert int.from_bytes(lines[1].signature[:8], "big") == 1679315147


def test_a_checkpoint_of_a_public_log_is_verified_with_its_witness() -> None:
    opened = open_note(PUBLIC_LOG, [Verifier(PUBLIC_LOG_KEY), Verifier(PUBLIC_WITNESS_KEY)])

    assert opened.signed_by == ("arche2025h1.staging.ct.transparency.dev",)
    assert opened.cosigned == {"remora.n621.de": 0x6A122120}


@pytest.mark.parametrize(
    ("old", "new"), [("1432088532", "1432088533"), ("staging.ct", "staging.cu"), ("qEiEg", "qEiEh")]
)
def test_a_cosignature_speaks_of_one_text_and_one_time(old: str, new: str) -> None:
    with pytest.raises(Refused, match="bad_signature"):
        open_note(PUBLIC_LOG.replace(old, new), [Verifier(PUBLIC_WITNESS_KEY)])


def test_what_we_sign_is_laid_out_as_the_specification_has_it() -> None:
    signer = Signer.from_seed("witness.example.com/w1", b"\x05" * 32, WITNESS)
    text = split_note(COSIGNED)[0]

    line = read_line(signer.line(text, seconds=1679315147))

    assert line.signature[:8] == bytes.fromhex("00000000641850cb")
    assert (line.key_id.hex(), len(line.signature)) == (signer.vkey.split("+")[1], 72)
    assert from_base64(signer.vkey.split("+", 2)[2])[0] == 4


def test_the_dialogue_of_litewitness_goes_the_same_way_here(tmp_path: Path) -> None:
    witness = Witness.make(tmp_path / "witness", "example.com/witness", clock=Clock())
    witness.trust(f"{SIGSUM}+5202289b+{SIGSUM_KEY}")

    for number, (old_size, proof, checkpoint, origin, expected) in enumerate(DIALOGUE):
        note = f"{origin}\n{checkpoint.format(origin=origin)}"
        try:
            line = witness.add_checkpoint(old_size, [from_base64(one) for one in proof], note)
        except NuanlinError as error:
            assert (number, error.code) == (number, expected)
            continue
        assert (number, "cosigned") == (number, expected)
        assert line.startswith("— example.com/witness ")

    last = witness.watched(SIGSUM).last
    assert last is not None
    assert last.checkpoint.size == whole_number(FIVE[:1])
