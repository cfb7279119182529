"""What a bundle holds, that it is the same whenever it is made, and that nobody's name is in it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from api.audit.archive import Archive
from api.audit.bundle import FORMAT, write_bundle
from api.audit.verify import FILES
from ledger.application import OPERATOR
from ledger.clock import MICROS_PER_DAY
from ledger.errors import NotFound, Refused, Unusable
from ledger.hours.commands import DonateHours
from ledger.journal.rows import insert_rows
from ledger.journal.tables import followers
from projections.books.books import REBUILDING
from tests.audit import told
from tests.audit.told import bundle, content_of, edited, go_on, made, position_of, verify
from tests.cli.story import LEDGER, NOON, WANG, Clock, Shell, act, opened
from tests.house.stores import add_members, open_ledger, store_at


def test_it_holds_every_file_and_a_manifest_that_names_them(honest: Path, key: str) -> None:
    manifest = json.loads(content_of(honest, "manifest.json"))
    with zipfile.ZipFile(honest) as archive:
        assert sorted(archive.namelist()) == sorted([*FILES, "manifest.json"])
    assert (manifest["format"], manifest["ledger"], manifest["origin"]) == (FORMAT, LEDGER, f"nuanlin/{LEDGER}")
    assert manifest["vkey"] == key
    assert set(manifest["files"]) == set(FILES)
    for readme in ("README.md", "README.zh-CN.md"):
        text = content_of(honest, readme).decode()
        assert key in text
        assert "$" not in text


def test_events_stand_in_it_byte_for_byte_as_they_are_stored(community: Path, honest: Path) -> None:
    lines = content_of(honest, "events.jsonl").splitlines()
    with told.store_in(community) as store, store.database.reading() as cursor:
        cursor.execute("SELECT position, recorded_at, type, tags, data FROM events ORDER BY position", ())
        rows = cursor.fetchall()
    assert len(lines) == len(rows)
    for line, (position, recorded_at, kind, tags, data) in zip(lines, rows, strict=True):
        head, _, stored = line.partition(b',"data":')
        assert stored == bytes(data) + b"}"
        expected = {"position": position, "recorded_at": recorded_at, "type": kind, "tags": tags.split("\n")}
        assert json.loads(head + b"}") == expected


def test_the_same_position_gives_the_same_bytes_now_and_later(community: Path, honest: Path) -> None:
    first = honest.read_bytes()
    assert bundle(community, "again.zip").read_bytes() == first
    position = json.loads(content_of(honest, "manifest.json"))["events"]
    assert go_on(community) > position
    # The balances and rankings of then are told from their entries: accounts and scores have moved on since.
    assert bundle(community, "later.zip", at=position).read_bytes() == first


def test_it_ends_with_the_first_checkpoint_that_covers_the_position(community: Path, key: str) -> None:
    sizes = [
        json.loads(line)["size"] for line in content_of(community / "bundle.zip", "checkpoints.jsonl").splitlines()
    ]
    for at, size in ((1, sizes[0]), (sizes[0], sizes[0]), (sizes[0] + 1, sizes[1])):
        assert made(community, at=at).position == size
        assert verify(community / "bundle.zip", "--key", key).code == 0


def test_everything_is_sealed_and_counted_first(tmp_path: Path, store_url: str) -> None:
    with store_at(store_url, tmp_path) as store:
        open_ledger(store)
        add_members(store, 3)
        events = store.application.desk("fangxing").recorder.committer.seen
        result = write_bundle(store, "fangxing", tmp_path / "new.zip")
        key = store.seals.vkey("fangxing")
    assert (result.position, result.warnings) == (events, ())
    verdict = verify(tmp_path / "new.zip", "--key", key)
    assert (verdict.code, verdict.document["events"], verdict.document["root"]) == (0, events, result.root)


def test_no_name_no_number_and_no_text_of_a_person_is_in_it(honest: Path) -> None:
    with zipfile.ZipFile(honest) as archive:
        everything = b"\n".join(archive.read(name) for name in archive.namelist())
    for personal in ("王阿姨", "李师傅", "13800001111", "助餐", "巡楼", "陪诊", "老花镜"):
        public = personal == "助餐"  # also the name of a service item of the fund
        assert (personal.encode() in everything) is public, personal
        assert json.dumps(personal).strip('"').encode() not in everything, personal


def test_it_appears_whole_or_not_at_all(community: Path, honest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = honest.read_bytes()

    def fail(_archive: Archive, _name: str, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Archive, "add", fail)
    with pytest.raises(OSError, match="No space"):
        bundle(community)
    assert honest.read_bytes() == before
    assert [path.name for path in community.iterdir() if path.name.endswith(".part")] == []


def test_data_that_are_no_line_of_json_are_refused_and_named(community: Path) -> None:
    for spoilt in ("'{' || char(10) || '}'", "'[]'", "'{\"a\":'", "''"):
        edited(community, f"UPDATE events SET data = CAST({spoilt} AS BLOB) WHERE position = 5")
        with pytest.raises(Refused) as refused:
            made(community)
        assert (refused.value.code, refused.value.details) == ("event_not_one_line", {"position": 5})


def test_an_event_that_is_too_long_is_refused_and_named(community: Path) -> None:
    edited(
        community,
        "UPDATE events SET data = CAST('{\"a\":\"' || printf('%.*c', 1100000, 'x') || '\"}' AS BLOB) WHERE position = 5",
    )
    with pytest.raises(Refused) as refused:
        made(community)
    assert (refused.value.code, refused.value.details) == ("event_too_long", {"position": 5})


def test_a_damaged_journal_is_bundled_as_it_is_with_a_warning(community: Path) -> None:
    last = position_of(community, "hours.given@1")
    edited(community, f"DELETE FROM events WHERE position > {last}")
    edited(community, f"UPDATE ledgers SET head = {last}")
    result = made(community)
    assert result.warnings[0] == "journal_went_back"
    assert result.position > last


def test_a_journal_with_a_gap_still_gives_a_bundle_whose_exports_say_why_they_end(community: Path) -> None:
    edited(community, "DELETE FROM events WHERE position = 7")
    assert made(community).warnings == ("event_missing",)
    assert content_of(community / "bundle.zip", "journal.beancount").endswith(b"; not finished: event_missing\n")


def test_there_is_no_bundle_of_nothing(community: Path, tmp_path: Path) -> None:
    with told.store_in(community) as store:
        for ledger, at in (("elsewhere", None), (LEDGER, 10_000)):
            with pytest.raises(NotFound):
                write_bundle(store, ledger, tmp_path / "x.zip", at=at)
    assert not (tmp_path / "x.zip").exists()


def test_books_that_are_being_rebuilt_are_waited_for(community: Path) -> None:
    with told.store_in(community) as store:
        with store.database.writing() as cursor:
            insert_rows(store.database, cursor, followers, [(LEDGER, REBUILDING, 3)])
        with pytest.raises(Unusable) as refused:
            write_bundle(store, LEDGER, community / "x.zip")
    assert refused.value.code == "books_being_rebuilt"


# ---- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def nuanlin(community: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Runs commands on the community's store, in English."""
    monkeypatch.setenv("NUANLIN_LANG", "en")
    return Shell(community / "community.db", capsys)


