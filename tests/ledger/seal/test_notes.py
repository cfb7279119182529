"""Signed notes, checkpoints and cosignatures: the examples of the specifications, and what is refused however it is dressed."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Refused
from ledger.seal.notes import (
    LARGEST_NOTE,
    MOST_SIGNATURES,
    WITNESS,
    Checkpoint,
    Signer,
    Verifier,
    add_lines,
    checkpoint_of,
    checkpoint_text,
    from_base64,
    open_note,
    read_line,
    sign_note,
    split_note,
    to_base64,
)

# The example of c2sp.org/signed-note.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_TEXT = "This is an example message.\n"
EXAMPLE_LINE = (
    "\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# Keys and signatures of the tests of golang.org/x/mod/sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETERS_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETERS_LINE = (
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
ENOCHS_LINE = (
    "\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)

LOG = Signer.from_seed("nuanlin.example/fangxing", bytes(range(32)))
EYES = Signer.from_seed("witness.example/w1", bytes(range(1, 33)), WITNESS)
TEXT = checkpoint_text(Checkpoint(LOG.name, 7, bytes(range(32))))


def reason_of(refused: pytest.ExceptionInfo[Refused]) -> object:
    assert refused.value.code == "bad_note"
    return refused.value.details["reason"]


# ---- what holds ---------------------------------------------------------------------------------------------------


def test_the_specifications_example_opens() -> None:
    opened = open_note(f"{EXAMPLE_TEXT}\n{EXAMPLE_LINE}", [Verifier(EXAMPLE_KEY)])
    assert (opened.text, opened.signed_by, opened.cosigned) == (EXAMPLE_TEXT, ("example.com/foo",), {})


def test_notes_of_another_program_open_and_ours_are_the_same_bytes() -> None:
    note = f"{PETERS_TEXT}\n{PETERS_LINE}"
    peter = Signer.from_skey(PETERS_SECRET)
    assert (peter.vkey, peter.skey) == (PETER, PETERS_SECRET)
    assert sign_note(PETERS_TEXT, peter) == note
    assert open_note(note + ENOCHS_LINE, [Verifier(ENOCH), Verifier(PETER)]).signed_by == ("PeterNeumann", "EnochRoot")


def test_a_cosignature_is_these_bytes() -> None:
    # Put together by hand as c2sp.org/tlog-cosignature says.
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
    message = f"cosignature/v1\ntime 1679315147\n{TEXT}".encode()
    public = b"\x04" + key.public_key().public_bytes_raw()
    key_id = hashlib.sha256(b"witness.example/w1\n" + public).digest()[:4]
    expected = key_id + (1_679_315_147).to_bytes(8, "big") + key.sign(message)

    assert EYES.line(TEXT, seconds=1_679_315_147) == f"\u2014 witness.example/w1 {to_base64(expected)}\n"
    assert EYES.vkey == f"witness.example/w1+{key_id.hex()}+{to_base64(public)}"


def test_a_cosigned_checkpoint_tells_who_saw_it_and_when() -> None:
    note = add_lines(sign_note(TEXT, LOG), [EYES.line(TEXT, seconds=9), EYES.line(TEXT, seconds=12)])
    opened = open_note(note.encode(), [LOG.verifier(), EYES.verifier()])
    assert (opened.signed_by, opened.cosigned) == ((LOG.name,), {EYES.name: 12})
    assert open_note(note, [EYES.verifier()]).cosigned == {EYES.name: 12}


def test_a_line_is_added_once() -> None:
    line = EYES.line(TEXT, seconds=9)
    once = add_lines(sign_note(TEXT, LOG), [line, line])
    assert add_lines(once, [line]) == once
    assert len(split_note(once)[1]) == 2


def test_signatures_of_unknown_keys_are_passed_over() -> None:
    same_name = Signer.from_seed(LOG.name, bytes(32)).line(TEXT)
    assert open_note(sign_note(TEXT, LOG) + same_name + PETERS_LINE, [LOG.verifier()]).signed_by == (LOG.name,)


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32), st.lists(st.sampled_from(["sm3 x", "a", "b c"])))
def test_a_checkpoint_reads_back_as_what_it_was(size: int, root: bytes, extensions: list[str]) -> None:
    checkpoint = Checkpoint("nuanlin/fangxing", size, root, tuple(extensions))
    assert checkpoint_of(checkpoint_text(checkpoint)) == checkpoint


def test_the_text_may_hold_empty_lines() -> None:
    note = sign_note("a\n\nb\n", LOG)
    assert open_note(note, [LOG.verifier()]).text == "a\n\nb\n"


# ---- signatures that do not hold ------------------------------------------------------------------------------------


@given(st.data())
def test_a_note_that_was_touched_is_refused(data: st.DataObject) -> None:
    note = sign_note(TEXT, LOG).encode()
    at = data.draw(st.integers(0, len(note) - 1))
    touched = note[:at] + bytes([note[at] ^ 1 << data.draw(st.integers(0, 7))]) + note[at + 1 :]
    with pytest.raises(Refused) as refused:
        open_note(touched, [LOG.verifier()])
    assert refused.value.code in ("bad_note", "bad_signature")


@given(st.integers(0, 400))
def test_a_note_that_was_cut_is_refused(length: int) -> None:
    note = sign_note(TEXT, LOG)
    with pytest.raises(Refused):
        open_note(note[: min(length, len(note) - 1)], [LOG.verifier()])


@pytest.mark.parametrize(
    ("note", "known"),
    [
        (sign_note(TEXT, LOG), []),
        (sign_note(TEXT, LOG), [Verifier(PETER)]),
        (sign_note(TEXT, LOG), [EYES.verifier()]),
        (f"{TEXT}\n{EYES.line(TEXT, seconds=9)}", [LOG.verifier(), EYES.verifier()]),
        (f"{PETERS_TEXT}\n{EXAMPLE_LINE}", [Verifier(EXAMPLE_KEY)]),
        (sign_note(TEXT, LOG) + EYES.line(PETERS_TEXT, seconds=9), [LOG.verifier(), EYES.verifier()]),
    ],
    ids=["no key", "another key", "no witness", "witness alone", "another text", "a wrong cosignature"],
)
def test_without_the_signature_that_is_wanted_a_note_is_refused(note: str, known: list[Verifier]) -> None:
    with pytest.raises(Refused) as refused:
        open_note(note, known)
    assert refused.value.code == "bad_signature"


def test_a_log_key_does_not_pass_for_a_witness_nor_a_witness_for_a_log() -> None:
    # Given one secret used as both, then the key ids differ and so do the messages.
    log, witness = Signer.from_seed("x", bytes(32)), Signer.from_seed("x", bytes(32), WITNESS)
    assert log.key_id != witness.key_id
    with pytest.raises(Refused):
        open_note(sign_note(TEXT, log), [witness.verifier()])


def test_the_time_of_a_cosignature_cannot_be_changed() -> None:
    raw = bytearray(read_line(EYES.line(TEXT, seconds=9)).signature)
    raw[7] += 1
    line = f"\u2014 {EYES.name} {to_base64(EYES.key_id + bytes(raw))}\n"
    with pytest.raises(Refused) as refused:
        open_note(sign_note(TEXT, LOG) + line, [LOG.verifier(), EYES.verifier()])
    assert refused.value.code == "bad_signature"


# ---- what is no note ------------------------------------------------------------------------------------------------

LINE = LOG.line(TEXT)
B64 = LINE.split(" ")[2].strip()


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        ("", "form"),
        (TEXT, "form"),
        (TEXT + "\n", "form"),
        (f"{TEXT}\n{LINE}"[:-1], "form"),
        (f"{TEXT[:-1]}{LINE}", "form"),
        (f"{TEXT}\n{LINE}\n", "form"),
        (f"{TEXT}\n- {LOG.name} {B64}\n", "signature_line"),
        (f"{TEXT}\n\u2014 {B64}\n", "signature_line"),
        (f"{TEXT}\n\u2014  {B64}\n", "signature_line"),
        (f"{TEXT}\n\u2014 a+b {B64}\n", "signature_line"),
        (f"{TEXT}\n\u2014 a\u00a0b {B64}\n", "signature_line"),
        (f"{TEXT}\n\u2014 {LOG.name} AAAA\n", "signature_line"),
        (f"{TEXT}\n\u2014 {LOG.name} AAAAAA==\n", "signature_line"),
        (f"{TEXT}\n\u2014 {LOG.name} {B64[:-1]}\n", "base64"),
        (f"{TEXT}\n\u2014 {LOG.name} {B64} \n", "base64"),
        (f"{TEXT}\n\u2014 {LOG.name}  {B64}\n", "base64"),
        (f"{TEXT}\n\u2014 {LOG.name} {B64}=\n", "base64"),
        (f"{TEXT}\n\u2014 {LOG.name} {B64.replace('/', '_').replace('+', '-')}_-\n", "base64"),
        (f"{TEXT}\n{LINE}".replace("\n", "\r\n"), "form"),
        (f"a\tb\n\n{LINE}", "control_character"),
        (f"a\0b\n\n{LINE}", "control_character"),
        (f"{TEXT}\n{LINE}".encode() + b"\xff", "utf8"),
        (b"\xed\xa0\x80\n\n" + LINE.encode(), "utf8"),
        ("\ud800\n\n" + LINE, "utf8"),
        (f"{TEXT}\n" + LINE * (MOST_SIGNATURES + 1), "signatures"),
        ("a\n" * LARGEST_NOTE + "\n" + LINE, "size"),
        (b"x" * 50_000_000, "size"),
    ],
)
def test_what_is_no_note_is_refused_with_its_reason(note: str | bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        open_note(note, [LOG.verifier()])
    assert reason_of(refused) == reason


def test_as_many_signatures_as_go_allows_are_read() -> None:
    assert open_note(f"{TEXT}\n" + LINE * MOST_SIGNATURES, [LOG.verifier()]).signed_by == (LOG.name,)


@pytest.mark.parametrize("text", ["QQ==", "QUI=", "QUJD", ""])
def test_base64_in_its_right_spelling_is_read(text: str) -> None:
    assert to_base64(from_base64(text)) == text


@pytest.mark.parametrize(
    "text", ["QR==", "QUJ=", "QQ", "QQ=", "Q Q==", "QQ==\n", " QQ==", "QQ===", "Q", "-_==", "\uff21\uff21=="]
)
def test_base64_in_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is Python's own in some of these cases
        from_base64(text)


ROOT = to_base64(bytes(32))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        f"a\n1\n{ROOT}",
        f"\n1\n{ROOT}\n",
        f"a\n01\n{ROOT}\n",
        f"a\n+1\n{ROOT}\n",
        f"a\n-1\n{ROOT}\n",
        f"a\n1 \n{ROOT}\n",
        f"a\n9223372036854775808\n{ROOT}\n",
        f"a\n{'9' * 5_000}\n{ROOT}\n",
        f"a\n\u0661\n{ROOT}\n",
        f"a\n1\n{ROOT[:-4]}\n",
        f"a\n1\n{ROOT}=\n",
        f"a\n1\n{ROOT[:-2]}B=\n",
        f"a\n1\n{ROOT}\n\n",
        f"a\n1\n{ROOT}\n\nb\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        checkpoint_of(text)
    assert reason_of(refused) == "checkpoint"


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "a",
        "a+b",
        EXAMPLE_KEY[:-1],
        EXAMPLE_KEY + "=",
        EXAMPLE_KEY.replace("530d903a", "530D903A"),
        EXAMPLE_KEY.replace("530d903a", "530d903b"),
        EXAMPLE_KEY.replace("example.com", "example.org"),
        "+" + EXAMPLE_KEY.partition("+")[2],
        "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "x+" + hashlib.sha256(b"x\n\x02" + bytes(32)).hexdigest()[:8] + "+" + to_base64(b"\x02" + bytes(32)),
        "x+" + hashlib.sha256(b"x\n\x01" + bytes(31)).hexdigest()[:8] + "+" + to_base64(b"\x01" + bytes(31)),
        "\ud800+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        PETERS_SECRET,
    ],
)
def test_what_is_no_public_key_is_refused(vkey: str) -> None:
    with pytest.raises(Refused) as refused:
        Verifier(vkey)
    assert refused.value.code == "bad_key"


@pytest.mark.parametrize(
    "skey", ["", PETER, PETERS_SECRET[:-1], PETERS_SECRET.replace("c74f", "c74e"), f"x{PETERS_SECRET}"]
)
def test_what_is_no_secret_key_is_refused(skey: str) -> None:
    with pytest.raises(Refused) as refused:
        Signer.from_skey(skey)
    assert refused.value.code == "bad_key"


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u3000b", "a\nb", "a\x01"])
def test_a_name_that_no_line_could_carry_names_no_key(name: str) -> None:
    with pytest.raises(Refused):
        Signer.from_seed(name, bytes(32))
