"""From what somebody typed to the fields of a command, and back to words for the look at the answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from api.finding import find_members
from api.pages.common import Visit
from api.pages.forms.form import Answers, Choices, Field
from api.pages.naming import labels
from ledger.clock import micros
from ledger.errors import NuanlinError, Refused
from projections.books import queries as books

_NUMBER = re.compile(r"[0-9]{1,15}")
_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")
_SHORT_NUMBER = re.compile(r"[Vv]?[0-9]{1,15}")
_MARK = "\n"
"""Between the values of ticked boxes."""


def offered(visit: Visit, field: Field, answers: Answers) -> Choices:
    """What can be chosen."""
    return [] if field.choices is None else field.choices(visit, answers)


def ticked(answers: Answers, name: str) -> list[str]:
    """The values of ticked boxes."""
    return [one for one in answers.get(name, "").split(_MARK) if one]


def joined(values: Iterable[str]) -> str:
    """The values of ticked boxes as one answer."""
    return _MARK.join(values)


def value_of(visit: Visit, field: Field, answers: Answers) -> Any:
    """The value for the command, None where nothing was said. Raises Refused with the field's name in `field`."""
    if field.kind == "rows":
        return _rows(visit, field, answers)
    try:
        value = _value(visit, field, answers)
    except NuanlinError as problem:
        raise Refused(problem.code, **{**problem.details, "field": field.name}) from None
    if value is None and field.required:
        raise Refused("form_choose" if field.kind in ("choice", "several", "yes") else "form_empty", field=field.name)
    return value


def filled(field: Field, answers: Answers) -> list[tuple[Field, ...]]:
    """The rows in which something was said."""
    rows = (field.row(number) for number in range(field.rows))
    return [row for row in rows if any(answers.get(name, "").strip() for cell in row for name in cell.inputs)]


def shown_rows(field: Field, answers: Answers) -> int:
    """How many rows are shown: all that have something in them, and as many as somebody asked for."""
    said = answers.get(field.counter, "")
    asked = int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else 0
    rows = [field.row(number) for number in range(field.rows)]
    used = [at for at, row in enumerate(rows, 1) if any(answers.get(name) for cell in row for name in cell.inputs)]
    return min(max(field.needed, asked, *used, 1), field.rows)


def _rows(visit: Visit, field: Field, answers: Answers) -> list[Any] | None:
    """One value a row: a mapping by the names of the columns, or the bare value of a column without a name."""
    found: list[Any] = []
    for row in filled(field, answers):
        values = {column.name: value_of(visit, cell, answers) for column, cell in zip(field.columns, row, strict=True)}
        found.append(values[""] if "" in values else {name: said for name, said in values.items() if said is not None})
    if len(found) < field.needed and field.required:
        rows = (field.row(number) for number in range(field.rows))
        empty = next(row for row in rows if row not in filled(field, answers))
        raise Refused("form_empty", field=empty[0].name)
    return found or None


def _value(visit: Visit, field: Field, answers: Answers) -> Any:
    if field.kind == "minutes":
        return _minutes(*(answers.get(name, "").strip() for name in field.inputs))
    said = answers.get(field.name, "").strip()
    if not said:
        return None
    match field.kind:
        case "day":
            return _day(said)
        case "moment":
            return _moment(visit, said)
        case "yuan":
            return _fen(said)
        case "number":
            return _whole(said)
        case "choice":
            return _chosen(visit, field, answers, [said])[0]
        case "several":
            return _chosen(visit, field, answers, ticked(answers, field.name))
        case "member":
            return _member(visit, said)
        case "yes":
            return True
    return said


def _plain(said: str) -> str:
    """Digits and letters as a Chinese keyboard may widen them (`３０`, `Ｖ１０６`), made narrow."""
    return unicodedata.normalize("NFKC", said).strip()


def _whole(said: str) -> int:
    plain = _plain(said).replace(",", "")
    if _NUMBER.fullmatch(plain) is None or not plain.isascii():
        raise Refused("form_bad_number")
    return int(plain)


def _minutes(hours: str, minutes: str) -> int | None:
    if not hours and not minutes:
        return None
    return _whole(hours or "0") * 60 + _whole(minutes or "0")


def _fen(said: str) -> int:
    plain = _plain(said).replace(",", "").removeprefix("¥").strip()
    if _AMOUNT.fullmatch(plain) is None:
        raise Refused("form_bad_amount")
    return int(Decimal(plain).scaleb(2))


def _day(said: str) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        raise Refused("form_bad_day") from None


def _moment(visit: Visit, said: str) -> str:
    try:
        return datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(visit.zone)).isoformat()
    except ValueError:
        raise Refused("form_bad_moment") from None


def _chosen(visit: Visit, field: Field, answers: Answers, said: list[str]) -> list[str]:
    known = {value for value, _ in offered(visit, field, answers)}
    if not known.issuperset(said):
        raise Refused("form_choose")
    return said


def _member(visit: Visit, said: str) -> str:
    """One member; whoever may not read names finds people by their number alone."""
    said = _plain(said)
    if visit.caller.sees_names:
        found = find_members(visit.store, visit.ledger, said)
    elif _SHORT_NUMBER.fullmatch(said) is None:
        raise Refused("form_number_only")
    else:
        # Digits alone may be a telephone number too: whose it is, or whether it is anybody's, is not told.
        row = books.find_member(visit.store.database, visit.ledger, said)
        found = [] if row is None else [str(row["member_id"])]
    if len(found) > 1:
        raise Refused("form_several_members", count=len(found))
    if not found:
        raise Refused("form_no_member")
    return found[0]


def lines_of(visit: Visit, field: Field, answers: Answers) -> list[str]:
    """An answer as somebody reads it before sending, one line a row; nothing where nothing was said."""
    if field.kind != "rows":
        return [words] if (words := in_words(visit, field, answers)) else []
    told = ([in_words(visit, cell, answers) for cell in row] for row in filled(field, answers))
    return [visit.t("forms.between").join(filter(None, words)) for words in told]


def in_words(visit: Visit, field: Field, answers: Answers) -> str:
    """An answer as somebody reads it before sending; "" where nothing was said."""
    value = value_of(visit, field, answers)
    if value is None:
        return ""
    match field.kind:
        case "minutes":
            return visit.hours(value)
        case "yuan":
            return visit.yuan(value)
        case "day":
            return visit.day(value)
        case "moment":
            return visit.instant(micros(datetime.fromisoformat(value)))
        case "yes":
            return visit.t("records.yes")
        case "member":
            return labels(visit, [value], clear=visit.caller.sees_names, numbered=True)[value]
        case "choice" | "several":
            known = dict(offered(visit, field, answers))
            return visit.t("records.mark").join(known[one] for one in ([value] if isinstance(value, str) else value))
    return str(value)


def put(into: dict[str, Any], name: str, value: Any) -> None:
    """Set a field, or one inside a field: `words.title`."""
    head, _, inner = name.partition(".")
    if inner:
        into.setdefault(head, {})[inner] = value
    else:
        into[head] = value