def test_the_command_says_where_the_bundle_is_and_which_key_the_auditor_needs(
    nuanlin: Shell, community: Path, key: str
) -> None:
    answer = nuanlin("audit", "bundle", str(community / "mine.zip"))
    assert answer.code == 0
    assert key in answer.out
    assert (community / "mine.zip").read_bytes() == (community / "bundle.zip").read_bytes()


def test_the_command_answers_programs_with_one_document(nuanlin: Shell, community: Path, key: str) -> None:
    document = nuanlin("audit", "bundle", str(community / "mine.zip"), "--at", "1", "--json").document
    assert (document["ledger"], document["vkey"], document["warnings"]) == (LEDGER, key, [])
    assert document["position"] < json.loads(content_of(community / "bundle.zip", "manifest.json"))["events"]


def test_the_command_warns_of_what_it_stumbled_over(nuanlin: Shell, community: Path) -> None:
    edited(community, "DELETE FROM events WHERE position = 7")
    answer = nuanlin("audit", "bundle", str(community / "mine.zip"))
    assert answer.code == 0
    assert "event_missing" in answer.err


def test_the_command_says_in_one_line_why_a_file_cannot_be_written(nuanlin: Shell, community: Path) -> None:
    answer = nuanlin("audit", "bundle", str(community / "nowhere" / "mine.zip"))
    assert (answer.code, answer.err.count("\n")) == (1, 1)


def test_a_bundle_can_be_made_while_others_write(community: Path, key: str, tmp_path: Path) -> None:
    # Somebody writes between the sealing and the reading: the bundle ends where it was sealed.
    with opened(community / "community.db", Clock(NOON + 9 * MICROS_PER_DAY)) as store:
        catch_up = store.catch_up

        def write_meanwhile(ledger: str) -> None:
            catch_up(ledger)
            act(store, OPERATOR, DonateHours(giver=WANG, minutes=1))

        store.__dict__["catch_up"] = write_meanwhile
        result = write_bundle(store, LEDGER, tmp_path / "meanwhile.zip")
        assert store.application.desk(LEDGER).recorder.committer.seen == result.position + 1
    assert verify(tmp_path / "meanwhile.zip", "--key", key).code == 0
