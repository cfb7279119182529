"""Stories of the engine `partners`, step by step; `teller.kept` remembers what later steps go on with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from ledger.conduct import facts as conduct
from ledger.honours import facts as honour
from ledger.partners import facts as partner
from ledger.requests import facts as request
from tests.projections.cast import MEMBERS, PLACES, TEAMS, UNITS, WORKER

if TYPE_CHECKING:
    from tests.projections.teller import Teller


def pair(teller: Teller, a: int, b: int, n: int) -> None:
    """Pair a unit with a place, or part them again."""
    open_pairs = teller.kept["partners.pairs"]
    if open_pairs and n % 3 == 0:
        f = open_pairs.pop(a % len(open_pairs))
        teller.tell(
            partner.PairingEnded(
                pairing_id=f.pairing_id, unit=f.unit, place=f.place, reason="by_partner", day=teller.day(n)
            )
        )
        return
    paired = partner.UnitPaired(
        pairing_id=teller.fresh("pair"), unit=UNITS[a % 3], place=PLACES[b % 3], paired_by=WORKER, day=teller.day(n)
    )
    open_pairs.append(paired)
    teller.tell(paired)


def report(teller: Teller, a: int, b: int, n: int) -> None:
    """A party member reports in, or no more."""
    reports = teller.kept["partners.reports"]
    if reports and n % 3 == 0:
        f = reports.pop(a % len(reports))
        teller.tell(
            partner.DualReportEnded(
                report_id=f.report_id, member_id=f.member_id, unit=f.unit, place=f.place, reason="moved",
                day=teller.day(n),
            )
        )  # fmt: skip
        return
    reported = partner.DualReported(
        report_id=teller.fresh("dual"), member_id=MEMBERS[a % 6], unit=UNITS[b % 3],
        branch=TEAMS[b % 2] if n % 2 else None, place=PLACES[n % 3], taken_by=WORKER, day=teller.day(n),
    )  # fmt: skip
    reports.append(reported)
    teller.tell(reported)


def menu(teller: Teller, a: int, b: int, n: int) -> None:
    """A service is offered, admitted, or taken off the menu."""
    offered, admitted = teller.kept["partners.offered"], teller.kept["partners.admitted"]
    if offered and n % 3 == 1:
        f = offered.pop(a % len(offered))
        admitted.append(f)
        teller.tell(partner.MenuAdmitted(menu_id=f.menu_id, unit=f.unit, admitted_by=WORKER, day=teller.day(n)))
    elif (offered or admitted) and n % 6 == 2:
        some = offered or admitted
        f = some.pop(b % len(some))
        teller.tell(partner.MenuWithdrawn(menu_id=f.menu_id, unit=f.unit, reason="by_partner", day=teller.day(n)))
    else:
        new = partner.MenuOffered(
            menu_id=teller.fresh("menu"), unit=UNITS[a % 3], name="haircut", category="care", place=PLACES[b % 3],
            at_once=b % 4 + 1, offered_by=MEMBERS[a % 6], day=teller.day(n),
        )  # fmt: skip
        offered.append(new)
        teller.tell(new)


def order(teller: Teller, a: int, b: int, n: int) -> None:
    """An order from the menu, which its unit holds."""
    admitted = teller.kept["partners.admitted"]
    if not admitted:
        return
    f = admitted[a % len(admitted)]
    request_id, claim_id, requester, day = teller.fresh("req"), teller.fresh("claim"), MEMBERS[b % 6], teller.day(n)
    posted = request.RequestPosted(
        request_id=request_id, kind="order", requester=requester, place=f.place, category=f.category, channel="online",
        day=day, words="w",
    )  # fmt: skip
    held = request.RequestClaimed(
        request_id=request_id, claim_id=claim_id, claimant=f.unit, unit=f.unit, claimed_by=f.offered_by, until_at=n,
        day=day,
    )  # fmt: skip
    teller.tell(
        partner.MenuOrdered(
            menu_id=f.menu_id, unit=f.unit, request_id=request_id, claim_id=claim_id, requester=requester,
            place=f.place, day=day,
        )
    )  # fmt: skip
    teller.tell(posted)
    teller.tell(request.RequestPublished(request_id=request_id, reviewer=WORKER, day=day))
    teller.tell(held)
    teller.claimed.append((posted, held))


def drill(teller: Teller, a: int, b: int, n: int) -> None:
    """A drill is called, answered, or ended."""
    drills = teller.kept["partners.drills"]
    if drills and n % 3 == 1:
        f = drills[a % len(drills)]
        teller.tell(
            partner.DrillAnswered(
                callout_id=f.callout_id, unit=UNITS[b % 3], level=f.level, people=a + 1, response_minutes=b,
                answered_by=MEMBERS[a % 6], day=teller.day(n),
            )
        )  # fmt: skip
    elif drills and n % 3 == 2:
        teller.tell(partner.DrillEnded(callout_id=drills.pop(a % len(drills)).callout_id, ended_by=WORKER))
    else:
        called = partner.DrillCalled(
            callout_id=teller.fresh("call"), level="urgent", place=PLACES[b % 3], called_at=n, called_by=WORKER,
            words="c",
        )  # fmt: skip
        drills.append(called)
        teller.tell(called)


def feedback(teller: Teller, a: int, b: int, n: int) -> None:
    """A unit is sent a quarter's sheet."""
    teller.tell(
        partner.FeedbackSent(
            feedback_id=teller.fresh("sheet"), unit=UNITS[a % 3], year=2025, quarter=4, revision=b + 1, members=a,
            active_members=a, minutes=n, member_requests=b, branch_requests=a, unit_requests=b, contributions=a,
            calls_answered=b, people_sent=a + b, sent_by=WORKER, day=teller.day(n),
        )
    )  # fmt: skip


