"""The standing checks as a table, and their one pass over the journal.

| check | looks at |
|---|---|
| `split_payments` | payments just under a limit to one payee or case within days |
| `wishes_under_ceiling` | one requester's wishes worth just as much as a wish may be |
| `round_numbers` | one person's or fund's figures rounder than all others' |
| `first_digits` | first digits of a fund's payments against Benford's law |
| `duplicates` | the same amount, parties and day twice |
| `donor_linked`, `giver_linked` | payee or requester tied to who gave |
| `close_to_payee`, `same_hands` | who proposed, approved or paid is tied to the payee, or always the same |
| `one_verifier`, `upward_corrections` | one verifier for one person's hours; minutes added by who verified them |
| `hours_at_night`, `implausible_days` | unscanned sessions by night; days and months too full |
| `scanned_by_others` | check-ins to shifts by another hand than that of who came |
| `back_dated`, `clock_set_back` | entries about days long past; decisions dated before what stood there already |
| `quick_claims` | claims done or closed within seconds |
| `dormant_waking`, `circular_gifts` | accounts that spend after a long sleep; gifts that come back |

They point and do not accuse. Where they come from: the red flags of ISA 240 (CSA 1141), appendix 3, and the rules in
`domain.md` §2, put into figures (choice). docs/sampling.md has every parameter and what each check cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ledger.audit import (
    findings_figures,
    findings_hours,
    findings_payments,
    findings_people,
    findings_shifts,
    findings_time,
)
from ledger.audit.hints import Check, Hint, Look, Option, Seen
from ledger.audit.stream import CHUNK, raw_events, tagged, zone_of
from ledger.base import Fact
from ledger.clock import day_of
from ledger.errors import Refused
from ledger.journal.codec import Codec
from ledger.journal.recorded import Recorded
from ledger.journal.sql import Cursor, Database
from ledger.registry import NAME_OF

_TABLE: tuple[type[Check], ...] = (
    findings_payments.SplitPayments,
    findings_payments.SameHands,
    findings_payments.CloseToPayee,
    findings_payments.DonorLinked,
    findings_people.GiverLinked,
    findings_people.WishesUnderCeiling,
    findings_figures.RoundNumbers,
    findings_figures.FirstDigits,
    findings_figures.Duplicates,
    findings_hours.OneVerifier,
    findings_hours.UpwardCorrections,
    findings_hours.HoursAtNight,
    findings_hours.ImplausibleDays,
    findings_shifts.ScannedByOthers,
    findings_time.BackDated,
    findings_time.ClockSetBack,
    findings_time.QuickClaims,
    findings_time.DormantWaking,
    findings_people.CircularGifts,
)

CHECKS: dict[str, type[Check]] = {check.NAME: check for check in _TABLE}
"""Every standing check by its name, in the order in which findings are told."""


def chosen(names: Iterable[str]) -> list[type[Check]]:
    """The checks of these names, in the table's order; all where none is named. Raises Refused `no_such_check`."""
    wanted = set(names)
    unknown = sorted(wanted - CHECKS.keys())
    if unknown:
        raise Refused("no_such_check", name=unknown[0], known=", ".join(CHECKS))
    return [check for name, check in CHECKS.items() if not wanted or name in wanted]


def findings_of(
    database: Database,
    cursor: Cursor,
    codec: Codec,
    ledger: str,
    *,
    upto: int,
    first: int = 1,
    names: Iterable[str] = (),
    options: Mapping[str, Mapping[str, Option]] | None = None,
    chunk: int = CHUNK,
) -> list[Hint]:
    """What the checks find in the positions from `first` up to and with `upto`, in a fixed order.

    Everything before `first` is background: who belongs where, which rules are in force, when an account last moved.
    `options`: by check, then by name. Raises Refused `no_such_check`, `no_such_check_option`; UnknownFact.
    """
    zone = zone_of(database, cursor, codec, ledger)
    wanted = options or {}
    chosen(wanted)
    checks = [check(zone, wanted.get(check.NAME)) for check in chosen(names)]
    rows = raw_events(database, cursor, ledger, upto=upto, types=_types(checks), chunk=chunk)
    feed(checks, (codec.recorded(ledger, row.position, row.recorded_at, row.type, "", row.data) for row in rows), first)
    look = Look(lambda tag: tagged(database, cursor, codec, ledger, [tag], upto=upto), zone)
    return [hint for check in checks for hint in sorted(check.hints(look), key=_order)]


def feed(checks: Sequence[Check], events: Iterable[Recorded], first: int = 1) -> None:
    """Show events to the checks that want to see them, in one pass; those before `first` do not count."""
    everything = [check for check in checks if check.SEES is None]
    by_type: dict[type[Fact], list[Check]] = {}
    for check in checks:
        for kind in check.SEES or ():
            by_type.setdefault(kind, []).append(check)
    zone = checks[0].zone if checks else ""
    for event in events:
        eager = [*by_type.get(type(event.fact), ()), *everything]
        if eager:
            day = day_of(event.envelope.at, zone)
            seen = Seen(
                event.position, event.recorded_at, event.envelope, event.fact, day, event.position >= first
            )  # fmt: skip
            for check in eager:
                check.see(seen)


def _types(checks: Sequence[Check]) -> list[str] | None:
    """The stored names of what the checks have to see; None for all."""
    if any(check.SEES is None for check in checks):
        return None
    return sorted({NAME_OF[kind] for check in checks for kind in check.SEES or ()})


def _order(hint: Hint) -> tuple[str, tuple[int, ...], tuple[str, ...]]:
    return hint.form, hint.positions, tuple(f"{name}={value}" for name, value in sorted(hint.figures.items()))
