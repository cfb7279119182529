"""`nuanlin request`, `nuanlin fund` and `nuanlin diff`: one thing now or as it was, and what lies between two moments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.frame import Frame
from api.cli.opening import past_named, point_document, say_asof, words_for
from api.cli.output import print_json, print_table, say, visible
from api.cli.shown import instant, quantity, unit_name
from ledger.errors import NotFound

if TYPE_CHECKING:
    from api.store import Store
    from projections.asof.diff import Diff
    from projections.asof.past import Past
    from projections.asof.things import FundThen, RequestThen

_At = Annotated[str | None, typer.Option("--at", help="asof.option.point", metavar="POSITION|TIME")]
_FIGURES = ("pledged", "received", "refunded", "available", "committed", "spent", "returned")
_STATES = ("proposed", "approved", "declined", "cancelled", "paid", "returned")


def request(
    frame: Frame,
    number: Annotated[str, typer.Argument(help="asof.option.number", metavar="NUMBER", show_default=False)],
    at: _At = None,
) -> None:
    """A request with its story, now or as it was."""
    with frame.store() as store:
        from projections.asof.things import request_as_of, request_id_of

        past = past_named(frame, store, at)
        request_id = request_id_of(past, number.strip())
        found = None if request_id is None else request_as_of(past, request_id)
        if found is None:
            raise NotFound("no_such_request", request=number)
        if frame.as_json:
            print_json(_request_document(past, found))
        else:
            _show_request(frame, store, past, found)


_KEPT = ("words", "done_words", "closing_words")
"""Commitments: nothing that a reader could use."""


def _request_document(past: Past, found: RequestThen) -> dict[str, Any]:
    from api.cli.when import iso

    return {
        "as_of": point_document(past.point),
        "request": {name: _told(name, value) for name, value in found.row.items() if name not in _KEPT},
        "claims": [{name: _told(name, value) for name, value in one.items()} for one in found.claims],
        "story": [{"position": one.position, "at": iso(one.at), "type": one.type, "by": one.by} for one in found.steps],
    }


def _told(name: str, value: Any) -> Any:
    """A value of a row for scripts: moments as in the API, flags as truth values."""
    from api.cli.when import iso

    if name.endswith("_at") and isinstance(value, int):
        return iso(value)
    return bool(value) if name in ("record", "explained") else value


def _show_request(frame: Frame, store: Store, past: Past, found: RequestThen) -> None:
    from api.asof.words import type_in_words
    from api.cli.reading import zone_of
    from api.people import People, mask_numbers
    from api.texts import text

    row, zone = found.row, zone_of(store, frame.ledger)
    said = People(store, frame.ledger).words([row["words"]]).get(row["words"], {})
    title = mask_numbers(str(said.get("title", ""))) or row["category"] or row["kind"]
    status = text(frame.lang, f"pages.status.{row['status']}")
    at = instant(past.point.at, frame.lang, zone)
    figures = {"number": row["number"], "title": title, "status": status, "position": past.position, "at": at}
    say(visible(say_asof(frame, "said.request", **figures)))
    parties = [row["requester"], row["claimant"], row["claim_unit"], row["place"], *(one.by for one in found.steps)]
    words = words_for(frame, store, [], ids=[one for one in parties if one])
    shown = [
        (words.label(name), _shown(words, name, row[name]))
        for name in ("requester", "claimant", "until_at", "place", "score", "value_fen", "quantity")
        if row[name] is not None
    ]
    print_table("", [say_asof(frame, "heading.field"), say_asof(frame, "heading.value")], shown)
    story = [
        (one.position, instant(one.at, frame.lang, zone), type_in_words(frame.lang, one.type), words.who(one.by))
        for one in found.steps
    ]
    headings = [frame.say("heading.position"), *(say_asof(frame, f"heading.{name}") for name in ("at", "type", "by"))]
    print_table("", headings, story, figures=">=<<")


def _shown(words: Any, name: str, value: Any) -> str:
    from api.formats import yuan

    if name.endswith("_fen"):
        return yuan(value, words.lang)
    return words.instant(value) if name.endswith("_at") else words.who(value) if isinstance(value, str) else str(value)


def fund(
    frame: Frame,
    slug: Annotated[str, typer.Argument(help="asof.option.slug", metavar="SLUG", show_default=False)],
    at: _At = None,
) -> None:
    """A fund's account item by item, now or as it was."""
    with frame.store() as store:
        from projections.asof.things import fund_as_of

        past = past_named(frame, store, at)
        found = fund_as_of(past, slug.strip())
        if found is None:
            raise NotFound("no_such_fund", fund=slug)
        if frame.as_json:
            print_json(_fund_document(past, found))
        else:
            _show_fund(frame, store, past, found)


