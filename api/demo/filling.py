"""The whole demo, room by room."""

from __future__ import annotations

from api.demo import bank, fund, hours, listings, organisations, partners, people, places, wishes
from api.demo.run import Progress, Run
from api.store import Store

COMMANDS = 4_523
"""How many commands fill the demo: what `progress` counts up to."""


def fill(store: Store, ledger: str = "fangxing", *, progress: Progress | None = None) -> None:
    """Fill a ledger with the demo community; opens it where it is new.

    Twice adds nothing, and an interrupted filling goes on where it stopped. Figures, names and choices are the same
    in every run; days count back from the day the filling was begun. `progress` is told (done, `COMMANDS`).

    Raises a NuanlinError where a command is refused: `key_reused` for a demo of another version, and after more than
    a week's interruption what a deadline has overtaken.
    """
    run = Run(store, ledger, progress, COMMANDS)
    staff = people.appoint_staff(run)
    tree = places.build(run, staff["jiang"])
    groups = organisations.register(run, staff["jiang"], tree)
    everybody = people.register(run, staff, tree, groups)
    partners.fill(run, staff, tree, groups, everybody)
    fund.fill(run, staff, groups, everybody)
    doers = hours.fill(run, staff, groups, tree, everybody)
    bank.fill(run, staff, everybody, doers)
    wishes.fill(run, staff, tree, groups, everybody)
    listings.fill(run, staff, tree, groups, everybody)
