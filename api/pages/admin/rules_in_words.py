"""A rule's value in words, and from what is typed to the value: both from the rule's name and what it is now."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from api.pages.common import Visit
from ledger.errors import Refused
from ledger.policy.decisions import CHECKS
from ledger.policy.facts import PolicyValue
from ledger.policy.state import DEFAULTS, LATER, SINCE_EVER, policy_of

Unit = Literal["minutes", "fen", "days", "months", "percent", "switch", "word", "numbers", "day_list", "part", "number"]
BUILT_IN: dict[str, PolicyValue] = {**DEFAULTS, **LATER}
WORDS: dict[str, tuple[str, ...]] = {
    "hours.overflow_to": ("pool", "honour"),
    "hours.gifts_to": ("anybody", "kin"),
}
_SWITCHES = frozenset({"privacy.guardian_consent"})
_PARTS = frozenset({"votes.quorum", "votes.majority", "votes.major_majority"})
_ENDINGS: tuple[tuple[str, Unit], ...] = (
    ("_minutes", "minutes"), ("_fen", "fen"), ("days", "days"), ("_months", "months"), ("_percent", "percent"),
)  # fmt: skip


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One rule: its name, what it is called, the value in words, and since when ("" from the ledger's opening on).

    `position` is the entry that set it; 0 where none did and the version's own value holds. `coming`: (day, value) in words.
    """

    name: str
    label: str
    value: str
    since: str
    position: int
    coming: list[tuple[str, str]]


def unit_of(name: str) -> Unit:
    """How a rule's value is to be read."""
    if name in WORDS:
        return "word"
    if name in _SWITCHES:
        return "switch"
    if name in _PARTS:
        return "part"
    if name == "calendar.holidays":
        return "day_list"
    if isinstance(BUILT_IN[name], tuple):
        return "numbers"
    return next((unit for ending, unit in _ENDINGS if name.endswith(ending)), "number")


def label_of(visit: Visit, name: str) -> str:
    """What a rule is called."""
    return visit.t(f"admin.rule.{name}")


def may_be_none(name: str) -> bool:
    """Whether there can be no such limit."""
    return CHECKS[name](None)


def in_words(visit: Visit, name: str, value: PolicyValue) -> str:
    """A value as people read it."""
    if value is None:
        return visit.t("admin.value.none")
    match unit_of(name), value:
        case "minutes", int():
            return visit.hours(value)
        case "fen", int():
            return visit.yuan(value)
        case ("days" | "months" | "percent") as unit, int():
            return visit.t(f"admin.value.{unit}", count=f"{value:,}")
        case "switch", _:
            return visit.t("admin.value.on" if value else "admin.value.off")
        case "word", str():
            return visit.t(f"admin.value.{value}")
        case "part", tuple():
            return " / ".join(map(str, value))
        case "day_list", tuple():
            days = [visit.day(str(one)) for one in value]
            return visit.t("records.mark").join(days) if days else visit.t("admin.value.empty")
        case "numbers", tuple():
            return " · ".join(f"{one:,}" for one in value if isinstance(one, int))
        case _, int():
            return f"{value:,}"
    return str(value)


def as_typed(name: str, value: PolicyValue) -> str:
    """A value as it stands in the box."""
    if value is None:
        return ""
    match unit_of(name), value:
        case "fen", int():
            yuan, fen = divmod(value, 100)
            return f"{yuan}.{fen:02d}" if fen else str(yuan)
        case "part", tuple():
            return "/".join(map(str, value))
        case _, tuple():
            return " ".join(map(str, value))
        case "switch", _:
            return str(int(bool(value)))
    return str(value)


def parsed(name: str, typed: str) -> PolicyValue:
    """The value that was typed. Raises Refused `no_such_policy`, `bad_policy_value`."""
    if name not in CHECKS:
        raise Refused("no_such_policy", name=name)
    try:
        value = _parsed(name, typed.strip().replace(",", " ").replace("，", " ").replace("、", " "))
    except ValueError:
        raise Refused("bad_policy_value", name=name) from None
    if not CHECKS[name](value):
        raise Refused("bad_policy_value", name=name)
    return value


def _parsed(name: str, typed: str) -> PolicyValue:
    unit = unit_of(name)
    if unit == "day_list":
        return tuple(date.fromisoformat(one).isoformat() for one in typed.split())
    if not typed:
        return None
    if unit == "word":
        return typed
    if unit == "part":
        return tuple(int(one) for one in typed.split("/"))
    if unit == "numbers":
        return tuple(int(one) for one in typed.split())
    if unit == "fen":
        yuan, _, fen = typed.replace(" ", "").partition(".")
        if len(fen) > 2:
            raise ValueError
        return int(yuan) * 100 + int(fen.ljust(2, "0"))
    return int(typed.replace(" ", ""))


def told(visit: Visit, name: str, positions: dict[tuple[str, str, str], int]) -> Told:
    """One rule as it is today. `positions`: the entries by name, first day and value as JSON."""
    policy = policy_of(visit.view)
    history = policy.values.get(name, ())
    begun = [entry for entry in history if entry[0] <= visit.today]
    coming = [(visit.day(day), in_words(visit, name, value)) for day, value in history if day > visit.today]
    value = policy.value(name, visit.today)
    since, position = "", 0
    if begun:
        day = begun[-1][0]
        since = "" if day == SINCE_EVER else visit.day(day)
        position = positions.get((name, day.isoformat(), msgspec.json.encode(value).decode()), 0)
    return Told(
        name=name, label=label_of(visit, name), value=in_words(visit, name, value), since=since, position=position,
        coming=coming,
    )  # fmt: skip