def _fund_document(past: Past, found: FundThen) -> dict[str, Any]:
    account = found.account
    totals = ("received_fen", "spent_fen", "balance_fen", "available_fen", "committed_fen", "pledged_fen")
    return {
        "as_of": point_document(past.point),
        "fund": account.fund["slug"],
        "name": account.fund["name"],
        **{name: getattr(account, name) for name in totals},
        "items": [
            {"item": row["item"], "name": row["name"], **{f"{name}_fen": row[f"{name}_fen"] for name in _FIGURES}}
            for row in account.items
        ],
        "spending": found.spending,
        "grants": {state: _count(found, state) for state in _STATES},
        "receipts": len(found.receipts),
        "pledges": len(found.pledges),
    }


def _count(found: FundThen, state: str) -> int:
    return sum(1 for row in found.grants if row["status"] == state)


def _show_fund(frame: Frame, store: Store, past: Past, found: FundThen) -> None:
    from api.cli.reading import zone_of
    from api.formats import decimal_yuan
    from api.texts import known, text
    from ledger.funds.commands import GENERAL

    account = found.account
    at = instant(past.point.at, frame.lang, zone_of(store, frame.ledger))
    say(visible(say_asof(frame, "said.fund", name=account.fund["name"], position=past.position, at=at)))
    names = {row["item"]: row["name"] or row["item"] for row in account.items}
    names[GENERAL] = text(frame.lang, "pages.fund.general")
    rows = [(names[row["item"]], *(decimal_yuan(row[f"{name}_fen"]) for name in _FIGURES)) for row in account.items]
    headings = [say_asof(frame, f"heading.{name}") for name in ("item", *_FIGURES)]
    print_table("", headings, rows, figures="<" + ">" * len(_FIGURES))
    if found.spending:
        spent = [
            (
                names.get(row["item"], row["item"]),
                text(frame.lang, key)
                if known(frame.lang, key := f"pages.category.{row['category']}")
                else row["category"],
                decimal_yuan(row["spent_fen"]),
                row["payments"],
            )
            for row in found.spending
        ]
        headings = [say_asof(frame, f"heading.{name}") for name in ("item", "category", "spent", "payments")]
        print_table(say_asof(frame, "said.spending"), headings, spent, figures="<<>>")


def diff(
    frame: Frame,
    first: Annotated[str, typer.Argument(help="asof.option.from", metavar="FROM", show_default=False)],
    last: Annotated[str, typer.Argument(help="asof.option.to", metavar="TO", show_default=False)],
    measure: Annotated[str | None, typer.Option("--measure", help="asof.option.measure", metavar="MEASURE")] = None,
    period: Annotated[str, typer.Option("--period", help="asof.option.period", metavar="PERIOD")] = "all",
    limit: Annotated[int, typer.Option("--limit", help="cli.option.limit", min=1, max=1_000_000, metavar="N")] = 50,
) -> None:
    """What lies between two moments: events by type, totals, accounts, requests, funds and ranks that moved."""
    with frame.store() as store:
        from projections.asof import diff as diffs

        before, after = past_named(frame, store, first), past_named(frame, store, last)
        found = diffs.diff(before, after)
        accounts, more_accounts = diffs.accounts_moved(before, after, limit=limit)
        requests, more_requests = diffs.requests_moved(before, after, limit=limit)
        ranks = None
        if measure is not None:
            store.catch_up(frame.ledger)
            ranks = diffs.ranking_moved(before, after, measure, period)[:limit]
        lists = {"accounts": accounts, "requests": requests, "ranks": ranks}
        if frame.as_json:
            cut = {"accounts": more_accounts is not None, "requests": more_requests is not None}
            print_json(_diff_document(found, lists, cut))
            return
        _show_diff(frame, store, found)
        _show_lists(frame, store, lists, measure, period)
        if more_accounts is not None or more_requests is not None:
            say(say_asof(frame, "said.cut", shown=limit))


