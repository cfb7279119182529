"""The past on the command line: as of, what lies between, why, and one event opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from api.asof.tables import COMMANDS
from api.cli.commands import _COMMANDS
from tests.cli.story import CATEGORY, LI, LVYUN, NOON, WANG, WISH, Shell, claim_and_reserve, opened
from tests.cli.story import Clock as StoryClock


def value(nuanlin: Shell, figure: str, *more: str) -> int:
    """What a figure is, by its own name."""
    return int(nuanlin("why", figure, "--limit", "1000", "--json", *more).document["value"])


def positions(nuanlin: Shell) -> dict[str, int]:
    """The last position of each type of event."""
    return {one["type"]: one["position"] for one in nuanlin("events", "--json").document}


def test_stats_as_of_then_are_those_of_then(nuanlin: Shell) -> None:
    before = positions(nuanlin)["fund.donation_received@1"]

    then = nuanlin("stats", "--at", str(before), "--json").document

    assert (then["position"], then["funds"]["nuanxing"]["spent_fen"]) == (before, 0)
    assert then["funds"]["nuanxing"]["received_fen"] == 1_020_050
    assert then["requests"]["published"] == 0
    assert nuanlin("stats", "--at", "2025-05-20", "--json").document["funds"]["nuanxing"]["spent_fen"] == 0


def test_a_statement_as_of_then_is_headed_by_the_point(nuanlin: Shell) -> None:
    lines = nuanlin("statement", "A001", "--json").document["lines"]
    first = lines[-1]["position"]

    then = nuanlin("statement", "A001", "--at", str(first), "--json").document

    assert (then["balance"], then["entries"], then["as_of"]["position"]) == (120, 1, first)
    shown = nuanlin("statement", "A001", "--at", str(first)).out
    assert f"position {first}" in shown
    assert "lifetime 2 h" in shown
    assert "as_of" not in nuanlin("statement", "A001", "--json").document


def test_rankings_and_their_explanations_are_answered_as_of_then(nuanlin: Shell) -> None:
    first = nuanlin("statement", "A001", "--json").document["lines"][-1]["position"]
    asked = ("rankings", "--measure", "volunteer_minutes", "--at", str(first), "--json")

    assert [(one["subject"], one["value"], one["rank"]) for one in nuanlin(*asked).document] == [(WANG, 120, 1)]
    explained = nuanlin(*asked, "--explain", "A001").document
    assert (explained["value"], [one["position"] for one in explained["entries"]]) == (120, [first])


def test_a_request_is_told_as_it_was_by_the_number_that_people_see(nuanlin: Shell, community: Path) -> None:
    number = nuanlin("request", WISH, "--json").document["request"]["number"]
    claim_and_reserve(community, StoryClock(NOON + 2 * 86_400_000_000))

    now = nuanlin("request", str(number), "--json").document
    then = nuanlin("request", str(number), "--at", str(number), "--json").document

    assert (now["request"]["status"], now["request"]["claimant"]) == ("claimed", LI)
    assert [one["type"] for one in now["story"]] == ["request.posted@1", "request.published@1", "request.claimed@1"]
    assert (then["request"]["status"], then["claims"], len(then["story"])) == ("posted", [], 1)
    assert "一副老花镜" in nuanlin("request", str(number)).out
    assert nuanlin("request", str(number), "--at", "1").code == 1
    assert nuanlin("request", "7").code == 1


def test_a_fund_is_told_item_by_item_as_it_was(nuanlin: Shell) -> None:
    now = nuanlin("fund", "nuanxing", "--json").document
    then = nuanlin("fund", "nuanxing", "--at", "2025-05-20", "--json").document

    assert (now["spent_fen"], now["grants"]["paid"]) == (250_025, 1)
    assert now["spending"] == [{"item": "meals", "category": CATEGORY, "spent_fen": 250_025, "payments": 1}]
    assert (then["spent_fen"], then["committed_fen"], then["grants"]["approved"]) == (0, 250_025, 1)
    meals = next(one for one in then["items"] if one["item"] == "meals")
    assert (meals["received_fen"], meals["available_fen"]) == (1_000_050, 750_025)
    assert "助餐" in nuanlin("fund", "nuanxing").out
    assert nuanlin("fund", "nothing").code == 1


def test_what_lies_between_two_moments(nuanlin: Shell) -> None:
    told = nuanlin("diff", "2025-05-20", "2025-05-21", "--json").document

    assert told["types"] == [
        {"type": "fund.grant_paid@1", "events": 1, "first": told["to"]["position"], "last": told["to"]["position"]}
    ]
    assert {(one["account"], one["after"] - one["before"]) for one in told["accounts"]} == {
        ("fund:fund_nuanxing:meals:committed", -250_025),
        (f"spent:fund_nuanxing:meals:{CATEGORY}", 250_025),
    }
    assert {one["figure"]: one["after"] - one["before"] for one in told["funds"]} == {
        "fund:nuanxing:meals:committed": -250_025,
        "fund:nuanxing:meals:spent": 250_025,
    }
    assert told["stats"]["after"]["funds"]["nuanxing"]["spent_fen"] == 250_025
    assert told["ranks"] is None
    for one in told["accounts"]:
        assert value(nuanlin, f"balance:{one['account']}:{one['unit']}") == one["after"]
    shown = nuanlin("diff", "0", "2025-05-21", "--measure", "volunteer_minutes", "--limit", "3").out
    assert "王阿姨" in shown
    assert "--limit" in shown
    assert "From position 0 (-) to position" in shown
    assert (nuanlin("diff", "20", "5").code, nuanlin("diff", "yesterday", "5").code) == (1, 2)


def test_a_figure_opens_to_the_entries_that_add_up_to_it(nuanlin: Shell) -> None:
    told = nuanlin("why", "member:V25:usable", "--json").document

    assert told["figure"] == f"member:{WANG}:usable"
    assert [one["amount"] for one in told["entries"]] == [120, 60, -30]
    assert sum(one["amount"] for one in told["entries"]) == told["value"] == 150
    statement = nuanlin("statement", "A001", "--json").document
    assert [one["position"] for one in told["entries"]] == [one["position"] for one in statement["lines"]][::-1]
    assert nuanlin("why", "member:A001:usable", "--json").document == told
    shown = nuanlin("why", "member:V25:usable").out
    assert "王阿姨 V25: usable time: 2 h 30 min" in shown


def test_pages_of_a_figure_go_on_behind_their_cursor(nuanlin: Shell) -> None:
    whole = nuanlin("why", "stats.members", "--json").document
    found: list[dict[str, Any]] = []
    more: tuple[str, ...] = ()
    while True:
        page = nuanlin("why", "stats.members", "--limit", "3", "--json", *more).document
        found += page["entries"]
        if page["next"] is None:
            break
        more = ("--after", page["next"])

    assert found == whole["entries"]
    assert len(found) == whole["value"]
    assert "--after" in nuanlin("why", "stats.members", "--limit", "3").out


def test_a_figure_that_is_none_is_refused(nuanlin: Shell) -> None:
    for figure in ("kindness", "stats.kindness", "member:V9999:usable", "balance:hours:mem_x:minutes"):
        answer = nuanlin("why", figure, "--json")
        assert (answer.code, answer.out) == (1, "")
    assert nuanlin("why", "stats.members", "--after", "x").code == 1
    assert nuanlin("why", "stats.members", "--at", "yesterday").code == 2


def test_an_event_tells_who_when_in_which_role_and_what_it_moved(nuanlin: Shell) -> None:
    paid = positions(nuanlin)["fund.grant_paid@1"]

    told = nuanlin("event", str(paid), "--json").document

    assert (told["type"], told["role"], told["fact"]["amount_fen"]) == ("fund.grant_paid@1", "treasurer", 250_025)
    assert {one["figure"]: one["amount"] for one in told["moved"]} == {
        "fund:nuanxing:meals:committed": -250_025,
        f"spending:nuanxing:meals:{CATEGORY}": 250_025,
    }
    assert [one["type"] for one in told["related"]] == ["fund.grant_proposed@1", "fund.grant_approved@1"]
    assert all(value(nuanlin, one["figure"]) is not None for one in told["moved"])
    shown = nuanlin("event", str(paid)).out
    assert "Grant paid" in shown
    assert "Treasurer" in shown
    assert (nuanlin("event", "99999").code, nuanlin("event", "0").code, nuanlin("event", "x").code) == (1, 2, 2)


def test_what_a_command_shows_of_a_person_is_masked_unless_they_agreed(nuanlin: Shell) -> None:
    served = [one for one in nuanlin("events", "--json").document if one["fact"].get("volunteer") == LI]

    shown = nuanlin("event", str(served[-1]["position"])).out

    assert "李*" in shown
    assert "李师傅" not in shown


def test_the_commands_speak_chinese_too(nuanlin: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUANLIN_LANG", "zh")
    for command in (
        ("why", "stats.members"), ("event", "12"), ("fund", "nuanxing"), ("request", WISH), ("diff", "0", "30"),
        ("diff", "0", "30", "--measure", "unit_donations"), ("why", "fund:nuanxing:balance"),
    ):  # fmt: skip
        answer = nuanlin(*command)
        assert answer.code == 0, answer.err
        assert "asof." not in answer.out
        assert "sampling." not in answer.out


def test_the_table_of_figures_names_commands_that_exist() -> None:
    assert set(COMMANDS) <= set(_COMMANDS)


def test_every_figure_of_the_tables_opens_to_what_was_shown(nuanlin: Shell, community: Path) -> None:
    claim_and_reserve(community, StoryClock(NOON + 2 * 86_400_000_000))
    nuanlin("rankings", "--measure", "volunteer_minutes")
    expected: dict[str, int] = {}
    stats = nuanlin("stats", "--json").document
    expected |= {f"stats.{name}": stats[name] for name in ("members", "partners", "events", "position")}
    expected |= {f"stats.requests.{name}": count for name, count in stats["requests"].items()}
    expected |= {f"stats.minutes.{name}": minutes for name, minutes in stats["minutes"].items()}
    for slug, fund in stats["funds"].items():
        names = {"received_fen": "income", "spent_fen": "expense", "balance_fen": "balance"}
        expected |= {f"fund:{slug}:{name}": fund[column] for column, name in names.items()}
        expected |= {f"fund:{slug}:{item}:balance": left for item, left in fund["restricted"].items()}
    for row in nuanlin("members", "--json").document["members"]:
        expected |= {f"member:{row['id']}:{name}": row[name] for name in ("usable", "lifetime")}
    for row in nuanlin("balances", "--json").document["balances"]:
        expected[f"balance:{row['account']}:{row['unit']}"] = row["balance"]
    for measure in ("volunteer_minutes", "unit_donations"):
        for row in nuanlin("rankings", "--measure", measure, "--json").document:
            name = f"{measure}:all:{row['subject']}"
            expected |= {
                f"ranking:{name}": row["value"],
                f"rank:{name}": row["rank"],
                f"records:{name}": row["positions"],
            }
    for item in nuanlin("fund", "nuanxing", "--json").document["items"]:
        expected |= {
            f"fund:nuanxing:{item['item']}:{name}": item[f"{name}_fen"]
            for name in ("pledged", "received", "refunded", "available", "committed", "spent", "returned")
        }
    page = nuanlin("statement", "A002", "--json").document
    expected |= {f"entries:{page['account']}:minutes": page["entries"], f"member:{LI}:held": page["member"]["held"]}

    assert page["member"]["held"] == 20
    assert f"balance:donor:{LVYUN}:fen" in expected
    with opened(community, StoryClock(NOON)) as store:
        from api.asof.looking import Looker, open_figure

        looker = Looker(store, "xianghe", None)
        told = {figure: open_figure(looker, looker.past(), figure, limit=1).value for figure in expected}
    assert told == expected
