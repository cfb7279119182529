"""Commands that write into the ledger by themselves: `transfer`, `ledger open`; and `ledger list`."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.failures import Misused
from api.cli.frame import Frame
from api.cli.output import print_json, print_table, say, visible


def transfer(
    frame: Frame,
    giver: Annotated[str, typer.Option("--from", help="cli.option.from", metavar="WHO")],
    receiver: Annotated[str, typer.Option("--to", help="cli.option.to", metavar="WHO")],
    minutes: Annotated[int, typer.Option("--minutes", help="cli.option.minutes", metavar="N")],
    key: Annotated[str, typer.Option("--key", help="cli.option.key", metavar="KEY")],
) -> None:
    """Give banked minutes from one member to another, as the operator on the giver's behalf.

    The key makes it safe to repeat: the same transfer under the same key is the first one again.
    """
    if not key.strip():
        raise Misused("empty_key")
    with frame.store() as store:
        from api.cli.who import called, member_named
        from api.formats import hours
        from ledger.application import OPERATOR, Actor
        from ledger.hours.commands import GiveHours

        ledger = frame.ledger
        sides = member_named(store, ledger, giver), member_named(store, ledger, receiver)
        command = GiveHours(giver=sides[0]["member_id"], receiver=sides[1]["member_id"], minutes=minutes)
        actor = Actor(OPERATOR, behalf=command.giver)
        done = store.application.execute(ledger, command, actor=actor, key=f"cli:{key}")
        names = [called(store, ledger, side) for side in sides]
    if frame.as_json:
        print_json({"position": done.position, "repeated": done.repeated})
    else:
        told = {"giver": names[0], "receiver": names[1], "hours": hours(minutes, frame.lang)}
        before = "said.transferred_before" if done.repeated else "said.transferred"
        say(visible(frame.say(before, **told, position=done.position)))


def open_ledger(
    frame: Frame,
    name: Annotated[str | None, typer.Option("--name", help="cli.option.name", metavar="NAME")] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="cli.option.zone", metavar="ZONE")] = None,
) -> None:
    """Begin the ledger that `--ledger` names."""
    with frame.store() as store:
        from ledger.application import OPERATOR, Actor
        from ledger.clock import DEFAULT_ZONE
        from ledger.places.commands import OpenLedger

        ledger = frame.ledger
        command = OpenLedger(name=name or ledger, zone=zone or DEFAULT_ZONE)
        done = store.application.execute(ledger, command, actor=Actor(OPERATOR))
    if frame.as_json:
        print_json({"ledger": ledger, "name": command.name, "zone": command.zone, "position": done.position})
    else:
        say(frame.say("said.opened", ledger=ledger, position=done.position))


def list_ledgers(frame: Frame) -> None:
    """Every ledger of the store with its name, zone and position."""
    with frame.store() as store:
        from ledger.places.state import Opening

        rows = []
        for slug in store.application.ledgers():
            opened = store.application.view(slug).state(Opening, "ledger").opened
            name, zone = (opened.name, opened.zone) if opened else ("", "")
            position = store.application.desk(slug).recorder.committer.seen
            rows.append({"ledger": slug, "name": name, "zone": zone, "position": position})
    if frame.as_json:
        print_json(rows)
        return
    headings = [frame.say(f"heading.{name}") for name in ("ledger", "name", "zone", "position")]
    print_table("", headings, [list(row.values()) for row in rows], figures="<<<>")
