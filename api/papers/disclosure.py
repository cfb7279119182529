"""A fund's disclosure as a report to be handed out: the figures that were published, as of an entry of the ledger."""

from __future__ import annotations

from datetime import date

from api.papers.codes import Statement
from api.papers.ordered import Ordered
from api.papers.paper import Paper
from api.texts import known, text
from ledger.errors import NotFound
from ledger.funds.commands import GENERAL
from projections.asof.past import events_of
from projections.asof.scratch import Scratch, replayed
from projections.books import queries as books
from projections.reading import Cells

_FIGURES = ("opening", "received", "refunded", "spent", "returned", "closing")


def disclosure(order: Ordered, disclosure_id: str) -> Paper:
    """The report of one disclosure, with its last correction by then. Raises NotFound `no_such_disclosure`."""
    scratch, row = _found(order, disclosure_id)
    account = books.fund_account(order.store.database, order.ledger, row["fund"])
    names = {} if account is None else {one["item"]: one["name"] for one in account.items}
    stated = Statement(
        kind="disclosure", subject=row["number"], position=order.past.position, day=order.today,
        from_day=date.fromisoformat(row["from_day"]), until_day=date.fromisoformat(row["until_day"]),
    )  # fmt: skip
    items = [one for one in scratch.rows("disclosure_items") if one["disclosure_id"] == disclosure_id]
    # Without it the lines of items between which money moved would not add up.
    told = (*_FIGURES[:3], "moved", *_FIGURES[3:]) if any(one["moved_fen"] for one in items) else _FIGURES
    values = {
        "fund": row["fund"] if account is None else account.fund["name"],
        "kind": text(order.lang, f"sampling.value.kind_{row['kind']}"),
        "period": order.t("disclosure.period", first=order.day(row["from_day"]), last=order.day(row["until_day"])),
        "figures": [list(one) for one in _figures(order, row)],
        "items": [[_item(order, one["item"], names), *(order.yuan(one[f"{name}_fen"]) for name in told)] for one in items],
        "columns": [order.t("disclosure.told.item"), *(_column(order, name) for name in told)],
        "correction": "" if not row["reason"] else order.t(
            "disclosure.corrected", times=row["corrections"], day=order.day(row["corrected_on"]),
            reason=text(order.lang, f"sampling.value.reason_{row['reason']}")
            if known(order.lang, f"sampling.value.reason_{row['reason']}") else row["reason"],
        ),
    }  # fmt: skip
    return order.paper("disclosure", stated, values)


def told_of_disclosure(order: Ordered, disclosure_id: str) -> list[tuple[str, str]]:
    """What a disclosure says, as of the order's entry: label and value."""
    return _figures(order, _found(order, disclosure_id)[1])


def _found(order: Ordered, disclosure_id: str) -> tuple[Scratch, Cells]:
    scratch = replayed(order.past, events_of(order.past, [disclosure_id]), "disclosures", "disclosure_items")
    row = scratch.row("disclosures", disclosure_id)
    if row is None:
        raise NotFound("no_such_disclosure", disclosure=disclosure_id)
    return scratch, row


def _figures(order: Ordered, row: Cells) -> list[tuple[str, str]]:
    told = [(order.t(f"disclosure.told.{name}"), order.yuan(row[f"{name}_fen"])) for name in _FIGURES]
    return [*told, (order.t("disclosure.told.fee"), order.yuan(row["fee_fen"]))]


def _column(order: Ordered, name: str) -> str:
    """The heading of a column of items."""
    return text(order.lang, "pages.fund.sum.moved") if name == "moved" else order.t(f"disclosure.told.{name}")


def _item(order: Ordered, code: str, names: dict[str, str]) -> str:
    """A service item's name; help cases share one, since whom they help is not public."""
    unnamed = "fund.general" if code == GENERAL else "fund.case_item"
    return names.get(code) or text(order.lang, f"pages.{unnamed}")