def renew(teller: Teller, a: int, b: int, n: int) -> None:
    """A plaque hangs on after new work."""
    if teller.plaques:
        f = teller.plaques[a % len(teller.plaques)]
        day = teller.day(n)
        teller.tell(
            honour.PlaqueRenewed(
                plaque_id=f.plaque_id, unit=f.unit, tier=("bronze", "silver", "gold")[b % 3],
                request_id=teller.fresh("req"), renewed_by=WORKER, day=day, until_day=day + timedelta(days=730),
            )
        )  # fmt: skip


def blacklist(teller: Teller, a: int, b: int, n: int) -> None:
    """A party is put on the blacklist, or taken off."""
    listed = teller.kept["partners.blacklisted"]
    if listed and n % 2:
        f = listed.pop(a % len(listed))
        teller.tell(
            conduct.BlacklistLifted(
                blacklisting_id=f.blacklisting_id, party=f.party, reason="amends_made", lifted_by=WORKER,
                day=teller.day(n),
            )
        )  # fmt: skip
        return
    barred = conduct.PartyBlacklisted(
        blacklisting_id=teller.fresh("bar"), party=(MEMBERS[b % 6], TEAMS[b % 2], UNITS[b % 3])[a % 3],
        reason="misconduct", ground=None if b else "req_00001",
        until_day=teller.day(n) + timedelta(days=90) if b % 2 else None, listed_by=WORKER, day=teller.day(n), words="c",
    )  # fmt: skip
    listed.append(barred)
    teller.tell(barred)


def leave(teller: Teller, a: int, b: int, n: int) -> None:
    """A unit leaves the partnership."""
    teller.tell(
        conduct.PartnerExited(
            exit_id=teller.fresh("exit"), unit=UNITS[a % 3], reason="by_partner", exited_by=WORKER, day=teller.day(n)
        )
    )


STEPS: tuple[Callable[[Teller, int, int, int], None], ...] = (
    pair, report, menu, order, drill, feedback, renew, blacklist, leave,
)  # fmt: skip
