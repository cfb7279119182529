"""Seals over HTTP: an outsider needs nothing but these answers; a record and its receipt are for whom they concern."""

from __future__ import annotations

from base64 import b64decode

import pytest

from ledger.seal.merkle import check_consistency, leaf_hash, root_of
from ledger.seal.notes import WITNESS, Signer, checkpoint_of, open_note, split_note
from ledger.seal.receipts import check_receipt
from ledger.seal.tiles import tile_path, tiles_of
from tests.api.house import House, code_of, said
from tests.house.stores import LEDGER, add_members


def seal(house: House) -> int:
    """Seal everything; gives the size."""
    house.store.sealer.catch_up(LEDGER, force_checkpoint=True)
    found = house.store.seals.latest(LEDGER)
    assert found is not None
    return found.size


def test_anybody_reads_the_last_checkpoint_as_a_signed_note(house: House) -> None:
    size = seal(house)
    answer = house.anybody.get("/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=1"
    checkpoint = checkpoint_of(open_note(answer.content, [house.store.seals.verifier(LEDGER)]).text)
    assert (checkpoint.origin, checkpoint.size) == (f"nuanlin/{LEDGER}", size)


@pytest.mark.parametrize("path", ["/checkpoint", "/consistency?from=0"])
def test_before_anything_is_sealed_there_is_nothing_to_show(house: House, path: str) -> None:
    answer = house.anybody.get(path)
    assert (answer.status_code, code_of(answer)) == (404, "not_sealed_yet")
    assert said(house.anybody.get("/checkpoints")) == {"checkpoints": [], "next": None}


def test_every_checkpoint_is_listed_with_who_has_signed_it(house: House) -> None:
    sizes = []
    for name in ("王阿姨", "李师傅", "赵奶奶"):
        house.member(name)
        sizes.append(seal(house))
    eyes = Signer.from_seed("witness.example", bytes(32), WITNESS)
    last = house.store.seals.latest(LEDGER)
    assert last is not None
    line = eyes.line(split_note(last.signed)[0], seconds=1_700_000_000)
    house.store.seals.cosign(LEDGER, sizes[2], line, eyes.verifier())

    first = said(house.anybody.get("/checkpoints?limit=2"))
    rest = said(house.anybody.get(f"/checkpoints?limit=2&after={first['next']}"))

    assert [one["size"] for one in first["checkpoints"] + rest["checkpoints"]] == sizes
    assert rest["next"] is None
    assert [one["witnesses"] for one in first["checkpoints"] + rest["checkpoints"]] == [[], [], ["witness.example"]]
    assert rest["checkpoints"][0]["note"].endswith(line)
    assert house.anybody.get("/checkpoint").text == rest["checkpoints"][0]["note"]


def test_an_outsider_checks_that_the_ledger_was_only_added_to(house: House) -> None:
    old = seal(house)
    house.member("王阿姨")
    new = seal(house)
    known = {one["size"]: b64decode(one["root"]) for one in said(house.anybody.get("/checkpoints"))["checkpoints"]}

    answer = said(house.anybody.get(f"/consistency?from={old}&to={new}"))

    assert (b64decode(answer["old_root"]), b64decode(answer["new_root"])) == (known[old], known[new])
    check_consistency(old, known[old], new, known[new], [b64decode(one) for one in answer["proof"]])
    assert said(house.anybody.get(f"/consistency?from={old}")) == answer


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?from=5&to=4", 422, "sizes_reversed"),
        ("?from=1&to=1000000", 404, "not_sealed_yet"),
        ("?from=-1", 422, "number_out_of_range"),
        ("?from=x", 422, "bad_type"),
        ("", 422, "field_missing"),
        ("?from=1&from=2", 422, "given_twice"),
        ("?old_size=1", 422, "field_unknown"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(house: House, query: str, status: int, code: str) -> None:
    seal(house)
    answer = house.anybody.get(f"/consistency{query}")
    assert (answer.status_code, code_of(answer)) == (status, code)


def test_the_root_comes_out_of_the_tiles(house: House) -> None:
    add_members(house.store, 100)
    size = seal(house)
    assert size > 256
    full = [((0, number), 256) for number in range(size // 256)]
    hashes: list[bytes] = []
    for (level, number), width in [*full, *tiles_of(size)]:
        path = f"/tile/{level}/{tile_path(number)}" + (f".p/{width}" if width < 256 else "")
        answer = house.anybody.get(path)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert len(answer.content) == width * 32
        if level == 0:
            hashes += [answer.content[at : at + 32] for at in range(0, width * 32, 32)]
    checkpoint = checkpoint_of(split_note(house.anybody.get("/checkpoint").text)[0])
    assert (checkpoint.size, checkpoint.root) == (len(hashes), root_of(hashes))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("0/001", 404),
        ("0/000", 404),
        ("9/000", 404),
        ("1/000.p/1", 404),
        ("0/000.p/999", 404),
        ("0/0", 422),
        ("0/entries/000", 422),
    ],
)
def test_a_tile_that_is_not_there_is_not_found(house: House, path: str, status: int) -> None:
    seal(house)
    answer = house.anybody.get(f"/tile/{path}")
    assert (answer.status_code, code_of(answer)) == (status, "no_such_tile" if status == 404 else "bad_shape")


# ---- receipts -------------------------------------------------------------------------------------------------------


def given(house: House) -> tuple[str, str, int]:
    """王阿姨 gave 李师傅 half an hour: both, and the position of it."""
    wang, li = house.member("王阿姨"), house.member("李师傅", "13800005678")
    house.bank(wang)
    answer = said(house.caller(wang).post("/transfers", {"giver": wang, "receiver": li, "minutes": 30}))
    return wang, li, int(answer["position"])


def test_whom_a_record_concerns_and_auditors_get_its_receipt(house: House) -> None:
    wang, li, position = given(house)
    seal(house)
    for caller in (house.caller(wang), house.caller(li), house.staff("auditor")):
        answer = said(caller.get(f"/receipts/{position}"))
        record = b64decode(answer["record"])
        proven = check_receipt(answer["proof"], record, [house.store.seals.verifier(LEDGER)])
        assert (answer["position"], proven.leaf.position) == (position, position)
        assert proven.leaf.type_name.startswith("hours.")


def test_for_all_others_there_is_no_such_receipt(house: House) -> None:
    _, _, position = given(house)
    seal(house)
    stranger = house.caller(house.member("赵奶奶", "13800009999"))
    answer = stranger.get(f"/receipts/{position}")
    nowhere = stranger.get("/receipts/999999999")
    assert (
        (answer.status_code, code_of(answer))
        == (nowhere.status_code, code_of(nowhere))
        == (404, "no_such_seal_receipt")
    )
    assert house.anybody.get(f"/receipts/{position}").status_code == 401


def test_a_proxy_reads_the_receipts_of_whom_they_speak_for(house: House) -> None:
    wang, _, position = given(house)
    proxy = house.member("小王", "13800007777")
    said(house.worker.post(f"/members/{wang}/proxies", {"proxy": proxy}))
    seal(house)
    assert house.caller(proxy).get(f"/receipts/{position}").status_code == 200


def test_a_record_waits_for_its_seal(house: House) -> None:
    wang, _, position = given(house)
    answer = house.caller(wang).get(f"/receipts/{position}")
    assert (answer.status_code, code_of(answer)) == (404, "not_sealed_yet")


@pytest.mark.parametrize("position", ["0", "x", "00", "99999999999999999999"])
def test_a_position_that_is_none_is_refused(house: House, position: str) -> None:
    seal(house)
    assert house.staff("auditor").get(f"/receipts/{position}").status_code in (404, 422)


def test_hashes_tell_nothing_about_a_record(house: House) -> None:
    # Given the same thing recorded twice, when both are sealed, then their hashes differ: each event has its own salt.
    wang = house.member("王阿姨")
    house.bank(wang, 30)
    house.bank(wang, 30)
    head = seal(house)
    records = [house.store.seals.record(LEDGER, position) for position in range(1, head + 1)]
    assert len({leaf_hash(record) for record in records}) == head
    assert all(b'"salt":"' in record for record in records)
