"""What the reading commands answer: figures of the story, now and as of any point of its past."""

from __future__ import annotations

import pytest

from tests.cli.story import CATEGORY, ITEM, LI, LVYUN, WANG, Shell


def test_stats_count_what_happened(nuanlin: Shell) -> None:
    answer = nuanlin("stats", "--json").document
    assert (answer["members"], answer["partners"], answer["position"]) == (8, 1, answer["events"])
    assert answer["minutes"] == {"earned": 240, "spendable": 210, "held": 0, "pool": 30}
    assert {state: count for state, count in answer["requests"].items() if count} == {"published": 1}
    assert answer["funds"] == {
        "nuanxing": {
            "received_fen": 1_020_050,
            "spent_fen": 250_025,
            "balance_fen": 770_025,
            "restricted": {"meals": 750_025, "clinic": 0},
        }
    }


def test_stats_for_people_speak_of_hours_and_yuan(nuanlin: Shell) -> None:
    shown = nuanlin("stats").out
    assert "3 h 30 min" in shown
    assert "¥7,500.25" in shown


def test_stats_for_people_call_funds_and_their_items_by_name(nuanlin: Shell) -> None:
    shown = nuanlin("stats").out
    assert "暖兴: received" in shown
    assert "暖兴 · 义诊" in shown
    assert "nuanxing" not in shown


def test_balances_list_every_account_sorted_with_the_point_they_stand_for(nuanlin: Shell) -> None:
    answer = nuanlin("balances", "--json").document
    assert answer["as_of"] == {
        "position": nuanlin("stats", "--json").document["position"],
        "at": "2025-05-21T04:00:00Z",
    }
    rows = [(row["account"], row["unit"], row["balance"]) for row in answer["balances"]]
    assert rows == [
        ("community:goods", f"pcs.{ITEM}", 50),
        ("community:venue", "venue_minutes", 240),
        ("donor:anonymous", "fen", -20_000),
        (f"donor:{LVYUN}", "fen", -1_000_050),
        ("fund:fund_nuanxing:general", "fen", 20_000),
        ("fund:fund_nuanxing:meals", "fen", 750_025),
        ("fund:fund_nuanxing:meals:committed", "fen", 0),
        (f"giver:{LVYUN}", f"pcs.{ITEM}", -50),
        (f"giver:{LVYUN}", "venue_minutes", -240),
        ("hours:issued", "minutes", -240),
        (f"hours:{LI}", "minutes", 60),
        (f"hours:{WANG}", "minutes", 150),
        ("hours:pool", "minutes", 30),
        (f"spent:fund_nuanxing:meals:{CATEGORY}", "fen", 250_025),
    ]


def test_balances_as_of_a_position_know_nothing_later(nuanlin: Shell) -> None:
    # Given the statement's first line, when the balances are asked for right after it,
    first = nuanlin("statement", "A001", "--json").document["lines"][-1]
    answer = nuanlin("balances", "--at", str(first["position"]), "--json").document
    # then there are two accounts in the world.
    assert {row["account"]: row["balance"] for row in answer["balances"]} == {
        "hours:issued": -120,
        f"hours:{WANG}": 120,
    }
    assert answer["as_of"] == {"position": first["position"], "at": first["recorded_at"]}


@pytest.mark.parametrize(
    ("at", "spent"),
    [
        ("2025-05-20", None),
        ("2025-05-21", 250_025),
        ("2025-05-21T11:59", None),
        ("2025-05-21T12:00", 250_025),
        ("2025-05-21T04:00:00Z", 250_025),
        ("2025-05-21 12:00:00+09:00", None),
        ("2099-01-01", 250_025),
    ],
)
def test_a_day_ends_where_the_community_lives(nuanlin: Shell, at: str, spent: int | None) -> None:
    rows = nuanlin("balances", "--at", at, "--json").document["balances"]
    found = {row["account"]: row["balance"] for row in rows}
    assert found.get(f"spent:fund_nuanxing:meals:{CATEGORY}") == spent


def test_before_the_first_fact_there_is_nothing(nuanlin: Shell) -> None:
    for at in ("0", "2024-12-31"):
        answer = nuanlin("balances", "--at", at, "--json").document
        assert answer == {"as_of": {"position": 0, "at": None}, "balances": []}


@pytest.mark.parametrize("at", ["yesterday", "2025-13-01", "2025-05-20T25:00", "-1", "12.5"])
def test_what_is_no_point_in_time_is_wrong_use(nuanlin: Shell, at: str) -> None:
    answer = nuanlin("balances", f"--at={at}", "--json")
    assert (answer.code, answer.out) == (2, "")
    assert at in answer.err


def test_a_position_that_has_not_come_is_refused(nuanlin: Shell) -> None:
    answer = nuanlin("balances", "--at", "99999")
    assert (answer.code, answer.out) == (1, "")


