"""`nuanlin why` and `nuanlin event`: a figure opened to the positions behind it, and a position opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.failures import Stop
from api.cli.frame import MOST, Frame
from api.cli.output import print_json, print_table, say, visible
from api.cli.shown import instant
from api.texts import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.asof.words import Words
    from api.store import Store
    from projections.asof.figures import Why
    from projections.asof.past import Past


def why(
    frame: Frame,
    figure: Annotated[str, typer.Argument(help="asof.option.figure", metavar="FIGURE", show_default=False)],
    at: Annotated[str | None, typer.Option("--at", help="asof.option.point", metavar="POSITION|TIME")] = None,
    after: Annotated[str | None, typer.Option("--after", help="asof.option.cursor", metavar="CURSOR")] = None,
    limit: Annotated[int, typer.Option("--limit", help="cli.option.limit", min=1, max=1_000_000, metavar="N")] = 50,
) -> None:
    """Why a figure is what it is: the entries that add up to it."""
    with frame.store() as store:
        from api.asof.looking import Looker, open_figure
        from api.cli.reading import zone_of
        from ledger.clock import day_of

        looker = Looker(store, frame.ledger, None)
        past, zone = past_named(frame, store, at), zone_of(store, frame.ledger)
        today = day_of(store.clock(), zone)
        name = _by_id(store, frame.ledger, figure.strip())
        told = open_figure(looker, past, name, after=after, limit=limit, today=today)
        if frame.as_json:
            _print_why(told)
            return
        words = words_for(frame, store, [told.figure, *(one.figure for one in told.entries)])
        _show_why(frame, told, words, zone)


def _print_why(told: Why) -> None:
    from api.cli.when import iso

    entries = [
        {
            "position": one.position,
            "figure": one.figure,
            "amount": one.amount,
            "at": None if one.at is None else iso(one.at),
            "type": one.type,
        }
        for one in told.entries
    ]
    answer = {"figure": told.figure, "value": told.value, "unit": told.unit, "as_of": point_document(told.as_of)}
    print_json({**answer, "entries": entries, "next": told.next})


def _show_why(frame: Frame, told: Why, words: Words, zone: str) -> None:
    from api.asof.words import shown, type_in_words
    from api.formats import day
    from ledger.clock import day_of

    value = shown(frame.lang, told.unit, told.value)
    at = instant(told.as_of.at, frame.lang, zone) if told.as_of.position else "-"
    title = words.title(told.figure)
    say(visible(say_asof(frame, "said.why", title=title, value=value, position=told.as_of.position, at=at)))
    rows = [
        (
            "" if one.position is None else one.position,
            "" if one.at is None else day(day_of(one.at, zone), frame.lang),
            words.title(one.figure) if one.figure and one.type is None else type_in_words(frame.lang, one.type or ""),
            shown(frame.lang, told.unit, one.amount),
            one.figure or "",
        )
        for one in told.entries
    ]
    headings = [
        frame.say("heading.position"), frame.say("heading.day"), frame.say("heading.what"), frame.say("heading.amount"),
        say_asof(frame, "heading.figure"),
    ]  # fmt: skip
    print_table("", headings, rows, figures=">=<>=")
    if told.next is not None:
        say(say_asof(frame, "said.why_more", cursor=told.next))


def event(
    frame: Frame,
    position: Annotated[int, typer.Argument(help="asof.option.position", min=1, max=MOST, metavar="POSITION")],
) -> None:
    """One event opened: who, in which role, when, what it says, what it moved, and the rest of its story."""
    with frame.store() as store:
        from api.asof.happened import open_event
        from api.asof.looking import Looker
        from api.cli.reading import zone_of
        from projections.asof.past import event_at

        looker = Looker(store, frame.ledger, None)
        zone = zone_of(store, frame.ledger)
        found = open_event(looker, position, zone)
        if frame.as_json:
            print_json(event_document(found))
            return
        recorded = event_at(looker.past(), position)
        if recorded is None:
            raise Stop("unexpected", kind="event")
        moved = [one.figure for one in found.moved]
        words = words_for(frame, store, moved, ids=_ids_of(found))
        _show_event(frame, found, words, words.fields_of(recorded, recorded.fact.__struct_fields__))


def event_document(found: Any) -> dict[str, Any]:
    """One event for scripts: envelope, fact, tags, figures moved and the other positions of its story."""
    from api.cli.when import iso

    return {
        "position": found.position,
        "at": iso(found.at),
        "day": found.day.isoformat(),
        "type": found.type,
        "by": found.by,
        "role": found.role,
        "behalf": found.behalf,
        "tags": found.tags,
        "fact": found.fact,
        "moved": [{"figure": one.figure, "unit": one.unit, "amount": one.amount} for one in found.moved],
        "related": [{"position": one.position, "type": one.type} for one in found.related],
    }


def _ids_of(found: Any) -> list[str]:
    from ledger.ids import looks_like_id

    values = [found.by, found.behalf, *(found.fact or {}).values()]
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return [one for one in flat if isinstance(one, str) and looks_like_id(one)]


def _show_event(frame: Frame, found: Any, words: Words, fields: list[Any]) -> None:
    from api.asof.words import shown, type_in_words

    what = type_in_words(frame.lang, found.type)
    say(visible(say_asof(frame, "said.event", position=found.position, what=what)))
    rows = [(say_asof(frame, "page.when"), words.instant(found.at)), (say_asof(frame, "page.by"), words.who(found.by))]
    role = words.role(found.role) if found.role else say_asof(frame, "page.own_affairs")
    rows.append((say_asof(frame, "page.role"), role))
    if found.behalf:
        rows.append((say_asof(frame, "page.behalf"), words.who(found.behalf)))
    rows += [(field.label, field.value) for field in fields]
    print_table("", [say_asof(frame, "heading.field"), say_asof(frame, "heading.value")], rows)
    if found.moved:
        moved = [(words.title(one.figure), shown(frame.lang, one.unit, one.amount), one.figure) for one in found.moved]
        headings = [frame.say("heading.what"), frame.say("heading.amount"), say_asof(frame, "heading.figure")]
        print_table(say_asof(frame, "said.moved"), headings, moved, figures="<>=")
    if found.related:
        told = [(one.position, type_in_words(frame.lang, one.type)) for one in found.related]
        headings = [frame.say("heading.position"), frame.say("heading.what")]
        print_table(say_asof(frame, "said.related"), headings, told, figures="><")


def say_asof(frame: Frame, key: str, /, **figures: object) -> str:
    """A text of the room `asof`."""
    return text(frame.lang, f"asof.{key}", **figures)


def past_named(frame: Frame, store: Store, at: str | None) -> Past:
    """The ledger as of a point as a person types it; now without one. Raises Misused `bad_time`, NotFound."""
    from api.cli.reading import zone_of
    from api.cli.when import read_when
    from api.moments import When
    from projections.asof.past import past_at

    when = When() if at is None else read_when(at, zone_of(store, frame.ledger))
    return past_at(store.database, store.codec.decode, frame.ledger, position=when.position, at=when.at)


def point_document(point: Any) -> dict[str, Any]:
    """A point of the journal for scripts."""
    from api.cli.when import iso

    return {"position": point.position, "at": iso(point.at) if point.position else None}


def words_for(frame: Frame, store: Store, figures: Sequence[str | None], *, ids: Sequence[str] = ()) -> Words:
    """Words for figures, with names as the public may read them."""
    from api.asof.words import Words, everybody_in
    from api.cli.reading import zone_of
    from api.cli.who import handles, shown_names

    wanted = [*everybody_in(figures), *ids]
    names = shown_names(store, frame.ledger, wanted, lang=frame.lang)
    numbers = handles(store, frame.ledger, wanted)
    told = {one: " ".join(dict.fromkeys(filter(None, (names.get(one, ""), numbers.get(one, one))))) for one in wanted}
    # Whatever is no person is called by its name alone where it has one.
    told.update({one: name for one, name in names.items() if numbers.get(one) == one and name})
    return Words(store, frame.ledger, frame.lang, zone_of(store, frame.ledger), told)


def _by_id(store: Store, ledger: str, figure: str) -> str:
    """A figure's name with members by V-number, or behind `member:` by the community's own number, turned into ids."""
    from projections.books.queries import find_member

    parts = figure.split(":")
    for at, part in enumerate(parts[1:], start=1):
        meant = (part[:1] in "Vv" and part[1:].isdecimal()) or parts[at - 1] == "member"
        if meant and (row := find_member(store.database, ledger, part)) is not None:
            parts[at] = row["member_id"]
    return ":".join(parts)