def _diff_document(found: Diff, lists: dict[str, Any], cut: dict[str, bool]) -> dict[str, Any]:
    import msgspec

    plain = msgspec.to_builtins(found)
    moved = {name: None if rows is None else msgspec.to_builtins(rows) for name, rows in lists.items()}
    return {
        "from": point_document(found.first),
        "to": point_document(found.last),
        "events": found.events,
        "types": plain["types"],
        "stats": {"before": plain["before"], "after": plain["after"]},
        "funds": plain["funds"],
        **moved,
        "cut": cut,
    }


def _show_diff(frame: Frame, store: Store, found: Diff) -> None:
    from api.asof.words import shown, type_in_words
    from api.cli.reading import zone_of

    zone = zone_of(store, frame.ledger)
    first, last = found.first, found.last
    moments = {
        name: instant(point.at, frame.lang, zone) if point.position else "-"
        for name, point in (("first_at", first), ("last_at", last))
    }
    say(say_asof(frame, "said.between", first=first.position, last=last.position, events=found.events, **moments))
    types = [(type_in_words(frame.lang, one.type), one.events, one.first, one.last, one.type) for one in found.types]
    headings = [say_asof(frame, f"heading.{name}") for name in ("type", "events", "first", "last")]
    print_table("", [*headings, ""], types, figures="<>>>=")
    words = words_for(frame, store, [])
    rows = [
        (words.title(figure), shown(frame.lang, unit, before), shown(frame.lang, unit, after))
        for figure, unit, before, after in _totals(found)
        if before != after
    ]
    headings = [say_asof(frame, f"heading.{name}") for name in ("what", "before", "after")]
    if rows:
        print_table(say_asof(frame, "said.totals"), headings, rows, figures="<>>")
    funds = [
        (words.title(one.figure), *(shown(frame.lang, "fen", fen) for fen in (one.before, one.after)))
        for one in found.funds
    ]
    if funds:
        print_table(say_asof(frame, "said.funds"), headings, funds, figures="<>>")


def _totals(found: Diff) -> list[tuple[str, str, int, int]]:
    """The totals of a community by the names of their figures: name, unit, before, after."""
    b, a = found.before, found.after
    rows = [("stats.members", "members", b.members, a.members), ("stats.partners", "units", b.partners, a.partners)]
    rows += [(f"stats.requests.{one}", "requests", b.requests[one], a.requests[one]) for one in a.requests]
    for name in ("earned", "spendable", "held", "pool", "honour"):
        rows.append((f"stats.minutes.{name}", "minutes", getattr(b.minutes, name), getattr(a.minutes, name)))
    return rows


def _show_lists(frame: Frame, store: Store, lists: dict[str, Any], measure: str | None, period: str) -> None:
    from api.texts import text

    columns = ("before", "after", "change")
    accounts = []
    for one in lists["accounts"]:
        amounts = (one.before, one.after, one.after - one.before)
        told = [quantity(amount, one.unit) for amount in amounts]
        accounts.append((one.account, unit_name(frame, one.unit), *told))
    headings = [
        frame.say("heading.account"),
        frame.say("heading.unit"),
        *(say_asof(frame, f"heading.{c}") for c in columns),
    ]
    if accounts:
        print_table(say_asof(frame, "said.accounts"), headings, accounts, figures="<<>>>")
    requests = [
        (one.number, text(frame.lang, f"pages.status.{one.before}") if one.before else "-",
         text(frame.lang, f"pages.status.{one.after}"), one.request_id)
        for one in lists["requests"]
    ]  # fmt: skip
    headings = [
        frame.say("heading.number"),
        *(say_asof(frame, f"heading.{c}") for c in columns[:2]),
        frame.say("heading.subject"),
    ]
    if requests:
        print_table(say_asof(frame, "said.requests"), headings, requests, figures="><<=")
    if not lists["ranks"]:
        return
    from projections.boards.measures import measure_of

    unit = measure_of(measure or "").unit
    words = words_for(frame, store, [], ids=[one.subject for one in lists["ranks"]])
    ranks = [
        (
            words.who(one.subject),
            one.rank_before or "-",
            one.rank_after or "-",
            *(quantity(value, unit) for value in (one.before, one.after)),
        )
        for one in lists["ranks"]
    ]
    names = ("name", "rank_before", "rank_after", "before", "after")
    title = say_asof(frame, "said.ranks", measure=measure, period=period)
    print_table(title, [say_asof(frame, f"heading.{name}") for name in names], ranks, figures="<>>>>")
