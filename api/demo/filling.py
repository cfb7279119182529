"""The whole demo, room by room."""

from __future__ import annotations

from api.demo import (
    around,
    bank,
    calls,
    days,
    fund,
    hours,
    listings,
    organisations,
    partners,
    people,
    places,
    shifts,
    standing,
    talks,
    wishes,
)
from api.demo.run import Progress, Run
from api.store import Store

COMMANDS = 4_829
"""How many commands fill the demo: what `progress` counts up to."""


def fill(store: Store, ledger: str = "fangxing", *, progress: Progress | None = None) -> None:
    """Fill a ledger with the demo community; opens it where it is new.

    Twice adds nothing, and an interrupted filling goes on where it stopped. Figures, names and choices are the same
    in every run; days count back from the day the filling was begun. `progress` is told (done, `COMMANDS`).

    A ledger that the demo opens itself begins some days earlier, so that a call for proposals has been judged, shifts
    have been held and something is late by now. One that somebody else opened begins today, without these.

    Raises a NuanlinError where a command is refused: `key_reused` for a demo of another version, and after more than
    a week's interruption what a deadline has overtaken.
    """
    run = Run(store, ledger, progress, COMMANDS)
    staff = people.appoint_staff(run)
    tree = places.build(run, staff["jiang"])
    groups = organisations.register(run, staff["jiang"], tree)
    everybody = people.register(run, staff, tree, groups)
    receipt = fund.begin(run, staff, groups)
    speakers = days.fill(run, staff, tree, groups, everybody)
    run.be_now()
    partners.fill(run, staff, tree, groups, everybody)
    fund.fill(run, staff, everybody)
    doers = hours.fill(run, staff, groups, tree, everybody, shifts.scanned(run))
    bank.fill(run, staff, everybody, doers)
    wishes.fill(run, staff, tree, groups, everybody)
    listings.fill(run, staff, tree, groups, everybody)
    shifts.fill(run, staff, tree, everybody)
    calls.fill(run, staff, groups, everybody, receipt)
    talks.fill(run, staff, tree, everybody, speakers)
    talks.lead(run, staff, tree, groups, everybody)
    standing.fill(run, staff, tree, groups, everybody)
    around.fill(run, staff, tree, groups, everybody)
    _seal(store, ledger)


def _seal(store: Store, ledger: str) -> None:
    """A first checkpoint, so that there is something to compare with; a later filling leaves it at that."""
    if store.seals.latest(ledger) is None:
        store.sealer.catch_up(ledger, force_checkpoint=True)
