"""`nuanlin audit sample` and `audit findings`, as an auditor runs them."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from api.sampling.telling import type_in_words
from api.sampling.wording import option_text
from api.settings import Settings
from api.store import Store
from api.texts import known, text, texts
from ledger.audit.findings import CHECKS
from ledger.base import FACTS
from ledger.rules import COMMANDS
from tests.cli import story
from tests.cli.story import LEDGER, WANG, Shell
from tests.house.means import ROOT

PERSONAL = ("王阿姨", "李师傅", "13800001111", "一副老花镜", "助餐活动")


@pytest.fixture
def root(community: Path) -> str:
    """The root of a checkpoint over the whole story, as a note has it."""
    with Store.open(Settings(database_url=str(community), ledger=LEDGER)) as store:
        store.sealer.catch_up(LEDGER, force_checkpoint=True)
        sealed = store.seals.latest(LEDGER)
    assert sealed is not None
    return sealed.note.split("\n")[2]


# ---- samples --------------------------------------------------------------------------------------------------------


def test_the_same_seed_draws_the_same_sample_and_knows_its_checkpoint(nuanlin: Shell, root: str) -> None:
    first, second = (
        nuanlin("audit", "sample", "--seed", root, "-n", "6", "--json"),
        nuanlin("audit", "sample", "--seed", root, "-n", "6", "--json"),
    )
    assert (first.code, first.err) == (0, "")
    assert first.out == second.out
    told = first.document
    assert told["checkpoint"]["size"] == told["upto"] == nuanlin("ledger", "list", "--json").document[0]["position"]
    assert len(told["items"]) == sum(one["taken"] for one in told["strata"]) == 6
    assert len(told["seed"]) == 64


def test_a_sample_stays_with_its_checkpoint_when_more_is_recorded(nuanlin: Shell, root: str) -> None:
    before = nuanlin("audit", "sample", "--seed", root, "-n", "6", "--json").document
    assert nuanlin("transfer", "--from", "A001", "--to", "A002", "--minutes", "5", "--key", "tea").code == 0
    after = nuanlin("audit", "sample", "--seed", root, "-n", "6", "--json").document
    assert [one["position"] for one in after["items"]] == [one["position"] for one in before["items"]]
    beyond = nuanlin("audit", "sample", "--seed", root, "-n", "6", "--at", "100000")
    assert "the checkpoint of this seed covers" in beyond.err


def test_an_item_tells_who_when_evidence_and_related_facts(nuanlin: Shell, root: str) -> None:
    told = nuanlin("audit", "sample", "--seed", root, "--type", "fund.grant_paid@1", "--json").document
    [item] = told["items"]
    assert (item["unit"], item["amount"], item["role"]) == ("fen", 250_025, "treasurer")
    assert item["what"] == "Grant paid"
    assert [(one["type"], one["because"]) for one in item["story"]] == [
        ("fund.grant_proposed@1", "chain"), ("fund.grant_approved@1", "chain"), ("fund.grant_paid@1", "itself"),
    ]  # fmt: skip
    assert {posted["account"].partition(":")[0] for posted in item["posted"]} == {"fund", "spent"}
    assert re.fullmatch(r"V\d+", item["by"]["short"])
    assert item["decided_at"] == item["recorded_at"] == "2025-05-21T04:00:00Z"


def test_for_people_it_is_plain_text_in_both_languages(
    nuanlin: Shell, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = nuanlin("audit", "sample", "--seed", root, "-n", "9")
    assert english.code == 0
    assert "9 drawn of" in english.out
    assert "▶ No." in english.out
    monkeypatch.setenv("NUANLIN_LANG", "zh")
    chinese = nuanlin("audit", "sample", "--seed", root, "-n", "9").out
    assert "抽出 9 条" in chinese
    assert "sampling." not in english.out + chinese


def test_a_seed_of_ones_own_is_warned_of(nuanlin: Shell, root: str) -> None:
    assert "not the root of any checkpoint" in nuanlin("audit", "sample", "--seed", "lottery", "-n", "3").err
    assert nuanlin("audit", "sample", "--seed", root, "-n", "3").err == ""


def test_dice_draw_another_sample_and_are_told(nuanlin: Shell, root: str) -> None:
    plain = nuanlin("audit", "sample", "--seed", root, "-n", "3", "--json").document
    diced = nuanlin("audit", "sample", "--seed", root, "-n", "3", "--dice", "4 6 1", "--json").document
    assert diced["seed"] == plain["seed"] + "+4 6 1"
    assert "thrown" not in nuanlin("audit", "sample", "--seed", root).out
    assert "that the auditor threw" in nuanlin("audit", "sample", "--seed", root, "--dice", "6").out


def test_words_are_kept_erased_or_damaged_and_never_shown(nuanlin: Shell, root: str, community: Path) -> None:
    def states() -> dict[str, str]:
        answer = nuanlin("audit", "sample", "--seed", root, "--unit", "minutes", "--json")
        assert answer.err == ""
        told = answer.document
        rows = [row for one in told["items"] for row in one["story"] if row["words"]]
        return {row["fact"]["volunteer"]: row["words"] for row in rows}

    assert set(states().values()) == {"kept"}
    with Store.open(Settings(database_url=str(community), ledger=LEDGER)) as store:
        store.vault.erase(LEDGER, WANG)
    assert states() == {"mem_wang": "erased", "mem_li": "kept"}
    with sqlite3.connect(community.with_suffix(".vault.db")) as vault:
        vault.execute("UPDATE vault_documents SET sealed = zeroblob(80) WHERE subject = 'mem_li'")
    vault.close()
    assert states() == {"mem_wang": "erased", "mem_li": "damaged"}
    assert "erased (" in nuanlin("audit", "sample", "--seed", root, "--unit", "minutes").out


def test_nothing_personal_appears_and_masked_names_only_where_asked_for(
    nuanlin: Shell, root: str, tmp_path: Path
) -> None:
    page = tmp_path / "papers.html"
    shown = [nuanlin("audit", "sample", "--seed", root, *more).out for more in ((), ("--json",), ("--out", str(page)))]
    shown.append(page.read_text(encoding="utf-8"))
    assert not any(word in one for word in (*PERSONAL, "王*", "李*") for one in shown)
    named = [nuanlin("audit", "sample", "--seed", root, "--names", *more).out for more in ((), ("--json",))]
    assert all("王*" in one for one in named)
    assert not any(word in one for word in PERSONAL for one in named)


@pytest.mark.parametrize(
    ("options", "code", "hint"),
    [
        (("--seed", " "), 1, "seed"),
        (("--seed", "x", "-n", "10001"), 1, "10000"),
        (("--seed", "x", "--whole-from", "5"), 1, "--unit"),
        (("--seed", "x", "-n", "1", "--unit", "fen", "--whole-from", "5"), 1, "raise -n"),
        (("--seed", "x", "--from", "9", "--to", "3"), 2, "--from"),
        (("--seed", "x", "--at", "soon"), 2, "soon"),
        (("--seed", "x", "--type", "fund.gossip"), 2, "fund.gossip"),
        ((), 2, "--seed"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence(nuanlin: Shell, options: tuple[str, ...], code: int, hint: str) -> None:
    answer = nuanlin("audit", "sample", *options)
    assert (answer.code, answer.out, answer.err.count("\n")) == (code, "", 1)
    assert hint in answer.err


def test_an_empty_ledger_has_nothing_to_draw_from(fresh: Shell) -> None:
    answer = fresh("audit", "sample", "--seed", "x")
    assert (answer.code, "nothing to draw" in answer.out) == (0, True)
    assert fresh("audit", "sample", "--seed", "x", "--json").document["items"] == []


def test_a_period_begins_with_the_first_moment_of_its_day_and_ends_with_the_last(nuanlin: Shell) -> None:
    def drawn(*options: str) -> set[str]:
        told = nuanlin("audit", "sample", "--seed", "x", "--unit", "fen", "--json", *options).document
        return {one["type"] for one in told["items"]}

    paid = "fund.grant_paid@1"
    assert drawn("--from", "2025-05-21") == {paid}
    assert paid not in drawn("--to", "2025-05-20")
    assert "fund.donation_received@1" in drawn("--from", "2025-05-20", "--to", "2025-05-20")
    assert drawn("--from", "2025-05-20T12:00:01+08:00", "--to", "2025-05-21T12:00") == {paid}


def test_the_recipe_in_the_documentation_draws_the_same(nuanlin: Shell, root: str, tmp_path: Path) -> None:
    recipe = re.search(r"```sh\n(seed=.*?)```", (ROOT / "docs" / "sampling.md").read_text(encoding="utf-8"), re.DOTALL)
    assert recipe is not None
    assert nuanlin("export", "csv", "--what", "postings", "--out", str(tmp_path / "postings.csv")).code == 0
    told = nuanlin("audit", "sample", "--seed", root, "--unit", "minutes", "-n", "3", "--json").document
    for number, stratum in enumerate(told["strata"]):
        given = {
            "seed": told["seed"], "ledger": LEDGER, "upto": told["upto"], "unit": "minutes", "low": stratum["low"],
            "below": stratum["below"] or 10**15, "drawn": stratum["taken"],
        }  # fmt: skip
        _, _, rest = recipe[1].partition("\n")
        script = " ".join(f"{name}={value}" for name, value in given.items()) + "\n" + rest
        done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True)
        ours = sorted((one["digest"], one["position"]) for one in told["items"] if one["stratum"] == number)
        assert done.stdout.split() == [str(part) for pair in ours for part in pair], done.stderr


# ---- the page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_working_papers_need_nothing_else(
    nuanlin: Shell, root: str, tmp_path: Path, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUANLIN_LANG", lang)
    out = tmp_path / "papers.html"
    answer = nuanlin("audit", "sample", "--seed", root, "-n", "8", "--out", str(out))
    assert (answer.code, str(out) in answer.out) == (0, True)
    page = out.read_text(encoding="utf-8")
    assert page.count('class="item"') == 8
    assert f'<html lang="{lang}">' in page
    assert not re.search(r"https?:|<script|<link|<img|url\(|@import|\bsrc=|\bon\w+=|\bstyle=", page)
    assert "sampling." not in page.replace("docs/sampling.md", "")
    assert page.count('type="checkbox"') == 8 * 6


def test_what_people_called_things_cannot_become_markup(nuanlin: Shell, root: str, tmp_path: Path) -> None:
    out = tmp_path / "papers.html"
    nuanlin("audit", "sample", "--seed", root, "--out", str(out))
    assert "大米 (50%); &#34;东北&#34;" in out.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_one_sentence_and_leaves_nothing(nuanlin: Shell, tmp_path: Path) -> None:
    for command in (("sample", "--seed", "x"), ("findings",)):
        answer = nuanlin("audit", *command, "--out", str(tmp_path / "nowhere" / "x.html"))
        assert (answer.code, answer.out) == (1, "")
        assert answer.err.count("\n") == 1
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.browser
def test_every_item_fits_one_sheet_and_axe_finds_no_barrier(
    nuanlin: Shell, root: str, tmp_path: Path, page: Page
) -> None:
    papers, hints = tmp_path / "papers.html", tmp_path / "hints.html"
    nuanlin("audit", "sample", "--seed", root, "--out", str(papers))
    nuanlin("audit", "findings", "--set", "back_dated.days=0", "--set", "back_dated.entries=1", "--out", str(hints))
    # 180 by 266 mm are left of A4 within the margins, at 96 points an inch.
    page.set_viewport_size({"width": 680, "height": 1005})
    for file in (papers, hints):
        page.goto(file.as_uri())
        page.emulate_media(media="screen")
        assert [one["id"] for one in Axe().run(page).response["violations"]] == []
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.set_viewport_size({"width": 680, "height": 1005})
        page.emulate_media(media="print")
        heights = [box["height"] for one in page.query_selector_all(".item") if (box := one.bounding_box())]
        assert all(height <= 1005 for height in heights)


# ---- hints ----------------------------------------------------------------------------------------------------------


def late(nuanlin: Shell, *more: str) -> Any:
    """The findings of a run for which one day is long ago."""
    return nuanlin("audit", "findings", "--set", "back_dated.days=1", "--set", "back_dated.entries=1", *more)


def test_hints_point_at_positions_and_end_well(nuanlin: Shell) -> None:
    answer = late(nuanlin, "--json")
    assert (answer.code, answer.err) == (0, "")
    told = answer.document
    assert list(told["checks"]) == list(CHECKS)
    [finding] = told["findings"]
    assert set(finding) == {"position", "positions", "count", "check", "what", "figures"}
    assert (finding["check"], finding["position"], finding["count"]) == ("back_dated", finding["positions"][0], 1)
    assert (
        finding["what"]
        == "1 of the 3 sessions that the operator vouched for or recorded were entered long after, up to 1 days."
    )


def test_only_strict_ends_with_1_and_only_where_there_is_a_hint(nuanlin: Shell) -> None:
    assert late(nuanlin, "--strict").code == 1
    assert late(nuanlin, "--strict", "--json").document["findings"]
    assert nuanlin("audit", "findings", "--strict").code == 0


def test_for_people_hints_come_with_their_sentence_and_what_found_nothing(
    nuanlin: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUANLIN_LANG", "zh")
    out = late(nuanlin).out
    assert "事后很久才记 (back_dated): 1" in out
    assert "没有线索的检查：限额以下的多笔付款" in out
    assert "可能都有正当理由" in out


def test_single_checks_and_a_period(nuanlin: Shell) -> None:
    assert list(late(nuanlin, "--check", "duplicates", "--check", "back_dated", "--json").document["checks"]) == [
        "duplicates", "back_dated",
    ]  # fmt: skip
    assert late(nuanlin, "--from", "2025-05-21", "--json").document["findings"] == []


@pytest.mark.parametrize(
    ("options", "code", "hint"),
    [
        (("--check", "gossip"), 1, "split_payments"),
        (("--set", "gossip.days=1"), 1, "split_payments"),
        (("--set", "back_dated.weeks=1"), 1, "days, entries"),
        (("--set", "close_to_payee.days=1"), 1, "close_to_payee"),
        (("--set", "back_dated.days"), 2, "back_dated.days"),
        (("--set", "days=1"), 2, "days=1"),
        (("--set", "back_dated.days=-1"), 2, "-1"),
        (("--from", "2025-06-01", "--to", "2025-05-01"), 2, "--from"),
    ],
)
def test_a_check_or_an_option_that_does_not_exist_is_one_sentence(
    nuanlin: Shell, options: tuple[str, ...], code: int, hint: str
) -> None:
    answer = nuanlin("audit", "findings", *options)
    assert (answer.code, answer.out, answer.err.count("\n")) == (code, "", 1)
    assert hint in answer.err


def test_the_checks_can_be_listed_without_a_store(fresh: Shell, tmp_path: Path) -> None:
    assert fresh("audit", "findings", "--list", "--json").document["quick_claims"] == {
        "done_seconds": 120, "closed_seconds": 10, "claims": 3,
    }  # fmt: skip
    assert "limits_fen=100000,500000" in fresh("audit", "findings", "--list").out
    assert not (tmp_path / "fresh.db").exists()


def test_samples_and_hints_are_the_same_on_postgresql(
    fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given the same story there and in a file, when both are sampled by one seed, then the same positions are drawn.
    monkeypatch.setenv("NUANLIN_VAULT_URL", f"sqlite:///{tmp_path / 'vault.db'}")
    monkeypatch.setenv("NUANLIN_VAULT_KEY_FILE", str(tmp_path / "vault.key"))
    story.fill(fresh_database_url)
    shells = [Shell(fresh_database_url, capsys)]
    monkeypatch.delenv("NUANLIN_VAULT_URL")
    monkeypatch.delenv("NUANLIN_VAULT_KEY_FILE")
    story.fill(tmp_path / "same.db")
    shells.append(Shell(tmp_path / "same.db", capsys))
    for asked, command in (
        ("items", ("audit", "sample", "--seed", "x", "-n", "7", "--from", "2025-05-20", "--type", "fund.grant_paid")),
        ("items", ("audit", "sample", "--seed", "x", "-n", "7")),
        ("findings", ("audit", "findings", "--set", "back_dated.days=1", "--set", "back_dated.entries=1")),
    ):
        found = []
        for shell, vault in zip(shells, ("vault", "same.vault"), strict=True):
            monkeypatch.setenv("NUANLIN_VAULT_URL", f"sqlite:///{tmp_path / vault}.db")
            monkeypatch.setenv("NUANLIN_VAULT_KEY_FILE", str(tmp_path / f"{vault.removesuffix('.vault')}.key"))
            found.append([one["position"] for one in shell(*command, "--json").document[asked]])
        assert found[0] == found[1] != []


# ---- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_fact_field_and_value_has_its_words(lang: str) -> None:
    assert [name for name in FACTS if type_in_words(lang, name).startswith("cli.")] == []
    fields = {field.name for kind in FACTS.values() for field in msgspec.structs.fields(kind)}
    assert sorted(one for one in fields if not known(lang, f"sampling.field.{one}")) == []
    tables = {"origin", "channel", "method", "tier", "kind", "role", "reason", "cause", "level", "where"}
    wordless = [
        f"{field.name}={value}"
        for command in COMMANDS.values()
        for field in msgspec.structs.fields(command)
        if field.name in tables and get_origin(field.type) is not None
        for value in get_args(field.type)
        if isinstance(value, str) and not _worded(lang, field.name, value)
    ]
    assert wordless == []


def _worded(lang: str, field: str, value: str) -> bool:
    tables = {"kind": ("kind", "party"), "reason": ("reason", "declined")}.get(field, (field,))
    return any(
        known(lang, key) for key in (f"sampling.value.{field}_{value}", *(f"pages.{one}.{value}" for one in tables))
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_check_says_what_it_is_for_and_accuses_nobody(lang: str) -> None:
    for name in CHECKS:
        for part in ("title", "looks", "because", "cannot"):
            assert known(lang, f"sampling.check.{name}.{part}")
    harsh = re.compile(r"fraud|steal|stole|cheat|guilty|crime|liar|舞弊|贪|欺诈|作假|造假|违法|骗|罪", re.IGNORECASE)
    said = {key: value for key, value in texts(lang).items() if key.startswith("sampling.check.")}
    assert {key: value for key, value in said.items() if harsh.search(value)} == {}
    assert text(lang, "sampling.page.findings_lead")


def test_the_documentation_lists_every_check_with_every_option() -> None:
    page = (ROOT / "docs" / "sampling.md").read_text(encoding="utf-8")
    for name, check in CHECKS.items():
        [row] = [line for line in page.splitlines() if line.startswith(f"| `{name}` |")]
        told = set(re.findall(r"`(\w+=[\d,]+)`", row.split(" | ")[2]))
        assert told == {f"{option}={option_text(value)}" for option, value in check.DEFAULTS.items()}, name
