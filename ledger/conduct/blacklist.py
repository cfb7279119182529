"""Decisions about blacklist and exit (M20): both stop at once what a party holds, and say why."""

from __future__ import annotations

from datetime import date

from ledger.appraisals.state import need_failures
from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.conduct import commands as do
from ledger.conduct import facts
from ledger.conduct.state import Known, conduct_of
from ledger.errors import Conflict, NotYours, Refused
from ledger.ids import looks_like_id
from ledger.parties.state import TeamsOf, acts_for, need_party
from ledger.partners import facts as partners
from ledger.partners.agreements import Agreements
from ledger.partners.guards import need_unit
from ledger.partners.menu import withdrawn_from_menu
from ledger.partners.pairing import Pairings, ended_pairing
from ledger.partners.reporting import reports_to_unit
from ledger.partners.state import MenuOf, MenuService
from ledger.requests.handing_back import hand_back

TERM_YEARS = 10
"""The longest term of a blacklisting; without a term it holds until it is lifted (choice)."""


def _check_term(until_day: date | None, today: date) -> None:
    if until_day is not None and not (today <= until_day and until_day.year <= today.year + TERM_YEARS):
        raise Refused("bad_blacklist_term", until_day=until_day.isoformat(), years=TERM_YEARS)


def blacklist_party(view: View, c: do.BlacklistParty, scene: Scene) -> list[Fact]:
    """See `BlacklistParty`; nobody judges a party whose affairs are their own, nor for one failed rectification."""
    need_party(view, c.party)
    if acts_for(view, scene.actor, c.party):
        raise NotYours("own_unit", unit=c.party)
    _check_term(c.until_day, scene.today)
    if c.reason == "rectification_failed":
        need_failures(view, c.party, scene.today)
    if c.ground is not None and not looks_like_id(c.ground):
        raise Refused("bad_ground", ground=c.ground)
    if view.state(Known, check_id(c.blacklisting_id, "bar")).known:
        raise Conflict("blacklisting_exists", blacklisting=c.blacklisting_id)
    held = conduct_of(view, c.party).blacklisted_on(scene.today)
    if held is not None:
        raise Conflict("already_blacklisted", blacklisting=held.blacklisting_id)
    listed = facts.PartyBlacklisted(
        blacklisting_id=c.blacklisting_id,
        party=c.party,
        reason=c.reason,
        ground=c.ground,
        until_day=c.until_day,
        listed_by=scene.actor,
        day=scene.today,
        words=scene.sealed,
    )
    return [listed, *_handed_back(view, c.party, scene)]


def _handed_back(view: View, party: str, scene: Scene) -> list[Fact]:
    """What the party holds, and what the teams of a unit hold: they take on nothing new either."""
    holders = (party, *sorted(view.state(TeamsOf, party).teams))
    return [ended for one in holders for ended in hand_back(view, one, scene)]


def lift_blacklist(view: View, c: do.LiftBlacklist, scene: Scene) -> list[Fact]:
    """See `LiftBlacklist`; neither by who put the party there, nor by the party's own people."""
    held = conduct_of(view, c.party).blacklisted_on(scene.today)
    if held is None or held.blacklisting_id != c.blacklisting_id:
        raise Conflict("not_blacklisted", party=c.party)
    if scene.actor == held.listed_by:
        raise NotYours("own_blacklisting", blacklisting=c.blacklisting_id)
    if acts_for(view, scene.actor, c.party):
        raise NotYours("own_unit", unit=c.party)
    return [
        facts.BlacklistLifted(
            blacklisting_id=c.blacklisting_id, party=c.party, reason=c.reason, lifted_by=scene.actor, day=scene.today
        )
    ]


def exit_partner(view: View, c: do.ExitPartner, scene: Scene) -> list[Fact]:
    """See `ExitPartner`; the unit's own people can only say that the unit leaves.

    Agreements, pairings and dual reports end, services go off the menu, claims go back on the board: in this one story.
    """
    need_unit(view, c.unit)
    if (scene.role not in OFFICE or acts_for(view, scene.actor, c.unit)) and c.reason != "by_partner":
        raise NotYours("reason_not_yours_to_state", reason=c.reason)
    if view.state(Known, check_id(c.exit_id, "exit")).known:
        raise Conflict("exit_exists", exit=c.exit_id)
    earlier = conduct_of(view, c.unit).exited
    if earlier is not None:
        raise Conflict("already_exited", exit=earlier.exit_id)
    exited = facts.PartnerExited(
        exit_id=c.exit_id, unit=c.unit, reason=c.reason, exited_by=scene.actor, day=scene.today
    )
    return [exited, *_ties_ended(view, c, scene), *_handed_back(view, c.unit, scene)]


def _ties_ended(view: View, c: do.ExitPartner, scene: Scene) -> list[Fact]:
    """What the unit had signed, was paired with and offered, ended for the reason of its exit."""
    ended_by = c.reason if c.reason in ("by_partner", "unit_closed") else "by_community"
    side = "by_partner" if c.reason == "by_partner" else "by_community"
    ended: list[Fact] = [
        partners.AgreementEnded(agreement_id=one.agreement_id, unit=c.unit, reason=ended_by, day=scene.today)
        for one in view.state(Agreements, c.unit).signed.values()
        if one.until_day >= scene.today
    ]
    ended += [ended_pairing(one, side, scene) for one in view.state(Pairings, c.unit).open.values()]
    ended += reports_to_unit(view, c.unit, scene)
    for menu_id in sorted(view.state(MenuOf, c.unit).open):
        offered = view.state(MenuService, menu_id).offered
        if offered is not None:
            ended.append(withdrawn_from_menu(offered, side, scene))
    return ended


OFFICE = frozenset({"community_worker", "administrator"})

BLACKLIST_RULES: dict[type[Command], Decide] = {
    do.BlacklistParty: blacklist_party,
    do.LiftBlacklist: lift_blacklist,
    do.ExitPartner: exit_partner,
}
