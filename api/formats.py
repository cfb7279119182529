"""Dates, hours and money as people read them, in one place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from api.texts import known, text
from ledger.clock import DEFAULT_ZONE, MICROS_PER_MINUTE, moment
from ledger.errors import NuanlinError


def hours(minutes: int, lang: str) -> str:
    """`1 小时 30 分` / `1 h 30 min`; a minus sign in front where it is below zero."""
    sign = "−" if minutes < 0 else ""
    whole, rest = divmod(abs(minutes), 60)
    if whole and rest:
        return sign + text(lang, "words.hours_and_minutes", hours=f"{whole:,}", minutes=rest)
    if whole or not rest:
        return sign + text(lang, "words.hours_only", hours=f"{whole:,}")
    return sign + text(lang, "words.minutes_only", minutes=rest)


def decimal_yuan(amount_fen: int) -> str:
    """Fen as yuan with two digits, `470000.00`: exact, for files."""
    return str(Decimal(amount_fen).scaleb(-2))


def yuan(amount_fen: int, lang: str) -> str:
    """`470,000.00 元` / `¥470,000.00`."""
    return text(lang, "words.yuan", amount=f"{Decimal(amount_fen).scaleb(-2):,.2f}")


def day(value: date | str, lang: str) -> str:
    """`2026年3月8日` / `8 March 2026`."""
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return text(lang, "words.day", year=on.year, month=text(lang, f"words.month_{on.month}"), day=on.day)


def instant(at_micros: int, lang: str, zone: str = DEFAULT_ZONE) -> str:
    """Day and time to the minute in the community's zone."""
    when = moment(at_micros, zone)
    return f"{day(when.date(), lang)} {clock(at_micros, zone)}"


def deadline(at_micros: int, lang: str, zone: str = DEFAULT_ZONE) -> str:
    """A moment by which something must be done. Midnight is the end of the day before (`24:00`), as "by that day" says."""
    last = moment(at_micros - 1, zone).date()
    if last == moment(at_micros, zone).date():
        return instant(at_micros, lang, zone)
    return f"{day(last, lang)} 24:00"


def left(until_at: int, now_at: int, lang: str) -> str:
    """How long until a moment, in its two largest units, rounded down: `2 days 23 hours left`, as the ticking clock says."""
    rest = (until_at - now_at) // MICROS_PER_MINUTE
    if until_at <= now_at:
        return text(lang, "pages.board.lease_over")
    days, hours, minutes = rest // 1440, rest // 60 % 24, rest % 60
    if days:
        return text(lang, "pages.board.lease_days", days=days, hours=hours)
    if hours:
        return text(lang, "pages.board.lease_hours", hours=hours, minutes=minutes)
    return text(lang, "pages.board.lease_minutes", minutes=max(1, minutes))


def clock(at_micros: int, zone: str = DEFAULT_ZONE) -> str:
    """The time of day to the minute in the community's zone, `14:30`."""
    return f"{moment(at_micros, zone):%H:%M}"


def span(start_at: int, end_at: int, zone: str = DEFAULT_ZONE) -> str:
    """From when until when on one day, `14:00–16:00`."""
    return f"{clock(start_at, zone)}–{clock(end_at, zone)}"


def points(hundredths: int) -> str:
    """Points of an appraisal, kept as hundredths: `87.50`."""
    return f"{Decimal(hundredths).scaleb(-2):,.2f}"


def _role(name: str, lang: str) -> str:
    """A role by its name in words."""
    return text(lang, f"pages.role.{name}") if known(lang, f"pages.role.{name}") else name


def error(problem: NuanlinError, lang: str) -> str:
    """One plain sentence for a refusal."""
    figures: dict[str, object] = {}
    for name, value in problem.details.items():
        if name in ("usable", "asked", "pool", "cap", "recorded", "stated", "between", "over") and isinstance(
            value, int
        ):
            figures[name] = hours(value, lang) if "fen" not in problem.code else value
        elif name.endswith("_fen") and isinstance(value, int):
            figures[name] = yuan(value, lang)
        elif name == "reason" and known(lang, f"sampling.value.reason_{value}"):
            figures[name] = text(lang, f"sampling.value.reason_{value}")
        elif name == "roles":
            figures[name] = ", ".join(_role(one, lang) for one in str(value).split(", "))
        else:
            figures[name] = "—" if name == "until_day" and not value else value
    return text(lang, f"errors.{problem.code}", **figures)
