"""What decisions about appraisals need to know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from ledger.appraisals import facts
from ledger.base import Fact, State, View
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, Refused
from ledger.policy.state import policy_of


class Panel(State, frozen=True, kw_only=True):
    """One panel (tag: its id)."""

    appointed: facts.PanelAppointed | None = None
    dissolved: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows appointment and end."""
        match happened:
            case facts.PanelAppointed():
                return replace(self, appointed=happened)
            case facts.PanelDissolved():
                return replace(self, dissolved=True)
        return self


class Appraisal(State, frozen=True, kw_only=True):
    """One appraisal with its sheets (tag: its id)."""

    opened: facts.AppraisalOpened | None = None
    sheets: Mapping[str, facts.AppraisalScored] = msgspec.field(default_factory=dict)
    """panelist → sheet, in the order they came in"""
    closed: facts.AppraisalClosed | None = None
    cancelled: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows the sheets up to the result."""
        match happened:
            case facts.AppraisalOpened():
                return replace(self, opened=happened)
            case facts.AppraisalScored():
                return replace(self, sheets={**self.sheets, happened.panelist: happened})
            case facts.AppraisalClosed():
                return replace(self, closed=happened)
            case facts.AppraisalCancelled():
                return replace(self, cancelled=True)
        return self


class Sheet(State, frozen=True, kw_only=True):
    """Whether a sheet's id is in use (tag: the id)."""

    used: bool = False

    def evolve(self, happened: Fact) -> Self:
        """A sheet is handed in once."""
        return replace(self, used=True) if isinstance(happened, facts.AppraisalScored) else self


class Appraised(State, frozen=True, kw_only=True):
    """Which panels appraised a subject for which periods, less what was called off (tag: the subject's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.AppraisalOpened, facts.AppraisalCancelled})
    periods: Mapping[str, str] = msgspec.field(default_factory=dict)
    """`<panel id> <period>` → appraisal id"""

    def evolve(self, happened: Fact) -> Self:
        """A period can be appraised again once its appraisal was called off."""
        match happened:
            case facts.AppraisalOpened():
                held = {**self.periods, f"{happened.panel_id} {happened.period}": happened.appraisal_id}
                return replace(self, periods=held)
            case facts.AppraisalCancelled():
                held = {period: one for period, one in self.periods.items() if one != happened.appraisal_id}
                return replace(self, periods=held)
        return self


class Rectification(State, frozen=True, kw_only=True):
    """Something to be put right (tag: its id)."""

    ordered: facts.RectificationOrdered | None = None
    reported: facts.RectificationReported | None = None
    status: str = ""
    """ordered · reported · accepted · failed"""

    def evolve(self, happened: Fact) -> Self:
        """Follows the order to its end."""
        match happened:
            case facts.RectificationOrdered():
                return replace(self, ordered=happened, status="ordered")
            case facts.RectificationReported():
                return replace(self, reported=happened, status="reported")
            case facts.RectificationAccepted():
                return replace(self, status="accepted")
            case facts.RectificationFailed():
                return replace(self, status="failed")
        return self


class RectificationsOf(State, frozen=True, kw_only=True):
    """How often a party failed to put right what it was ordered to, since it was last blacklisted for that (tag: its id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.RectificationFailed, PartyBlacklisted})
    failures: int = 0

    def evolve(self, happened: Fact) -> Self:
        """Counts failures; what is accepted later does not undo them, what was paid for once does not count again."""
        match happened:
            case facts.RectificationFailed():
                return replace(self, failures=happened.failures)
            case PartyBlacklisted(reason="rectification_failed"):
                return replace(self, failures=0)
        return self


def need_panel(view: View, panel_id: str) -> facts.PanelAppointed:
    """A panel that still appraises; raises NotFound `no_such_panel`, Conflict `panel_dissolved`."""
    panel = view.state(Panel, panel_id)
    if panel.appointed is None:
        raise NotFound("no_such_panel", panel=panel_id)
    if panel.dissolved:
        raise Conflict("panel_dissolved", panel=panel_id)
    return panel.appointed


def need_appraisal(view: View, appraisal_id: str) -> tuple[Appraisal, facts.AppraisalOpened]:
    """An appraisal; raises NotFound `no_such_appraisal`."""
    appraisal = view.state(Appraisal, appraisal_id)
    if appraisal.opened is None:
        raise NotFound("no_such_appraisal", appraisal=appraisal_id)
    return appraisal, appraisal.opened


def need_open_appraisal(view: View, appraisal_id: str) -> tuple[Appraisal, facts.AppraisalOpened]:
    """An appraisal under way; raises NotFound `no_such_appraisal`, Conflict `appraisal_over`."""
    appraisal, opened = need_appraisal(view, appraisal_id)
    if appraisal.closed is not None or appraisal.cancelled:
        raise Conflict("appraisal_over", appraisal=appraisal_id)
    return appraisal, opened


def need_rectification(view: View, rectification_id: str) -> tuple[Rectification, facts.RectificationOrdered]:
    """Something to be put right; raises NotFound `no_such_rectification`."""
    rectification = view.state(Rectification, rectification_id)
    if rectification.ordered is None:
        raise NotFound("no_such_rectification", rectification=rectification_id)
    return rectification, rectification.ordered


def failures_of(view: View, party: str) -> int:
    """How often the party failed to put right what it was ordered to, since it was last blacklisted for that."""
    return view.state(RectificationsOf, party).failures


def need_failures(view: View, party: str, today: date) -> None:
    """Blacklisting for failed rectification rests on as many failures as policy says (M20); Refused `too_few_failures`."""
    wanted, found = policy_of(view).number("appraisals.failures", today), failures_of(view, party)
    if found < wanted:
        raise Refused("too_few_failures", failures=found, wanted=wanted)
