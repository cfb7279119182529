"""`nuanlin simulate`: years of a street, from a seed."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.failures import Stop
from api.cli.frame import Frame
from api.cli.output import print_json, print_table, progress_bar, say, visible

_YEAR_DAYS = 365


def simulate(
    frame: Frame,
    people: Annotated[
        int, typer.Option("--people", help="cli.option.people", min=20, max=1_000_000, metavar="N")
    ] = 2_000,
    years: Annotated[int, typer.Option("--years", help="cli.option.years", min=0, max=20, metavar="N")] = 1,
    days: Annotated[int, typer.Option("--days", help="cli.option.living_days", min=0, max=10_000, metavar="N")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="cli.option.dice", min=0, metavar="N")] = 7,
    named: Annotated[bool, typer.Option("--named", help="cli.option.named")] = False,
) -> None:
    """Live years of a street in a new ledger through the public commands, and check every invariant on the way."""
    import msgspec

    from api.simulation.life import live
    from api.simulation.street import Astray

    length = days or years * _YEAR_DAYS
    with progress_bar(frame.say("said.living", ledger=frame.ledger)) as progress:
        try:
            lived = live(
                frame.settings, frame.ledger, people=people, days=length, seed=seed, named=named, progress=progress
            )
        except Astray as error:
            raise Stop("astray", what=visible(str(error))) from error
    if frame.as_json:
        print_json(msgspec.to_builtins(lived))
    else:
        rows = [(name, f"{count:,}") for name, count in (*lived.commands.items(), *lived.refusals.items())]
        print_table(frame.ledger, [frame.say("heading.what"), frame.say("heading.figure")], rows, figures="<>")
        told = {"days": lived.days, "events": lived.events, "deadlines": lived.deadlines, "seconds": lived.seconds}
        say(frame.say("said.lived", people=people, **told))
        for one in lived.violated:
            say(visible(one))
        say(frame.say("said.violated", count=len(lived.violated)))
    if lived.violated:
        raise typer.Exit(1)
