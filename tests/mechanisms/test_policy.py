"""规则是有日期的事实：先试算，再生效，从不追溯."""

from __future__ import annotations

from datetime import date

import pytest

from tests.mechanisms.street import Street

JANUARY, APRIL = date(2026, 3, 10), date(2026, 4, 8)


def quarter(street: Street) -> tuple[str, str, str]:
    """A long day of service, a short one, and a wish that was claimed; then the quarter is over."""
    worker, wang, li = street.worker(), street.person("王阿姨"), street.person("李师傅")
    street.at(JANUARY)
    street.do("deposit_session", by=worker, volunteer=wang, day="2026-03-10", minutes=400)
    street.do("deposit_session", by=worker, volunteer=li, day="2026-03-10", minutes=120)
    wish = street.do("post_request", by=wang, kind="wish", requester=wang, words={"title": "修灯"}).ids["request_id"]
    street.do("publish_request", by=worker, request_id=wish)
    street.do("claim_request", by=li, request_id=wish, claimant=li)
    street.at(APRIL)
    return worker, wang, li


def test_a_rule_is_tried_on_the_last_quarter_before_it_is_set(street: Street) -> None:
    worker, _, _ = quarter(street)

    tried = street.see("policy_preview", by=worker, name="hours.daily_cap_minutes", value="240")

    assert (tried["from_day"], tried["until_day"], tried["whole"]) == ("2026-01-01", "2026-03-31", True)
    assert tried["kinds"] == [{"command": "deposit_session", "code": "daily_cap_exceeded", "field": "", "decisions": 1}]
    assert [one["command"] for one in tried["changed"]] == ["deposit_session"]
    assert tried["unclear"] == 0
    told = street.see("event", position=tried["changed"][0]["position"])
    assert told["type"] == "hours.session_recorded@1"


def test_a_rule_that_changes_an_amount_or_a_deadline_says_which(street: Street) -> None:
    worker, _, _ = quarter(street)

    cap = street.see("policy_preview", by=worker, name="hours.storage_cap_minutes", value="300")
    lease = street.see("policy_preview", by=worker, name="requests.lease_days", value="3")
    same = street.see("policy_preview", by=worker, name="requests.lease_days", value="7")

    assert [one["field"] for one in cap["kinds"]] == ["SessionVerified.credited"]
    assert [(one["command"], one["field"]) for one in lease["kinds"]] == [("claim_request", "RequestClaimed.until_at")]
    assert same["kinds"] == []
    assert same["looked"] == lease["looked"] > 5


def test_days_that_are_not_asked_for_are_not_looked_at(street: Street) -> None:
    worker, _, _ = quarter(street)

    day = street.see(
        "policy_preview",
        by=worker,
        name="hours.daily_cap_minutes",
        value="240",
        from_day="2026-03-11",
        until_day="2026-04-08",
    )

    assert (day["looked"], day["kinds"]) == (0, [])


def test_it_is_set_from_a_day_on_and_changes_nothing_before(street: Street) -> None:
    worker, wang, _ = quarter(street)
    head = street.worker("钱主任", roles=("administrator",))

    street.refused(
        "set_policy", "retroactive_policy", by=head, name="hours.daily_cap_minutes", value=240, from_day="2026-04-07"
    )
    street.do("set_policy", by=head, name="hours.daily_cap_minutes", value=240, from_day="2026-04-10")
    street.do("deposit_session", by=worker, volunteer=wang, day="2026-04-08", minutes=400)
    street.at(date(2026, 4, 10))
    street.refused("deposit_session", "daily_cap_exceeded", by=worker, volunteer=wang, day="2026-04-10", minutes=400)

    assert street.figure(f"member:{wang}:usable") == 800


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("no.such_rule", "1", "no_such_policy"), ("requests.lease_days", "0", "bad_policy_value"),
     ("requests.lease_days", "soon", "bad_policy_value"), ("requests.lease_days", '{"a": 1}', "bad_policy_value")],
)  # fmt: skip
def test_what_no_rule_can_be_is_not_tried(street: Street, name: str, value: str, code: str) -> None:
    street.hidden("policy_preview", code, by=street.worker(), name=name, value=value)


def test_days_must_make_a_period_and_only_staff_may_try(street: Street) -> None:
    ask = {"name": "requests.lease_days", "value": "3", "from_day": "2026-03-02", "until_day": "2026-03-01"}

    street.hidden("policy_preview", "bad_days", by=street.worker(), **ask)
    street.hidden("policy_preview", "not_for_your_roles", by=street.person(), **ask)