def test_an_account_is_shown_with_those_below_it(nuanlin: Shell) -> None:
    rows = nuanlin("balances", "--account", "fund:fund_nuanxing:meals", "--json").document["balances"]
    assert [row["account"] for row in rows] == ["fund:fund_nuanxing:meals", "fund:fund_nuanxing:meals:committed"]


@pytest.mark.parametrize("who", [WANG, "A001", "V25", "v25", f"hours:{WANG}"])
def test_a_statement_is_found_by_any_of_a_members_names(nuanlin: Shell, who: str) -> None:
    answer = nuanlin("statement", who, "--json").document
    assert (answer["account"], answer["unit"], answer["balance"], answer["entries"]) == (
        f"hours:{WANG}",
        "minutes",
        150,
        3,
    )
    assert [(line["amount"], line["balance"]) for line in answer["lines"]] == [(-30, 150), (60, 180), (120, 120)]


def test_a_statement_is_headed_by_the_name_as_the_public_may_read_it(nuanlin: Shell) -> None:
    # 王阿姨 agreed to be named; 李师傅 did not.
    assert nuanlin("statement", "A001").out.startswith("王阿姨 V25")
    assert nuanlin("statement", "A002", "--json").document["member"]["name"] == "李*"


def test_a_statement_of_an_account_in_several_units_shows_the_one_asked_for(nuanlin: Shell) -> None:
    answer = nuanlin("statement", f"giver:{LVYUN}", "--unit", "venue_minutes", "--json").document
    assert [line["amount"] for line in answer["lines"]] == [-240]


def test_rankings_have_the_shape_of_the_contract_and_are_up_to_date(nuanlin: Shell) -> None:
    assert nuanlin("rankings", "--measure", "volunteer_minutes", "--period", "2025-05", "--json").document == [
        {"rank": 1, "subject": WANG, "name": "王阿姨", "value": 180, "unit": "minutes",
         "reached_at": "2025-05-20T04:00:00Z", "positions": 2},
        {"rank": 2, "subject": LI, "name": "李*", "value": 60, "unit": "minutes",
         "reached_at": "2025-05-20T04:00:00Z", "positions": 1},
    ]  # fmt: skip


def test_units_are_ranked_by_their_names(nuanlin: Shell) -> None:
    rows = nuanlin("rankings", "--measure", "unit_donations", "--json").document
    assert [(row["name"], row["value"], row["unit"]) for row in rows] == [("绿云物业", 1_000_050, "fen")]


def test_a_row_explains_itself_with_the_positions_that_made_it(nuanlin: Shell) -> None:
    answer = nuanlin("rankings", "--measure", "volunteer_minutes", "--explain", "A001", "--json").document
    assert (answer["subject"], answer["value"]) == (WANG, 180)
    lines = {line["position"]: line["amount"] for line in nuanlin("statement", "A001", "--json").document["lines"]}
    assert [(one["day"], one["amount"]) for one in answer["entries"]] == [("2025-05-20", 120), ("2025-05-19", 60)]
    assert all(lines[one["position"]] == one["amount"] for one in answer["entries"])


@pytest.mark.parametrize("options", [("--measure", "kindness"), ("--measure", "unit_donations", "--period", "2025-14")])
def test_a_ranking_that_does_not_exist_is_refused(nuanlin: Shell, options: tuple[str, ...]) -> None:
    answer = nuanlin("rankings", *options, "--json")
    assert (answer.code, answer.out) == (1, "")


def test_a_measure_that_does_not_exist_is_refused_with_those_that_do(nuanlin: Shell) -> None:
    answer = nuanlin("rankings", "--measure", "foo")
    assert answer.code == 1
    assert "foo" in answer.err
    assert "volunteer_minutes" in answer.err


def test_events_come_one_json_object_a_line_and_hold_no_name(nuanlin: Shell) -> None:
    import json

    lines = nuanlin("events").out.splitlines()
    assert [json.loads(line)["position"] for line in lines] == list(range(1, len(lines) + 1))
    assert json.loads(lines[0])["type"] == "place.ledger_opened@1"
    assert "王阿姨" not in "".join(lines)
    assert "13800001111" not in "".join(lines)


def test_events_go_on_behind_a_position(nuanlin: Shell) -> None:
    found = nuanlin("events", "--after", "3", "--limit", "2", "--json").document
    assert [one["position"] for one in found] == [4, 5]


def test_a_ledger_without_events_reads_as_nothing(fresh: Shell) -> None:
    assert fresh("balances", "--json").document == {"as_of": {"position": 0, "at": None}, "balances": []}
    assert fresh("rankings", "--measure", "volunteer_minutes", "--json").document == []
    assert fresh("events", "--json").document == []
    assert fresh("ledger", "list", "--json").document == []
